/**
 * What a process gained before the time that its trend judges: a start-up, a peak that it keeps, or growth that paused
 * just now.
 */
import { greatest } from '../base/extremes.ts'
import type { ProcessTimeline, Segment } from '../model/timeline.ts'
import { usableIn } from './coverage.ts'
import { judgedTrend } from './growth.ts'

export interface EarlierRise {
  readonly quantity: 'rss' | 'size'
  /** Levels before and after it, bytes. */
  readonly from: number
  readonly to: number
  /** The first snapshot of the segment, and the first of the judged time. */
  readonly start: number
  readonly judgedFrom: number
  /** How long most of it took, microseconds; between two snapshots where it was a step. */
  readonly took: number
  /** The time since then. */
  readonly judged: number
  /** Whether the level is kept and less time is judged than it took: it may go on after a pause as well as have ended. */
  readonly mayGoOn: boolean
}

/** What lies below and above these parts of a rise is start-up, or pages that come late. */
const BEGUN = 0.1
const ENDED = 0.9

/** `null` where nothing is judged, or where it is less than the trend could tell anyhow. */
export function earlierRise(process: ProcessTimeline, segment: Segment): EarlierRise | null {
  const trend = judgedTrend(segment)
  if (!trend) return null
  const quantity = trend.quantity === 'size' ? 'size' : 'rss'
  const levels = usableIn(process, segment).flatMap(({ time, total }) => {
    const level = total[quantity]
    return level === null ? [] : [{ time, level }]
  })
  const first = levels[0]
  const since = levels.find(({ time }) => time >= trend.from)
  if (!first || !since || since.level - first.level <= trend.detectionLimit) return null
  const rise = since.level - first.level
  const begun = levels.findIndex(({ level }) => level > first.level + BEGUN * rise)
  const ended = levels.findIndex(({ level }) => level >= first.level + ENDED * rise)
  const judged = trend.to - trend.from
  const isKept = levels.at(-1)!.level >= ENDED * greatest(levels.map(({ level }) => level))
  const took = levels[ended]!.time - levels[begun - 1]!.time
  return {
    quantity,
    from: first.level,
    to: since.level,
    start: first.time,
    judgedFrom: since.time,
    took,
    judged,
    mayGoOn: isKept && trend.shape !== 'shrinking' && judged < took,
  }
}
