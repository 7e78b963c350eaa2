import { formatBytes, formatMoment } from '../../base/format.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { ProcessTimeline, Segment, Trend } from '../../model/timeline.ts'
import { usableIn } from '../coverage.ts'
import { say } from './say.ts'

/**
 * What a process gained before the time that its trend judges: a start-up, or a peak that it keeps. A chart shows it, so
 * a verdict that speaks of no growth has to say where it is. `null` where it is less than the trend could tell anyhow.
 */
export function riseBefore(process: ProcessTimeline, segment: Segment, trend: Trend): Sentence | null {
  const quantity = trend.quantity === 'size' ? 'size' : 'rss'
  const usable = usableIn(process, segment)
  const first = usable[0]
  const judged = usable.find(({ time }) => time >= trend.from)
  const from = first?.total[quantity] ?? null
  const to = judged?.total[quantity] ?? null
  if (!first || !judged || from === null || to === null || to - from <= trend.detectionLimit) return null
  const at = formatMoment(judged.time, first.time)
  return quantity === 'size'
    ? say(
        `The address space first rose from ${formatBytes(from)} to ${formatBytes(to)}, and is judged from ${at} on.`,
        `地址空间先从 ${formatBytes(from)} 升至 ${formatBytes(to)}，自 ${at} 起判定。`,
      )
    : say(
        `Resident memory first rose from ${formatBytes(from)} to ${formatBytes(to)}, and is judged from ${at} on.`,
        `常驻内存先从 ${formatBytes(from)} 升至 ${formatBytes(to)}，自 ${at} 起判定。`,
      )
}
