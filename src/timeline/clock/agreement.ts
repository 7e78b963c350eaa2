import { firstAbove } from '../../base/first-above.ts'
import type { Micros } from '../../base/units.ts'
import { type RangeTable, type Snapshot, WRITE } from '../../model/snapshot.ts'
import type { Claims } from './claim-book.ts'
import type { ClaimsOf } from './claims.ts'
import { FREE, SLACK, WRITABLE } from './held-claims.ts'

/** How well a log and the snapshots inside it agree when the log is shifted by `offset`. */
export interface Agreement {
  readonly offset: Micros
  /** Snapshots inside the shifted log, and how many of them were looked at. */
  readonly inside: number
  readonly snapshots: number
  readonly checks: number
  readonly misses: number
}

/** Snapshots looked at for one candidate, spread evenly. */
const MOST_SNAPSHOTS = 24

/** Snapshots of one process with their times, ascending. */
export interface Dated {
  readonly snapshot: Snapshot
  readonly time: Micros
}

/** Whether a snapshot was taken, wherever in its stamp, inside a part of a log that is shifted by `offset`. */
export const isInside = (
  { time, snapshot }: Dated,
  { first, last }: Claims['window'],
  offset: Micros,
): boolean => time - SLACK >= first + offset && time + snapshot.timeWidth + SLACK <= last + offset

/** Holds the claims against every snapshot that lies inside the shifted log. */
export function agreementAt(claimsOf: ClaimsOf, dated: readonly Dated[], offset: Micros): Agreement {
  const inside = dated.filter((one) => isInside(one, claimsOf(one.snapshot.pid).window, offset))
  const every = Math.max(1, Math.ceil(inside.length / MOST_SNAPSHOTS))
  let checks = 0
  let misses = 0
  let looked = 0
  inside.forEach(({ time, snapshot }, at) => {
    if (at % every !== 0) return
    looked++
    const claims = claimsOf(snapshot.pid)
    const from = time - offset - SLACK
    const to = time + snapshot.timeWidth - offset + SLACK
    for (let claim = 0; claim < claims.length; claim++) {
      if (claims.from[claim]! >= from || claims.to[claim]! <= to) continue
      checks++
      if (!holds(snapshot.mappings, claims.start[claim]!, claims.end[claim]!, claims.state[claim]!)) misses++
    }
    const heap = heapHolds(snapshot, claims, from, to)
    if (heap !== null) {
      // The break moves at almost every step of a growing heap: one look at it is worth many ranges.
      checks += HEAP_WEIGHT
      if (!heap) misses += HEAP_WEIGHT
    }
  })
  return { offset, inside: inside.length, snapshots: looked, checks, misses }
}

const HEAP_WEIGHT = 4

/** Whether a range is in the claimed state: free, mapped from end to end, or writable from end to end. */
function holds(table: RangeTable, start: number, end: number, state: number): boolean {
  let row = firstEndingAfter(table, start)
  if (state === FREE) return row >= table.length || table.start[row]! >= end
  for (let reached = start; reached < end; row++) {
    if (row >= table.length || table.start[row]! > reached) return false
    if (state === WRITABLE && !(table.permissions[row]! & WRITE)) return false
    reached = table.end[row]!
  }
  return true
}

function firstEndingAfter(table: RangeTable, address: number): number {
  let low = 0
  let high = table.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (table.end[middle]! > address) high = middle
    else low = middle + 1
  }
  return low
}

/** Whether `[heap]` ends at one of the breaks that held in `[from, to]`; `null` when the log or the snapshot has none. */
function heapHolds(snapshot: Snapshot, { breaks }: Claims, from: number, to: number): boolean | null {
  if (to >= breaks.until) return null
  const first = firstAbove(breaks.time, from) - 1
  const last = firstAbove(breaks.time, to) - 1
  if (first < 0) return null
  const end = heapEndOf(snapshot)
  if (Number.isNaN(end)) return null
  for (let at = first; at <= last; at++) if (Math.ceil(breaks.value[at]! / 4096) * 4096 === end) return true
  return false
}

/** Where `[heap]` ends, by snapshot: each is looked at for every candidate. */
const heapEnds = new WeakMap<Snapshot, number>()

/** NaN without a heap. */
function heapEndOf(snapshot: Snapshot): number {
  const known = heapEnds.get(snapshot)
  if (known !== undefined) return known
  const { name, end, length, strings } = snapshot.mappings
  let found = Number.NaN
  for (let row = 0; row < length; row++) if (strings.get(name[row]!) === '[heap]') found = end[row]!
  heapEnds.set(snapshot, found)
  return found
}
