import { readDisk, readDiskInto } from '../base/read-disk.ts'
import type { EvidenceFile } from '../model/evidence.ts'

/** Where to read a plain file to: memory of the reader's own, or so many bytes at a time. */
export type ReadTarget = Uint8Array | number

/**
 * Reads a file of evidence from its first byte to its last, at once when it is a plain file on disk. `take` must be done
 * with the bytes when it returns. Throws what reading throws.
 */
export async function readWhole(
  file: EvidenceFile,
  take: (chunk: Uint8Array) => void,
  target: ReadTarget,
): Promise<void> {
  const watch = file.watch?.()
  const { passed } = file
  const both =
    watch === undefined && passed === undefined
      ? take
      : (chunk: Uint8Array): void => {
          watch?.take(chunk)
          take(chunk)
          passed?.(chunk.length)
        }
  if (file.diskPath === null) for await (const chunk of file.read()) both(chunk)
  else if (typeof target === 'number') readDisk(file.diskPath, file.bytes, both, target)
  else readDiskInto(target, file.diskPath, file.bytes, both)
  watch?.end()
}
