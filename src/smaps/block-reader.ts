/**
 * Whole mappings at once, by a learned layout: the fast way through the common case. Anything unusual (a number too wide
 * for its column, an unsorted or damaged range, another field) is left to the line-by-line parser, which stays the
 * measure: both give the same tables.
 */

import { skipBlanks, trimEnd } from '../base/bytes-text.ts'
import type { StringTable } from '../base/string-table.ts'
import { type BlockLayout, learnLayout } from './block-layout.ts'
import { flagsEnd } from './field-line.ts'
import { FULL_HEADER, Header, parseHeader } from './header.ts'
import type { BlockReader } from './line-feed.ts'
import type { SmapsParser } from './smaps-parser.ts'

const NEWLINE = 10
const BLANK = 32
const RETURN = 13

/** Blocks of another shape in a row after which the layout is learned anew, and how often in one file. */
const PATIENCE = 4
const MOST_LESSONS = 16

/** The last layout of a run: all files of one machine have the same. */
const lastLayout = new WeakMap<StringTable, BlockLayout>()

export class LearnedBlocks implements BlockReader {
  readonly #parser: SmapsParser
  readonly #strings: StringTable
  readonly #header = new Header()
  #layout: BlockLayout | null
  #values = new Float64Array(0)
  #misses = 0
  #lessons = 0

  constructor(parser: SmapsParser, strings: StringTable) {
    this.#parser = parser
    this.#strings = strings
    this.#layout = lastLayout.get(strings) ?? null
    this.#values = new Float64Array(this.#layout?.names.length ?? 0)
    if (this.#layout) this.#misses = PATIENCE
  }

  read(chunk: Uint8Array, view: DataView, start: number, limit: number): number {
    let at = start
    for (;;) {
      const behind = this.#readOne(chunk, view, at, limit)
      if (behind === at) return at
      at = behind
    }
  }

  #readOne(chunk: Uint8Array, view: DataView, at: number, limit: number): number {
    const header = this.#header
    if (!this.#parser.takesBlocks || parseHeader(chunk, at, limit, header) !== FULL_HEADER) return at
    const fieldsAt = header.stop + 1
    const layout = this.#layout
    const values = this.#values
    if (!layout || fieldsAt + layout.length > limit || !layout.read(chunk, view, fieldsAt, values)) {
      this.#miss(chunk, fieldsAt, limit)
      return at
    }
    let behind = fieldsAt + layout.length
    let flags = 0
    if (layout.hasFlags) {
      let end = behind
      while (end < limit && chunk[end] !== NEWLINE) end++
      if (end >= limit) return at
      const from = skipBlanks(chunk, behind, end)
      const to = trimEnd(chunk, from, chunk[end - 1] === RETURN ? end - 1 : end)
      if (to - from === 1 || (to > from && chunk[to - 2] === BLANK) || flagsEnd(chunk, from, to) < to)
        return at
      flags = this.#parser.interner.intern(chunk, from, to)
      behind = end + 1
    }
    if (!this.#parser.takeBlock(chunk, header, layout, values, flags, behind - at)) return at
    this.#misses = 0
    return behind
  }

  #miss(chunk: Uint8Array, fieldsAt: number, limit: number): void {
    if (this.#layout && ++this.#misses <= PATIENCE) return
    if (this.#lessons >= MOST_LESSONS) return
    const learned = learnLayout(chunk, fieldsAt, limit)
    if (!learned) return
    this.#lessons++
    this.#misses = 0
    this.#layout = learned
    this.#values = new Float64Array(learned.names.length)
    lastLayout.set(this.#strings, learned)
  }
}
