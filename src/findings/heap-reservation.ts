/** How far the heap of a JVM can still grow: HotSpot reserves all of -Xmx at the start and opens it piece by piece. */
import { greatest } from '../base/extremes.ts'
import { HOTSPOT } from '../model/attribution.ts'
import { endsOf } from '../model/lineage-ends.ts'
import type { LineagePoint } from '../model/timeline.ts'
import type { Growth } from './growth.ts'

export interface HeapReservation {
  /** From its lowest opened byte to the end of what is reserved without a gap; classes may lie at its end. */
  readonly bytes: number
  /** Reserved and not yet resident: at most so much can come. */
  readonly room: number
}

/**
 * The reservation in which this heap grows; `null` where it is none of HotSpot's or not all of it is known.
 *
 *     | rw-p heap | ---p | rw-p heap | ---p | archive of classes | rw-p heap |     what else is mapped
 *     first opened                                                         end
 */
export function heapReservation(growth: Growth, allocator: string | null): HeapReservation | null {
  const { process, segment, kinds, quantity } = growth
  if (allocator !== HOTSPOT || kinds.some((kind) => kind !== 'managed-heap')) return null
  // What is opened is not yet used: without resident sizes nobody knows what is left.
  if (quantity !== 'rss') return null
  if (process.lineagesOmitted) return null
  const last = process.snapshots[segment.last]
  const present = process.lineages.flatMap((lineage) => {
    const point = endsOf(lineage).last
    return point && point.time === last?.time ? [{ isHeap: lineage.kind === 'managed-heap', point }] : []
  })
  const heap = present.filter(({ isHeap }) => isHeap).map(({ point }) => point)
  const lowest = heap.reduce<LineagePoint | null>(
    (low, one) => (low && low.start < one.start ? low : one),
    null,
  )
  if (!lowest) return null
  const end = endOfChain(
    lowest,
    present.map(({ point }) => point),
  )
  // A piece beyond a gap belongs to a heap that was not reserved at once.
  if (greatest(heap.map((one) => one.end)) > end) return null
  const bytes = end - lowest.start
  return { bytes, room: Math.max(0, bytes - heap.reduce((sum, { rss }) => sum + (rss ?? 0), 0)) }
}

/** Where the ranges that touch each other from `first` on come to their end. */
function endOfChain(first: LineagePoint, ranges: readonly LineagePoint[]): number {
  let { end } = first
  for (const range of [...ranges].sort((a, b) => a.start - b.start))
    if (range.start >= first.start && range.start <= end) end = Math.max(end, range.end)
  return end
}
