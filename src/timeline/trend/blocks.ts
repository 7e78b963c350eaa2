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
  const hours = new Float64Array(count)
  const values = new Float64Array(count)
  for (let block = 0; block < count; block++) {
    const from = Math.floor((block * samples) / count)
    const to = Math.floor(((block + 1) * samples) / count)
    hours[block] = median(series.hours.subarray(from, to))
    values[block] = median(series.values.subarray(from, to))
  }
  return { origin: series.origin, hours, values }
}
