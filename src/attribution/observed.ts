import type { Kernel } from '../base/kernel-module.ts'
import { type RangeCalls, RangeMap } from '../base/range-map.ts'
import { kindIndex, kindOf } from '../model/mapping-kind.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { snapshotTag } from './address-space.ts'

/** One snapshot as the replay sees it: its ranges (owner: row of the mapping) and the stamp's span. */
export interface Observed {
  readonly snapshot: Snapshot
  readonly map: RangeMap
}

/** The stamp says a second or a minute; the snapshot was taken at some instant in `[from, to)`. */
export interface Stamp {
  readonly from: number
  readonly to: number
}

const MAIN_STACK = kindIndex('main-stack')
const MAIN_HEAP = kindIndex('main-heap')

/** Whole snapshots with ranges and a stamp: sums alone or half a list cannot be held against a replay. */
export const isReplayable = (snapshot: Snapshot): boolean =>
  snapshot.pid !== null &&
  snapshot.time !== null &&
  !snapshot.truncated &&
  !snapshot.empty &&
  snapshot.detail !== 'rollup'

export const stampOf = (snapshot: Snapshot): Stamp => ({
  from: snapshot.time ?? Number.NaN,
  to: (snapshot.time ?? Number.NaN) + Math.max(1, snapshot.timeWidth),
})

/** Whether it was taken while a trace ran, as far as its stamp tells. */
export const isDuring = (snapshot: Snapshot, span: Stamp): boolean =>
  stampOf(snapshot).to > span.from && stampOf(snapshot).from <= span.to

/** Its map lies in `room`, and is the caller's to free. */
export function observe(snapshot: Snapshot, room: Kernel<RangeCalls>): Observed {
  const { start, end, permissions, kind, length } = snapshot.mappings
  const map = new RangeMap(room)
  for (let row = 0; row < length; row += 1)
    map.set(start[row]!, end[row]!, row, snapshotTag(permissions[row]!, kind[row] === MAIN_STACK))
  return { snapshot, map }
}

/** End of the last `[heap]` mapping: the break, rounded up to a page; NaN without one. */
export function breakOf(snapshot: Snapshot): number {
  const { end, kind, length } = snapshot.mappings
  for (let row = length - 1; row >= 0; row -= 1) if (kind[row] === MAIN_HEAP) return end[row]!
  return Number.NaN
}

/** Kind of the mapping in one row. */
export const kindAt = (snapshot: Snapshot, row: number) => kindOf(snapshot.mappings.kind[row]!)
