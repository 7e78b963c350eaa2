import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { readDiskInTurns } from '../base/read-disk.ts'
import type { EvidenceFile, ReadingWatch } from '../model/evidence.ts'
import type { RedactionCount } from '../redaction/policy.ts'

/** One file of evidence as it was. */
export interface InputHash {
  readonly path: string
  readonly format: string
  readonly original: ContentHash
}

/** All files of the evidence, when they are hashed. */
export type Inputs = () => Promise<readonly InputHash[]>

/** What a file was, and what of it is stored. */
export type StoredHashes = Pick<LedgerEntry, 'original' | 'stored'>

/** One file of evidence as it was and as it is stored. */
export interface LedgerEntry extends InputHash {
  readonly stored: ContentHash
  readonly rules: readonly RedactionCount[]
}

export interface ContentHash {
  readonly bytes: number
  readonly sha256: string
}

/** Hash and number of the bytes that it takes. */
class RunningHash {
  readonly #hash = createHash('sha256')
  bytes = 0

  take(chunk: Uint8Array): void {
    this.#hash.update(chunk)
    this.bytes += chunk.length
  }

  /** Once, at the end. */
  result(): ContentHash {
    return { bytes: this.bytes, sha256: this.#hash.digest('hex') }
  }
}

/** Passes bytes through and hashes them. */
export function hashingPass(chunks: AsyncIterable<Uint8Array>): {
  readonly chunks: AsyncIterable<Uint8Array>
  readonly result: () => ContentHash
} {
  const hash = new RunningHash()
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      hash.take(chunk)
      yield chunk
    }
  }
  return { chunks: pass(), result: () => hash.result() }
}

/** Hashes files while their readers read them, so that nothing is read twice. */
export class PassingHashes {
  readonly #known = new Map<string, ContentHash>()

  /** The file, watched; the first whole reading counts. */
  watched(file: EvidenceFile, onBytes: (bytes: number) => void): EvidenceFile {
    return { ...file, watch: () => this.#watch(file, onBytes) }
  }

  /** The hash of the file as it was read; `null` when nobody has read the whole of it. */
  of(file: EvidenceFile): InputHash | null {
    const original = this.#known.get(file.path)
    return original === undefined ? null : { path: file.path, format: file.format, original }
  }

  #watch(file: EvidenceFile, onBytes: (bytes: number) => void): ReadingWatch {
    const hash = new RunningHash()
    return {
      take: (chunk) => {
        hash.take(chunk)
        onBytes(chunk.length)
      },
      end: () => {
        if (hash.bytes === file.bytes) this.#known.set(file.path, hash.result())
      },
    }
  }
}

/** Small enough to be in the processor's cache still when it is hashed. */
const CHUNK = 256 * 1024

/** Hash of a file that is not going to be stored. */
export async function hashFile(file: EvidenceFile, onBytes: (bytes: number) => void): Promise<InputHash> {
  const { path, format } = file
  const plain = file.diskPath === null ? null : await hashPlain(file.diskPath, file.bytes, onBytes)
  if (plain !== null) return { path, format, original: plain }
  const { chunks, result } = hashingPass(file.read())
  for await (const chunk of chunks) onBytes(chunk.length)
  return { path, format, original: result() }
}

/**
 * Hash of a plain file of so many bytes that is as it was found; `null` for all others: their own reading reports what
 * happened to them. Signals are heard meanwhile.
 */
export async function hashPlain(
  diskPath: string,
  size: number,
  onBytes: (bytes: number) => void,
): Promise<ContentHash | null> {
  const hash = new RunningHash()
  try {
    if (statSync(diskPath).size !== size) return null
    const take = (chunk: Uint8Array): void => {
      hash.take(chunk)
      onBytes(chunk.length)
    }
    await readDiskInTurns(diskPath, size, take, CHUNK)
  } catch {
    return null
  }
  return hash.bytes === size ? hash.result() : null
}

/** Hash of content that is held in pieces. */
export function hashPieces(pieces: readonly Uint8Array[]): ContentHash {
  const hash = new RunningHash()
  for (const piece of pieces) hash.take(piece)
  return hash.result()
}
