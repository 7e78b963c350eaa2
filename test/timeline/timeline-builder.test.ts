import { describe, expect, it } from 'vitest'
import { MIB, MINUTE, SECOND } from '../../src/base/units.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import { TimelineBuilder } from '../../src/timeline/timeline-builder.ts'
import { NO_SIDE_EVIDENCE } from '../support/side-evidence.ts'
import { aSnapshot, type MappingSketch, NOON, type SnapshotSketch } from '../support/synthetic-capture.ts'
import { timelineOf } from './captures.ts'

const text = (start = 0x400000, name = '/usr/bin/served'): MappingSketch => ({
  start,
  size: 0x10000,
  rss: 0x8000,
  name,
  permissions: 'r-xp',
  kind: 'file-text',
})
const heap = (rss: number): MappingSketch => ({
  start: 0x1000000,
  size: Math.max(4096, rss),
  rss,
  name: '[heap]',
})

/** Snapshots every `step`, of which the mappings depend on the number. */
const series = (
  count: number,
  mappings: (at: number) => MappingSketch[],
  sketch: (at: number) => SnapshotSketch = () => ({}),
  step = 10 * SECOND,
): ReadSnapshot[] =>
  Array.from({ length: count }, (_, at) => aSnapshot(mappings(at), { time: NOON + at * step, ...sketch(at) }))

describe('the time line', () => {
  it('judges totals, kinds and lineages of a leaking heap alike', () => {
    const [process] = timelineOf(series(30, (at) => [text(), heap(at * MIB)])).processes
    const [segment] = process!.segments
    const rate = (360 * MIB) / 1e6
    for (const trend of [
      segment!.totals.find(({ quantity }) => quantity === 'rss')!,
      segment!.byKind
        .find(({ kind }) => kind === 'main-heap')!
        .trends.find(({ quantity }) => quantity === 'rss')!,
      process!.lineages.find(({ kind }) => kind === 'main-heap')!.rss!,
    ]) {
      expect(trend.shape).toBe('growing')
      expect(trend.perHour! / 1e6).toBeCloseTo(rate, 3)
      expect(trend.onset).toBe(NOON)
    }
    expect(process!.executable).toBe('/usr/bin/served')
    expect(process!.program).toBe('served')
  })

  it('is as sure of a kind as the snapshot that showed it last', () => {
    const area = (at: number): MappingSketch => ({
      start: 0x10000,
      size: 0x4000 * (at + 1),
      rss: 0x4000,
      kind: 'thread-stack',
      basis: at < 5 ? 'layout' : 'guess',
    })
    const [process] = timelineOf(series(6, (at) => [text(), area(at)])).processes
    const basisOf = (kind: string) => process!.lineages.find((lineage) => lineage.kind === kind)!.kindBasis
    expect([basisOf('file-text'), basisOf('thread-stack')]).toEqual(['name', 'guess'])
  })

  it('dates the onset of a leak that begins late', () => {
    const [process] = timelineOf(series(60, (at) => [heap(40 * MIB + Math.max(0, at - 30) * MIB)])).processes
    const trend = process!.segments[0]!.totals.find(({ quantity }) => quantity === 'rss')!
    expect(trend.shape).toBe('growing')
    expect(Math.abs(trend.onset! - (NOON + 300 * SECOND))).toBeLessThanOrEqual(20 * SECOND)
  })

  it('adds the histories of mappings up that merge later', () => {
    const snapshots = series(12, (at) =>
      at < 6
        ? [
            { start: 0x10000, size: 0x4000, rss: 0x4000 },
            { start: 0x15000, size: 0x4000, rss: 0x4000 },
          ]
        : [{ start: 0x10000, size: 0x9000, rss: 0x9000 }],
    )
    const [process] = timelineOf(snapshots).processes
    expect(process!.lineages).toHaveLength(1)
    expect(process!.lineages[0]!.points.map(({ size, ranges }) => [size, ranges])).toEqual([
      [0x8000, 2],
      [0x8000, 2],
      [0x9000, 1],
      [0x9000, 1],
    ])
    expect(process!.pairs[5]!.changes).toMatchObject([
      { kind: 'merged', sizeDelta: 0x1000, rssDelta: 0x1000 },
    ])
  })

  it('carries growth by many mappings in the kind, though no lineage grows', () => {
    const blob = (at: number): MappingSketch => ({
      start: 0x7f0000000000 + at * 0x1000000,
      size: MIB,
      rss: MIB,
      name: `/srv/blob-${at}.bin`,
      permissions: 'rw-s',
      kind: 'file-shared',
    })
    const [process] = timelineOf(
      series(20, (at) => [text(), ...Array.from({ length: at + 1 }, (_, n) => blob(n))]),
    ).processes
    const kind = process!.segments[0]!.byKind.find((entry) => entry.kind === 'file-shared')!
    expect(kind.trends.find(({ quantity }) => quantity === 'rss')!.shape).toBe('growing')
    expect(kind.trends.find(({ quantity }) => quantity === 'ranges')!.shape).toBe('growing')
    for (const lineage of process!.lineages) expect(lineage.rss!.shape).not.toBe('growing')
  })

  it('never draws a trend across a restart under the same pid', () => {
    const snapshots = series(40, (at) => [text(at < 20 ? 0x400000 : 0x700000), heap((at % 20) * MIB)])
    const timeline = timelineOf(snapshots)
    const [process] = timeline.processes
    expect(process!.segments.map(({ first, last }) => [first, last])).toEqual([
      [0, 19],
      [20, 39],
    ])
    expect(timeline.events.map(({ kind }) => kind)).toEqual(['restart'])
    expect(process!.pairs).toHaveLength(38)
    expect(new Set(process!.lineages.map(({ segment }) => segment))).toEqual(new Set([0, 1]))
  })

  it('sees by the vdso that a program which always lies at one address was started anew', () => {
    const vdso = (start: number): MappingSketch => ({
      start,
      size: 0x2000,
      name: '[vdso]',
      permissions: 'r-xp',
    })
    const restarts = (program: number, first: number, second: number): number =>
      timelineOf(
        series(40, (at) => [
          text(program),
          { ...heap((at % 20) * MIB), start: program + 0x1000000 },
          vdso(at < 20 ? first : second),
        ]),
      ).events.filter(({ kind }) => kind === 'restart').length
    expect(restarts(0x400000, 0x7ffd_0000_0000, 0x7ffe_0000_0000)).toBe(1)
    expect(restarts(0x400000, 0x7ffd_0000_0000, 0x7ffd_0000_0000)).toBe(0)
    // Where the kernel chose the address, the same one says enough.
    expect(restarts(0x5580_0000_0000, 0x7ffd_0000_0000, 0x7ffe_0000_0000)).toBe(0)
  })

  it('names a program that a script starts by exec by itself, not by the shell it was for a moment', () => {
    const shell = text(0x700000, '/usr/bin/bash')
    const snapshots = series(20, (at) => [at < 2 ? shell : text(), heap((at + 1) * MIB)])
    const named = snapshots.map((snapshot, at) => ({ ...snapshot, program: at < 2 ? 'bash' : 'served' }))
    for (const given of [snapshots, named])
      expect(timelineOf(given).processes[0]).toMatchObject({
        program: 'served',
        executable: '/usr/bin/served',
      })
  })

  it('keeps the program of a segment that is not the one that the process is called after', () => {
    const old = text(0x700000, '/usr/bin/leaker')
    const [process] = timelineOf(series(30, (at) => [at < 10 ? old : text(), heap(MIB)])).processes
    expect(process!.program).toBe('served')
    expect(process!.segments.map(({ otherProgram }) => otherProgram)).toEqual(['leaker', undefined])
    const update = text(0x700000, '/opt/old/served')
    const [updated] = timelineOf(series(30, (at) => [at < 10 ? update : text(), heap(MIB)])).processes
    expect(updated!.segments.map(({ otherProgram }) => otherProgram)).toEqual([undefined, undefined])
  })

  it('names a process by what ran longest in all, however many gaps cut its time', () => {
    const shell = text(0x700000, '/usr/bin/bash')
    const gaps = (at: number) => Math.max(0, Math.floor(at / 10) - 1) * 7 * MINUTE
    const snapshots = series(
      50,
      (at) => [at < 15 ? shell : text(), heap((at + 1) * MIB)],
      (at) => ({ time: NOON + at * 10 * SECOND + (at < 15 ? 0 : gaps(at)) }),
    )
    const [process] = timelineOf(snapshots).processes
    expect(process!.segments.map(({ first, last }) => last - first)).toEqual([14, 4, 9, 9, 9])
    expect(process).toMatchObject({ program: 'served', executable: '/usr/bin/served' })
  })

  it('cuts the series at a long gap and says so', () => {
    const times = (at: number): SnapshotSketch => ({
      time: NOON + at * 10 * SECOND + (at >= 15 ? 7 * MINUTE : 0),
    })
    const timeline = timelineOf(series(30, (at) => [text(), heap(at * MIB)], times))
    expect(timeline.processes[0]!.segments).toHaveLength(2)
    expect(timeline.events.map(({ kind }) => kind)).toEqual(['gap'])
  })

  it('keeps a series whole in which snapshots are missing here and there', () => {
    const all = series(60, (at) => [text(), heap(at * MIB)]).filter((_, at) => at % 7 < 4)
    expect(timelineOf(all).processes[0]!.segments).toHaveLength(1)
  })

  it('takes an hour that is missing on the clock for a step of the clock', () => {
    const two = Date.UTC(2027, 2, 28, 2, 0) * 1000
    const times = (at: number): SnapshotSketch => ({
      time: two - 5 * MINUTE + at * 30 * SECOND + (at >= 10 ? 60 * MINUTE : 0),
    })
    const timeline = timelineOf(series(30, (at) => [text(), heap(at * MIB)], times))
    expect(timeline.events.map(({ kind }) => kind)).toEqual(['clock-step'])
    expect(timeline.processes[0]!.segments).toHaveLength(2)
  })

  it('uses no cut snapshot, and does not end the series at one', () => {
    const snapshots = series(
      20,
      (at) => (at === 9 ? [text()] : [text(), heap(at * MIB)]),
      (at) => ({ truncated: at === 9 }),
    )
    const timeline = timelineOf(snapshots)
    const [process] = timeline.processes
    expect(process!.segments).toHaveLength(1)
    expect(process!.segments[0]!.totals.find(({ quantity }) => quantity === 'rss')!.samples).toBe(19)
    expect(process!.snapshots[9]!.usable).toBe(false)
    expect(timeline.events.map(({ kind }) => kind)).toEqual(['cut-snapshot'])
  })

  it('keeps several pids apart', () => {
    const snapshots = [1, 2].flatMap((pid) =>
      series(
        12,
        (at) => [text(), heap(pid === 1 ? at * MIB : 12 * MIB)],
        () => ({ pid }),
      ),
    )
    const { processes, events } = timelineOf(snapshots.sort((a, b) => a.time! - b.time!))
    const shapes = processes.map(
      (process) => process.segments[0]!.totals.find(({ quantity }) => quantity === 'rss')!.shape,
    )
    expect(shapes).toEqual(['growing', 'plateau'])
    expect(events).toEqual([])
  })

  it('shows an empty file as absence, not as a process of size 0', () => {
    const timeline = timelineOf([
      ...series(3, () => [text()]),
      aSnapshot([], { pid: null, time: NOON + 40 * SECOND, file: 'smaps__x' }),
    ])
    expect(timeline.processes).toHaveLength(1)
    expect(timeline.processes[0]!.snapshots).toHaveLength(3)
    expect(timeline.events.map(({ kind }) => kind)).toEqual(['end', 'absent'])
  })

  it('says which snapshots have no place on the time line', () => {
    const diagnostics = new Diagnostics()
    expect(timelineOf([aSnapshot([text()], { time: null, file: 'a' })], diagnostics).processes).toEqual([])
    expect(diagnostics.list().map(({ code, file }) => [code, file])).toEqual([['snapshot-without-time', 'a']])
  })

  it('takes snapshots without a pid for one process, shown as pid 0', () => {
    const diagnostics = new Diagnostics()
    const { processes } = timelineOf(
      series(
        20,
        (at) => [text(at < 10 ? 0x400000 : 0x900000), heap((at % 10) * MIB)],
        () => ({ pid: null }),
      ),
      diagnostics,
    )
    expect(processes.map((process) => [process.pid, process.segments.length])).toEqual([[0, 2]])
    expect(diagnostics.list().map(({ code }) => code)).toContain('snapshot-without-pid')
  })

  it('knows no Rss where the text has none, and judges sizes all the same', () => {
    const [process] = timelineOf(
      series(
        20,
        (at) => [{ start: 0x10000, size: (at + 1) * MIB }],
        () => ({ detail: 'maps' }),
      ),
    ).processes
    expect(process!.snapshots[0]!.total.rss).toBeNull()
    expect(process!.segments[0]!.totals.map(({ quantity }) => quantity)).toEqual(['size', 'ranges'])
    expect(process!.lineages[0]!.rss).toBeNull()
    expect(process!.lineages[0]!.size.shape).toBe('growing')
    expect(process!.pairs[0]!.changes[0]!.rssDelta).toBeNull()
  })

  it('keeps the largest changes of a crowded capture and sums the others up', () => {
    const crowd = (at: number): MappingSketch[] =>
      Array.from({ length: 600 }, (_, n) => ({
        start: 0x100000 + n * 0x100000,
        size: 0x2000 + ((at + n) % 5) * 0x1000,
        rss: 0x1000,
      }))
    const diagnostics = new Diagnostics()
    const [process] = timelineOf(series(700, crowd), diagnostics).processes
    expect(process!.pairs.reduce((sum, pair) => sum + pair.changes.length, 0)).toBeLessThanOrEqual(250_000)
    const pair = process!.pairs[300]!
    expect(pair.omitted!.count).toBeGreaterThan(0)
    const [a, b] = [process!.snapshots[300]!.total.size, process!.snapshots[301]!.total.size]
    expect(
      pair.changes.reduce((sum, change) => sum + change.sizeDelta, pair.omitted!.sizeDelta as number),
    ).toBe(b - a)
    expect(diagnostics.list().map(({ code }) => code)).toContain('changes-omitted')
  })

  it('gives the same twice', () => {
    const make = () => {
      const builder = new TimelineBuilder(new Diagnostics())
      for (const snapshot of series(25, (at) => [text(), heap((at % 9) * MIB)])) builder.add(snapshot)
      return JSON.stringify(builder.finish(NO_SIDE_EVIDENCE))
    }
    expect(make()).toBe(make())
  })
})
