/**
 * The shape of one mapping's fields, learned from its text. All mappings of a kernel are printed by the same
 * `seq_printf`s, so from one to the next only the digits change, as long as no number outgrows its column:
 *
 *   Rss:                  20 kB\n        fixed text, eight bytes of number, fixed text
 *
 * The fixed text is compared in words of eight bytes, the numbers are read at their places. A word is read as a double
 * because that is the widest load JavaScript has; doubles made of text are never NaN, infinite or zero, so two of them
 * are equal exactly when their bytes are.
 */
import { KIB } from '../base/units.ts'
import { FieldLine, fieldIs, NO_FIELD, NUMBER_FIELD, parseFieldLine, TEXT_FIELD } from './field-line.ts'
import { isUnitlessField } from './known-fields.ts'

const WORD = 8
const WIDEST_SLOT = 8
const NEWLINE = 10
const RETURN = 13
const BLANK = 32

/** Seven blanks and a `0`, read as a word: what most numbers are. */
const ZERO = new DataView(new TextEncoder().encode('       0').buffer).getFloat64(0)

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
  readonly #wordAt: Int32Array
  readonly #words: Float64Array
  readonly #byteAt: Int32Array
  readonly #bytes: Uint8Array
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
    const { words, bytes } = fixedText(slots, text.length)
    const view = new DataView(text.buffer, text.byteOffset, text.byteLength)
    this.#wordAt = Int32Array.from(words)
    this.#words = Float64Array.from(words, (at) => view.getFloat64(at))
    this.#byteAt = Int32Array.from(bytes)
    this.#bytes = Uint8Array.from(bytes, (at) => text[at]!)
  }

  /** Reads the numbers of the block at `at` into `values`, in the order of `names`; false when it has another shape. */
  read(chunk: Uint8Array, view: DataView, at: number, values: Float64Array): boolean {
    const wordAt = this.#wordAt
    const words = this.#words
    for (let word = 0; word < words.length; word++)
      if (view.getFloat64(at + wordAt[word]!) !== words[word]) return false
    for (let byte = 0; byte < this.#bytes.length; byte++)
      if (chunk[at + this.#byteAt[byte]!] !== this.#bytes[byte]) return false

    const slotAt = this.#slotAt
    const slotWidth = this.#slotWidth
    for (let slot = 0; slot < slotAt.length; slot++) {
      const start = at + slotAt[slot]!
      if (slotWidth[slot] === WIDEST_SLOT && view.getFloat64(start) === ZERO) {
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

const finishLayout = (text: Uint8Array, slots: readonly Slot[], hasFlags: boolean): BlockLayout | null =>
  slots.length === 0 ? null : new BlockLayout(text, slots, hasFlags)

/** Everything between the slots: places of words (the last of a piece may overlap the one before), of bytes in short pieces. */
function fixedText(slots: readonly Slot[], length: number): { words: number[]; bytes: number[] } {
  const words: number[] = []
  const bytes: number[] = []
  let start = 0
  for (const end of [...slots.map((slot) => slot.start), length]) {
    if (end - start < WORD) for (let at = start; at < end; at++) bytes.push(at)
    else for (let at = start; at < end; at += WORD) words.push(Math.min(at, end - WORD))
    start = slots.find((slot) => slot.start === end)?.end ?? length
  }
  return { words, bytes }
}
