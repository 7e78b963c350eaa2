import { ARCHIVE_REASONS, archiveReason } from '../../model/archive-reasons.ts'
import { EvidenceError } from '../evidence-error.ts'

/** Output of one slice of input waits in memory: a block of zstd holds at most 128 KiB and can be four bytes long. */
const SLICE = 4 * 1024

/** RFC 8878, several frames in a row included. Checksums are not verified: the library reads past them. */
export async function* unzstd(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd')
  let ready: Uint8Array[] = []
  const stream = new Decompress((chunk) => ready.push(chunk))
  const push = (slice: Uint8Array, final: boolean): Error | null => {
    try {
      stream.push(slice, final)
      return null
    } catch (error) {
      return new EvidenceError(
        'archive-damaged',
        archiveReason(ARCHIVE_REASONS.zstd, (error as Error).message),
      )
    }
  }
  for await (const chunk of packed)
    for (let at = 0; at < chunk.length; at += SLICE) {
      // A copy: the library keeps what it cannot use yet.
      const failure = push(Uint8Array.from(chunk.subarray(at, at + SLICE)), false)
      yield* ready
      ready = []
      if (failure) throw failure
    }
  const failure = push(new Uint8Array(0), true)
  yield* ready
  if (failure) throw failure
}
