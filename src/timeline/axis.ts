import { HOUR } from '../base/units.ts'
import type { LineagePoint, SnapshotSummary } from '../model/timeline.ts'
import type { History } from './history.ts'
import { type Series, seriesOf } from './trend/series.ts'

/** A record of a history and the places on the axis, `[from, to)`, at which it holds. */
interface Run {
  readonly record: number
  readonly from: number
  to: number
}

/**
 * The snapshots of a segment that were followed, as the axis on which histories are laid out: a history has a record
 * only where something changed, a series a value for every snapshot from its first on.
 */
export class Axis {
  readonly #snapshots: readonly SnapshotSummary[]
  /** Indexes into the snapshots, ascending. */
  readonly #followed: readonly number[]
  readonly #times: Float64Array
  /** Place on the axis by index of the snapshot; -1 for those that were not followed. */
  readonly #places: Int32Array
  /** Hours since a place, by that place: most histories begin at few. */
  readonly #hours = new Map<number, Float64Array>()
  /** Values of the series that was made last. */
  readonly #values: Float64Array

  constructor(snapshots: readonly SnapshotSummary[], followed: readonly number[]) {
    this.#snapshots = snapshots
    this.#followed = followed
    this.#times = Float64Array.from(followed, (at) => snapshots[at]!.time)
    this.#values = new Float64Array(followed.length)
    this.#places = new Int32Array(snapshots.length).fill(-1)
    for (const [place, at] of followed.entries()) this.#places[at] = place
  }

  /** One column of a history as a series, good until the next one is made. */
  series(history: History, column: Float64Array): Series {
    const first = this.#places[history.snapshot[0]!] ?? -1
    if (first < 0) return seriesOf([], [])
    const values = this.#values.subarray(first)
    let unknown = false
    for (let record = 0; record < history.length; record++) {
      const value = column[record]!
      if (Number.isNaN(value)) unknown = true
      values.fill(value, this.#begin(history, record) - first, this.#begin(history, record + 1) - first)
    }
    if (unknown) return seriesOf(this.#times.subarray(first), values)
    return { origin: this.#snapshots[this.#followed[first]!]!.time, hours: this.#hoursSince(first), values }
  }

  /** Where a history is there: its ends, and each point that differs from a neighbour. */
  points(history: History): LineagePoint[] {
    const points: LineagePoint[] = []
    for (const { record, from, to } of this.#runs(history)) {
      points.push(this.#point(history, record, from))
      if (to - from > 1) points.push(this.#point(history, record, to - 1))
    }
    return points
  }

  /** Runs of equal values; one that is interrupted by an absence goes on when the same comes back. */
  #runs(history: History): Run[] {
    const runs: Run[] = []
    for (let record = 0; record < history.length; record++) {
      if (history.ranges[record] === 0) continue
      const from = this.#begin(history, record)
      const to = this.#begin(history, record + 1)
      if (from >= to) continue
      const last = runs[runs.length - 1]
      if (last && history.isSame(last.record, record)) last.to = to
      else runs.push({ record, from, to })
    }
    return runs
  }

  #point(history: History, record: number, place: number): LineagePoint {
    const snapshot = this.#followed[place]!
    const rss = history.rss[record]!
    return {
      time: this.#snapshots[snapshot]!.time,
      snapshot,
      start: history.start[record]!,
      end: history.end[record]!,
      size: history.size[record]!,
      rss: Number.isNaN(rss) ? null : rss,
      ranges: history.ranges[record]!,
    }
  }

  #begin(history: History, record: number): number {
    return record < history.length ? this.#places[history.snapshot[record]!]! : this.#followed.length
  }

  #hoursSince(first: number): Float64Array {
    const known = this.#hours.get(first)
    if (known) return known
    const origin = this.#times[first]!
    const hours = this.#times.slice(first)
    for (let at = 0; at < hours.length; at++) hours[at] = (hours[at]! - origin) / HOUR
    this.#hours.set(first, hours)
    return hours
  }
}
