/** Numbers and words out of ASCII bytes, without strings. Ranges are `[start, end)`; NaN means "is not one". */

const ZERO = 48
const BLANK = 32
const TAB = 9

/** Value of a hexadecimal digit by byte, 255 for anything else. */
export const HEX_DIGIT: Uint8Array = (() => {
  const table = new Uint8Array(256).fill(255)
  for (let digit = 0; digit < 10; digit++) table[ZERO + digit] = digit
  for (let digit = 0; digit < 6; digit++) {
    table[65 + digit] = 10 + digit
    table[97 + digit] = 10 + digit
  }
  return table
})()

/** What 64 bits hold. */
const LARGEST = 2 ** 64

/** A run of decimal digits; NaN when it is empty or holds anything else. Beyond 2^53 the result is rounded. */
export function parseDecimal(buffer: Uint8Array, start: number, end: number): number {
  if (start >= end) return Number.NaN
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = buffer[at]! - ZERO
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return value <= LARGEST ? value : Number.NaN
}

/**
 * One to sixteen hexadecimal digits without `0x`. Read in two halves of 32 bits, so that every page-aligned 64-bit
 * address is exact in the double that comes back.
 */
export function parseHex(buffer: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length < 1 || length > 16) return Number.NaN
  const middle = length > 8 ? end - 8 : start
  let high = 0
  for (let at = start; at < middle; at++) {
    const digit = HEX_DIGIT[buffer[at]!]!
    if (digit > 15) return Number.NaN
    high = (high << 4) | digit
  }
  let low = 0
  for (let at = middle; at < end; at++) {
    const digit = HEX_DIGIT[buffer[at]!]!
    if (digit > 15) return Number.NaN
    low = (low << 4) | digit
  }
  return (high >>> 0) * 0x1_0000_0000 + (low >>> 0)
}

/** First position at or after `start` that is neither blank nor tab; `end` when there is none. */
export function skipBlanks(buffer: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && (buffer[at] === BLANK || buffer[at] === TAB)) at++
  return at
}

/** End of the range without the blanks and tabs at its end. */
export function trimEnd(buffer: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > start && (buffer[at - 1] === BLANK || buffer[at - 1] === TAB)) at--
  return at
}

/** ASCII literal as bytes, to compare with. */
export const literal = (text: string): Uint8Array => Buffer.from(text, 'latin1')

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The range as text: UTF-8 where it is valid, else byte for byte as Latin-1, so that nothing is lost or merged. */
export function decodeText(buffer: Uint8Array, start: number, end: number): string {
  const part = buffer.subarray(start, end)
  try {
    return utf8.decode(part)
  } catch {
    return Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1')
  }
}
