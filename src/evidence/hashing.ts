import { createHash } from 'node:crypto'
import type { EvidenceFile } from '../model/evidence.ts'

/**
 * Wraps a file so that its SHA-256 comes with the first complete reading through `read()`. `digest()` gives it in hex;
 * it reads the file itself only when nobody has read it to the end yet (as with readers that go by `diskPath`).
 */
export function hashing(file: EvidenceFile): { file: EvidenceFile; digest(): Promise<string> } {
  let known: string | null = null
  async function* read(): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256')
    for await (const chunk of file.read()) {
      hash.update(chunk)
      yield chunk
    }
    known ??= hash.digest('hex')
  }
  return {
    file: { ...file, read },
    async digest() {
      if (known === null) for await (const _ of read());
      return known!
    },
  }
}

/** SHA-256 of a file, in hex. */
export const sha256 = (file: EvidenceFile): Promise<string> => hashing(file).digest()
