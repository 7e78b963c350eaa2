// Where strings, decorations and arguments end.

import { CLOSE, COMMA, KIND, OPEN } from './places'
import { byteAt, byteMask, isWord } from './bytes'

/** Behind `<<` or behind a decoration without another one inside; -1 for everything else. */
export function skipAngle(from: i32): i32 {
  if (byteAt(from + 1) == 60) return from + 2
  if (!isWord(byteAt(from - 1))) return -1
  for (let at = from + 1; ; at++) {
    const byte = byteAt(at)
    if (byte == 60 || byte == 10) return -1
    if (byte != 62 || byteAt(at - 1) == 45) continue
    const next = byteAt(at + 1)
    const kind: u32 = load<u8>(KIND + next)
    return kind == COMMA || kind == OPEN || kind == CLOSE || next == 32 ? at + 1 : -1
  }
}

/** Behind the quote that closes the string whose first byte is at `from`; -1 when the line ends first. */
// @ts-ignore: decorator
@inline
export function skipString(from: i32): i32 {
  let at = from
  while (true) {
    const block = v128.load(at)
    const special = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(block, i8x16.splat(34)), i8x16.eq(block, i8x16.splat(92))),
        i8x16.eq(block, i8x16.splat(10)),
      ),
    )
    if (special == 0) {
      at += 16
      continue
    }
    at += ctz(special)
    const byte = byteAt(at)
    if (byte == 34) return at + 1
    if (byte == 10 || byteAt(at + 1) == 10) return -1
    at += 2
  }
}

/**
 * The bytes among the sixteen at `at` that are no plain text of arguments, one bit each. A byte is special when the
 * tables of its two halves have a bit in common:  0x0a | 0x22 28 29 2c 2f | 0x3c | 0x5b 5d 7b 7d
 */
// @ts-ignore: decorator
@inline
export function specialBytes(at: i32): i32 {
  const block = v128.load(at)
  const low = i8x16.swizzle(i8x16(0, 0, 2, 0, 0, 0, 0, 0, 2, 2, 1, 8, 6, 8, 0, 2), v128.and(block, i8x16.splat(15)))
  const high = i8x16.swizzle(i8x16(1, 0, 2, 4, 0, 8, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0), i8x16.shr_u(block, 4))
  return i8x16.bitmask(i8x16.ne(v128.and(low, high), i8x16.splat(0)))
}

/**
 * Those of `specialBytes` but the comma, and a few more: `*` and control characters, which share the lower half of a
 * special byte. Each special byte is the only one, but for bit 5, that has its lower half.
 */
// @ts-ignore: decorator
@inline
function bracketBits(block: v128): u64 {
  const same = i8x16.swizzle(
    i8x16(-1, -1, 0x22, -1, -1, -1, -1, -1, 0x28, 0x29, 0x2a, 0x7b, 0x3c, 0x7d, -1, 0x2f),
    v128.and(block, i8x16.splat(15)),
  )
  return <u64>i8x16.bitmask(i8x16.eq(v128.or(block, i8x16.splat(32)), same))
}

/** Each bit of 64 as the sum of itself and all before, without carries. */
// @ts-ignore: decorator
@inline
function sums(bits: u64): u64 {
  let sum = bits ^ (bits << 1)
  sum ^= sum << 2
  sum ^= sum << 4
  sum ^= sum << 8
  sum ^= sum << 16
  return sum ^ (sum << 32)
}

/** The 64 bytes at `at`: a bit each for those like this one. */
// @ts-ignore: decorator
@inline
function bytesLike(a: v128, b: v128, c: v128, d: v128, byte: i8): u64 {
  return byteMask(a, byte) | (byteMask(b, byte) << 16) | (byteMask(c, byte) << 32) | (byteMask(d, byte) << 48)
}

/** Whether a block of 64 bytes ends inside of a string (then all ones), and with a backslash that escapes the next byte. */
let inString: u64 = 0
let isEscaped: u64 = 0

/**
 * The bytes of `bracketBits` among 64 that lie outside of strings, and ends of lines anywhere. The first of them is in a
 * string when `before` is all ones, and escaped when `escapes` is 1. A quote is one of them only where a backslash stands
 * before it outside of a string, which no call has: `closingBracket` must look.
 */
// @ts-ignore: decorator
@inline
function bracketsOutside(a: v128, b: v128, c: v128, d: v128, before: u64, escapes: u64): u64 {
  const quotes = bytesLike(a, b, c, d, 34)
  const special = bracketBits(a) | (bracketBits(b) << 16) | (bracketBits(c) << 32) | (bracketBits(d) << 48)
  if ((quotes | before) == 0) {
    inString = 0
    isEscaped = 0
    return special
  }
  const backslashes = bytesLike(a, b, c, d, 92)
  // What stands behind an odd number of backslashes: each that is not escaped itself escapes the next byte.
  const odd: u64 = 0xaaaaaaaaaaaaaaaa
  const first = backslashes & ~escapes
  const codes = (((first << 1) | odd) - first) ^ odd
  isEscaped = (codes & backslashes) >> 63
  const escaped = quotes & (codes ^ (backslashes | escapes))
  // From each quote to the next one.
  const inside = sums(quotes ^ escaped) ^ before
  inString = <u64>(<i64>inside >> 63)
  return (special & ~(inside | quotes)) | (escaped & ~inside) | bytesLike(a, b, c, d, 10)
}

/** Of the bytes of `bracketBits`: whose two lowest bits differ, as those of closing brackets do, and of no opening one. */
// @ts-ignore: decorator
@inline
function closingBits(block: v128): u64 {
  return <u64>i8x16.bitmask(v128.xor(i16x8.shl(block, 7), i16x8.shl(block, 6)))
}

/**
 * Closing bracket of the call whose arguments begin at `from`, where there are nothing but brackets and strings before it;
 * 0 where `closingBracket` must look. It is mostly among the first 64 bytes.
 */
// @ts-ignore: decorator
@inline
export function nearClosing(from: i32): i32 {
  const a = v128.load(from)
  const b = v128.load(from, 16)
  const c = v128.load(from, 32)
  const d = v128.load(from, 48)
  const special = bracketsOutside(a, b, c, d, 0, 0)
  if (special == 0) return closingBehind(from, 0)
  const first = from + <i32>ctz(special)
  if (byteAt(first) == 41) return first
  const differ = closingBits(a) | (closingBits(b) << 16) | (closingBits(c) << 32) | (closingBits(d) << 48)
  let closing = special & differ
  let opening = special & ~differ
  while (closing != 0) {
    const low = closing & -closing
    const before = opening & (low - 1)
    if (before == 0) {
      const place = from + <i32>ctz(closing)
      return byteAt(place) == 41 ? place : 0
    }
    // The last one that is open: `(` 0x28 and `)` 0x29, `[` 0x5b and `]` 0x5d, `{` 0x7b and `}` 0x7d, or anything else.
    const last = 63 - clz(before)
    const byte = byteAt(from + <i32>ctz(closing))
    if (byte - byteAt(from + <i32>last) != 1 + (byte >> 6)) return 0
    opening ^= <u64>1 << last
    closing ^= low
  }
  return closingBehind(from, opening)
}

/** As `nearClosing`, where it is behind the first 64 bytes, among which those of `opening` are open. */
function closingBehind(from: i32, opening: u64): i32 {
  let open: u64 = 1
  for (let left = opening; left != 0; left &= left - 1) {
    const byte = byteAt(from + <i32>ctz(left))
    if (load<u8>(KIND + byte) != OPEN || open > 0x0fffffff) return 0
    open = (open << 2) | (byte >> 5)
  }
  return closingFrom(from + 64, open)
}

/** As `nearClosing`, however far it is. */
export function farClosing(from: i32): i32 {
  inString = 0
  isEscaped = 0
  return closingFrom(from, 1)
}

/** As `nearClosing`, from a block on before which these brackets are open, as in `closingBracket`. */
function closingFrom(from: i32, before: u64): i32 {
  let open = before
  let base = from
  while (true) {
    const a = v128.load(base)
    const b = v128.load(base, 16)
    const c = v128.load(base, 32)
    const d = v128.load(base, 48)
    for (let special = bracketsOutside(a, b, c, d, inString, isEscaped); special != 0; special &= special - 1) {
      const p = base + <i32>ctz(special)
      const byte = byteAt(p)
      const kind: u32 = load<u8>(KIND + byte)
      // The upper half of the byte tells which.
      const bracket: u64 = byte >> 5
      if (kind == CLOSE) {
        if (bracket != (open & 3)) return 0
        open >>= 2
        if (open == 0) return p
      } else {
        if (kind != OPEN || open > 0x0fffffff) return 0
        open = (open << 2) | bracket
      }
    }
    base += 64
  }
}

/**
 * Closing bracket of the call whose arguments begin at `from`, where only the brackets matter. -1 when it is not plain;
 * minus the place of ` <unfinished ...>` (that of its `<`) when that ends the line with only the call's bracket open.
 */
export function closingBracket(from: i32): i32 {
  // Open brackets as two bits each, the innermost lowest: 1 `(`, 2 `[`, 3 `{`.
  let open: u32 = 1
  let base = from
  let special = bracketBytes(base)
  while (true) {
    while (special == 0) {
      base += 16
      special = bracketBytes(base)
    }
    const p = base + ctz(special)
    special &= special - 1
    const byte = byteAt(p)
    if (byte == 41 || byte == 93 || byte == 125) {
      const bracket: u32 = byte == 41 ? 1 : byte == 93 ? 2 : 3
      if (bracket != (open & 3)) return -1
      open >>= 2
      if (open == 0) return p
    } else if (byte == 34 || byte == 60) {
      if (byte == 60 && byteAt(p - 1) == 32) return open == 1 ? -p : -1
      base = byte == 34 ? skipString(p + 1) : skipAngle(p)
      if (base < 0) return -1
      special = bracketBytes(base)
    } else if (byte == 47) {
      if (byteAt(p + 1) == 42) return -1
    } else if (byte == 10) {
      return -1
    } else {
      if (open > 0x0fffffff) return -1
      open = (open << 2) | (byte == 40 ? 1 : byte == 91 ? 2 : 3)
    }
  }
}

/** Whether `<unfinished ...>` and the end of the line stand at `at`; returns where the next line begins, else -1. */
export function unfinishedEnd(at: i32): i32 {
  // "<unfini" "shed ..." ">"
  if (load<u64>(at) != 0x73696e69666e753c || load<u64>(at + 8) != 0x3e2e2e2e20646568) return -1
  let p = at + 16
  if (byteAt(p) == 13) p++
  return byteAt(p) == 10 ? p + 1 : -1
}

/** As `specialBytes` without the comma. */
// @ts-ignore: decorator
@inline
function bracketBytes(at: i32): i32 {
  const block = v128.load(at)
  const low = i8x16.swizzle(i8x16(0, 0, 2, 0, 0, 0, 0, 0, 2, 2, 1, 8, 4, 8, 0, 2), v128.and(block, i8x16.splat(15)))
  const high = i8x16.swizzle(i8x16(1, 0, 2, 4, 0, 8, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0), i8x16.shr_u(block, 4))
  return i8x16.bitmask(i8x16.ne(v128.and(low, high), i8x16.splat(0)))
}
