import type { Series } from './series.ts'

/** A straight line by least squares: sum of squared residuals, value per hour, and its value at any hour. */
export interface Fit {
  readonly error: number
  readonly slope: number
  readonly at: (hour: number) => number
}

/** Prefix sums of a series, so that a line or a level over any range of samples costs a few operations. */
export class Fits {
  readonly length: number
  readonly #x: Float64Array
  readonly #y: Float64Array
  readonly #xx: Float64Array
  readonly #xy: Float64Array
  readonly #yy: Float64Array
  /** Values are summed relative to this one, so that large levels do not eat the digits. */
  readonly #zero: number
  readonly #start: number

  constructor({ hours, values }: Series) {
    const n = values.length
    this.length = n
    this.#zero = values[0] ?? 0
    this.#x = new Float64Array(n + 1)
    this.#y = new Float64Array(n + 1)
    this.#xx = new Float64Array(n + 1)
    this.#xy = new Float64Array(n + 1)
    this.#yy = new Float64Array(n + 1)
    const start = hours[0] ?? 0
    this.#start = start
    for (let at = 0; at < n; at++) {
      const x = hours[at]! - start
      const y = values[at]! - this.#zero
      this.#x[at + 1] = this.#x[at]! + x
      this.#y[at + 1] = this.#y[at]! + y
      this.#xx[at + 1] = this.#xx[at]! + x * x
      this.#xy[at + 1] = this.#xy[at]! + x * y
      this.#yy[at + 1] = this.#yy[at]! + y * y
    }
  }

  /** The best straight line over `[from, to)`. */
  line(from: number, to: number): Fit {
    const n = to - from
    const x = this.#x[to]! - this.#x[from]!
    const y = this.#y[to]! - this.#y[from]!
    const sxx = this.#xx[to]! - this.#xx[from]! - (x * x) / n
    const sxy = this.#xy[to]! - this.#xy[from]! - (x * y) / n
    const syy = this.#yy[to]! - this.#yy[from]! - (y * y) / n
    const slope = sxx > 0 ? sxy / sxx : 0
    const level = this.#zero + (y - slope * x) / n
    return {
      error: Math.max(0, syy - slope * sxy),
      slope,
      at: (hour) => level + slope * (hour - this.#start),
    }
  }

  /** Sum of squared residuals around the mean over `[from, to)`. */
  level(from: number, to: number): number {
    const y = this.#y[to]! - this.#y[from]!
    return Math.max(0, this.#yy[to]! - this.#yy[from]! - (y * y) / (to - from))
  }

  /** Mean over `[from, to)`. */
  mean(from: number, to: number): number {
    return this.#zero + (this.#y[to]! - this.#y[from]!) / (to - from)
  }
}

/** A straight line by least squares with what its growth is worth. */
export interface Growth {
  /** Growth over the whole span of the series. */
  readonly grown: number
  /** Standard error of `grown`, widened for neighbours that err alike. */
  readonly error: number
  readonly degrees: number
}

/** Growth of a (short, blocked) series over its span, with its standard error under correlated noise. */
export function growthOf(series: Series): Growth {
  const { hours, values } = series
  const n = values.length
  const fits = new Fits(series)
  const { slope, error } = fits.line(0, n)
  const span = hours[n - 1]! - hours[0]!
  const mean = hours.reduce((sum, hour) => sum + hour, 0) / n
  let sxx = 0
  for (const hour of hours) sxx += (hour - mean) ** 2
  const level = fits.mean(0, n) - slope * mean
  const residuals = values.map((value, at) => value - level - slope * hours[at]!)
  const plain = sxx > 0 && n > 2 ? span * Math.sqrt(error / (n - 2) / sxx) : 0
  return { grown: slope * span, error: plain * inflation(residuals), degrees: Math.max(1, n - 2) }
}

/** Autocorrelation between blocks that is assumed at least: a dozen residuals cannot rule it out. */
const LEAST_MEMORY = 0.25
/** … and at most: beyond, the series is a walk, and no interval would hold. */
const MOST_MEMORY = 0.8

/**
 * How much wider the error of a slope is when neighbouring residuals are alike: from their first autocorrelation,
 * which a short series shows too small by about (1 + 4r) / n.
 */
export function inflation(residuals: Float64Array): number {
  let own = 0
  let shared = 0
  for (let at = 0; at < residuals.length; at++) {
    own += residuals[at]! ** 2
    if (at > 0) shared += residuals[at]! * residuals[at - 1]!
  }
  if (own <= 0) return 1
  const seen = shared / own
  const corrected = Math.min(MOST_MEMORY, Math.max(LEAST_MEMORY, seen + (1 + 4 * seen) / residuals.length))
  return Math.sqrt((1 + corrected) / (1 - corrected))
}
