/**
 * SipHash-2-4 (Aumasson, Bernstein 2012): a keyed hash for short texts that gives nothing away without its key. In
 * JavaScript on halves of 32 bits; the first 48 bits of the 64 are used. One object hashes one text at a time.
 */
export class SipHash {
  readonly #key: Int32Array
  // v0 … v3, low and high half each.
  readonly #v = new Int32Array(8)

  /** @param key 16 bytes */
  constructor(key: Uint8Array) {
    const view = new DataView(key.buffer, key.byteOffset, 16)
    this.#key = Int32Array.of(
      view.getInt32(0, true),
      view.getInt32(4, true),
      view.getInt32(8, true),
      view.getInt32(12, true),
    )
  }

  /** Hash of `bytes[start, end)`, 64 bits as two signed halves: `[low, high]`. */
  hash(bytes: ArrayLike<number>, start: number, end: number): readonly [number, number] {
    const v = this.#v
    const [k0, k1, k2, k3] = this.#key as unknown as [number, number, number, number]
    v[0] = k0 ^ 0x70736575
    v[1] = k1 ^ 0x736f6d65
    v[2] = k2 ^ 0x6e646f6d
    v[3] = k3 ^ 0x646f7261
    v[4] = k0 ^ 0x6e657261
    v[5] = k1 ^ 0x6c796765
    v[6] = k2 ^ 0x79746573
    v[7] = k3 ^ 0x74656462
    let at = start
    for (; at + 8 <= end; at += 8)
      this.#block(
        bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24),
        bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24),
      )
    let low = 0
    let high = ((end - start) & 0xff) << 24
    for (let shift = 0; at < end; at++, shift += 8) {
      if (shift < 32) low |= bytes[at]! << shift
      else high |= bytes[at]! << (shift - 32)
    }
    this.#block(low, high)
    v[4]! ^= 0xff
    for (let round = 0; round < 4; round++) this.#round()
    return [v[0]! ^ v[2]! ^ v[4]! ^ v[6]!, v[1]! ^ v[3]! ^ v[5]! ^ v[7]!]
  }

  #block(low: number, high: number): void {
    const v = this.#v
    v[6]! ^= low
    v[7]! ^= high
    this.#round()
    this.#round()
    v[0]! ^= low
    v[1]! ^= high
  }

  #round(): void {
    const v = this.#v
    let l0 = v[0]!
    let h0 = v[1]!
    let l1 = v[2]!
    let h1 = v[3]!
    let l2 = v[4]!
    let h2 = v[5]!
    let l3 = v[6]!
    let h3 = v[7]!
    let sum = 0
    // v0 += v1; v1 <<<= 13; v1 ^= v0; v0 <<<= 32
    sum = (l0 >>> 0) + (l1 >>> 0)
    h0 = (h0 + h1 + (sum > 0xffffffff ? 1 : 0)) | 0
    l0 = sum | 0
    sum = (l1 << 13) | (h1 >>> 19)
    h1 = ((h1 << 13) | (l1 >>> 19)) ^ h0
    l1 = sum ^ l0
    sum = l0
    l0 = h0
    h0 = sum
    // v2 += v3; v3 <<<= 16; v3 ^= v2
    sum = (l2 >>> 0) + (l3 >>> 0)
    h2 = (h2 + h3 + (sum > 0xffffffff ? 1 : 0)) | 0
    l2 = sum | 0
    sum = (l3 << 16) | (h3 >>> 16)
    h3 = ((h3 << 16) | (l3 >>> 16)) ^ h2
    l3 = sum ^ l2
    // v0 += v3; v3 <<<= 21; v3 ^= v0
    sum = (l0 >>> 0) + (l3 >>> 0)
    h0 = (h0 + h3 + (sum > 0xffffffff ? 1 : 0)) | 0
    l0 = sum | 0
    sum = (l3 << 21) | (h3 >>> 11)
    h3 = ((h3 << 21) | (l3 >>> 11)) ^ h0
    l3 = sum ^ l0
    // v2 += v1; v1 <<<= 17; v1 ^= v2; v2 <<<= 32
    sum = (l2 >>> 0) + (l1 >>> 0)
    h2 = (h2 + h1 + (sum > 0xffffffff ? 1 : 0)) | 0
    l2 = sum | 0
    sum = (l1 << 17) | (h1 >>> 15)
    h1 = ((h1 << 17) | (l1 >>> 15)) ^ h2
    l1 = sum ^ l2
    sum = l2
    l2 = h2
    h2 = sum
    v[0] = l0
    v[1] = h0
    v[2] = l1
    v[3] = h1
    v[4] = l2
    v[5] = h2
    v[6] = l3
    v[7] = h3
  }
}
