import { closeSync, openSync, readSync } from 'node:fs'
import { alignedMemory } from './aligned-memory.ts'

/** The buffer of the last file, for the next one: fresh memory costs a page fault for every 4 KiB read. */
let spare: Uint8Array | null = null

/**
 * Reads `bytes` of a plain file from `from` on in order, synchronously, into one reused buffer: what is appended while it
 * is read stays out, so that every reader of one file sees the same. `take` must be done with the bytes when it
 * returns. Throws what `fs` throws.
 */
export function readDisk(
  path: string,
  bytes: number,
  take: (chunk: Uint8Array) => void,
  chunkBytes = 1 << 20,
  from = 0,
): void {
  const buffer =
    spare?.length === chunkBytes ? spare : new Uint8Array(alignedMemory(chunkBytes), 0, chunkBytes)
  // Not there for a file that `take` may read in between.
  spare = null
  try {
    readDiskInto(buffer, path, bytes, take, from)
  } finally {
    spare = buffer
  }
}

/** As `readDisk`, into this buffer as often as it takes to read all. */
export function readDiskInto(
  buffer: Uint8Array,
  path: string,
  bytes: number,
  take: (chunk: Uint8Array) => void,
  from = 0,
): void {
  readDescriptorInto(buffer, openSync(path, 'r'), bytes, take, from)
}

/** As `readDiskInto`, from an open file, which is closed behind it. */
export function readDescriptorInto(
  buffer: Uint8Array,
  descriptor: number,
  bytes: number,
  take: (chunk: Uint8Array) => void,
  from = 0,
): void {
  try {
    for (let left = bytes; left > 0; ) {
      const got = readSync(descriptor, buffer, 0, Math.min(buffer.length, left), from + bytes - left)
      if (got === 0) return
      left -= got
      take(got === buffer.length ? buffer : buffer.subarray(0, got))
    }
  } finally {
    closeSync(descriptor)
  }
}
