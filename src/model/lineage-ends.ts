import type { Lineage, LineagePoint } from './timeline.ts'

/** What most rules ask of a lineage's points. */
export interface LineageEnds {
  /** `null` when the lineage has no point. */
  readonly first: LineagePoint | null
  readonly last: LineagePoint | null
  /** Highest minus lowest, bytes; 0 where nothing is known. */
  readonly spread: { readonly rss: number; readonly size: number }
}

const KNOWN = new WeakMap<Lineage, LineageEnds>()

/** The ends of a lineage, looked up once: its points are made anew whenever they are read. */
export function endsOf(lineage: Lineage): LineageEnds {
  const known = KNOWN.get(lineage)
  if (known) return known
  const { points } = lineage
  const spread = { rss: spreadOf(points, 'rss'), size: spreadOf(points, 'size') }
  const ends = { first: points[0] ?? null, last: points[points.length - 1] ?? null, spread }
  KNOWN.set(lineage, ends)
  return ends
}

function spreadOf(points: readonly LineagePoint[], key: 'rss' | 'size'): number {
  let lowest = Number.POSITIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  for (const point of points) {
    lowest = Math.min(lowest, point[key] ?? lowest)
    highest = Math.max(highest, point[key] ?? highest)
  }
  return Math.max(0, highest - lowest)
}
