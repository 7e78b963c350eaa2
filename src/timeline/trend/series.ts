import { HOUR, type Micros, micros } from '../../base/units.ts'

/** A quantity over time: hours since `origin`, ascending, and values in the quantity's own unit. No NaN. */
export interface Series {
  readonly origin: Micros
  readonly hours: Float64Array
  readonly values: Float64Array
}

/** Builds a series from time stamps (micros, ascending) and values; unknown (NaN) values are left out. */
export function seriesOf(times: ArrayLike<number>, values: ArrayLike<number>): Series {
  const hours = new Float64Array(times.length)
  const kept = new Float64Array(times.length)
  let length = 0
  let origin = 0
  for (let at = 0; at < times.length; at++) {
    const value = values[at]!
    if (Number.isNaN(value)) continue
    if (length === 0) origin = times[at]!
    hours[length] = (times[at]! - origin) / HOUR
    kept[length++] = value
  }
  return { origin: micros(origin), hours: hours.subarray(0, length), values: kept.subarray(0, length) }
}

/** The samples `[from, to)`; hours keep counting from the same origin. */
export function part(series: Series, from: number, to: number): Series {
  return {
    origin: series.origin,
    hours: series.hours.subarray(from, to),
    values: series.values.subarray(from, to),
  }
}

/** Hours between the first and the last sample. */
export const spanOf = (series: Series): number =>
  series.hours.length > 0 ? series.hours[series.hours.length - 1]! - series.hours[0]! : 0

/** Wall clock of one sample. */
export const timeOf = (series: Series, at: number): Micros =>
  micros(Math.round(series.origin + (series.hours[at] ?? 0) * HOUR))

/** Highest minus lowest value. */
export function rangeOf({ values }: Series): number {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!
    if (value < low) low = value
    if (value > high) high = value
  }
  return values.length > 0 ? high - low : 0
}
