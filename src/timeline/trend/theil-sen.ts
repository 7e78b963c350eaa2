import { blocksOf } from './blocks.ts'
import { median } from './robust.ts'
import { type Series, spanOf } from './series.ts'

/** A straight line through a series: units of the series an hour, level at hour 0, 95 % interval of the slope. */
export interface Line {
  readonly slope: number
  readonly level: number
  readonly low: number
  readonly high: number
}

/** More points than this are first gathered into block medians: 96 points are 4,560 pairs. */
const POINTS = 96
const Z95 = 1.96

/**
 * Theil–Sen: the median of the slopes of all pairs, on real time stamps; the interval by Kendall's variance
 * (Sen 1968, corrected for ties). Independent noise is assumed: the judge widens it where blocks say otherwise.
 */
export function theilSen(series: Series): Line {
  const { hours, values } = blocksOf(series, POINTS)
  const slopes = new Float64Array((hours.length * (hours.length - 1)) / 2)
  let count = 0
  for (let a = 0; a < hours.length; a++)
    for (let b = a + 1; b < hours.length; b++) {
      const run = hours[b]! - hours[a]!
      if (run > 0) slopes[count++] = (values[b]! - values[a]!) / run
    }
  if (count === 0) return { slope: 0, level: values[0] ?? 0, low: 0, high: 0 }
  const sorted = slopes.subarray(0, count).sort()
  const slope = median(sorted)
  const reach = Z95 * Math.sqrt(kendallVariance(values))
  const last = sorted.length - 1
  const low = sorted[Math.max(0, Math.floor((last - reach) / 2))]!
  const high = sorted[Math.min(last, Math.ceil((last + reach) / 2))]!
  const level = median(residualsOf({ hours, values }, { slope, level: 0 }))
  return { slope, level, low, high }
}

/** How far a series rises along its robust line: one late sample is no trend. */
export const riseOf = (series: Series): number => theilSen(series).slope * spanOf(series)

/** Variance of Kendall's S under no trend, with the correction for equal values. */
function kendallVariance(values: Float64Array): number {
  const n = values.length
  let variance = n * (n - 1) * (2 * n + 5)
  const sorted = values.slice().sort()
  for (let at = 0; at < n; ) {
    let end = at + 1
    while (end < n && sorted[end] === sorted[at]) end++
    const ties = end - at
    variance -= ties * (ties - 1) * (2 * ties + 5)
    at = end
  }
  return Math.max(0, variance / 18)
}

/** Vertical distances of the samples from a line. */
export function residualsOf(
  { hours, values }: Pick<Series, 'hours' | 'values'>,
  { slope, level }: Pick<Line, 'slope' | 'level'>,
): Float64Array {
  const residuals = new Float64Array(values.length)
  for (let at = 0; at < residuals.length; at++) residuals[at] = values[at]! - level - slope * hours[at]!
  return residuals
}
