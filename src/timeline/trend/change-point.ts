import { blocksOf } from './blocks.ts'
import { Fits } from './least-squares.ts'
import { type Series, spanOf } from './series.ts'

/** Where a series changes its behaviour: `[0, at)` and `[at, n)` are each a line of their own. */
export interface Split {
  readonly at: number
  /** Value per hour of either side. */
  readonly slopeBefore: number
  readonly slopeAfter: number
  /** Height between the two lines where they meet. */
  readonly jump: number
  /** Squared residuals of the two lines on block medians. */
  readonly error: number
}

/** Blocks to look at: enough to place the change within 2 % of the span. */
const BLOCKS = 64
/** Samples a side must have to carry a line. */
const LEAST_BEFORE = 3
const LEAST_AFTER = 5

/**
 * The best single change-point (two lines, jump allowed), or `null` when two lines explain nothing that one does not.
 * A change is accepted at F ≥ 12: far above chance even after trying every place (checked by the synthetic series).
 */
export function changePoint(series: Series): Split | null {
  const blocks = blocksOf(series, BLOCKS)
  const n = blocks.values.length
  if (n < LEAST_BEFORE + LEAST_AFTER || spanOf(blocks) <= 0) return null
  const fits = new Fits(blocks)
  const whole = fits.line(0, n).error
  let best = -1
  let least = Number.POSITIVE_INFINITY
  for (let at = LEAST_BEFORE; at <= n - LEAST_AFTER; at++) {
    const error = fits.line(0, at).error + fits.line(at, n).error
    if (error < least) {
      least = error
      best = at
    }
  }
  const floor = whole * 1e-9 + Number.MIN_VALUE
  const strength = (whole - least) / 3 / ((least + floor) / (n - 4))
  if (best < 0 || strength < 12) return null
  const at = Math.floor((best * series.values.length) / n)
  const before = fits.line(0, best)
  const after = fits.line(best, n)
  const middle = (blocks.hours[best - 1]! + blocks.hours[best]!) / 2
  const jump = after.at(middle) - before.at(middle)
  return { at, slopeBefore: before.slope, slopeAfter: after.slope, jump, error: least }
}

/**
 * Whether one or two one-time steps between flat levels describe the series better than a straight line does:
 * the ratio of squared residuals for each free number, steps over line. Below 1 the series is a staircase of one or
 * two steps.
 */
export function stepsAgainstLine(series: Series): number {
  const blocks = blocksOf(series, BLOCKS)
  const n = blocks.values.length
  const fits = new Fits(blocks)
  const line = fits.line(0, n).error
  let least = Number.POSITIVE_INFINITY
  for (let a = 1; a < n - 1; a++) {
    const first = fits.level(0, a)
    if (first >= least) break
    for (let b = a + 1; b < n; b++) least = Math.min(least, first + fits.level(a, b) + fits.level(b, n))
  }
  return line > 0 && n > 6 ? ((least / line) * (n - 2)) / (n - 5) : 1
}
