/**
 * Whole mappings at once, by a learned layout: the fast way through the common case. Anything unusual (a number too wide
 * for its column, an unsorted or damaged range, another field) is left to the line-by-line parser, which stays the
 * measure: both give the same tables.
 */
import type { StringTable } from '../base/string-table.ts'
import { BlockKernel } from './block-kernel.ts'
import { type BlockLayout, learnLayout } from './block-layout.ts'
import { FULL_HEADER, Header, parseHeader } from './header.ts'
import type { BlockReader } from './line-feed.ts'
import type { SmapsParser } from './smaps-parser.ts'

/** Mappings of another shape in a row after which the layout is learned anew, and how often in one file. */
const PATIENCE = 4
const MOST_LESSONS = 16

/** Text of one mapping with the longest path and layout: a miss nearer to the end of what is loaded may be none. */
const LONGEST_BLOCK = 16 * 1024

/** The last layout of a run: all files of one machine have the same. */
const lastLayout = new WeakMap<StringTable, BlockLayout>()

export class LearnedBlocks implements BlockReader {
  readonly #parser: SmapsParser
  readonly #strings: StringTable
  readonly #kernel = BlockKernel.get()
  readonly input = this.#kernel.nextInput()
  readonly #header = new Header()
  #layout: BlockLayout | null
  #misses = 0
  #lessons = 0
  /** The part of the chunk that the kernel holds. */
  #loadedFrom = 0
  #loadedTo = 0
  /** Position in the chunk of what stands at the beginning of the input; 0 unless it was copied or other text was put in front. */
  #inputAt = 0

  constructor(parser: SmapsParser, strings: StringTable) {
    this.#parser = parser
    this.#strings = strings
    this.#layout = lastLayout.get(strings) ?? null
    // A layout that another file taught is doubted at the first miss.
    if (this.#layout) this.#misses = PATIENCE
  }

  begin(): void {
    this.#loadedFrom = 0
    this.#loadedTo = 0
    this.#kernel.renew(this.input)
  }

  mayGoOn(chunk: Uint8Array, at: number): boolean {
    const known = this.#layout !== null && this.#parser.takesBlocks && this.#isInInput(chunk)
    return known && this.#kernel.hasRoomInFront(chunk.length - at)
  }

  joined(beginning: Uint8Array, chunk: Uint8Array): Uint8Array | null {
    if (chunk.byteOffset !== this.input.byteOffset || !this.#isInInput(chunk)) return null
    const { buffer, byteOffset, length } = chunk
    const both = new Uint8Array(buffer, byteOffset - beginning.length, beginning.length + length)
    both.set(beginning)
    return both
  }

  read(chunk: Uint8Array, start: number, limit: number): number {
    if (!this.#parser.takesBlocks) return start
    const layout = this.#layout
    let at = start
    while (layout && at < limit) {
      const behind = this.#run(chunk, layout, at, limit)
      if (behind === at) break
      at = behind
    }
    if (at === start) this.#miss(chunk, at, limit)
    else this.#misses = 0
    return at
  }

  /** Position behind the mappings that one run of the kernel took. */
  #run(chunk: Uint8Array, layout: BlockLayout, at: number, limit: number): number {
    const kernel = this.#kernel
    kernel.use(this.#strings, layout)
    if (at < this.#loadedFrom || at >= this.#loadedTo) this.#load(chunk, at, limit)
    let rows = this.#runLoaded(at)
    if (rows === 0 && kernel.wasFull) rows = this.#runLoaded(at)
    // The mapping may only reach out of what is loaded.
    if (
      rows === 0 &&
      this.#loadedTo < limit &&
      this.#loadedTo - at < LONGEST_BLOCK &&
      this.#loadedFrom < at
    ) {
      this.#load(chunk, at, limit)
      rows = this.#runLoaded(at)
    }
    if (rows === 0) return at
    const behind = this.#inputAt + kernel.stopIn(this.input)
    this.#parser.takeBlocks(kernel, rows, layout, behind - at)
    return behind
  }

  #runLoaded(at: number): number {
    const from = this.#inputAt
    return this.#kernel.run(this.input, at - from, this.#loadedTo - from, this.#parser.lastEnd)
  }

  #load(chunk: Uint8Array, at: number, limit: number): void {
    const { input } = this
    const isThere = this.#isInInput(chunk)
    this.#loadedFrom = isThere ? 0 : at
    this.#loadedTo = isThere ? limit : Math.min(limit, at + input.length)
    this.#inputAt = isThere ? input.byteOffset - chunk.byteOffset : at
    if (isThere) return
    this.#kernel.renew(input)
    input.set(chunk.subarray(at, this.#loadedTo))
  }

  /** Whether a chunk was read to the input, where text may stand in front of it. */
  #isInInput(chunk: Uint8Array): boolean {
    return chunk.buffer === this.input.buffer
  }

  /** A line that begins no mapping of the known shape. When it is a header nevertheless, the shape is learned anew. */
  #miss(chunk: Uint8Array, at: number, limit: number): void {
    const header = this.#header
    if (this.#lessons >= MOST_LESSONS || parseHeader(chunk, at, limit, header) !== FULL_HEADER) return
    if (this.#layout && ++this.#misses <= PATIENCE) return
    const learned = learnLayout(chunk, header.stop + 1, limit)
    if (!learned) return
    this.#lessons++
    this.#misses = 0
    this.#layout = learned
    lastLayout.set(this.#strings, learned)
  }
}
