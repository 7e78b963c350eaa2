import { firstAbove } from '../base/first-above.ts'
import { Peaks } from '../base/peaks.ts'
import type { Layout } from './layout.ts'
import type { Step, Taken } from './step.ts'

/** mremap moves a mapping because it grows: the new one is larger by at most this factor … */
const MOVED_GROWTH = 2
/** … and its pages move along. */
const MOVED_RSS = 0.9
/** Smaller ones come and go by malloc; they are not worth a guess. */
const MOVED_LEAST = 128 * 1024

/** Steps for the rows that neither continue nor overlap any: they vanished, appeared, or moved. */
export function leftOver(before: Layout, after: Layout, taken: Taken): Step[] {
  const gone = rowsOf(taken.before, before.length)
  const fresh = rowsOf(taken.after, after.length)
  const steps: Step[] = []
  const places = new NewPlaces(after, fresh)
  const used = new Set<number>()
  gone.sort((x, y) => lengthOf(before, y) - lengthOf(before, x) || x - y)
  for (const a of gone) {
    const moved = places.take(before, a)
    if (moved < 0) {
      steps.push({ kind: 'unmapped', before: [a], after: [] })
      continue
    }
    used.add(moved)
    steps.push({ kind: 'moved', before: [a], after: [moved] })
  }
  for (const b of fresh) if (!used.has(b)) steps.push({ kind: 'appeared', before: [], after: [b] })
  return steps
}

const lengthOf = ({ start, end }: Layout, row: number): number => end[row]! - start[row]!

/** Rows that appeared, to which one that vanished may have moved. */
class NewPlaces {
  /** By key, the smallest first. */
  readonly #byKey = new Map<
    number,
    { readonly rows: number[]; readonly lengths: Float64Array; readonly rss: Peaks }
  >()

  constructor(after: Layout, fresh: readonly number[]) {
    const rowsByKey = new Map<number, number[]>()
    for (const row of fresh) {
      const rows = rowsByKey.get(after.key[row]!)
      if (rows) rows.push(row)
      else rowsByKey.set(after.key[row]!, [row])
    }
    for (const [key, rows] of rowsByKey) {
      rows.sort((x, y) => lengthOf(after, x) - lengthOf(after, y) || x - y)
      // Where it is not known how much is resident, it may be enough.
      const resident = rows.map((row) =>
        Number.isNaN(after.rss[row]!) ? Number.POSITIVE_INFINITY : after.rss[row]!,
      )
      this.#byKey.set(key, {
        rows,
        lengths: Float64Array.from(rows, (row) => lengthOf(after, row)),
        rss: new Peaks(Float64Array.from(resident)),
      })
    }
  }

  /** The smallest place that a row fits as mremap would move it, which is nobody else's from then on; -1 for none. */
  take(before: Layout, row: number): number {
    const length = lengthOf(before, row)
    const resident = before.rss[row]!
    const places = this.#byKey.get(before.key[row]!)
    if (places === undefined || length < MOVED_LEAST || !(resident > 0)) return -1
    const at = places.rss.first(firstAbove(places.lengths, length), MOVED_RSS * resident)
    if (at < 0 || places.lengths[at]! > MOVED_GROWTH * length) return -1
    places.rss.remove(at)
    return places.rows[at]!
  }
}

function rowsOf(taken: Uint8Array, length: number): number[] {
  const rows: number[] = []
  for (let row = taken.indexOf(0); row >= 0 && row < length; row = taken.indexOf(0, row + 1)) rows.push(row)
  return rows
}
