/**
 * Pages of a shared object that other processes map as well. Touching what they hold already raises Rss and adds no
 * memory. The share of the process (Pss) hints at it: a new page raises it, further processes at the old ones lower it.
 */
import { part, type Series, seriesOf } from '../timeline/trend/series.ts'
import { riseOf } from '../timeline/trend/theil-sen.ts'
import { type Growth, levelOf, snapshotsOf } from './growth.ts'
import { say } from './words/say.ts'

/** Looked at each on its own: one fall, where others begin to map the pages, would hide what was added before it. */
const PARTS = 4
/** Of the growth: this much the share may rise in those parts, by noise. */
const NOISE = 0.05

/** Whether the share is known throughout and falls all along the growth, not only between its ends. */
export function isOfOthers(growth: Growth): boolean {
  const since = snapshotsOf(growth)
  const shares = since.map((snapshot) => levelOf(snapshot, growth.kinds, 'pss'))
  // Resident pages have a share: none is one that is not told.
  if (shares.some((share) => !(share > 0))) return false
  const series = seriesOf(
    since.map(({ time }) => time),
    shares,
  )
  return riseOf(series) < 0 && roseInParts(series) <= NOISE * growth.grown
}

/** Neighbouring parts have a sample in common, so that no step is between them. */
function roseInParts(series: Series): number {
  const steps = series.values.length - 1
  const end = (at: number): number => Math.round((at * steps) / PARTS)
  let rose = 0
  for (let at = 0; at < PARTS; at++) rose += Math.max(0, riseOf(part(series, end(at), end(at + 1) + 1)))
  return rose
}

export const ofOthers = say(
  'The share of the process (Pss) fell all along: other processes map these pages as well. Whether pages were added or only touched that others hold already, this process alone does not tell.',
  '同期该进程的分摊份额（Pss）一直下降：其他进程也映射这些页。仅凭该进程无法判断：是新增了页，还是只触碰了其他进程已持有的页。',
)
