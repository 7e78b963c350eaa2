import { describe, expect, it } from 'vitest'
import { KeptSnapshots } from '../../src/attribution/kept-snapshots.ts'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import { aSnapshot, type MappingSketch, NOON } from '../support/synthetic-capture.ts'

const at = (time: number, sizes: readonly number[], pid = 7): ReadSnapshot =>
  aSnapshot(
    sizes.map((size, row): MappingSketch => ({ start: 0x10000 * (row + 1), size, rss: size })),
    { pid, time: NOON + time },
  )

const endsOf = ({ mappings }: { mappings: { end: Float64Array } }): number[] => Array.from(mappings.end)

describe('what is kept of snapshots', () => {
  it('is theirs, whatever becomes of their columns', () => {
    const kept = new KeptSnapshots(true)
    const snapshots = [at(0, [4096, 4096]), at(1, [4096, 8192]), at(2, [4096])]
    const ends = snapshots.map(endsOf)
    for (const snapshot of snapshots) {
      kept.add(snapshot)
      snapshot.mappings.end.fill(0)
      snapshot.mappings.start.fill(0)
    }
    expect(kept.list().map(endsOf)).toEqual(ends)
    expect(kept.list().map(({ time }) => time)).toEqual([NOON, NOON + 1, NOON + 2])
  })

  it('shares with the snapshot before what is the same in both', () => {
    const kept = new KeptSnapshots(true)
    for (let time = 0; time < 50; time++) kept.add(at(time, [4096, 4096 * (1 + (time % 2))]))
    const tables = kept.list().map(({ mappings }) => mappings)
    expect(new Set(tables.map(({ start }) => start)).size).toBe(1)
    expect(new Set(tables.map(({ kind }) => kind)).size).toBe(1)
    expect(new Set(tables.map(({ end }) => end)).size).toBe(50)
  })

  it('is the last whole snapshot of each process where there is no trace', () => {
    const kept = new KeptSnapshots(false)
    for (let time = 0; time < 9; time++) {
      const snapshot = at(time, [4096, 4096 * (time + 1)], time % 2 ? 8 : 7)
      kept.add(snapshot)
      snapshot.mappings.end.fill(0)
    }
    kept.add({ ...at(9, [4096]), truncated: true })
    expect(kept.list().map(({ pid, time }) => [pid, time! - NOON])).toEqual([
      [7, 8],
      [8, 7],
    ])
    expect(kept.list().map((snapshot) => endsOf(snapshot)[1]! - 0x20000)).toEqual([4096 * 9, 4096 * 8])
  })
})
