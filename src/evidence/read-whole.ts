import { readDiskInTurns } from '../base/read-disk.ts'
import { turnAfter } from '../base/turn.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import { BECAME_SHORTER } from './unchanged.ts'

/** Where to read a plain file to: memory of the reader's own, or so many bytes at a time. */
export type ReadTarget = Uint8Array | number

/**
 * Reads a file of evidence from its first byte to its last; signals are heard while it does. `take` must be done
 * with the bytes when it returns. Throws what reading throws. Returns in words what kept it from being as it was found:
 * a plain file that has become shorter; `null` where nothing did, or the file itself tells.
 */
export async function readWhole(
  file: EvidenceFile,
  take: (chunk: Uint8Array) => void,
  target: ReadTarget,
): Promise<string | null> {
  let got = 0
  const watch = file.watch?.()
  const { passed } = file
  const both = (chunk: Uint8Array): void => {
    got += chunk.length
    watch?.take(chunk)
    take(chunk)
    passed?.(chunk.length)
  }
  if (file.diskPath === null)
    for await (const chunk of file.read()) {
      both(chunk)
      await turnAfter(chunk.length)
    }
  else await readDiskInTurns(file.diskPath, file.bytes, both, target)
  watch?.end()
  return got < file.bytes && file.diskPath !== null ? BECAME_SHORTER : null
}
