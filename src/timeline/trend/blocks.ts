import { median } from './robust.ts'
import type { Series } from './series.ts'

/**
 * At most `count` blocks of neighbouring samples, each as the median of its hours and of its values. Noise that is
 * correlated over less than a block, spikes and fast teeth vanish in them, so that what still scatters between
 * blocks is what can be taken for a trend by mistake.
 */
export function blocksOf(series: Series, count: number): Series {
  const samples = series.values.length
  if (samples <= count) return series
  return {
    origin: series.origin,
    hours: hoursOf(series.hours, count),
    values: mediansOf(series.values, count),
  }
}

/** Many series have the same hours. */
const KNOWN = new WeakMap<Float64Array, Map<number, Float64Array>>()

function hoursOf(hours: Float64Array, count: number): Float64Array {
  const known = KNOWN.get(hours) ?? new Map<number, Float64Array>()
  KNOWN.set(hours, known)
  const medians = known.get(count) ?? mediansOf(hours, count)
  known.set(count, medians)
  return medians
}

function mediansOf(values: Float64Array, count: number): Float64Array {
  const medians = new Float64Array(count)
  for (let block = 0; block < count; block++) {
    const from = Math.floor((block * values.length) / count)
    const to = Math.floor(((block + 1) * values.length) / count)
    medians[block] = median(values.subarray(from, to))
  }
  return medians
}
