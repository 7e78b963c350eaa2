/** How far resident memory can still grow inside mappings whose size stays. */
import { formatBytes, formatForecast } from '../base/format.ts'
import { endsOf } from '../model/lineage-ends.ts'
import type { Sentence } from '../model/sentence.ts'
import { forecast } from './forecast.ts'
import type { Growth } from './growth.ts'
import { say } from './words/say.ts'

/** Mapped but not yet resident, in the lineages that grow. */
export const roomOf = (growth: Growth): number =>
  growth.lineages.reduce((sum, lineage) => {
    const { last } = endsOf(lineage)
    return sum + (last ? Math.max(0, last.size - (last.rss ?? 0)) : 0)
  }, 0)

/** The bound that a constant size sets, and when it is met. */
export function boundWords(growth: Growth): Sentence {
  const room = roomOf(growth)
  const full = forecast(0, growth.to, room, growth)
  return say(
    `The mapped size is constant, so it is bounded: ${formatBytes(room)} are left${full.at === null ? '' : `, used up at ${formatForecast(full.at, growth.to)} at this rate`}.`,
    `映射大小不变，因此有上限：还剩 ${formatBytes(room)}${full.at === null ? '' : `，按此速率将在 ${formatForecast(full.at, growth.to)} 用完`}。`,
  )
}
