/**
 * Bodies of memory that can grow, and how much each did: the trends of the kinds that belong together, added up.
 * Every kind is in one body, so no byte is counted under two headings.
 */

import { greatest, least } from '../base/extremes.ts'
import { endsOf } from '../model/lineage-ends.ts'
import type { MappingKind } from '../model/mapping-kind.ts'
import type {
  Lineage,
  ProcessTimeline,
  Quantity,
  Segment,
  Shape,
  SnapshotSummary,
  Trend,
} from '../model/timeline.ts'
import { judge } from '../timeline/trend/judge.ts'
import { seriesOf } from '../timeline/trend/series.ts'
import { usableIn } from './coverage.ts'

export const BODIES = {
  'main-heap': ['main-heap'],
  'malloc-arenas': ['malloc-arena'],
  'thread-stacks': ['thread-stack', 'stack-guard'],
  anonymous: ['anonymous', 'named-anonymous', 'huge-pages'],
  'managed-heap': ['managed-heap', 'jit'],
  'shared-objects': ['file-shared', 'shared-memory', 'device'],
  'private-files': ['file-data', 'file-text', 'file-private-dirty'],
  reservations: ['anonymous-reserve'],
} as const satisfies Record<string, readonly MappingKind[]>
export type BodyName = keyof typeof BODIES

/** One body of one process between two restarts, by one quantity. */
export interface Growth {
  readonly process: ProcessTimeline
  readonly segment: Segment
  readonly body: BodyName
  readonly quantity: Quantity
  /** The kinds of the body that grow; all that are there when none does. */
  readonly kinds: readonly MappingKind[]
  readonly growing: boolean
  /** As observed between two snapshots where the fitted line agrees, else as fitted. */
  readonly grown: number
  readonly perHour: number | null
  readonly low: number | null
  readonly high: number | null
  readonly onset: number | null
  /** The segment; the growth itself runs from `onset` where that is known. */
  readonly from: number
  readonly to: number
  readonly shapes: readonly Shape[]
  readonly samples: number
  /** Growth over this span that would have been seen. */
  readonly detectionLimit: number
  readonly trends: readonly Trend[]
  /** Members by growth of the quantity, biggest first; those that did not grow are left out. */
  readonly lineages: readonly Lineage[]
}

/** The trend of one kind and quantity in a segment; `null` when the kind is not there or the quantity not known. */
export const trendOf = (segment: Segment, kind: MappingKind, quantity: Quantity): Trend | null =>
  segment.byKind.find((entry) => entry.kind === kind)?.trends.find((trend) => trend.quantity === quantity) ??
  null

export const totalOf = (segment: Segment, quantity: Quantity): Trend | null =>
  segment.totals.find((trend) => trend.quantity === quantity) ?? null

/** What a process is judged by: its resident memory, or its address space where snapshots carry no Rss. */
export const judgedTrend = (segment: Segment): Trend | null =>
  totalOf(segment, 'rss') ?? totalOf(segment, 'size')

/** A trend that says: up, without levelling off, and not by chance. */
export const isGrowing = (trend: Trend): boolean =>
  trend.shape === 'growing' && trend.low !== null && trend.low > 0 && trend.grown > 0

/** Growths that were asked for: several rules ask for each. */
const KNOWN = new WeakMap<ProcessTimeline, Map<string, Growth | null>>()

/** How one body of a segment did; `null` when the process has no such memory or the quantity is not in the evidence. */
export function growthOf(
  process: ProcessTimeline,
  segment: Segment,
  body: BodyName,
  quantity: Quantity,
): Growth | null {
  const known = KNOWN.get(process) ?? new Map<string, Growth | null>()
  KNOWN.set(process, known)
  const asked = `${segment.index} ${body} ${quantity}`
  if (!known.has(asked)) known.set(asked, measure(process, segment, body, quantity))
  return known.get(asked)!
}

function measure(
  process: ProcessTimeline,
  segment: Segment,
  body: BodyName,
  quantity: Quantity,
): Growth | null {
  const entries = BODIES[body].flatMap((kind) => {
    const trend = trendOf(segment, kind, quantity)
    return trend ? [{ kind: kind as MappingKind, trend }] : []
  })
  if (entries.length === 0) return null
  const rising = entries.filter(({ trend }) => isGrowing(trend))
  const told = rising.length > 0 ? rising : entries
  const kinds = told.map(({ kind }) => kind)
  const together = rising.length > 0 ? null : togetherOf(process, segment, kinds, quantity)
  const trends = together ? [together] : told.map(({ trend }) => trend)
  return {
    process,
    segment,
    body,
    quantity,
    kinds,
    growing: rising.length > 0 || (together !== null && isGrowing(together)),
    grown: grownOf(process, segment, kinds, quantity, trends),
    perHour: sumKnown(trends.map((trend) => trend.perHour)),
    low: sumKnown(trends.map((trend) => trend.low)),
    high: sumKnown(trends.map((trend) => trend.high)),
    onset: earliest(trends.map((trend) => trend.onset)),
    from: segment.from,
    to: segment.to,
    shapes: trends.map((trend) => trend.shape),
    samples: greatest(trends.map((trend) => trend.samples)),
    detectionLimit: greatest(trends.map((trend) => trend.detectionLimit)),
    trends,
    lineages: grownLineages(process, segment, kinds, quantity),
  }
}

/** How far the observed difference may lie from the fitted one before noise, not growth, makes it. */
const CLOSE = 0.1

/**
 * The difference that a reader finds between two snapshots, where the fitted line agrees with it; what the line says
 * where it does not, as with a tooth that is cut by the end of the capture. Never more than the levels lie apart: where
 * samples are dense in the fast part alone, the line goes beyond them.
 */
function grownOf(
  process: ProcessTimeline,
  segment: Segment,
  kinds: readonly MappingKind[],
  quantity: Quantity,
  trends: readonly Trend[],
): number {
  const fitted = sum(trends.map((trend) => trend.grown))
  const onset = earliest(trends.map((trend) => trend.onset))
  const levels = snapshotsOf({ process, segment, onset, from: segment.from }).map((snapshot) =>
    levelOf(snapshot, kinds, quantity),
  )
  const observed = (levels[levels.length - 1] ?? 0) - (levels[0] ?? 0)
  if (Math.abs(observed - fitted) <= CLOSE * Math.abs(fitted)) return observed
  const apart = greatest(levels) - least(levels)
  return apart > 0 ? Math.min(fitted, apart) : fitted
}

/** The snapshots of the time in which it grew. */
export const snapshotsOf = ({
  process,
  segment,
  onset,
  from,
}: Pick<Growth, 'process' | 'segment' | 'onset' | 'from'>): SnapshotSummary[] =>
  usableIn(process, segment).filter(({ time }) => time >= (onset ?? from))

/** How far mapped and measured memory both rose between two times before the growth began; 0 where that is not known. */
export function roseBefore(
  { process, segment, kinds, quantity, onset }: Growth,
  from: number,
  to: number,
): number {
  const before = usableIn(process, segment).filter(
    ({ time }) => time >= from && time <= Math.min(to, onset ?? from),
  )
  const [first, last] = [before[0], before.at(-1)]
  if (!first || !last) return 0
  const rise = (of: Quantity): number => levelOf(last, kinds, of) - levelOf(first, kinds, of)
  return Math.max(0, Math.min(rise('size'), rise(quantity)))
}

/** Whether it grows inside mappings that were all there before: neither their size nor their number rose since. */
export function isInsideMappings(growth: Growth): boolean {
  const { kinds } = growth
  const since = snapshotsOf(growth)
  const [first, last] = [since[0], since.at(-1)]
  if (!first || !last) return false
  return (['size', 'ranges'] as const).every(
    (quantity) => levelOf(last, kinds, quantity) <= levelOf(first, kinds, quantity),
  )
}

export const levelOf = (
  snapshot: SnapshotSummary,
  kinds: readonly MappingKind[],
  quantity: Quantity,
): number => kinds.reduce((total, kind) => total + (snapshot.byKind.get(kind)?.[quantity] ?? 0), 0)

/** Kinds that do not grow each on its own, judged as one series: growth may be spread over several. */
function togetherOf(
  process: ProcessTimeline,
  segment: Segment,
  kinds: readonly MappingKind[],
  quantity: Quantity,
): Trend | null {
  if (kinds.length < 2) return null
  const snapshots = usableIn(process, segment)
  const values = snapshots.map((snapshot) => levelOf(snapshot, kinds, quantity))
  return judge(
    seriesOf(
      snapshots.map(({ time }) => time),
      values,
    ),
    quantity,
  )
}

/** Growth of one lineage inside the segment: last level minus the level at the segment's first snapshot (0 if absent). */
export function lineageGrowth(lineage: Lineage, segment: Segment, quantity: 'rss' | 'size'): number {
  const { first, last } = endsOf(lineage)
  if (!first || !last || last.snapshot !== segment.last) return 0
  return (last[quantity] ?? 0) - (first.snapshot === segment.first ? (first[quantity] ?? 0) : 0)
}

function grownLineages(
  process: ProcessTimeline,
  segment: Segment,
  kinds: readonly MappingKind[],
  quantity: Quantity,
): Lineage[] {
  const by = quantity === 'rss' ? 'rss' : 'size'
  return process.lineages
    .filter((lineage) => lineage.segment === segment.index && kinds.includes(lineage.kind))
    .map((lineage) => ({ lineage, grown: lineageGrowth(lineage, segment, by) }))
    .filter(({ grown }) => grown > 0)
    .sort((a, b) => b.grown - a.grown || compare(a.lineage.id, b.lineage.id))
    .map(({ lineage }) => lineage)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The sum, or `null` as soon as one part is unknown. */
function sumKnown(values: readonly (number | null)[]): number | null {
  let total = 0
  for (const value of values) {
    if (value === null) return null
    total += value
  }
  return total
}

function earliest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length > 0 ? least(known) : null
}
