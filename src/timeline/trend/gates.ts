import { MIB } from '../../base/units.ts'
import type { Quantity } from '../../model/timeline.ts'
import { blocksOf } from './blocks.ts'
import { growthOf } from './least-squares.ts'
import { scatter, stepNoise } from './robust.ts'
import { type Series, spanOf } from './series.ts'
import { studentQuantile } from './student.ts'
import { residualsOf, theilSen } from './theil-sen.ts'

/** Blocks for the test: few, so that noise correlated over a tenth of the span does not pass for a trend. */
const BLOCKS = 12
/** One chance in 2,000 a side on independent noise; real noise is worse, the synthetic series hold the sum to 1 %. */
const Z_TEST = 3.29
/** Added for the stated limit: growth of this size is then found in 99 of 100 cases. */
const Z_POWER = 3.7
/** Growth below this many times the scatter of single samples is no effect, however many samples agree on it. */
const TIMES_NOISE = 2

/**
 * Smallest growth that means anything. glibc takes memory in steps of 128 KiB and more (its top pad), for each arena of
 * its own, so growth below eight of them cannot be told from a few threads' first allocations; eight mappings are as
 * few as a library brings along.
 */
export const floorOf = (quantity: Quantity): number => (quantity === 'ranges' ? 8 : MIB)

/** What a series must exceed to be called growing, and what it does. */
export interface Gate {
  /** Theil–Sen growth over the span. */
  readonly grown: number
  readonly perHour: number
  readonly low: number
  readonly high: number
  /** Scatter of single samples around the line. */
  readonly noise: number
  /** Growth is called growth from here on … */
  readonly threshold: number
  /** … and is found with near certainty from here on. */
  readonly detectionLimit: number
}

/** Measures growth of a part of a series against its own noise. `least` is a floor of the effect in the series' unit. */
export function gateOf(series: Series, least: number): Gate {
  const line = theilSen(series)
  const span = series.hours[series.hours.length - 1]! - series.hours[0]!
  const noise = scatter(residualsOf(series, line))
  const { error, degrees } = growthOf(blocksOf(series, BLOCKS))
  const test = studentQuantile(Z_TEST, degrees) * error
  const threshold = Math.max(least, test, TIMES_NOISE * noise)
  const widened = (studentQuantile(1.96, degrees) * error) / span
  return {
    grown: line.slope * span,
    perHour: line.slope,
    low: Math.min(line.low, line.slope - widened),
    high: Math.max(line.high, line.slope + widened),
    noise,
    threshold,
    detectionLimit: threshold + Z_POWER * Math.max(error, noise / Math.sqrt(series.values.length)),
  }
}

/**
 * The same by least squares on block medians, for a series that never leaves the floor: nothing in it can be called
 * growth, so a rough rate will do (there are thousands of them in a large capture).
 */
export function roughGate(series: Series, least: number): Gate {
  const blocks = blocksOf(series, BLOCKS)
  const span = spanOf(series)
  const { grown, error, degrees } = growthOf(blocks)
  const perHour = spanOf(blocks) > 0 ? grown / spanOf(blocks) : 0
  const reach = spanOf(blocks) > 0 ? (studentQuantile(1.96, degrees) * error) / spanOf(blocks) : 0
  const noise = stepNoise(blocks.values)
  return {
    grown: perHour * span,
    perHour,
    low: perHour - reach,
    high: perHour + reach,
    noise,
    threshold: least,
    detectionLimit: least + Z_POWER * error,
  }
}

/** What grew here may be a leak or the end of something that fills up: only more than that would have decided it. */
export const undecided = (gate: Gate): Gate => ({
  ...gate,
  detectionLimit: gate.detectionLimit + Math.abs(gate.grown),
})
