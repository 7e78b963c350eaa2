// SipHash-2-4; siphash.ts is the same in JavaScript.

export let key0: u64 = 0
export let key1: u64 = 0

export function hash(from: i32, to: i32): u64 {
  let v0: u64 = key0 ^ 0x736f6d6570736575
  let v1: u64 = key1 ^ 0x646f72616e646f6d
  let v2: u64 = key0 ^ 0x6c7967656e657261
  let v3: u64 = key1 ^ 0x7465646279746573
  const length: u64 = to - from
  let left: i64 = to - from
  let at = from
  // Blocks of the text, the last with its length, then the end: four rounds without a block.
  for (let ending = 0; ; at += 8, left -= 8) {
    let block: u64 = 0
    let rounds = 2
    if (ending == 0) {
      block = load<u64>(at)
      if (left < 8) {
        block = (left == 0 ? 0 : block & (((<u64>1) << (<u64>left << 3)) - 1)) | (length << 56)
        ending = 1
      }
    } else {
      v2 ^= 0xff
      rounds = 4
      ending = 2
    }
    v3 ^= block
    for (; rounds > 0; rounds--) {
      v0 += v1
      v1 = rotl(v1, 13) ^ v0
      v0 = rotl(v0, 32)
      v2 += v3
      v3 = rotl(v3, 16) ^ v2
      v0 += v3
      v3 = rotl(v3, 21) ^ v0
      v2 += v1
      v1 = rotl(v1, 17) ^ v2
      v2 = rotl(v2, 32)
    }
    v0 ^= block
    if (ending == 2) break
  }
  return v0 ^ v1 ^ v2 ^ v3
}
