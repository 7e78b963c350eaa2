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

// Blocks of 64 bytes, a bit a byte.
let inString: u64 = 0
let isEscaped: u64 = 0

/** Whose bytes are brackets, `<`, `/` or the end of a line, as `specialBytes` without quote and comma. */
// @ts-ignore: decorator
@inline
function bracketMask(block: v128): u64 {
  const low = i8x16.swizzle(i8x16(0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 1, 8, 4, 8, 0, 2), v128.and(block, i8x16.splat(15)))
  const high = i8x16.swizzle(i8x16(1, 0, 2, 4, 0, 8, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0), i8x16.shr_u(block, 4))
  return <u64>i8x16.bitmask(i8x16.ne(v128.and(low, high), i8x16.splat(0)))
}

/**
 * Brackets, `<`, `/` among the 64 bytes at `at` that lie outside of strings, and ends of lines anywhere. `inString` (all
 * ones inside) and `isEscaped` (the first byte stands behind a backslash) go from block to block.
 */
function bracketsOutside(at: i32): u64 {
  const a = v128.load(at)
  const b = v128.load(at, 16)
  const c = v128.load(at, 32)
  const d = v128.load(at, 48)
  const quotes = byteMask(a, 34) | (byteMask(b, 34) << 16) | (byteMask(c, 34) << 32) | (byteMask(d, 34) << 48)
  const brackets = bracketMask(a) | (bracketMask(b) << 16) | (bracketMask(c) << 32) | (bracketMask(d) << 48)
  if ((quotes | inString) == 0) {
    isEscaped = 0
    return brackets
  }
  const backslashes = byteMask(a, 92) | (byteMask(b, 92) << 16) | (byteMask(c, 92) << 32) | (byteMask(d, 92) << 48)
  // What stands behind an odd number of backslashes: each that is not escaped itself escapes the next byte.
  const odd: u64 = 0xaaaaaaaaaaaaaaaa
  const first = backslashes & ~isEscaped
  const codes = (((first << 1) | odd) - first) ^ odd
  const escaped = codes ^ (backslashes | isEscaped)
  isEscaped = (codes & backslashes) >> 63
  // From each quote to the next one: the sum of all bits before, without carries.
  let inside = quotes & ~escaped
  inside ^= inside << 1
  inside ^= inside << 2
  inside ^= inside << 4
  inside ^= inside << 8
  inside ^= inside << 16
  inside ^= inside << 32
  inside ^= inString
  inString = <u64>(<i64>inside >> 63)
  const ends = byteMask(a, 10) | (byteMask(b, 10) << 16) | (byteMask(c, 10) << 32) | (byteMask(d, 10) << 48)
  return (brackets & ~inside) | ends
}

/**
 * Closing bracket of the call whose arguments begin at `from`, where there are nothing but brackets and strings before
 * it; 0 where `closingBracket` must look.
 */
// @ts-ignore: decorator
@inline
export function plainClosing(from: i32): i32 {
  let open: u32 = 1
  inString = 0
  isEscaped = 0
  let base = from
  while (true) {
    let special = bracketsOutside(base)
    while (special != 0) {
      const p = base + <i32>ctz(special)
      special &= special - 1
      const byte = byteAt(p)
      // `(` 0x28, `)` 0x29, `[` 0x5b, `]` 0x5d, `{` 0x7b, `}` 0x7d: bits 4 to 6 tell their kind.
      const bracket: u32 = byte == 40 || byte == 41 ? 1 : byte < 92 || byte == 93 ? 2 : 3
      if (byte == 41 || byte == 93 || byte == 125) {
        if (bracket != (open & 3)) return 0
        open >>= 2
        if (open == 0) return p
      } else if (byte == 40 || byte == 91 || byte == 123) {
        if (open > 0x0fffffff) return 0
        open = (open << 2) | bracket
      } else return 0
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
