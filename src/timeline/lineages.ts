import { kindOf, type MappingKind } from '../model/mapping-kind.ts'
import type { Lineage, LineagePoint, SnapshotSummary } from '../model/timeline.ts'
import type { History } from './history.ts'
import type { Names } from './layout.ts'
import type { TrackedLineage } from './lineage-tracker.ts'
import { judge } from './trend/judge.ts'
import { seriesOf } from './trend/series.ts'

export interface LineageContext {
  /** All snapshots of the process. */
  readonly snapshots: readonly SnapshotSummary[]
  /** Indexes of the snapshots of the segment that were followed, ascending. */
  readonly usable: readonly number[]
}

/** The record that holds at each of the usable snapshots, from the lineage's first on. */
function recordsOf(history: History, usable: readonly number[]): Int32Array {
  const first = usable.indexOf(history.snapshot[0]!)
  const records = new Int32Array(first < 0 ? 0 : usable.length - first)
  let record = 0
  for (let at = 0; at < records.length; at++) {
    while (record + 1 < history.length && history.snapshot[record + 1]! <= usable[first + at]!) record++
    records[at] = record
  }
  return records
}

const BY_LAYOUT = new Set<MappingKind>([
  'malloc-arena',
  'malloc-arena-reserve',
  'thread-stack',
  'stack-guard',
  'anonymous',
  'anonymous-reserve',
])
const BY_GUESS = new Set<MappingKind>(['jit', 'managed-heap'])

function basisOf(kind: MappingKind, name: string): Lineage['kindBasis'] {
  if (BY_GUESS.has(kind)) return name.startsWith('[anon') ? 'name' : 'guess'
  return BY_LAYOUT.has(kind) && name === '' ? 'layout' : 'name'
}

/** Lineages that are judged and kept for one process. */
export const MOST_LINEAGES = 2000

/** The lineages that changed most (then the largest), in the order of their ids. */
export function chooseLineages(all: readonly TrackedLineage[], most: number): TrackedLineage[] {
  if (all.length <= most) return [...all]
  const spread = (column: Float64Array, length: number): number => {
    let low = Number.POSITIVE_INFINITY
    let high = 0
    for (let at = 0; at < length; at++) {
      if (column[at]! < low) low = column[at]!
      if (column[at]! > high) high = column[at]!
    }
    return Math.max(0, high - low)
  }
  const weights = new Map(
    all.map((lineage) => {
      const { history, alive } = lineage
      const changed = spread(history.rss, history.length) + spread(history.size, history.length)
      return [lineage, (alive ? changed : changed / 1024) + (history.size[0] ?? 0) / 1e6]
    }),
  )
  const chosen = new Set(
    [...all].sort((a, b) => weights.get(b)! - weights.get(a)! || a.id - b.id).slice(0, most),
  )
  return all.filter((lineage) => chosen.has(lineage))
}

/** Judges one tracked lineage. Its points are made when they are read, one for each snapshot in which it was there. */
export function lineageOf(
  tracked: TrackedLineage,
  head: Pick<Lineage, 'id' | 'pid' | 'segment'>,
  names: Names,
  context: LineageContext,
): Lineage {
  const { history } = tracked
  const kind = kindOf(tracked.kind)
  const name = names.strings.get(tracked.name)
  const records = recordsOf(history, context.usable)
  const skipped = context.usable.length - records.length
  const times = new Float64Array(records.length)
  for (let at = 0; at < times.length; at++) times[at] = context.snapshots[context.usable[skipped + at]!]!.time
  const series = (column: Float64Array) => {
    const values = new Float64Array(records.length)
    for (let at = 0; at < values.length; at++) values[at] = column[records[at]!]!
    return seriesOf(times, values)
  }
  const rss = series(history.rss)
  return {
    ...head,
    kind,
    kindBasis: basisOf(kind, name),
    name,
    size: judge(series(history.size), 'size'),
    rss: rss.values.length > 0 ? judge(rss, 'rss') : null,
    get points() {
      return pointsOf(history, context)
    },
  }
}

function pointsOf(history: History, context: LineageContext): LineagePoint[] {
  const records = recordsOf(history, context.usable)
  const skipped = context.usable.length - records.length
  const points: LineagePoint[] = []
  records.forEach((record, at) => {
    if (history.ranges[record] === 0) return
    const snapshot = context.usable[skipped + at]!
    points.push({
      time: context.snapshots[snapshot]!.time,
      snapshot,
      start: history.start[record]!,
      end: history.end[record]!,
      size: history.size[record]!,
      rss: Number.isNaN(history.rss[record]!) ? null : history.rss[record]!,
      ranges: history.ranges[record]!,
    })
  })
  return points
}
