import { middleOf } from './selection.ts'

/** Median of unordered numbers, of two the mean; 0 for none. The argument stays as it is. */
export function median(values: ArrayLike<number>): number {
  const { length } = values
  if (length === 0) return 0
  if (!isAscending(values)) return middleOf(values)
  const low = values[(length - 1) >> 1]!
  return low + (values[length >> 1]! - low) / 2
}

/** Hours always are, and levels that seldom change are so often. */
function isAscending(values: ArrayLike<number>): boolean {
  for (let at = 1; at < values.length; at++) if (!(values[at - 1]! <= values[at]!)) return false
  return true
}

/** Makes the median absolute deviation a standard deviation for normal noise. */
const NORMAL_CONSISTENCY = 1.4826

/**
 * Robust scatter: median absolute deviation as a standard deviation. Where more than half of the values are
 * equal (quantised series) it falls back on the mean absolute deviation, so that scatter is never hidden.
 */
export function scatter(values: ArrayLike<number>): number {
  if (values.length === 0) return 0
  const centre = median(values)
  const deviations = new Float64Array(values.length)
  for (let at = 0; at < deviations.length; at++) deviations[at] = Math.abs(values[at]! - centre)
  const mad = median(deviations) * NORMAL_CONSISTENCY
  if (mad > 0) return mad
  let sum = 0
  for (const deviation of deviations) sum += deviation
  return (sum / deviations.length) * 1.2533
}

/** Scatter of neighbouring samples around the usual step: the noise below any trend or relief. */
export function stepNoise(values: Float64Array): number {
  const steps = new Float64Array(Math.max(0, values.length - 1))
  for (let at = 0; at < steps.length; at++) steps[at] = values[at + 1]! - values[at]!
  return scatter(steps) / Math.SQRT2
}
