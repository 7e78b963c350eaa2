import { createHash, type Hash } from 'node:crypto'
import { readDisk } from '../base/read-disk.ts'
import type { EvidenceFile } from '../model/evidence.ts'

const HEAD = 64 * 1024

/**
 * A key that the same evidence always gives, so that two runs make the same tokens and their outputs can be compared.
 * It comes from the beginnings of all files before redaction: whoever has only the bundle does not have them.
 */
export async function keyOf(files: readonly EvidenceFile[]): Promise<Uint8Array> {
  const hash = createHash('sha256').update('memdossier redaction key 1\0')
  for (const file of files) {
    hash.update(`\0${file.path}\0${file.bytes}\0`)
    if (!hashDiskHead(hash, file)) await hashHead(hash, file)
  }
  return hash.digest()
}

/** The beginning of a plain file, without a buffer of its own; false for all others and where reading fails. */
function hashDiskHead(hash: Hash, { diskPath, bytes }: EvidenceFile): boolean {
  if (diskPath === null) return false
  try {
    readDisk(diskPath, Math.min(HEAD, bytes), (chunk) => hash.update(chunk), HEAD)
  } catch {
    return false
  }
  return true
}

async function hashHead(hash: Hash, file: EvidenceFile): Promise<void> {
  let left = HEAD
  for await (const chunk of file.read()) {
    hash.update(chunk.subarray(0, left))
    left -= chunk.length
    if (left <= 0) break
  }
}
