import { KINDS, type MappingKind } from '../model/mapping-kind.ts'
import {
  type Amounts,
  QUANTITIES,
  type Segment,
  type SnapshotSummary,
  type Trend,
} from '../model/timeline.ts'
import { judge } from './trend/judge.ts'
import { seriesOf } from './trend/series.ts'

/** A kind that a snapshot does not show has none of it; fields that no mapping of a kind carries stay unknown. */
const NOTHING = Object.fromEntries(QUANTITIES.map((quantity) => [quantity, 0])) as unknown as Amounts

/** Judges the totals and every kind of a run of usable snapshots: one trend for each quantity the text carries. */
export function judgeSegment(snapshots: readonly SnapshotSummary[]): Pick<Segment, 'totals' | 'byKind'> {
  const kinds = new Set<MappingKind>()
  for (const snapshot of snapshots) for (const kind of snapshot.byKind.keys()) kinds.add(kind)
  return {
    totals: trendsOf(snapshots, (snapshot) => snapshot.total),
    byKind: KINDS.filter((kind) => kinds.has(kind)).map((kind) => ({
      kind,
      trends: trendsOf(snapshots, (snapshot) =>
        snapshot.byKind.has('rollup') && kind !== 'rollup' ? null : (snapshot.byKind.get(kind) ?? NOTHING),
      ),
    })),
  }
}

function trendsOf(
  snapshots: readonly SnapshotSummary[],
  pick: (snapshot: SnapshotSummary) => Amounts | null,
): Trend[] {
  const times = snapshots.map((snapshot) => snapshot.time)
  const trends: Trend[] = []
  for (const quantity of QUANTITIES) {
    const fromRanges = quantity === 'size' || quantity === 'ranges'
    const values = snapshots.map((snapshot) => {
      if (fromRanges && snapshot.byKind.has('rollup')) return Number.NaN
      return pick(snapshot)?.[quantity] ?? Number.NaN
    })
    // A kind that is absent at times must not lend its zeros to a field the text never carries.
    const carried = snapshots.some((snapshot) => {
      const amounts = pick(snapshot)
      return amounts !== null && amounts !== NOTHING && amounts[quantity] !== null
    })
    const series = seriesOf(times, values)
    if (carried && series.values.length > 0) trends.push(judge(series, quantity))
  }
  return trends
}
