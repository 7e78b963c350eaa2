import { stepNoise } from './robust.ts'
import { rangeOf, type Series } from './series.ts'

/** Rise and fall of a series that is more than noise. */
export interface Teeth {
  /** Sample indexes of the low point after each fall. */
  readonly troughs: readonly number[]
  /** Sample indexes of the high point before each fall. */
  readonly peaks: readonly number[]
  /** The largest fall. */
  readonly deepest: number
}

/** A fall counts from this share of the whole range on … */
const SHARE_OF_RANGE = 0.25
/** … and when it is this much more than independent noise of that many samples swings by itself. */
const BEYOND_NOISE = 1.5

/** Highest minus lowest of `samples` independent normal values, in standard deviations, about. */
const swingOfNoise = (samples: number): number => 2 * Math.sqrt(2 * Math.log(samples))

/**
 * Follows the series from peak to trough to peak; swings smaller than the threshold are noise. A cache that is
 * flushed, a garbage collector, a wave of load: what they leave behind shows in the troughs only.
 */
export function teethOf(series: Series): Teeth {
  const { values } = series
  const threshold = Math.max(
    SHARE_OF_RANGE * rangeOf(series),
    (swingOfNoise(values.length) + BEYOND_NOISE) * stepNoise(values),
  )
  const troughs: number[] = []
  const peaks: number[] = []
  let deepest = 0
  let peak = 0
  let trough = -1
  for (let at = 1; at < values.length; at++) {
    const value = values[at]!
    if (trough < 0) {
      if (value > values[peak]!) peak = at
      else if (values[peak]! - value >= threshold && threshold > 0) trough = at
    } else if (value < values[trough]!) trough = at
    else if (value - values[trough]! >= threshold) {
      deepest = Math.max(deepest, values[peak]! - values[trough]!)
      peaks.push(peak)
      troughs.push(trough)
      peak = at
      trough = -1
    }
  }
  if (trough >= 0) {
    deepest = Math.max(deepest, values[peak]! - values[trough]!)
    peaks.push(peak)
    troughs.push(trough)
  }
  return { troughs, peaks, deepest }
}
