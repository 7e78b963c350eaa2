import { createHash } from 'node:crypto'
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

/** Hash of a file that is not going to be stored. */
export async function hashFile(file: EvidenceFile, onBytes: (bytes: number) => void): Promise<InputHash> {
  const { chunks, result } = hashingPass(file.read())
  for await (const chunk of chunks) onBytes(chunk.length)
  return { path: file.path, format: file.format, original: result() }
}

export const hashText = (text: string): ContentHash => ({
  bytes: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
})
