/**
 * The shape of one mapping's fields, learned from its text. All mappings of a kernel are printed by the same
 * `seq_printf`s, so from one to the next only the digits change, as long as no number outgrows its column:
 *
 *   Rss:                  20 kB\n        fixed text, eight bytes of number, fixed text
 */
import { KIB } from '../base/units.ts'
import { FieldLine, fieldIs, NO_FIELD, NUMBER_FIELD, parseFieldLine, TEXT_FIELD } from './field-line.ts'
import { isUnitlessField } from './known-fields.ts'

const WIDEST_SLOT = 8
const NEWLINE = 10
const RETURN = 13
const BLANK = 32

/** Longest text and most numbers that a layout may have: what the kernel has room for. */
const MOST_LAYOUT_BYTES = 8192
const MOST_SLOTS = 96

/** The place of a number, counted from the line below the header; blanks may stand before its digits. */
interface Slot {
  readonly name: string
  readonly start: number
  readonly end: number
  /** 1024 for a field in kB. */
  readonly factor: number
}

/** Names of number fields in the order of their columns, and the column of each. */
export interface Fields {
  readonly names: string[]
  readonly columnOf: Map<string, number>
}

/** Where the numbers and the fixed text of a block are. */
export interface BlockLayout {
  /** One mapping's text up to the flags themselves, or all of it where the kernel prints no VmFlags. */
  readonly text: Uint8Array
  readonly slots: readonly Slot[]
  readonly fields: Fields
  readonly hasFlags: boolean
  /** Field lines, VmFlags included. */
  readonly lines: number
  /** Index of Size in `slots`, -1 when the kernel prints none. */
  readonly sizeAt: number
}

/** Learns the layout of the block whose first field line begins at `at`; `null` when it is not plain enough. */
export function learnLayout(chunk: Uint8Array, at: number, limit: number): BlockLayout | null {
  const field = new FieldLine()
  const slots: Slot[] = []
  let lineStart = at
  while (lineStart < limit && slots.length < MOST_SLOTS) {
    let newline = lineStart
    while (newline < limit && chunk[newline] !== NEWLINE) newline++
    if (newline >= limit) return null
    const lineEnd = newline > lineStart && chunk[newline - 1] === RETURN ? newline - 1 : newline
    const kind = parseFieldLine(chunk, lineStart, lineEnd, field)
    if (kind === TEXT_FIELD && fieldIs(chunk, field, 'VmFlags'))
      return finishLayout(chunk.slice(at, field.nameEnd + 1), slots, true)
    if (kind === NO_FIELD) return finishLayout(chunk.slice(at, lineStart), slots, false)
    if (kind !== NUMBER_FIELD) return null
    const slot = slotOf(chunk, field, at)
    if (slot === null || slots.some((other) => other.name === slot.name)) return null
    slots.push(slot)
    lineStart = newline + 1
  }
  return null
}

function slotOf(chunk: Uint8Array, field: FieldLine, at: number): Slot | null {
  const name = Buffer.from(chunk.subarray(field.nameStart, field.nameEnd)).toString('latin1')
  if (!field.unit && !isUnitlessField(name)) return null
  const lowest = Math.max(field.nameEnd + 1, field.valueEnd - WIDEST_SLOT)
  let start = field.valueStart
  if (start < lowest) return null
  while (start > lowest && chunk[start - 1] === BLANK) start--
  return { name, start: start - at, end: field.valueEnd - at, factor: field.unit ? KIB : 1 }
}

function finishLayout(text: Uint8Array, slots: readonly Slot[], hasFlags: boolean): BlockLayout | null {
  if (slots.length === 0 || text.length > MOST_LAYOUT_BYTES) return null
  const names = slots.map((slot) => slot.name)
  const lines = slots.length + (hasFlags ? 1 : 0)
  const columnOf = new Map(names.map((name, column) => [name, column]))
  return { text, slots, fields: { names, columnOf }, hasFlags, lines, sizeAt: columnOf.get('Size') ?? -1 }
}
