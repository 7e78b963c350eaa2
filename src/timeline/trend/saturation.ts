import { blocksOf } from './blocks.ts'
import { inflation } from './least-squares.ts'
import type { Series } from './series.ts'

/** How the rate changes over a series, from a parabola through block medians. */
export interface Bend {
  /** Rate at the end over the rate at the start; 1 for a straight line, 0 or less when growth came to rest. */
  readonly ratio: number
  /** Student's t of the curvature; negative when growth slows down. */
  readonly strength: number
}

const BLOCKS = 16

/** Fits `y = a + b·u + c·(3u² − 1)/2` on u in −1..1 by weighted sums (Legendre, so that b and c hardly correlate). */
export function bendOf(series: Series): Bend {
  const { hours, values } = blocksOf(series, BLOCKS)
  const n = values.length
  const first = hours[0]!
  const span = hours[n - 1]! - first
  if (n < 5 || span <= 0) return { ratio: 1, strength: 0 }
  const rows: [number, number, number][] = []
  for (let at = 0; at < n; at++) {
    const u = (2 * (hours[at]! - first)) / span - 1
    rows.push([1, u, (3 * u * u - 1) / 2])
  }
  const zero = values[0]!
  const normal = [0, 1, 2].map((i) => [0, 1, 2].map((j) => rows.reduce((s, row) => s + row[i]! * row[j]!, 0)))
  const right = [0, 1, 2].map((i) => rows.reduce((s, row, at) => s + row[i]! * (values[at]! - zero), 0))
  const inverse = invert(normal)
  if (!inverse) return { ratio: 1, strength: 0 }
  const [a, b, c] = inverse.map((row) => row.reduce((s, cell, at) => s + cell * right[at]!, 0)) as [
    number,
    number,
    number,
  ]
  const residuals = values.map((value, at) => {
    const row = rows[at]!
    return value - zero - a * row[0] - b * row[1] - c * row[2]
  })
  const error = residuals.reduce((sum, residual) => sum + residual * residual, 0)
  const deviation = Math.sqrt((error / (n - 3)) * inverse[2]![2]!) * inflation(residuals)
  // dy/du = b + 3cu: at the start b − 3c, at the end b + 3c.
  const start = b - 3 * c
  const end = b + 3 * c
  return {
    ratio: start > 0 ? end / start : end > 0 ? Number.POSITIVE_INFINITY : 1,
    strength: deviation > 0 ? c / deviation : c === 0 ? 0 : Math.sign(c) * 1e6,
  }
}

function invert(m: number[][]): number[][] | null {
  const [[a, b, c], [d, e, f], [g, h, i]] = m as [
    [number, number, number],
    [number, number, number],
    [number, number, number],
  ]
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
  if (Math.abs(determinant) < 1e-12) return null
  return [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ].map((row) => row.map((cell) => cell / determinant))
}
