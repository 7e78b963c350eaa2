/** Snapshots alone: one process that grows slowly in one place, seen again and again. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { block, randomFrom } from './speed-program.ts'
import { writeText } from './speed-text.ts'

export interface SnapshotOptions {
  readonly folder: string
  /** Bytes of smaps in all, about. */
  readonly bytes: number
  readonly mappings: number
  readonly seed: number
}

const BLOCK_BYTES = 690
const FEWEST = 3
const BEGIN = Date.UTC(2026, 4, 1)
const INTERVAL = 300_000
const LOW = 0x7f10_0000_0000
const APART = 0x40_0000

/** Writes smaps files of a process with this many mappings; returns their bytes. */
export function writeSnapshots({ folder, bytes, mappings, seed }: SnapshotOptions): number {
  const random = randomFrom(seed)
  mkdirSync(folder, { recursive: true })
  const sizes = Array.from({ length: mappings }, () => (1 + random(200)) * 4)
  const count = Math.max(FEWEST, Math.round(bytes / (mappings * BLOCK_BYTES)))
  let written = 0
  for (let at = 0; at < count; at += 1) {
    const stamp = new Date(BEGIN + at * INTERVAL).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)
    const touched = random(mappings)
    sizes[touched] = (1 + random(200)) * 4
    const heap = 4096 + 64 * at
    written += writeText(join(folder, `smaps_880_${stamp}`), [
      block(0x5581_0000_0000, 0x5581_0000_0000 + heap * 1024, '[heap]', heap),
      ...sizes.map((size, row) => {
        const start = LOW + row * APART
        return block(start, start + size * 1024, '', size)
      }),
    ])
  }
  return written
}
