import { decodeText, parseDecimal, parseHex } from '../base/bytes-text.ts'

/** Single arguments as numbers and text. Ranges are `[start, end)`. */

const BLANK = 32
const QUOTE = 34
const SLASH = 47
const STAR = 42
const EQUALS = 61
const MINUS = 45
export const BACKSLASH = 92
const LESS = 60

const isLower = (byte: number): boolean => (byte >= 97 && byte <= 122) || byte === 95

/** Start of the value without the blank before it and without `addr=` (-N, clone's own names). */
export function valueStart(buffer: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && buffer[at] === BLANK) at++
  if (!isLower(buffer[at]!)) return at
  for (let name = at + 1; name < end; name++) {
    const byte = buffer[name]!
    if (byte === EQUALS) return name + 1
    if (!isLower(byte) && !(byte >= 48 && byte <= 57)) break
  }
  return at
}

/** End of a number: before a blank, a comment or a decoration. */
function numberEnd(buffer: Uint8Array, start: number, end: number): number {
  let at = start
  while (
    at < end &&
    buffer[at] !== BLANK &&
    buffer[at] !== LESS &&
    !(buffer[at] === SLASH && buffer[at + 1] === STAR)
  )
    at++
  return at
}

/** `NULL`, `0x7f…`, `4096`, `-1`, each with or without a name, a comment or a decoration; NaN for anything else. */
export function readNumber(buffer: Uint8Array, from: number, to: number): number {
  const start = valueStart(buffer, from, to)
  const end = numberEnd(buffer, start, to)
  if (buffer[start] === 48 && buffer[start + 1] === 120 && end > start + 2)
    return parseHex(buffer, start + 2, end)
  if (buffer[start] === MINUS) return -parseDecimal(buffer, start + 1, end)
  if (buffer[start] === 78 && end - start === 4)
    return buffer[start + 1] === 85 && buffer[start + 2] === 76 ? 0 : Number.NaN
  return parseDecimal(buffer, start, end)
}

/** A descriptor: its number, -2 for AT_FDCWD, -1 for anything that is none. Raw hex is sign-extended. */
export function readDescriptor(buffer: Uint8Array, from: number, to: number): number {
  const start = valueStart(buffer, from, to)
  const first = buffer[start]!
  if (first === 65) return buffer[start + 1] === 84 && buffer[start + 3] === 70 ? AT_FDCWD : -1
  let value = readNumber(buffer, start, to)
  if (value >= 0xffff_ffff_0000_0000) value -= 2 ** 64
  else if (value >= 0x8000_0000) value -= 2 ** 32
  if (value === -100) return AT_FDCWD
  return value >= 0 && value < 0x8000_0000 ? value : -1
}

/** What `AT_FDCWD` is in the columns. */
export const AT_FDCWD = -2

const SIMPLE = new Map<number, number>([
  [110, 10],
  [116, 9],
  [114, 13],
  [118, 11],
  [102, 12],
  [98, 8],
  [97, 7],
])

const octal = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 55

/**
 * The string that a quoted argument stands for: C escapes, octal and `\x` undone, UTF-8 where it is valid.
 * A string that -s cut keeps strace's `...`. `null` when no quote opens the argument.
 */
export function readString(buffer: Uint8Array, from: number, to: number): string | null {
  const start = valueStart(buffer, from, to)
  if (buffer[start] !== QUOTE) return null
  let end = start + 1
  while (end < to && buffer[end] !== QUOTE) end += buffer[end] === BACKSLASH ? 2 : 1
  const cut = end + 1 < to && buffer[end + 1] === 46
  return unescaped(buffer, start + 1, Math.min(end, to)) + (cut ? '...' : '')
}

/** The text with C escapes, octal and `\x` undone. */
export function unescaped(buffer: Uint8Array, start: number, end: number): string {
  const bytes: number[] = []
  let at = start
  while (at < end) {
    if (buffer[at] !== BACKSLASH) {
      bytes.push(buffer[at++]!)
      continue
    }
    const letter = buffer[at + 1]!
    if (letter === 120) {
      const value = parseHex(buffer, at + 2, Math.min(at + 4, end))
      bytes.push(Number.isNaN(value) ? 63 : value)
      at += 4
    } else if (octal(letter)) {
      let value = 0
      let digit = at + 1
      for (; digit < at + 4 && digit < end && octal(buffer[digit]); digit++)
        value = value * 8 + buffer[digit]! - 48
      bytes.push(value & 255)
      at = digit
    } else {
      bytes.push(SIMPLE.get(letter) ?? letter)
      at += 2
    }
  }
  const text = Uint8Array.from(bytes)
  return decodeText(text, 0, text.length)
}
