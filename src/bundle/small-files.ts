import { readExactly } from '../base/read-disk.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { Redactor } from '../redaction/redactor.ts'
import { redactWhole } from '../redaction/stream.ts'
import { hashPieces, type StoredHashes } from './evidence-ledger.ts'
import { AT_ONCE } from './zip-writer.ts'

/** Reads, hashes and redacts small files at once: streams cost more than what goes through them. One after the other. */
export class SmallFiles {
  /** One byte more tells of a file that grew. */
  readonly #read = new Uint8Array(AT_ONCE + 1)
  #redacted = Buffer.alloc(AT_ONCE)

  /**
   * What a plain file was and what of it is stored, whose content is lent until the next file; `null` where it is large or
   * not as it was found: a stream reports what happened to it.
   */
  take(
    { bytes, diskPath, format, path }: EvidenceFile,
    redactor: Redactor,
  ): (StoredHashes & { readonly content: Buffer }) | null {
    if (diskPath === null || bytes === 0 || bytes > AT_ONCE) return null
    const read = this.#read.subarray(0, bytes)
    try {
      if (!readExactly(diskPath, bytes, this.#read)) return null
    } catch {
      return null
    }
    const original = hashPieces([read])
    const content = this.#gathered(redactWhole(read, format, redactor, path))
    return { original, stored: content.equals(read) ? original : hashPieces([content]), content }
  }

  #gathered(pieces: Iterable<Uint8Array>): Buffer {
    let length = 0
    for (const piece of pieces) {
      if (length + piece.length > this.#redacted.length)
        this.#redacted = Buffer.concat([this.#redacted], 2 * (length + piece.length))
      this.#redacted.set(piece, length)
      length += piece.length
    }
    return this.#redacted.subarray(0, length)
  }
}
