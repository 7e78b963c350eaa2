import { expect, test } from 'vitest'
import { SipHash } from '../../src/redaction/siphash.ts'

/** Test vectors of the paper's reference code: key 00 … 0f, message 00, 00 01, … */
test.each([
  [0, '726fdb47dd0e0e31'],
  [1, '74f839c593dc67fd'],
  [2, '0d6c8009d9a94f5a'],
  [7, 'ab0200f58b01d137'],
  [8, '93f5f5799a932462'],
  [15, 'a129ca6149be45e5'],
  [63, '958a324ceb064572'],
])('%i bytes', (length, expected) => {
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => index)
  const [low, high] = new SipHash(bytes.subarray(0, 16)).hash(bytes, 0, length)
  const hex = (half: number) => (half >>> 0).toString(16).padStart(8, '0')
  expect(hex(high) + hex(low)).toBe(expected)
})
