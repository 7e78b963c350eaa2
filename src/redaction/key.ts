import { createHash, type Hash } from 'node:crypto'
import { readDisk } from '../base/read-disk.ts'
import type { EvidenceFile } from '../model/evidence.ts'

/** Gives the key of a run, the same at every call. Where nothing has to be replaced nobody asks for it. */
export type RedactionKey = () => Uint8Array

const HEAD = 64 * 1024

/**
 * A key that the same evidence always gives, so that two runs make the same tokens and their outputs can be compared.
 * It comes from the beginnings of all files before redaction, which whoever has only the bundle does not have where
 * something in one of them was replaced. Plain files are read when it is first asked for; what lies in archives can only
 * be read beforehand.
 */
export async function keyOf(files: readonly EvidenceFile[]): Promise<RedactionKey> {
  if (files.every((file) => file.diskPath !== null)) return onceAsked(() => keyOfPlain(files))
  const hash = beginHash()
  for (const file of files) {
    hashName(hash, file)
    if (!hashDiskHead(hash, file)) await hashHead(hash, file)
  }
  const key = hash.digest()
  return () => key
}

function onceAsked(make: RedactionKey): RedactionKey {
  let key: Uint8Array | null = null
  return () => {
    key ??= make()
    return key
  }
}

/** A file that cannot be read any more counts by its name alone; whoever reads it for the analysis reports it. */
function keyOfPlain(files: readonly EvidenceFile[]): Uint8Array {
  const hash = beginHash()
  for (const file of files) {
    hashName(hash, file)
    hashDiskHead(hash, file)
  }
  return hash.digest()
}

const beginHash = (): Hash => createHash('sha256').update('memdossier redaction key 1\0')

function hashName(hash: Hash, { path, bytes }: EvidenceFile): void {
  hash.update(`\0${path}\0${bytes}\0`)
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
