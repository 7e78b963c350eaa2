/** What snapshots show of a growth that its calls are held against: when it could come, what came before, and where. */
import { firstAbove } from '../base/first-above.ts'
import { type Attribution, MOST_OWNERS } from '../model/attribution.ts'
import type { LineagePoint } from '../model/timeline.ts'
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
  const owners = attribution.owners.filter((owner) => owner.pid === process.pid)
  const mapped = owners.filter((owner) => owner.tid === tid)
  if (mapped.length === 0 || owners.length >= MOST_OWNERS) return null
  const isWhereMapped = reachesInto(joined(mapped))
  // What one mapping gives back and the next takes, as the buffers of workers do, has not come.
  let there = 0
  let elsewhere = 0
  for (const lineage of process.lineages) {
    if (lineage.segment !== segment.index || !kinds.includes(lineage.kind)) continue
    // Points are made anew whenever they are read.
    const { points } = lineage
    const rise = residentAt(points, last.time) - residentAt(points, first.time)
    if (rise === 0) continue
    if (points.some(isWhereMapped)) there += rise
    else elsewhere += rise
  }
  const came = Math.max(0, there) + Math.max(0, elsewhere)
  const risen = levelOf(last, kinds, 'rss') - levelOf(first, kinds, 'rss')
  return risen > 0 && came >= MOSTLY_SEEN * risen ? { came, there: Math.max(0, there) } : null
}

/** Of the last point until then; 0 before there was one, and behind the last. */
function residentAt(points: readonly LineagePoint[], time: number): number {
  const at = points.findLastIndex((point) => point.time <= time)
  const point = points[at]
  const isGone = at === points.length - 1 && point !== undefined && point.time < time
  return isGone ? 0 : (point?.rss ?? 0)
}

interface Range {
  readonly start: number
  readonly end: number
}

/** By address, those that overlap or touch as one. */
function joined(ranges: readonly Range[]): Range[] {
  const found: Range[] = []
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = found.at(-1)
    if (last && range.start <= last.end)
      found[found.length - 1] = { start: last.start, end: Math.max(last.end, range.end) }
    else found.push(range)
  }
  return found
}

/** Tells whether a range lies in part where one of these does, which are in order and apart. */
function reachesInto(ranges: readonly Range[]): (range: Range) => boolean {
  const ends = Float64Array.from(ranges, ({ end }) => end)
  return ({ start, end }) => {
    const next = ranges[firstAbove(ends, start)]
    return next !== undefined && next.start < end
  }
}
