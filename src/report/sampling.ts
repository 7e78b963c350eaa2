/** Fewer entries where there are more than can be shown: the extremes of every stretch stay. */

export const POINTS_PER_SERIES = 400

/** Indices to keep, ascending: first, last, and the lowest and highest of `values` in each of `points / 2` stretches. */
export function keepIndices(values: readonly (number | null)[], points = POINTS_PER_SERIES): number[] {
  if (values.length <= points) return values.map((_, index) => index)
  const kept = new Set([0, values.length - 1])
  const stretches = Math.floor(points / 2)
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * values.length) / stretches)
    const to = Math.floor(((stretch + 1) * values.length) / stretches)
    let low = from
    let high = from
    for (let index = from; index < to; index++) {
      if ((values[index] ?? 0) < (values[low] ?? 0)) low = index
      if ((values[index] ?? 0) > (values[high] ?? 0)) high = index
    }
    kept.add(low).add(high)
  }
  return [...kept].sort((a, b) => a - b)
}

/** Rows of a data table: at most `most`, evenly spread, both ends kept; the rest is counted. */
export function spread<T>(rows: readonly T[], most: number): { kept: T[]; omitted: number } {
  if (rows.length <= most) return { kept: [...rows], omitted: 0 }
  const kept = Array.from(
    { length: most },
    (_, index) => rows[Math.round((index * (rows.length - 1)) / Math.max(1, most - 1))]!,
  )
  return { kept, omitted: rows.length - most }
}
