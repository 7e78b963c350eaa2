import { LEAST_SAMPLES } from '../../model/timeline.ts'
import { judgeByChange } from './by-change.ts'
import { median } from './robust.ts'
import { part, type Series, spanOf } from './series.ts'
import type { Finding } from './straight.ts'
import type { Teeth } from './teeth.ts'

/** Troughs needed to judge them as a series of their own. */
const TROUGHS_FOR_SERIES = 6
/** So many falls that block medians see none of them: the series is judged as if it had noise only. */
const MANY_TROUGHS = 24
/** Relief below this share of the level is scatter, not a sawtooth. */
const SHARE_OF_LEVEL = 0.1

/** Judges a series with at least two falls: it grows when what the falls leave behind grows. */
export function judgeByTroughs(series: Series, teeth: Teeth, least: number): Finding {
  const many = teeth.troughs.length >= MANY_TROUGHS || teeth.deepest < SHARE_OF_LEVEL * median(series.values)
  const whole = many ? judgeByChange(series, least) : outgrows(series, teeth, least)
  if (whole.shape === 'growing') return whole
  const flat = teeth.deepest >= SHARE_OF_LEVEL * median(series.values) ? 'sawtooth' : 'plateau'
  if (teeth.troughs.length < TROUGHS_FOR_SERIES)
    return { ...whole, shape: flat, reason: flat === 'sawtooth' ? 'few-troughs' : 'flat', onset: null }
  const found = judgeByChange(pick(series, teeth.troughs), least)
  const from = teeth.troughs[found.from]!
  if (found.shape === 'growing') return { ...found, from, reason: 'troughs-grow', onset: from }
  return { ...found, from, shape: flat, reason: 'troughs-flat', onset: null }
}

const pick = (series: Series, samples: readonly number[]): Series => ({
  origin: series.origin,
  hours: Float64Array.from(samples, (at) => series.hours[at]!),
  values: Float64Array.from(samples, (at) => series.values[at]!),
})

/** Growth is no tooth from this many times the deepest fall on: a last tooth can be longer than those before. */
const TIMES_DEEPEST = 1.5

/** Growth so large that no fall of the series takes it back. */
function outgrows(series: Series, teeth: Teeth, least: number): Finding {
  const found = judgeByChange(series, Math.max(least, TIMES_DEEPEST * teeth.deepest))
  return found.shape === 'growing' ? { ...found, reason: 'outgrows-falls' } : found
}

/**
 * Judges a series with one fall. Only what came after it is judged, and only growth beyond twice the fall counts: less
 * may be the next tooth. A series that only falls is judged as a whole.
 */
export function judgeAfterFall(series: Series, teeth: Teeth, least: number): Finding {
  const falling = judgeByChange(series, least)
  if (falling.shape === 'shrinking') return falling
  const whole = outgrows(series, teeth, least)
  if (whole.shape === 'growing') return whole
  const trough = teeth.troughs[0]!
  const rest = part(series, trough, series.values.length)
  if (rest.values.length < LEAST_SAMPLES || spanOf(rest) <= 0)
    return { ...whole, shape: 'plateau', reason: 'fell-back', onset: null }
  const found = judgeByChange(rest, Math.max(least, 2 * teeth.deepest))
  return { ...found, from: trough + found.from, onset: found.onset === null ? null : found.onset + trough }
}
