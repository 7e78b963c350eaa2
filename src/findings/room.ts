/** How far resident memory can still grow inside mappings whose size stays. */
import { formatBytes, formatForecast } from '../base/format.ts'
import { endsOf } from '../model/lineage-ends.ts'
import type { Sentence } from '../model/sentence.ts'
import { forecast } from './forecast.ts'
import { type Growth, levelOf, snapshotsOf } from './growth.ts'
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
