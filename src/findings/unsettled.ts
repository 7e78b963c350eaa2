/**
 * Growth that the capture leaves open: it still rises at the end although ever more slowly, or it rises steadily but
 * by too little for any rule. Neither a leak nor health can be claimed then.
 */
import { KIB } from '../base/units.ts'
import type { Finding } from '../model/finding.ts'
import type { MappingKind } from '../model/mapping-kind.ts'
import type { ProcessTimeline, Quantity, Segment, Trend } from '../model/timeline.ts'
import { usableIn } from './coverage.ts'
import { isGrowing, trendOf } from './growth.ts'

export interface Unsettled {
  readonly kind: MappingKind
  readonly quantity: Quantity
  readonly trend: Trend
}

/** An exponential warm-up watched for three of its time constants leaves less than a tenth to its last third. */
const TAIL_SHARE = 0.1
/** Two top pads of malloc: less cannot be told from one allocation. */
const TAIL_BYTES = 256 * KIB

/** The biggest open growth of a segment that no finding of its process explains; `null` when everything has settled. */
export function unsettledIn(
  process: ProcessTimeline,
  segment: Segment,
  findings: readonly Finding[],
): Unsettled | null {
  // A number of arenas or the level of a heap explains no growth, nor does what happened after a restart.
  const explained = new Set(
    findings.flatMap(({ lineages, measures }) => (measures.grownBytes === null ? [] : lineages)),
  )
  const kindExplained = (kind: MappingKind) =>
    process.lineages.some(
      (lineage) => lineage.segment === segment.index && lineage.kind === kind && explained.has(lineage.id),
    )
  const open = segment.byKind.flatMap(({ kind }): Unsettled[] => {
    const quantity = kind === 'thread-stack' ? 'size' : 'rss'
    const trend = trendOf(segment, kind, quantity)
    const resident = trendOf(segment, kind, 'rss')
    if (!trend || kindExplained(kind)) return []
    if (trend.shape === 'saturating' && stillRising(process, segment, kind, quantity))
      return [{ kind, quantity, trend }]
    if (resident && isGrowing(resident)) return [{ kind, quantity: 'rss', trend: resident }]
    return []
  })
  return open.sort((a, b) => b.trend.grown - a.trend.grown)[0] ?? null
}

/** Whether the last third of the time still holds a real part of the rise. */
export function stillRising(
  process: ProcessTimeline,
  segment: Segment,
  kind: MappingKind,
  quantity: Quantity,
): boolean {
  const points = usableIn(process, segment).flatMap(({ time, byKind }) => {
    const value = byKind.get(kind)?.[quantity] ?? null
    return value === null ? [] : [{ time, value }]
  })
  const first = points[0]
  const last = points[points.length - 1]
  if (!first || !last) return false
  const from = first.time + ((last.time - first.time) * 2) / 3
  const before = points.filter(({ time }) => time <= from)
  const tail = last.value - before[before.length - 1]!.value
  return tail >= TAIL_BYTES && tail > TAIL_SHARE * (last.value - first.value)
}
