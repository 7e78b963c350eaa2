import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import { QUANTITIES, type Quantity } from '../../src/model/timeline.ts'
import { diffSnapshots } from '../../src/timeline/diff.ts'
import { aSnapshot } from '../support/synthetic-capture.ts'
import { hasZoo, SAMPLES, snapshotsOf, timelineOf, zooCases, zooEvidence } from './captures.ts'

/** Sums of whole files, counted by awk on the text: nothing is shared with the reader under test. */
const COUNT = `
FNR == 1 { if (name) print_sums(); name = FILENAME; delete sum; ranges = 0; size = 0 }
/^[0-9a-f]+-[0-9a-f]+ / { ranges++ }
/^[A-Z][A-Za-z_]*: *[0-9]+ kB$/ { sub(":", "", $1); sum[$1] += $2 }
END { print_sums() }
function print_sums() {
  printf "%s %d %d %d %d %d %d %d %d %d\\n", name, sum["Size"], sum["Rss"], sum["Pss"],
    sum["Private_Clean"] + sum["Private_Dirty"], sum["Swap"], ranges, sum["Anonymous"], sum["Private_Dirty"], sum["AnonHugePages"]
}`
const ORDER: readonly Quantity[] = [
  'size',
  'rss',
  'pss',
  'uss',
  'swap',
  'ranges',
  'anonymous',
  'privateDirty',
  'anonHugePages',
]

/** Totals by file, bytes (ranges: a count). */
function awkTotals(root: string, files: readonly string[]): Map<string, Record<Quantity, number>> {
  const text = execFileSync('awk', [COUNT, ...files.map((file) => join(root, file))], { encoding: 'utf8' })
  return new Map(
    text
      .trim()
      .split('\n')
      .map((line) => {
        const [name, ...numbers] = line.split(' ')
        const totals = Object.fromEntries(
          ORDER.map((quantity, at) => [quantity, Number(numbers[at]) * (quantity === 'ranges' ? 1 : 1024)]),
        )
        return [name!.slice(root.length + 1), totals as Record<Quantity, number>] as const
      }),
  )
}

function checkPairs(snapshots: readonly ReadSnapshot[], root: string): number {
  const whole = snapshots.filter((snapshot) => !snapshot.truncated && !snapshot.empty)
  const truth = awkTotals(
    root,
    whole.map((snapshot) => snapshot.file),
  )
  let pairs = 0
  for (let at = 1; at < whole.length; at++) {
    const [a, b] = [whole[at - 1]!, whole[at]!]
    const diff = diffSnapshots(a, b)
    for (const quantity of QUANTITIES) {
      const expected = truth.get(b.file)![quantity] - truth.get(a.file)![quantity]
      expect(diff.total[quantity], `${quantity} of ${b.file}`).toBe(expected)
      const regions = diff.regions.reduce((sum, region) => sum + region.deltas[quantity]!, 0)
      expect(regions, `regions, ${quantity} of ${b.file}`).toBe(expected)
      const kinds = diff.kinds.reduce((sum, kind) => sum + kind.deltas[quantity]!, 0)
      expect(kinds, `kinds, ${quantity} of ${b.file}`).toBe(expected)
    }
    pairs++
  }
  return pairs
}

describe('diff of two snapshots', () => {
  it.each(['mmap-leak', 'nscd', 'restart'])(
    'agrees with awk on every pair of samples/captures/%s',
    async (name) => {
      const root = join(SAMPLES, name)
      expect(checkPairs(await snapshotsOf(root), root)).toBeGreaterThan(20)
    },
  )

  describe.skipIf(!hasZoo)('of captures beside the project', () => {
    const captures: { name: string; snapshots: ReadSnapshot[] }[] = []
    beforeAll(async () => {
      for (const name of zooCases()) captures.push({ name, snapshots: await snapshotsOf(zooEvidence(name)) })
    })

    it('agrees with awk on every pair', () => {
      for (const { name, snapshots } of captures)
        expect(checkPairs(snapshots, zooEvidence(name)), name).toBeGreaterThan(15)
    })

    it('conserves bytes in the changes of the time line', () => {
      for (const { name, snapshots } of captures)
        for (const process of timelineOf(snapshots).processes) {
          const byFile = new Map(process.snapshots.map((snapshot) => [snapshot.file, snapshot.total]))
          const pairs = [...process.pairs, ...(process.firstToLast ? [process.firstToLast] : [])]
          for (const pair of pairs) {
            const [a, b] = [byFile.get(pair.fromFile)!, byFile.get(pair.toFile)!]
            const size = pair.changes.reduce(
              (sum, change) => sum + change.sizeDelta,
              pair.omitted?.sizeDelta ?? 0,
            )
            const rss = pair.changes.reduce(
              (sum, change) => sum + change.rssDelta!,
              pair.omitted?.rssDelta ?? 0,
            )
            expect(size, `${name} ${pair.toFile}`).toBe(b.size - a.size)
            expect(rss, `${name} ${pair.toFile}`).toBe(b.rss! - a.rss!)
          }
        }
    })
  })

  it('is sorted by size of change and leaves out what is the same', () => {
    const a = aSnapshot([
      { start: 0x1000, size: 0x1000, rss: 0x1000, name: '/lib/same.so' },
      { start: 0x10000, size: 0x4000, rss: 0x4000 },
      { start: 0x20000, size: 0x4000, rss: 0x1000, name: '[heap]' },
    ])
    const b = aSnapshot([
      { start: 0x1000, size: 0x1000, rss: 0x1000, name: '/lib/same.so' },
      { start: 0x10000, size: 0x5000, rss: 0x5000 },
      { start: 0x20000, size: 0x4000, rss: 0x4000, name: '[heap]' },
      { start: 0x90000, size: 0x100000, rss: 0x100000 },
    ])
    const diff = diffSnapshots(a, b)
    expect(diff.regions.map((region) => [region.change, region.start])).toEqual([
      ['appeared', 0x90000],
      ['touched', 0x20000],
      ['grew', 0x10000],
    ])
    expect(diff.unchanged).toBe(1)
    expect(diff.missing).not.toContain('rss')
  })

  it('knows no difference of a field that one side lacks', () => {
    const diff = diffSnapshots(
      aSnapshot([{ start: 0x1000, size: 0x2000 }]),
      aSnapshot([{ start: 0x1000, size: 0x3000, rss: 0x1000 }]),
    )
    expect(diff.total.rss).toBeNull()
    expect(diff.regions[0]!.deltas.rss).toBeNull()
    expect(diff.regions[0]!.deltas.size).toBe(0x1000)
    expect(diff.missing).toContain('rss')
  })

  it('compares the totals alone where one side is a rollup', () => {
    const rollup = { start: 0x1000, size: 0x7fff0000, rss: 0x5000, name: '[rollup]', kind: 'rollup' as const }
    const diff = diffSnapshots(
      aSnapshot([{ start: 0x1000, size: 0x2000, rss: 0x2000 }]),
      aSnapshot([rollup], { detail: 'rollup' }),
    )
    expect(diff).toMatchObject({ regions: [], kinds: [], otherProcess: false })
    expect(diff.total).toMatchObject({ rss: 0x3000, size: null, ranges: null })
  })

  it('says when the two are not one process', () => {
    const text = (start: number) => ({
      start,
      size: 0x1000,
      rss: 0x1000,
      name: '/usr/bin/x',
      permissions: 'r-xp',
    })
    expect(diffSnapshots(aSnapshot([text(0x1000)]), aSnapshot([text(0x9000)])).otherProcess).toBe(true)
    expect(diffSnapshots(aSnapshot([text(0x1000)]), aSnapshot([text(0x1000)])).otherProcess).toBe(false)
  })
})
