// Bytes, words and digits.

// @ts-ignore: decorator
@inline
export function byteAt(at: i32): u32 { return load<u8>(at) }

/** Bytes of ones, then of zeros. */
const ONES: i32 = <i32>memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
])

const ZEROS: i32 = ONES + 32

/** The first `length` of the sixteen bytes at `at`, or all, and zeros for the others; no more than 32. */
// @ts-ignore: decorator
@inline
export function firstBytes(at: i32, length: i32): v128 {
  return v128.and(v128.load(at), v128.load(ZEROS - length))
}

// @ts-ignore: decorator
@inline
export function sameBytes(a: i32, b: i32, length: i32): bool {
  let at = 0
  let differ: v128 = i64x2(0, 0)
  for (; at + 16 <= length; at += 16) differ = v128.or(differ, v128.xor(v128.load(a + at), v128.load(b + at)))
  const mask = v128.load(ZEROS - (length & 15))
  differ = v128.or(differ, v128.and(v128.xor(v128.load(a + at), v128.load(b + at)), mask))
  return !v128.any_true(differ)
}

// @ts-ignore: decorator
@inline
export function mix(word: u64): u32 {
  const product = word * 0x9e3779b97f4a7c15
  return <u32>(product >> 40)
}

/** The first eight bytes of a text of this length; what lies behind its end is 0. */
// @ts-ignore: decorator
@inline
function head(from: i32, length: i32): u64 {
  const word = load<u64>(from)
  return length < 8 ? word & ((<u64>1 << (<u64>length << 3)) - 1) : word
}

export function hashOf(from: i32, to: i32): u32 {
  let hash: u64 = to - from
  for (let at = from; at < to; at += 8) hash = (hash ^ head(at, to - at)) * 0x9e3779b97f4a7c15
  return <u32>(hash >> 40)
}

/** Number that eight digits are, the first in the lowest byte, each as its value. */
// @ts-ignore: decorator
@inline
export function valueOf(digits: u64): i32 {
  const pairs = digits * 10 + (digits >> 8)
  return <i32>((((pairs & 0x000000ff000000ff) * 0x000f424000000064) + (((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001)) >> 32)
}

/** Six digits at `at`, the first of eight bytes that are there; -1 when they are not digits. */
// @ts-ignore: decorator
@inline
export function sixDigits(at: i32): i32 {
  // The last two of the eight bytes become zeros in front.
  const word = (load<u64>(at) << 16) | 0x3030
  const low = word - 0x3030303030303030
  if (((low | (low + 0x7676767676767676)) & 0x8080808080808080) != 0) return -1
  return valueOf(low)
}

/** The eight bytes at `at`, each digit as its value. */
// @ts-ignore: decorator
@inline
export function digitsAt(at: i32): u64 { return load<u64>(at) ^ 0x3030303030303030 }

/** How many of eight bytes, from the first on, are the values of digits. */
// @ts-ignore: decorator
@inline
export function digitsOf(bytes: u64): i32 {
  // A carry out of a byte that is no digit can only spoil bytes behind it.
  return <i32>(ctz(((bytes + 0x7676767676767676) | bytes) & 0x8080808080808080) >> 3)
}

/** How many digits the last `digitRun` found. */
export let digitCount: i32 = 0

/** Value of up to eight digits at `at`, of which there may be none; no loop, so that their number costs nothing. */
// @ts-ignore: decorator
@inline
export function digitRun(at: i32): i32 {
  const low = digitsAt(at)
  digitCount = digitsOf(low)
  if (digitCount == 0) return 0
  return valueOf(low << (64 - (<u64>digitCount << 3)))
}

/** How many of sixteen bytes, from the first on, are hexadecimal digits. */
// @ts-ignore: decorator
@inline
export function hexDigitsOf(block: v128): i32 {
  const digit = i8x16.sub(block, i8x16.splat(48))
  const letter = i8x16.sub(v128.or(block, i8x16.splat(32)), i8x16.splat(97))
  const isDigit = i8x16.eq(i8x16.min_u(digit, i8x16.splat(9)), digit)
  const isLetter = i8x16.eq(i8x16.min_u(letter, i8x16.splat(5)), letter)
  return ctz(~i8x16.bitmask(v128.or(isDigit, isLetter)))
}

/** Where sixteen bytes come from that are moved by so many to the end: 16 less the place in this. */
const TO_THE_END: i32 = <i32>memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
])

/** Value of the first `digits` of sixteen bytes, which are hexadecimal digits. */
// @ts-ignore: decorator
@inline
export function hexOf(block: v128, digits: i32): u64 {
  const letters = v128.and(i8x16.gt_s(block, i8x16.splat(57)), i8x16.splat(9))
  const values = i8x16.add(v128.and(block, i8x16.splat(15)), letters)
  const moved = i8x16.swizzle(values, v128.load(TO_THE_END + digits))
  const pairs = v128.or(i16x8.shl(moved, 4), i16x8.shr_u(moved, 8))
  return i64x2.extract_lane(i8x16.shuffle(pairs, pairs, 14, 12, 10, 8, 6, 4, 2, 0, 14, 12, 10, 8, 6, 4, 2, 0), 0)
}

/** Value of the hexadecimal digits at `at`, of which there may be none; with more than sixteen, `digitCount` is 17. */
export function hexRun(at: i32): u64 {
  const block = v128.load(at)
  const digits = hexDigitsOf(block)
  const next = byteAt(at + 16)
  digitCount = digits == 16 && (next - 48 < 10 || (next | 32) - 97 < 6) ? 17 : digits
  return hexOf(block, digits)
}

/** Position behind the blanks at `at`. */
// @ts-ignore: decorator
@inline
export function behindBlanks(at: i32): i32 {
  let p = at
  while (true) {
    const others = i8x16.bitmask(i8x16.ne(v128.load(p), i8x16.splat(32)))
    if (others != 0) return p + ctz(others)
    p += 16
  }
}

// @ts-ignore: decorator
@inline
export function two(at: i32): i32 {
  const high = byteAt(at) - 48
  const low = byteAt(at + 1) - 48
  return high > 9 || low > 9 ? -1000000 : high * 10 + low
}

// @ts-ignore: decorator
@inline
export function isWord(byte: u32): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 26
}

// @ts-ignore: decorator
@inline
export function byteMask(block: v128, byte: i8): u64 {
  return <u64>i8x16.bitmask(i8x16.eq(block, i8x16.splat(byte)))
}

/** Position behind the next end of a line, from `from` on. There is one. */
export function lineEnd(from: i32): i32 {
  let at = from
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(10)))
    if (found != 0) return at + ctz(found) + 1
    at += 16
  }
}
