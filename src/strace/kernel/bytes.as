// Bytes, words and digits.

// @ts-ignore: decorator
@inline
export function byteAt(at: i32): u32 { return load<u8>(at) }

// @ts-ignore: decorator
@inline
export function sameBytes(a: i32, b: i32, length: i32): bool {
  let at = 0
  for (; at + 8 <= length; at += 8) if (load<u64>(a + at) != load<u64>(b + at)) return false
  return at == length || head(a + at, length - at) == head(b + at, length - at)
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
export function head(from: i32, length: i32): u64 {
  const word = load<u64>(from)
  return length < 8 ? word & ((<u64>1 << (<u64>length << 3)) - 1) : word
}

export function hashOf(from: i32, to: i32): u32 {
  let hash: u64 = to - from
  for (let at = from; at < to; at += 8) hash = (hash ^ head(at, to - at)) * 0x9e3779b97f4a7c15
  return <u32>(hash >> 40)
}

/** Six digits at `at`, the first of eight bytes that are there; -1 when they are not digits. */
// @ts-ignore: decorator
@inline
export function sixDigits(at: i32): i32 {
  // The last two of the eight bytes become zeros in front.
  const word = (load<u64>(at) << 16) | 0x3030
  const low = word - 0x3030303030303030
  if (((low | (low + 0x7676767676767676)) & 0x8080808080808080) != 0) return -1
  const pairs = (low * 10) + (low >> 8)
  const sum = (((pairs & 0x000000ff000000ff) * 0x000f424000000064) + (((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001)) >> 32
  return <i32>sum
}

/** How many digits the last `digitRun` found. */
export let digitCount: i32 = 0

/** Value of up to eight digits at `at`, of which there may be none; no loop, so that their number costs nothing. */
// @ts-ignore: decorator
@inline
export function digitRun(at: i32): i32 {
  const low = load<u64>(at) ^ 0x3030303030303030
  // A carry out of a byte that is no digit can only spoil bytes behind it.
  const others = ((low + 0x7676767676767676) | low) & 0x8080808080808080
  digitCount = others == 0 ? 8 : <i32>(ctz(others) >> 3)
  if (digitCount == 0) return 0
  const digits = low << (64 - (<u64>digitCount << 3))
  const pairs = digits * 10 + (digits >> 8)
  return <i32>((((pairs & 0x000000ff000000ff) * 0x000f424000000064) + (((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001)) >> 32)
}

/** Eight hexadecimal digits, NUL counting as 0, packed. */
// @ts-ignore: decorator
@inline
function packHex(text: u64): u64 {
  let digits = (text & 0x0f0f0f0f0f0f0f0f) + ((text >> 6) & 0x0101010101010101) * 9
  digits = ((digits << 4) | (digits >> 8)) & 0x00ff00ff00ff00ff
  digits = ((digits << 8) | (digits >> 16)) & 0x0000ffff0000ffff
  return ((digits << 16) | (digits >> 32)) & 0xffffffff
}

/** Value of the hexadecimal digits at `at`, of which there may be none; with more than sixteen, `digitCount` is 17. */
export function hexRun(at: i32): u64 {
  const block = v128.load(at)
  const isDigit = i8x16.lt_u(i8x16.sub(block, i8x16.splat(48)), i8x16.splat(10))
  const isLetter = i8x16.lt_u(i8x16.sub(v128.or(block, i8x16.splat(32)), i8x16.splat(97)), i8x16.splat(6))
  const others = ~i8x16.bitmask(v128.or(isDigit, isLetter))
  digitCount = ctz(others)
  if (digitCount == 0) return 0
  if (digitCount <= 8) return packHex(load<u64>(at) << (64 - (<u64>digitCount << 3)))
  if (digitCount == 16) {
    const next = byteAt(at + 16)
    if (next - 48 < 10 || (next | 32) - 97 < 6) digitCount = 17
  }
  return (packHex(load<u64>(at) << (128 - (<u64>digitCount << 3))) << 32) | packHex(load<u64>(at + digitCount - 8))
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
