import { crc32, inflateRawSync } from 'node:zlib'
import type { Entry } from 'yauzl'
import type { Source } from '../source.ts'

/** Members packed into more are read piece by piece. */
const SMALL = 64 * 1024
/** And those that unpack to more. */
const LARGEST = 1024 * 1024
/** APPNOTE.TXT of PKWARE, section 4.3.7. */
const LOCAL = 0x04034b50
const LOCAL_BYTES = 30
/** Read along for the extra fields of the local header, whose length only that header tells. */
const EXTRA_BYTES = 64

interface Inflated {
  readonly buffer: Buffer
  readonly engine: { readonly bytesWritten: number }
}

/**
 * A small deflated member of a zip, header and content in one reading: streams would take several times as long as the
 * unpacking. `null` where it is not small, or anything about it is odd: reading it piece by piece then tells what.
 */
export async function smallMember(
  range: NonNullable<Source['range']>,
  entry: Entry,
  isExact: boolean,
): Promise<Uint8Array | null> {
  const { compressedSize: packed, uncompressedSize: size, relativeOffsetOfLocalHeader: at } = entry
  if (packed > SMALL || size === 0 || size > LARGEST) return null
  const bytes = await joined(range(at, at + LOCAL_BYTES + entry.fileNameLength + EXTRA_BYTES + packed))
  if (bytes.length < LOCAL_BYTES || bytes.readUInt32LE(0) !== LOCAL) return null
  const from = LOCAL_BYTES + bytes.readUInt16LE(26) + bytes.readUInt16LE(28)
  if (from + packed > bytes.length) return null
  try {
    const options = { maxOutputLength: size, info: true }
    // With `info` it gives what it made and with what.
    const { buffer: whole, engine } = inflateRawSync(
      bytes.subarray(from, from + packed),
      options,
    ) as unknown as Inflated
    if (isExact && engine.bytesWritten !== packed) return null
    return whole.length === size && crc32(whole) === entry.crc32 ? whole : null
  } catch {
    return null
  }
}

async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}
