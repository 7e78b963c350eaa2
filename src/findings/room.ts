/** How far resident memory can still grow inside mappings whose size stays. */
import { formatBytes, formatForecast, formatMoment } from '../base/format.ts'
import { endsOf } from '../model/lineage-ends.ts'
import type { Sentence } from '../model/sentence.ts'
import type { SnapshotSummary } from '../model/timeline.ts'
import { judge } from '../timeline/trend/judge.ts'
import { seriesOf } from '../timeline/trend/series.ts'
import { forecast } from './forecast.ts'
import { type Growth, isGrowing, levelOf, snapshotsOf } from './growth.ts'
import type { HeapReservation } from './heap-reservation.ts'
import { say } from './words/say.ts'

/** Mapped but not yet resident, in the lineages that grow. */
export const roomOf = (growth: Growth): number =>
  growth.lineages.reduce((sum, lineage) => {
    const { last } = endsOf(lineage)
    return sum + (last ? Math.max(0, last.size - (last.rss ?? 0)) : 0)
  }, 0)

/** In swap at the end, of all memory of the kinds that grow: it is not told for each mapping. */
function swappedOf(growth: Growth): number {
  const last = snapshotsOf(growth).at(-1)
  return last ? levelOf(last, growth.kinds, 'swap') : 0
}

/** The bound that the reservation of a heap sets. */
export const reservationWords = ({ bytes, room }: HeapReservation): Sentence =>
  say(
    `It lies in ${formatBytes(bytes)} that the JVM reserved, so it is bounded: at most ${formatBytes(room)} are left. A heap that fills up to its bound is no leak by itself.`,
    `它位于 JVM 保留的 ${formatBytes(bytes)} 之内，因此有上限：最多还剩 ${formatBytes(room)}。堆增长到上限本身并不是泄漏。`,
  )

/** A program that maps in rounds pauses between them: only a bound that held for so much of the growth is one. */
const PART_OF_GROWTH = 1 / 3

/** Growth that goes on inside mappings of one size, after others came or were enlarged. */
export interface LateBound {
  /** From this snapshot on the mappings of the growing kinds became neither more nor larger. */
  readonly since: number
  /** Mapped but not yet resident at the end. */
  readonly room: number
}

/**
 * The bound of what still grows, where mappings came to rest before the end and resident memory went on inside them;
 * `null` where they did not, or did too late to tell, or where nothing grows since.
 */
export function lateBoundOf(growth: Growth): LateBound | null {
  const { kinds, quantity } = growth
  if (quantity !== 'rss') return null
  const all = snapshotsOf(growth)
  if (all.length === 0) return null
  const rest = all.slice(cameToRest(all, kinds))
  const [first, last] = [rest[0], rest.at(-1)]
  if (!first || !last || last.time - first.time < PART_OF_GROWTH * (last.time - all[0]!.time)) return null
  const levels = rest.map((snapshot) => levelOf(snapshot, kinds, 'rss'))
  const times = rest.map(({ time }) => time)
  if (!isGrowing(judge(seriesOf(times, levels), 'rss'))) return null
  return { since: first.time, room: Math.max(0, levelOf(last, kinds, 'size') - levels.at(-1)!) }
}

/** Index of the snapshot from which on there were never fewer or smaller ones than at the end: what came since is gone. */
function cameToRest(snapshots: readonly SnapshotSummary[], kinds: Growth['kinds']): number {
  const last = snapshots.at(-1)!
  const before = snapshots.findLastIndex((snapshot) =>
    (['size', 'ranges'] as const).some(
      (quantity) => levelOf(snapshot, kinds, quantity) < levelOf(last, kinds, quantity),
    ),
  )
  return before + 1
}

export const lateBoundWords = ({ since, room }: LateBound, growth: Growth): Sentence =>
  say(
    `Since ${formatMoment(since, growth.from)} these mappings became neither more nor larger: what still grows lies inside them, and at most ${formatBytes(room)} are left there.`,
    `自 ${formatMoment(since, growth.from)} 起这些映射的数量与大小都没有增加：仍在增长的部分位于其中，最多还剩 ${formatBytes(room)}。`,
  )

/** The bound that a constant size sets, and when it is met. */
export function boundWords(growth: Growth): Sentence {
  const room = roomOf(growth)
  const swapped = Math.min(room, swappedOf(growth))
  if (swapped > 0)
    return say(
      `The mapped size is constant, so it is bounded: at most ${formatBytes(room)} are left, of which up to ${formatBytes(swapped)} were used before and lie in swap.`,
      `映射大小不变，因此有上限：最多还剩 ${formatBytes(room)}，其中至多 ${formatBytes(swapped)} 此前已使用，现位于交换区。`,
    )
  const full = forecast(0, growth.to, room, growth)
  return say(
    `The mapped size is constant, so it is bounded: ${formatBytes(room)} are left${full.at === null ? '' : `, which this rate would use up at ${formatForecast(full.at, growth.to)}`}.`,
    `映射大小不变，因此有上限：还剩 ${formatBytes(room)}${full.at === null ? '' : `，按此速率会在 ${formatForecast(full.at, growth.to)} 用完`}。`,
  )
}
