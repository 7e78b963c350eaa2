// Bytes.

/** Whether two texts of one length are the same; reads up to 15 bytes past both, which memory has room for. */
export function same(a: i32, b: i32, length: i32): bool {
  let at: i32 = 0
  for (; at + 64 <= length; at += 64) {
    const first = v128.or(v128.xor(v128.load(a + at), v128.load(b + at)), v128.xor(v128.load(a + at, 16), v128.load(b + at, 16)))
    const second = v128.or(v128.xor(v128.load(a + at, 32), v128.load(b + at, 32)), v128.xor(v128.load(a + at, 48), v128.load(b + at, 48)))
    if (v128.any_true(v128.or(first, second))) return false
  }
  for (; at + 16 <= length; at += 16)
    if (v128.any_true(v128.xor(v128.load(a + at), v128.load(b + at)))) return false
  const rest = length - at
  if (rest == 0) return true
  return (i8x16.bitmask(i8x16.ne(v128.load(a + at), v128.load(b + at))) & ((1 << rest) - 1)) == 0
}

/** First newline at or behind `from`; `limit` when there is none. */
export function newline(from: i32, limit: i32): i32 {
  let at = from
  const line = i8x16.splat(10)
  while (at + 16 <= limit) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), line))
    if (mask) return at + ctz(mask)
    at += 16
  }
  while (at < limit && load<u8>(at) != 10) at++
  return at
}
