/** What snapshots show of a growth that its calls are held against: when it could come, what came before, and where. */
import type { Attribution } from '../model/attribution.ts'
import type { Lineage } from '../model/timeline.ts'
import { usableIn } from './coverage.ts'
import { type Growth, levelOf, roseBefore } from './growth.ts'

export interface SeenGrowth {
  readonly perHour: number | null
  /** The time, microseconds, between two instants in which the process was there to grow. */
  timeWithin(from: number, to: number): number
  /** How far memory rose between two instants before the growth began. */
  roseBefore(from: number, to: number): number
  /** Of what came between two instants: how much of it lies where this thread mapped; `null` where that is not known. */
  cameWhereMapped(
    tid: number,
    from: number,
    to: number,
  ): { readonly came: number; readonly there: number } | null
}

/** Where less of what came is seen in single mappings, they do not tell where it lies. */
const MOSTLY_SEEN = 0.5

export function seenGrowth(growth: Growth, attribution: Attribution): SeenGrowth {
  const { process, segment, perHour } = growth
  const snapshots = usableIn(process, segment)
  // What began or ended between two snapshots may have been there for nearly as long as they lie apart.
  const apart = snapshots.length > 1 ? (segment.to - segment.from) / (snapshots.length - 1) : 0
  return {
    perHour,
    timeWithin: (from, to) =>
      Math.max(0, Math.min(to, segment.to + apart) - Math.max(from, segment.from - apart)),
    roseBefore: (from, to) => roseBefore(growth, from, to),
    cameWhereMapped: (tid, from, to) => cameWhereMapped(growth, attribution, tid, from, to),
  }
}

function cameWhereMapped(
  { process, segment, kinds, quantity }: Growth,
  attribution: Attribution,
  tid: number,
  from: number,
  to: number,
): ReturnType<SeenGrowth['cameWhereMapped']> {
  if (quantity !== 'rss') return null
  const within = usableIn(process, segment).filter(({ time }) => time >= from && time <= to)
  const [first, last] = [within[0], within.at(-1)]
  if (!first || !last || first === last) return null
  const mapped = attribution.owners.filter((owner) => owner.pid === process.pid && owner.tid === tid)
  if (mapped.length === 0) return null
  let came = 0
  let there = 0
  for (const lineage of process.lineages) {
    if (lineage.segment !== segment.index || !kinds.includes(lineage.kind)) continue
    const rise = residentAt(lineage, last.time) - residentAt(lineage, first.time)
    if (rise <= 0) continue
    came += rise
    if (mapped.some(({ start, end }) => reaches(lineage, start, end))) there += rise
  }
  const risen = levelOf(last, kinds, 'rss') - levelOf(first, kinds, 'rss')
  return risen > 0 && came >= MOSTLY_SEEN * risen ? { came, there } : null
}

/** Of its last point until then; 0 before it was there. */
const residentAt = ({ points }: Lineage, time: number): number =>
  points.findLast((point) => point.time <= time)?.rss ?? 0

/** Whether it ever lay where this range lies. */
const reaches = ({ points }: Lineage, start: number, end: number): boolean =>
  points.some((point) => point.start < end && start < point.end)
