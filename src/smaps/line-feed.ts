import { LineScanner, LONGEST_LINE } from '../base/line-scanner.ts'
import type { ReadCounts } from './read-counts.ts'
import type { Section } from './section.ts'

/** What reads a file of snapshots line by line. */
export interface SnapshotParser {
  readonly counts: ReadCounts
  /** `buffer[start, end)` is the next line without its end, `bytes` its length with it. */
  line(buffer: Uint8Array, start: number, end: number, bytes: number, cut: boolean): void
  /** The next line is the file's last and has no line end. */
  expectOpenEnd(): void
  finish(): readonly Section[]
}

/** Takes whole mappings at once where it can; returns the position behind them, `at` when there is none. */
export interface BlockReader {
  /** Where a chunk can be read to so that it needs no copy, and how much at once. */
  readonly input: Uint8Array
  /** Another chunk comes, maybe in the same memory. */
  begin(): void
  read(chunk: Uint8Array, at: number, limit: number): number
  /** Whether what begins at `at` may be a mapping whose end comes with the next chunk, in front of which there is room for it. */
  mayGoOn(chunk: Uint8Array, at: number): boolean
  /** Such a beginning, kept elsewhere, and the chunk in one; `null` where the chunk was not read to `input`. */
  joined(beginning: Uint8Array, chunk: Uint8Array): Uint8Array | null
}

const NEWLINE = 10
const RETURN = 13

/** Cuts chunks of any size into lines for a parser, after a block reader has taken what it can. */
export class LineFeed {
  readonly #parser: SnapshotParser
  readonly #blocks: BlockReader | null
  readonly #lines: LineScanner
  #carried = 0
  /** The end of the last chunk, from the beginning of a mapping on. */
  #held: Uint8Array | null = null

  constructor(parser: SnapshotParser, blocks: BlockReader | null) {
    this.#parser = parser
    this.#blocks = blocks
    this.#lines = new LineScanner((buffer, start, end, _, cut) => {
      parser.line(buffer, start, end, this.#carried, cut)
    })
  }

  get counts(): ReadCounts {
    return this.#parser.counts
  }

  /** Memory to read the file into; `null` when any will do. */
  get input(): Uint8Array | null {
    return this.#blocks?.input ?? null
  }

  /** Takes the next bytes of the file; they may be reused afterwards. */
  push(chunk: Uint8Array): void {
    const held = this.#held
    this.#held = null
    this.#blocks?.begin()
    const both = held === null ? chunk : this.#blocks!.joined(held, chunk)
    if (both === null) this.#take(held!, null)
    this.#take(both ?? chunk, this.#blocks)
  }

  /** The sections of the file. */
  finish(): readonly Section[] {
    if (this.#held !== null) this.#take(this.#held, null)
    if (this.#carried > 0) this.#parser.expectOpenEnd()
    this.#lines.finish()
    return this.#parser.finish()
  }

  /** With `blocks`, what may go on in the next chunk waits for it. */
  #take(chunk: Uint8Array, blocks: BlockReader | null): void {
    let at = 0
    if (this.#carried > 0) {
      at = chunk.indexOf(NEWLINE) + 1
      this.#carry(at === 0 ? chunk : chunk.subarray(0, at))
      if (at === 0) return
      this.#carried = 0
    }
    const limit = chunk.lastIndexOf(NEWLINE) + 1
    if (limit > at) at = this.#wholeLines(chunk, at, limit, blocks)
    if (at < limit) this.#held = chunk.slice(at)
    else if (at < chunk.length) this.#carry(at === 0 ? chunk : chunk.subarray(at))
  }

  #carry(part: Uint8Array): void {
    this.#carried += part.length
    this.#lines.push(part)
  }

  /** Position behind what was taken: `limit`, or where something waits. */
  #wholeLines(chunk: Uint8Array, start: number, limit: number, blocks: BlockReader | null): number {
    let at = start
    while (at < limit) {
      if (blocks) {
        const behind = blocks.read(chunk, at, limit)
        if (behind > at) {
          at = behind
          continue
        }
        if (blocks.mayGoOn(chunk, at)) return at
      }
      let end = at
      while (chunk[end] !== NEWLINE) end++
      const next = end + 1
      if (end > at && chunk[end - 1] === RETURN) end--
      const cut = end - at > LONGEST_LINE
      this.#parser.line(chunk, at, cut ? at + LONGEST_LINE : end, next - at, cut)
      at = next
    }
    return at
  }
}
