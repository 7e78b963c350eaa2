import { beforeAll, describe, expect, it } from 'vitest'
import type { MappingKind } from '../../src/model/mapping-kind.ts'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import type { ProcessTimeline, Quantity, Trend } from '../../src/model/timeline.ts'
import { judge } from '../../src/timeline/trend/judge.ts'
import { seriesOf } from '../../src/timeline/trend/series.ts'
import { hasZoo, snapshotsOf, timelineOf, zooCases, zooEvidence, zooScore } from './captures.ts'

/** Where the leak of a case shows: kinds (added up) and the quantity that grows. */
const LEAKS: Readonly<Record<string, { kinds: readonly MappingKind[]; quantity: Quantity }>> = {
  d01: { kinds: ['main-heap'], quantity: 'rss' },
  d02: { kinds: ['anonymous'], quantity: 'rss' },
  d03: { kinds: ['malloc-arena'], quantity: 'rss' },
  d04: { kinds: ['thread-stack'], quantity: 'size' },
  d08: { kinds: ['file-shared', 'shared-memory'], quantity: 'rss' },
  d09: { kinds: ['anonymous'], quantity: 'rss' },
  d10: { kinds: ['main-heap'], quantity: 'rss' },
  d12: { kinds: ['anonymous', 'managed-heap'], quantity: 'rss' },
  d13: { kinds: ['main-heap'], quantity: 'rss' },
  d14: { kinds: ['thread-stack'], quantity: 'size' },
  d16: { kinds: ['anonymous'], quantity: 'rss' },
}
const HEALTHY = ['d05', 'd06', 'd07', 'd11', 'd15']

const lastSegment = (process: ProcessTimeline) => process.segments.at(-1)!
const trendOf = (process: ProcessTimeline, kind: MappingKind, quantity: Quantity): Trend | undefined =>
  lastSegment(process)
    .byKind.find((entry) => entry.kind === kind)
    ?.trends.find((trend) => trend.quantity === quantity)

/** Every byte-valued trend of a process: totals, kinds, lineages. */
const trendsOf = (process: ProcessTimeline): { where: string; trend: Trend }[] => [
  ...process.segments.flatMap((segment) => [
    ...segment.totals.map((trend) => ({ where: `total ${trend.quantity}`, trend })),
    ...segment.byKind.flatMap(({ kind, trends }) =>
      trends.map((trend) => ({ where: `${kind} ${trend.quantity}`, trend })),
    ),
  ]),
  ...process.lineages.flatMap((lineage) =>
    [lineage.size, lineage.rss].flatMap((trend) =>
      trend ? [{ where: `${lineage.id} ${lineage.kind} ${trend.quantity}`, trend }] : [],
    ),
  ),
]

describe.skipIf(!hasZoo)('captures with known causes (beside the project)', () => {
  const captures = new Map<string, ReadSnapshot[]>()
  beforeAll(async () => {
    for (const name of zooCases()) captures.set(name.slice(0, 3), await snapshotsOf(zooEvidence(name)))
  })

  it('are all there', () => {
    expect([...captures.keys()].sort()).toEqual([...Object.keys(LEAKS), ...HEALTHY].sort())
  })

  for (const [id, leak] of Object.entries(LEAKS))
    it(`${id}: the leaking kind grows, at the true rate`, () => {
      const timeline = timelineOf(captures.get(id)!)
      const causes = zooScore(zooCases().find((name) => name.startsWith(id))!).causes
      for (const cause of causes) {
        const process = timeline.processes.find((entry) => entry.pid === cause.pid)!
        const trends = leak.kinds.flatMap((kind) => trendOf(process, kind, leak.quantity) ?? [])
        const growing = trends.filter((trend) => trend.shape === 'growing')
        expect(growing.length, JSON.stringify(trends)).toBeGreaterThan(0)
        const rate = growing.reduce((sum, trend) => sum + trend.perHour!, 0)
        const off = Math.min(...cause.bytesPerHour.map((truth) => Math.abs(rate / truth - 1)))
        expect(off, `${rate} an hour`).toBeLessThanOrEqual(0.15)
        for (const trend of growing) {
          expect(trend.low!).toBeLessThanOrEqual(trend.perHour!)
          expect(trend.high!).toBeGreaterThanOrEqual(trend.perHour!)
          expect(trend.onset).not.toBeNull()
        }
      }
    })

  for (const id of HEALTHY)
    it(`${id}: nothing grows`, () => {
      const [process] = timelineOf(captures.get(id)!).processes
      for (const { where, trend } of trendsOf(process!)) expect(trend.shape, where).not.toBe('growing')
    })

  it('have the right healthy shapes', () => {
    const heap = (id: string) => trendOf(timelineOf(captures.get(id)!).processes[0]!, 'main-heap', 'rss')!
    const total = (id: string) =>
      lastSegment(timelineOf(captures.get(id)!).processes[0]!).totals.find(
        (trend) => trend.quantity === 'rss',
      )!
    expect(total('d05').shape).toBe('plateau')
    expect(heap('d06').shape).toBe('sawtooth')
    expect(heap('d07').shape).toBe('step')
    expect(['step', 'plateau']).toContain(heap('d15').shape)
    expect(['plateau', 'saturating']).toContain(total('d11').shape)
  })

  it('cut d10 into two lives, of which the second is a restart of the first', () => {
    const timeline = timelineOf(captures.get('d10')!)
    expect(timeline.processes.map((process) => process.pid)).toEqual([17235, 26173])
    expect(timeline.processes.flatMap((process) => process.segments)).toHaveLength(2)
    expect(timeline.processes.map((process) => process.restartOf)).toEqual([null, 17235])
    const kinds = timeline.events.map((event) => event.kind)
    expect(kinds.filter((kind) => kind === 'absent')).toHaveLength(3)
    expect(kinds).toContain('cut-snapshot')
    expect(kinds).toContain('restart')
    const cut = timeline.processes[1]!.snapshots.filter((snapshot) => !snapshot.usable)
    expect(cut.map((snapshot) => snapshot.truncated)).toEqual([true])
  })

  it('follow the moving buffer of d09 as one lineage', () => {
    const [process] = timelineOf(captures.get('d09')!).processes
    const growing = process!.lineages.filter((lineage) => lineage.rss?.shape === 'growing')
    expect(growing).toHaveLength(1)
    expect(growing[0]!.rss!.perHour! / 410e6).toBeCloseTo(1, 0)
  })

  it('show no growth in any window of eight snapshots or more of a program that is healthy all the time', () => {
    let windows = 0
    for (const id of ['d05', 'd07', 'd11', 'd15']) {
      const [process] = timelineOf(captures.get(id)!).processes
      const { snapshots } = process!
      for (const { kind } of lastSegment(process!).byKind) {
        const values = snapshots.map((snapshot) => snapshot.byKind.get(kind)?.rss ?? 0)
        const times = snapshots.map((snapshot) => snapshot.time)
        for (let from = 0; from + 8 <= values.length; from++)
          for (let to = from + 8; to <= values.length; to++, windows++) {
            const trend = judge(seriesOf(times.slice(from, to), values.slice(from, to)), 'rss')
            expect(trend.shape, `${id} ${kind} [${from}, ${to})`).not.toBe('growing')
          }
      }
    }
    expect(windows).toBeGreaterThan(5000)
  })

  describe('thinned out and cut short', () => {
    const variants: Readonly<Record<string, (all: readonly ReadSnapshot[]) => ReadSnapshot[]>> = {
      'every second snapshot': (all) => all.filter((_, at) => at % 2 === 0),
      'every third snapshot': (all) => all.filter((_, at) => at % 3 === 1),
      'first half': (all) => all.slice(0, Math.ceil(all.length / 2)),
      'second half': (all) => all.slice(all.length >> 1),
      'five snapshots': (all) => [0, 1, 2, 3, 4].map((at) => all[Math.floor((at * (all.length - 1)) / 4)]!),
      'first five snapshots': (all) => all.slice(0, 5),
    }
    for (const [variant, pick] of Object.entries(variants))
      it(`${variant}: no healthy case grows, five are too few for any verdict`, () => {
        for (const id of HEALTHY) {
          const [process] = timelineOf(pick(captures.get(id)!)).processes
          for (const { where, trend } of trendsOf(process!)) {
            expect(trend.shape, `${id} ${where}`).not.toBe('growing')
            if (variant.includes('five')) expect(trend.shape, `${id} ${where}`).toBe('too-short')
          }
        }
      })
    it('half of the snapshots still show every leak', () => {
      for (const [id, leak] of Object.entries(LEAKS))
        for (const process of timelineOf(variants['every second snapshot']!(captures.get(id)!)).processes) {
          const shapes = leak.kinds.map((kind) => trendOf(process, kind, leak.quantity)?.shape)
          expect(shapes, id).toContain('growing')
        }
    })
  })
})
