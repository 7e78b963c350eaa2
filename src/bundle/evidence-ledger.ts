import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { readDisk } from '../base/read-disk.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { RedactionCount } from '../redaction/policy.ts'

/** One file of evidence as it was. */
export interface InputHash {
  readonly path: string
  readonly format: string
  readonly original: ContentHash
}

/** One file of evidence as it was and as it is stored. */
export interface LedgerEntry extends InputHash {
  readonly stored: ContentHash
  readonly rules: readonly RedactionCount[]
}

export interface ContentHash {
  readonly bytes: number
  readonly sha256: string
}

/** Passes bytes through and hashes them. */
export function hashingPass(chunks: AsyncIterable<Uint8Array>): {
  readonly chunks: AsyncIterable<Uint8Array>
  readonly result: () => ContentHash
} {
  const hash = createHash('sha256')
  let bytes = 0
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      hash.update(chunk)
      bytes += chunk.length
      yield chunk
    }
  }
  return { chunks: pass(), result: () => ({ bytes, sha256: hash.digest('hex') }) }
}

/** Small enough to be in the processor's cache still when it is hashed. */
const CHUNK = 256 * 1024

/** Hash of a file that is not going to be stored. */
export async function hashFile(file: EvidenceFile, onBytes: (bytes: number) => void): Promise<InputHash> {
  const { path, format } = file
  const plain = hashAtOnce(file, onBytes)
  if (plain !== null) return { path, format, original: plain }
  const { chunks, result } = hashingPass(file.read())
  for await (const chunk of chunks) onBytes(chunk.length)
  return { path, format, original: result() }
}

/** A plain file that is as it was found; `null` for all others: their own reading reports what happened to them. */
function hashAtOnce(file: EvidenceFile, onBytes: (bytes: number) => void): ContentHash | null {
  if (file.diskPath === null) return null
  const hash = createHash('sha256')
  let bytes = 0
  try {
    if (statSync(file.diskPath).size !== file.bytes) return null
    const take = (chunk: Uint8Array): void => {
      hash.update(chunk)
      bytes += chunk.length
      onBytes(chunk.length)
    }
    readDisk(file.diskPath, file.bytes, take, CHUNK)
  } catch {
    return null
  }
  return bytes === file.bytes ? { bytes, sha256: hash.digest('hex') } : null
}

export const hashText = (text: string): ContentHash => ({
  bytes: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
})
