// Numbers and blanks of a header, read one behind the other.

import { HEX } from './places'

// @ts-ignore: decorator
@inline
function hexDigit(byte: u32): u32 {
  const digit = byte - 48
  if (digit < 10) return digit
  const letter = (byte | 32) - 97
  return letter < 6 ? letter + 10 : 255
}

/** Writes down the values of digits, before anything is read. */
// @ts-ignore: decorator
@inline
export function setDigits(): void {
  for (let byte: u32 = 0; byte < 256; byte++) store<u8>(HEX + byte, hexDigit(byte))
}

/** Where it is read. */
export let cursor: i32 = 0
/** Something was no number. */
export let bad: bool = false

/** Hexadecimal digits at the cursor, one to sixteen. */
export function scanHex(limit: i32): f64 {
  const from = cursor
  let at = from
  let value: u64 = 0
  for (; at < limit; at++) {
    const digit: u32 = load<u8>(HEX + <i32>load<u8>(at))
    if (digit > 15) break
    value = (value << 4) | digit
  }
  cursor = at
  const count = at - from
  if (count == 0 || count > 16) bad = true
  return <f64>value
}

/** Eight digits, the first in the lowest byte, by their values. */
// @ts-ignore: decorator
@inline
function eightDigits(digits: u64): u64 {
  const pairs = ((digits << 4) | (digits >> 8)) & 0x00ff00ff00ff00ff
  const fours = ((pairs << 8) | (pairs >> 16)) & 0x0000ffff0000ffff
  return ((fours << 16) | (fours >> 32)) & 0xffffffff
}

/** As scanHex, all digits at once where `behind` ends them. */
export function scanAddress(limit: i32, behind: i8): f64 {
  const text = v128.load(cursor)
  const count = ctz(i8x16.bitmask(i8x16.eq(text, i8x16.splat(behind))))
  if (count == 0 || count > 15 || cursor + count >= limit) return scanHex(limit)
  const figure = i8x16.sub(text, i8x16.splat(48))
  const isFigure = i8x16.lt_u(figure, i8x16.splat(10))
  const letter = i8x16.sub(v128.or(text, i8x16.splat(32)), i8x16.splat(97))
  const isLetter = i8x16.lt_u(letter, i8x16.splat(6))
  const digits = (1 << count) - 1
  if ((i8x16.bitmask(v128.or(isFigure, isLetter)) & digits) != digits) return scanHex(limit)
  const values = v128.bitselect(figure, i8x16.add(letter, i8x16.splat(10)), isFigure)
  // The last digit comes to the end; places before the first one are 0.
  const places = i8x16.add(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>(count - 16)))
  const aligned = i8x16.swizzle(values, places)
  cursor += count
  return <f64>((eightDigits(i64x2.extract_lane(aligned, 0)) << 32) | eightDigits(i64x2.extract_lane(aligned, 1)))
}

// @ts-ignore: decorator
@inline
export function skipBlanks(limit: i32): bool {
  const from = cursor
  while (cursor < limit && load<u8>(cursor) == 32) cursor++
  return cursor > from
}
