import { closeSync, openSync, readSync } from 'node:fs'
import { alignedMemory } from './aligned-memory.ts'
import { TURN_BYTES, turnAfter } from './turn.ts'

type Take = (chunk: Uint8Array) => unknown

/** The buffer of the last file, for the next one: fresh memory costs a page fault for every 4 KiB read. */
let spare: Uint8Array | null = null

const lend = (bytes: number): Uint8Array => {
  const buffer = spare?.length === bytes ? spare : new Uint8Array(alignedMemory(bytes), 0, bytes)
  // Not there for a file that is read in between.
  spare = null
  return buffer
}

/**
 * Reads `bytes` of a plain file from `from` on in order, synchronously, into one reused buffer: what is appended while it
 * is read stays out, so that every reader of one file sees the same. `take` must be done with the bytes when it
 * returns; `false` from it ends the reading. Throws what `fs` throws.
 */
export function readDisk(path: string, bytes: number, take: Take, chunkBytes = 1 << 20, from = 0): void {
  const buffer = lend(chunkBytes)
  try {
    readDescriptorInto(buffer, openSync(path, 'r'), bytes, take, from)
  } finally {
    spare = buffer
  }
}

/**
 * Reads the first `bytes` as `readDisk` does, into memory of the reader's own or so many at a time. The event loop turns
 * now and then.
 */
export async function readDiskInTurns(
  path: string,
  bytes: number,
  take: (chunk: Uint8Array) => void,
  target: Uint8Array | number,
): Promise<void> {
  const buffer = typeof target === 'number' ? lend(target) : target
  const descriptor = openSync(path, 'r')
  try {
    for (let at = 0; at < bytes; at += TURN_BYTES) {
      const wanted = Math.min(TURN_BYTES, bytes - at)
      if (readOpen(buffer, descriptor, wanted, take, at) < wanted) return
      await turnAfter(wanted)
    }
  } finally {
    closeSync(descriptor)
    if (typeof target === 'number') spare = buffer
  }
}

/** As `readDisk` from an open file, into this buffer as often as it takes; the file is closed behind it. */
export function readDescriptorInto(
  buffer: Uint8Array,
  descriptor: number,
  bytes: number,
  take: Take,
  from = 0,
): void {
  try {
    readOpen(buffer, descriptor, bytes, take, from)
  } finally {
    closeSync(descriptor)
  }
}

/** Returns how many bytes there were. */
function readOpen(buffer: Uint8Array, descriptor: number, bytes: number, take: Take, from: number): number {
  let left = bytes
  while (left > 0) {
    const got = readSync(descriptor, buffer, 0, Math.min(buffer.length, left), from + bytes - left)
    if (got === 0) break
    left -= got
    if (take(got === buffer.length ? buffer : buffer.subarray(0, got)) === false) break
  }
  return bytes - left
}

/**
 * Reads a plain file of so many bytes into memory with room for one more; false when it has more or fewer. Throws what `fs`
 * throws.
 */
export function readExactly(path: string, bytes: number, into: Uint8Array): boolean {
  const descriptor = openSync(path, 'r')
  try {
    return readSync(descriptor, into, 0, bytes + 1, 0) === bytes
  } finally {
    closeSync(descriptor)
  }
}
