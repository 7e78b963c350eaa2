/**
 * The shape of one mapping's fields, learned from its text. All mappings of a kernel are printed by the same
 * `seq_printf`s, so from one to the next only the digits change, as long as no number outgrows its column:
 *
 *   Rss:                  20 kB\n        fixed text, eight bytes of number, fixed text
 *
 * The fixed text is compared in words of four bytes, the numbers are read at their places.
 */
import { KIB } from '../base/units.ts'
import { FieldLine, fieldIs, NO_FIELD, NUMBER_FIELD, parseFieldLine, TEXT_FIELD } from './field-line.ts'
import { isUnitlessField } from './known-fields.ts'

const WORD = 4
const WIDEST_SLOT = 8
const NEWLINE = 10
const RETURN = 13
const BLANK = 32

/** Eight bytes of blanks with a `0` at their end, as two little-endian words. */
const BLANKS = 0x20202020
const LAST_ZERO = 0x30202020

/** Where the numbers and the fixed text of a block are, counted from the line below its header. */
export class BlockLayout {
  readonly names: readonly string[]
  /** Bytes up to the flags' text, or of the whole block where the kernel prints no VmFlags. */
  readonly length: number
  readonly hasFlags: boolean
  /** Field lines, VmFlags included. */
  readonly lines: number
  /** Index of Size in `names`, -1 when the kernel prints none. */
  readonly sizeAt: number
  readonly #fixedAt: Int32Array
  readonly #fixed: Int32Array
  readonly #slotAt: Int32Array
  readonly #slotWidth: Int32Array
  readonly #factor: Float64Array

  constructor(text: Uint8Array, slots: readonly Slot[], hasFlags: boolean) {
    this.names = slots.map((slot) => slot.name)
    this.length = text.length
    this.hasFlags = hasFlags
    this.lines = slots.length + (hasFlags ? 1 : 0)
    this.sizeAt = this.names.indexOf('Size')
    this.#slotAt = Int32Array.from(slots, (slot) => slot.start)
    this.#slotWidth = Int32Array.from(slots, (slot) => slot.end - slot.start)
    this.#factor = Float64Array.from(slots, (slot) => slot.factor)
    const words = wordsBetween(slots, text.length)
    const view = new DataView(text.buffer, text.byteOffset, text.byteLength)
    this.#fixedAt = Int32Array.from(words)
    this.#fixed = Int32Array.from(words, (at) => view.getInt32(at, true))
  }

  /** Reads the numbers of the block at `at` into `values`, in the order of `names`; false when it has another shape. */
  read(chunk: Uint8Array, view: DataView, at: number, values: Float64Array): boolean {
    const fixedAt = this.#fixedAt
    const fixed = this.#fixed
    for (let word = 0; word < fixed.length; word++)
      if (view.getInt32(at + fixedAt[word]!, true) !== fixed[word]) return false

    const slotAt = this.#slotAt
    const slotWidth = this.#slotWidth
    for (let slot = 0; slot < slotAt.length; slot++) {
      const start = at + slotAt[slot]!
      if (
        slotWidth[slot] === WIDEST_SLOT &&
        view.getInt32(start, true) === BLANKS &&
        view.getInt32(start + WORD, true) === LAST_ZERO
      ) {
        values[slot] = 0
        continue
      }
      const end = start + slotWidth[slot]!
      let digitAt = start
      while (digitAt < end && chunk[digitAt] === BLANK) digitAt++
      if (digitAt === end) return false
      let value = 0
      for (; digitAt < end; digitAt++) {
        const digit = chunk[digitAt]! - 48
        if (digit < 0 || digit > 9) return false
        value = value * 10 + digit
      }
      values[slot] = value * this.#factor[slot]!
    }
    return true
  }
}

interface Slot {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly factor: number
}

/** Learns the layout of the block whose first field line begins at `at`; `null` when it is not plain enough. */
export function learnLayout(chunk: Uint8Array, at: number, limit: number): BlockLayout | null {
  const field = new FieldLine()
  const slots: Slot[] = []
  let lineStart = at
  while (lineStart < limit) {
    let newline = lineStart
    while (newline < limit && chunk[newline] !== NEWLINE) newline++
    if (newline >= limit) return null
    const lineEnd = newline > lineStart && chunk[newline - 1] === RETURN ? newline - 1 : newline
    const kind = parseFieldLine(chunk, lineStart, lineEnd, field)
    if (kind === TEXT_FIELD && fieldIs(chunk, field, 'VmFlags'))
      return finishLayout(chunk.slice(at, field.nameEnd + 1), slots, true)
    if (kind === NO_FIELD) return finishLayout(chunk.slice(at, lineStart), slots, false)
    if (kind !== NUMBER_FIELD) return null
    const name = Buffer.from(chunk.subarray(field.nameStart, field.nameEnd)).toString('latin1')
    if (slots.some((slot) => slot.name === name) || (!field.unit && !isUnitlessField(name))) return null
    let start = field.valueStart
    const lowest = Math.max(field.nameEnd + 1, field.valueEnd - WIDEST_SLOT)
    if (start < lowest) return null
    while (start > lowest && chunk[start - 1] === BLANK) start--
    slots.push({ name, start: start - at, end: field.valueEnd - at, factor: field.unit ? KIB : 1 })
    lineStart = newline + 1
  }
  return null
}

/** `null` when a piece of fixed text is shorter than a word. */
function finishLayout(text: Uint8Array, slots: readonly Slot[], hasFlags: boolean): BlockLayout | null {
  if (slots.length === 0) return null
  let at = 0
  for (const slot of slots) {
    if (slot.start - at < WORD) return null
    at = slot.end
  }
  return text.length - at < WORD ? null : new BlockLayout(text, slots, hasFlags)
}

/** Places of words that together cover everything between the slots; the last of a piece may overlap the one before. */
function wordsBetween(slots: readonly Slot[], length: number): number[] {
  const words: number[] = []
  const cover = (start: number, end: number): void => {
    for (let at = start; at < end; at += WORD) words.push(Math.min(at, end - WORD))
  }
  let at = 0
  for (const slot of slots) {
    cover(at, slot.start)
    at = slot.end
  }
  cover(at, length)
  return words
}
