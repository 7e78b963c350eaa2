import { formatBytes, formatMoment } from '../../base/format.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { EarlierRise } from '../earlier-rise.ts'
import { say } from './say.ts'

/** A chart shows the rise, so a verdict that speaks of no growth has to say where it is. */
export function riseBefore({ quantity, from, to, start, judgedFrom }: EarlierRise): Sentence {
  const at = formatMoment(judgedFrom, start)
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
