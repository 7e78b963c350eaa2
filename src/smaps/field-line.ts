/**
 * A line below a header, as `__show_smap` in fs/proc/task_mmu.c prints it:
 *
 *   Private_Dirty:       712 kB
 *   THPeligible:           0
 *   VmFlags: rd wr mr mw me ac sd
 *
 * The width, the order and the presence of every field changed between kernels; only the form `Name: number[ kB]` holds.
 */
import { parseDecimal, skipBlanks, trimEnd } from '../base/bytes-text.ts'
import { KIB } from '../base/units.ts'

/** What a line below a header is. */
export const NO_FIELD = 0
export const NUMBER_FIELD = 1
/** `VmFlags`, `Name`: the rest of the line is text. */
export const TEXT_FIELD = 2
/** `Name:` with nothing, or something that is no number, behind it. */
export const BAD_FIELD = 3

/** The parts of one field line; reused from line to line. */
export class FieldLine {
  nameStart = 0
  nameEnd = 0
  /** Bytes when the line says kB, else the number as printed. */
  value = Number.NaN
  unit = false
  /** The number's own digits, or the text of a text field. */
  valueStart = 0
  valueEnd = 0
}

const COLON = 58
/** Bytes: twice the half of an address space of 48 bits that programs have, and so few that sums of many stay exact. */
const LARGEST_VALUE = 2 ** 48

const isLetter = (byte: number): boolean => (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
const isNameByte = (byte: number): boolean => isLetter(byte) || (byte >= 48 && byte <= 57) || byte === 95

/** What a VmFlags word is made of. */
const isFlagByte = (byte: number): boolean =>
  (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) || byte === 63

function isText(buffer: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false
  for (let at = 0; at < text.length; at++) if (buffer[start + at] !== text.charCodeAt(at)) return false
  return true
}

/** Whether the field's name is `name`. */
export const fieldIs = (buffer: Uint8Array, field: FieldLine, name: string): boolean =>
  isText(buffer, field.nameStart, field.nameEnd, name)

/**
 * End of the flags in `buffer[start, end)`: words of lower-case letters, digits and `?` (a flag without a name). Whatever
 * follows was written behind them by hand.
 */
export function flagsEnd(buffer: Uint8Array, start: number, end: number): number {
  let at = start
  let word = start
  for (; at < end; at++) {
    if (isFlagByte(buffer[at]!)) continue
    if (buffer[at] !== 32) break
    word = at + 1
  }
  return at === end ? end : trimEnd(buffer, start, word)
}

/** Parses `buffer[start, end)` (one line without its end) into `field`; returns one of the four constants above. */
export function parseFieldLine(buffer: Uint8Array, start: number, end: number, field: FieldLine): number {
  if (start >= end || !isLetter(buffer[start]!)) return NO_FIELD
  let colon = start + 1
  while (colon < end && isNameByte(buffer[colon]!)) colon++
  if (colon >= end || buffer[colon] !== COLON) return NO_FIELD
  field.nameStart = start
  field.nameEnd = colon
  field.valueStart = skipBlanks(buffer, colon + 1, end)
  field.valueEnd = trimEnd(buffer, field.valueStart, end)
  if (fieldIs(buffer, field, 'VmFlags') || fieldIs(buffer, field, 'Name')) return TEXT_FIELD

  field.unit = false
  if (isText(buffer, field.valueEnd - 2, field.valueEnd, 'kB') && field.valueEnd - 2 >= field.valueStart) {
    const digits = trimEnd(buffer, field.valueStart, field.valueEnd - 2)
    field.unit = digits < field.valueEnd - 2
    field.valueEnd = digits
  }
  // No mapping is larger than an address space.
  field.value = parseDecimal(buffer, field.valueStart, field.valueEnd) * (field.unit ? KIB : 1)
  return field.value <= LARGEST_VALUE ? NUMBER_FIELD : BAD_FIELD
}
