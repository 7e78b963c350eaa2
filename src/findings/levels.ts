/** Levels of one kind over a segment, straight from the snapshots: what shapes without a rate are told by. */

import { greatest, least } from '../base/extremes.ts'
import { endsOf } from '../model/lineage-ends.ts'
import type { MappingKind } from '../model/mapping-kind.ts'
import type { Lineage, ProcessTimeline, Quantity, Segment, Trend } from '../model/timeline.ts'
import { usableIn } from './coverage.ts'
import { trendOf } from './growth.ts'

export interface Levels {
  readonly kind: MappingKind
  readonly trend: Trend
  readonly first: number
  readonly last: number
  readonly lowest: number
  readonly highest: number
  /** Members of the segment, those that moved most first. */
  readonly lineages: readonly Lineage[]
}

/** Levels of each kind with a judged trend of `quantity`. */
export function levelsOf(process: ProcessTimeline, segment: Segment, quantity: Quantity = 'rss'): Levels[] {
  return segment.byKind.flatMap(({ kind }) => {
    const trend = trendOf(segment, kind, quantity)
    if (!trend || trend.shape === 'too-short') return []
    const values = valuesOf(process, segment, kind, quantity)
    if (values.length === 0) return []
    return [
      {
        kind,
        trend,
        first: values[0]!,
        last: values[values.length - 1]!,
        lowest: least(values),
        highest: greatest(values),
        lineages: process.lineages
          .filter(
            (lineage) =>
              lineage.segment === segment.index && lineage.kind === kind && endsOf(lineage).last !== null,
          )
          .sort((a, b) => moved(b, quantity) - moved(a, quantity)),
      },
    ]
  })
}

/** How far the levels of a mapping lie apart; only its size is known where snapshots carry no Rss. */
function moved(lineage: Lineage, quantity: Quantity): number {
  const { spread } = endsOf(lineage)
  return quantity === 'rss' && lineage.rss ? spread.rss : spread.size
}

/** Where a step happened: the two neighbouring snapshots with the greatest rise between them. */
export function steepestRise(
  process: ProcessTimeline,
  segment: Segment,
  kind: MappingKind,
): { readonly from: number; readonly to: number } | null {
  const points = usableIn(process, segment).map(({ time, byKind }) => ({
    time,
    value: byKind.get(kind)?.rss ?? 0,
  }))
  let best: { from: number; to: number; rise: number } | null = null
  for (let index = 1; index < points.length; index++) {
    const before = points[index - 1]!
    const after = points[index]!
    const rise = after.value - before.value
    if (rise > (best?.rise ?? 0)) best = { from: before.time, to: after.time, rise }
  }
  return best
}

/** The values of the usable snapshots; a snapshot without the kind counts as 0, one without the field is left out. */
function valuesOf(
  process: ProcessTimeline,
  segment: Segment,
  kind: MappingKind,
  quantity: Quantity,
): number[] {
  return usableIn(process, segment).flatMap(({ byKind }) => {
    const amounts = byKind.get(kind)
    const value = amounts ? amounts[quantity] : 0
    return value === null ? [] : [value]
  })
}

/** Every segment of every process. */
export const eachSegment = <T>(
  processes: readonly ProcessTimeline[],
  pick: (process: ProcessTimeline, segment: Segment) => readonly T[],
): T[] => processes.flatMap((process) => process.segments.flatMap((segment) => pick(process, segment)))
