import { describe, expect, it } from 'vitest'
import { StringTable } from '../../src/base/string-table.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import { readSnapshots } from '../../src/smaps/read-snapshots.ts'
import { sumUp } from '../../src/timeline/amounts.ts'
import { textFile } from '../attribution/support.ts'

async function snapshotOf(...mappings: string[]): Promise<ReadSnapshot> {
  const file = textFile('smaps_1_1', 'smaps', `${mappings.join('\n')}\n`)
  const [snapshot] = await readSnapshots(file, new StringTable(), new Diagnostics())
  return snapshot!
}

describe('LazyFree of a snapshot', () => {
  const summed = async (...fields: string[]) => {
    const mappings = fields.map(
      (field, k) => `7f000000${k}000-7f000000${k + 1}000 rw-p 00000000 00:00 0 \n${field}`,
    )
    return sumUp(await snapshotOf(...mappings)).lazyFree
  }
  const rss = 'Rss:                   4 kB'
  const lazy = `${rss}\nLazyFree:              4 kB`

  it('is what all mappings have of it', async () => {
    expect(await summed(lazy, lazy)).toBe(8192)
  })

  it('is not known where the kernel does not print it, or one mapping lacks it', async () => {
    expect(await summed(rss, rss)).toBeNull()
    expect(await summed(lazy, rss)).toBeNull()
  })
})

describe('sums of a snapshot that are as they were in the one before', () => {
  const mapping = (name: string, start: string, end: string, rss: number): string =>
    `${start}000-${end}000 rw-p 00000000 00:00 0                          ${name}\nRss:            ${rss} kB`
  const heap = (rss: number) => mapping('[heap]', '55d0c0', '55d0d0', rss)
  const top = (rss: number) => mapping('[stack]', '7ffc00', '7ffc10', rss)

  it('are held once, kind by kind', async () => {
    const before = sumUp(await snapshotOf(heap(8), top(4)))
    const after = sumUp(await snapshotOf(heap(12), top(4)), before)
    expect(before.byKind.get('main-stack')?.rss).toBe(4096)
    expect(after.byKind.get('main-stack')).toBe(before.byKind.get('main-stack'))
    expect(after.byKind.get('main-heap')?.rss).toBe(12288)
    expect(after.total.rss).toBe(16384)
    expect(before.total.rss).toBe(12288)
  })

  it('are held once as a whole where nothing changed', async () => {
    const before = sumUp(await snapshotOf(heap(8), top(4)))
    const after = sumUp(await snapshotOf(heap(8), top(4)), before)
    expect(after).toEqual(before)
    expect(after.byKind).toBe(before.byKind)
    expect(after.total).toBe(before.total)
  })

  it('lose a kind that is gone and gain one that came', async () => {
    const both = await snapshotOf(heap(8), top(4))
    const one = await snapshotOf(heap(8))
    expect(sumUp(one, sumUp(both))).toEqual(sumUp(one))
    expect(sumUp(both, sumUp(one))).toEqual(sumUp(both))
  })

  it('are not taken for those of a field that is not known any more', async () => {
    const known = await snapshotOf(heap(8))
    const unknown = await snapshotOf(heap(8).replace(/\nRss.*/, '\nSize:                 64 kB'))
    expect(sumUp(unknown, sumUp(known))).toEqual(sumUp(unknown))
    expect(sumUp(unknown, sumUp(known)).total.rss).toBeNull()
  })
})
