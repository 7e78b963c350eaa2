/** When a limit is reached if the growth goes on: the middle, the earliest and the latest moment of the interval. */
import { HOUR } from '../base/units.ts'

export interface Forecast {
  readonly limit: number
  readonly at: number | null
  readonly earliest: number | null
  readonly latest: number | null
}

/** Further ahead than this, no rate measured over minutes or hours means anything. */
const HORIZON = 365 * 24 * HOUR

/**
 * `level` at `now` growing by `perHour` (interval `low`..`high`) towards `limit`, all in one unit. `null` where the
 * limit is not reached at that rate, or later than a year from now.
 */
export function forecast(
  level: number,
  now: number,
  limit: number,
  rate: { readonly perHour: number | null; readonly low: number | null; readonly high: number | null },
): Forecast {
  const at = (perHour: number | null): number | null => {
    if (perHour === null || perHour <= 0) return null
    const wait = (Math.max(0, limit - level) / perHour) * HOUR
    return wait > HORIZON ? null : Math.round(now + wait)
  }
  return { limit, at: at(rate.perHour), earliest: at(rate.high), latest: at(rate.low) }
}
