// Lines and words.

import { BITS, DECIMAL, HEXADECIMAL } from './places'

export let lineStart: i32 = 0
export let lineEnd: i32 = 0
/** Replaced in the line that is being read. */
export let inLine: i32 = 0
export function lineFrom(): i32 {
  return lineStart
}
export function lineTo(): i32 {
  return lineEnd
}

/** The end of the line at `from`; `to` when there is none before it. What lies behind `to` may be read. */
// @ts-ignore: decorator
@inline
export function endOfLine(from: i32, to: i32): i32 {
  for (let at = from; at < to; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(10)))
    if (found != 0) return min(to, at + ctz(found))
  }
  return to
}

/** Bytes between two of these, both among them, as all ones. */
// @ts-ignore: decorator
@inline
export function within(block: v128, first: i8, last: i8): v128 {
  return i8x16.lt_u(i8x16.sub(block, i8x16.splat(first)), i8x16.splat(last - first + 1))
}

/** How many of the sixteen bytes at `at` belong to a word before the first that does not: letters, digits, `_`. */
// @ts-ignore: decorator
@inline
function wordLength(at: i32): i32 {
  const block = v128.load(at)
  const letters = within(v128.or(block, i8x16.splat(32)), 97, 122)
  const others = v128.or(within(block, 48, 57), i8x16.eq(block, i8x16.splat(95)))
  return ctz(~i8x16.bitmask(v128.or(letters, others)))
}

/** Behind the word at `start`, which ends with the line at the latest. */
// @ts-ignore: decorator
@inline
export function wordEndFrom(start: i32): i32 {
  let at = start
  let length = wordLength(at)
  while (length == 16) {
    at += 16
    length = wordLength(at)
  }
  return min(lineEnd, at + length)
}

/** `[32:9f8e7d6c5b4a]` */
export function isToken(from: i32, to: i32): bool {
  if (load<u8>(from) != 91 || load<u8>(to - 1) != 93) return false
  let at = from + 1
  while (at < to && load<u8>(BITS + load<u8>(at)) & DECIMAL) at++
  if (at == from + 1 || load<u8>(at) != 58 || to - at != 14) return false
  for (at++; at < to - 1; at++) if (!(load<u8>(BITS + load<u8>(at)) & HEXADECIMAL)) return false
  return true
}

export function hexEnd(start: i32): i32 {
  let at = start
  while (at < lineEnd && load<u8>(BITS + load<u8>(at)) & HEXADECIMAL) at++
  return at
}
