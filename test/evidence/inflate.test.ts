import { deflateRawSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gunzip, inflateRaw } from '../../src/evidence/archives/inflate.ts'
import { EvidenceError } from '../../src/evidence/evidence-error.ts'

/** Text that hardly gets smaller, and other text for every seed. */
function text(bytes: number, seed: number): Buffer {
  let state = seed
  return Buffer.from(
    Array.from({ length: bytes }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return 32 + ((state >>> 24) % 90)
    }),
  )
}

async function* inChunks(bytes: Uint8Array, size: number, failure?: Error): AsyncGenerator<Uint8Array> {
  const lent = new Uint8Array(size)
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size)
    lent.set(part)
    yield lent.subarray(0, part.length)
  }
  if (failure) throw failure
}

/** What comes out, and what it ends with. */
async function outcomeOf(
  packed: AsyncIterable<Uint8Array>,
  unpack = gunzip,
): Promise<{ bytes: Buffer; error: unknown }> {
  const parts: Uint8Array[] = []
  try {
    for await (const part of unpack(packed)) parts.push(Uint8Array.from(part))
    return { bytes: Buffer.concat(parts), error: null }
  } catch (error) {
    return { bytes: Buffer.concat(parts), error }
  }
}

describe.each([
  ['small', 20_000],
  ['small, unpacking to much', 3_000_000],
  ['large', 300_000],
])('a gzip file, %s', (name, size) => {
  const content = name === 'small, unpacking to much' ? Buffer.alloc(size, 'a line, ') : text(size, 7)
  const packed = gzipSync(content)

  it.each([100, 5_000, 70_000])('gives what was packed, in chunks of %i', async (chunk) => {
    const { bytes, error } = await outcomeOf(inChunks(packed, chunk))
    expect(error).toBeNull()
    expect(bytes.equals(content)).toBe(true)
  })

  it('gives all of several members', async () => {
    const { bytes } = await outcomeOf(inChunks(Buffer.concat([packed, gzipSync('the end')]), 4_000))
    expect(bytes.toString()).toBe(`${content}the end`)
  })

  it('gives what stands before a cut, and says that it is damaged', async () => {
    const { bytes, error } = await outcomeOf(inChunks(packed.subarray(0, packed.length - 9), 4_000))
    expect(error).toBeInstanceOf(EvidenceError)
    expect(bytes.length).toBeGreaterThan(content.length / 2)
    expect(content.subarray(0, bytes.length).equals(bytes)).toBe(true)
  })

  it('gives what was read before reading failed, and that failure', async () => {
    const failure = new Error('no more of it')
    const { bytes, error } = await outcomeOf(inChunks(packed.subarray(0, packed.length >> 1), 4_000, failure))
    expect(error).toBe(failure)
    expect(content.subarray(0, bytes.length).equals(bytes)).toBe(true)
  })
})

describe('what is read', () => {
  const packed = gzipSync(text(300_000, 3))
  const broken = Uint8Array.from(packed)
  broken[2] = 99

  it.each([
    ['stops at the beginning', packed],
    ['meets damage at the beginning', broken],
  ])('is closed when somebody %s', async (_, bytes) => {
    let isClosed = false
    async function* closing(): AsyncGenerator<Uint8Array> {
      try {
        yield* inChunks(bytes, 70_000)
      } finally {
        isClosed = true
      }
    }
    try {
      for await (const part of gunzip(closing())) if (part.length > 0) break
    } catch (error) {
      expect(error).toBeInstanceOf(EvidenceError)
    }
    expect(isClosed).toBe(true)
  })
})

describe.each([10, 70_000, 300_000])('bytes behind packed content of %i bytes', (size) => {
  const content = text(size, 5)

  it.each([1, 100, 70_000, 200_000])('are no part of it: %i of them', async (behind) => {
    const padded = Buffer.concat([gzipSync(content), Buffer.alloc(behind)])
    const raw = Buffer.concat([deflateRawSync(content), Buffer.alloc(behind, 'U')])
    for (const { bytes, error } of [
      await outcomeOf(inChunks(padded, 65_536)),
      await outcomeOf(inChunks(raw, 65_536), inflateRaw),
    ]) {
      expect(error).toBeNull()
      expect(bytes.equals(content)).toBe(true)
    }
  })
})
