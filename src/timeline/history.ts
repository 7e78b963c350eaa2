import { grown } from '../base/growable.ts'

/**
 * What one lineage was, snapshot by snapshot, in columns: a record only where something changed, so that a mapping
 * that never changes costs one record in any number of snapshots.
 */
export class History {
  length = 0
  snapshot: Uint32Array
  start: Float64Array
  end: Float64Array
  size: Float64Array
  /** NaN where unknown. */
  rss: Float64Array
  /** 0: the lineage is not there (any more). */
  ranges: Uint32Array

  /** With room for so many records. */
  constructor(room = 2) {
    this.snapshot = new Uint32Array(room)
    this.start = new Float64Array(room)
    this.end = new Float64Array(room)
    this.size = new Float64Array(room)
    this.rss = new Float64Array(room)
    this.ranges = new Uint32Array(room)
  }

  /** Adds a record unless it says the same as the last one. Snapshots come in ascending order. */
  add(snapshot: number, start: number, end: number, size: number, rss: number, ranges: number): void {
    const last = this.length - 1
    if (
      last >= 0 &&
      this.size[last] === size &&
      Object.is(this.rss[last], rss) &&
      this.start[last] === start &&
      this.end[last] === end &&
      this.ranges[last] === ranges
    )
      return
    if (this.length === this.snapshot.length) this.#grow()
    const at = this.length++
    this.snapshot[at] = snapshot
    this.start[at] = start
    this.end[at] = end
    this.size[at] = size
    this.rss[at] = rss
    this.ranges[at] = ranges
  }

  /** Whether two records say the same. */
  isSame(a: number, b: number): boolean {
    return (
      this.size[a] === this.size[b] &&
      Object.is(this.rss[a], this.rss[b]) &&
      this.start[a] === this.start[b] &&
      this.end[a] === this.end[b] &&
      this.ranges[a] === this.ranges[b]
    )
  }

  #grow(): void {
    const capacity = this.snapshot.length * 2
    this.snapshot = grown(this.snapshot, capacity)
    this.start = grown(this.start, capacity)
    this.end = grown(this.end, capacity)
    this.size = grown(this.size, capacity)
    this.rss = grown(this.rss, capacity)
    this.ranges = grown(this.ranges, capacity)
  }
}

/** Several histories of mappings that merged later, as the one lineage they turned out to be: sums at every change. */
export function joined(histories: readonly History[]): History {
  if (histories.length === 1) return histories[0]!
  const result = new History()
  const next = histories.map(() => 0)
  for (;;) {
    let snapshot = Number.POSITIVE_INFINITY
    histories.forEach((history, at) => {
      if (next[at]! < history.length) snapshot = Math.min(snapshot, history.snapshot[next[at]!]!)
    })
    if (snapshot === Number.POSITIVE_INFINITY) return result
    let [start, end, size, rss, ranges] = [Number.POSITIVE_INFINITY, 0, 0, 0, 0]
    histories.forEach((history, at) => {
      if (next[at]! < history.length && history.snapshot[next[at]!] === snapshot) next[at]! += 1
      const record = next[at]! - 1
      if (record < 0 || history.ranges[record] === 0) return
      start = Math.min(start, history.start[record]!)
      end = Math.max(end, history.end[record]!)
      size += history.size[record]!
      rss += history.rss[record]!
      ranges += history.ranges[record]!
    })
    result.add(snapshot, ranges > 0 ? start : 0, end, size, rss, ranges)
  }
}
