import { blocksOf } from './blocks.ts'
import type { Split } from './change-point.ts'
import { Fits } from './least-squares.ts'
import type { Series } from './series.ts'

const BLOCKS = 64

/** Time scales tried, as shares of the span: 0.001 to 0.8, closely enough that a clean curve meets one of them. */
const SCALES = Array.from({ length: 21 }, (_, at) => 0.001 * 1.4 ** at)

/** Curves that fill up: ever more slowly without end (a cache of keys), and towards a level (a warm-up). */
const CURVES: readonly ((u: number, scale: number) => number)[] = [
  (u, scale) => Math.log1p(u / scale),
  (u, scale) => 1 - Math.exp(-u / scale),
]

/** A curve must fit the whole this well against two lines to be considered … */
const WHOLE = 3
/**
 * … and explains the part after the change when it fits it less than this much worse than a line does, for each free
 * number: the line was fitted to those points alone, and few points flatter it.
 */
const TAIL = 1.5
const LINE_FREEDOM = 3

/**
 * Whether one smooth filling curve through the whole series explains the part after the change-point as well as a
 * straight line of its own: then nothing says that a leak goes on there.
 */
export function fillsUp(series: Series, split: Split): boolean {
  const { hours, values } = blocksOf(series, BLOCKS)
  const n = values.length
  const from = Math.ceil((split.at * n) / series.values.length)
  const span = hours[n - 1]! - hours[0]!
  const points = n - from
  const line = new Fits({ origin: series.origin, hours, values }).line(from, n).error
  const allowed = (TAIL * line * points) / Math.max(1, points - LINE_FREEDOM)
  for (const curve of CURVES)
    for (const scale of SCALES) {
      const x = hours.map((hour) => curve((hour - hours[0]!) / span, scale))
      const { whole, tail } = errorsOf(x, values, from)
      if (whole <= WHOLE * split.error && tail <= allowed) return true
    }
  return false
}

/** Squared residuals of the best `y = a + b·x`, over all points and from `from` on. */
function errorsOf(x: Float64Array, y: Float64Array, from: number): { whole: number; tail: number } {
  const n = x.length
  const meanX = x.reduce((sum, value) => sum + value, 0) / n
  const meanY = y.reduce((sum, value) => sum + value, 0) / n
  let xx = 0
  let xy = 0
  for (let at = 0; at < n; at++) {
    xx += (x[at]! - meanX) ** 2
    xy += (x[at]! - meanX) * (y[at]! - meanY)
  }
  const slope = xx > 0 ? xy / xx : 0
  let whole = 0
  let tail = 0
  for (let at = 0; at < n; at++) {
    const error = (y[at]! - meanY - slope * (x[at]! - meanX)) ** 2
    whole += error
    if (at >= from) tail += error
  }
  return { whole, tail }
}
