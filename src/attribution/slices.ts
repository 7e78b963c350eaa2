/** Equal slices of the traced time, for the charts: enough for a shape, few enough for a table. */
export const SLICES = 60

/** Memory calls and live bytes of threads by slice. */
export class Slices {
  readonly from: number
  readonly width: number
  readonly #calls = new Map<number, Float64Array>()
  readonly #rows: (Float64Array | undefined)[] = []
  readonly #live = new Map<number, Float64Array>()
  /** The slice in which a call was counted last, and instants between which all are in it. */
  #slice = 0
  #sliceFrom = Number.POSITIVE_INFINITY
  #sliceTo = Number.NEGATIVE_INFINITY

  constructor(from: number, to: number) {
    this.from = from
    this.width = Math.max(1, (to - from) / SLICES)
  }

  /** Start of slice `index`. */
  at(index: number): number {
    return Math.round(this.from + index * this.width)
  }

  /** Counts one call; `thread` is the merge's number of the thread `tid`. */
  count(thread: number, tid: number, time: number): void {
    let row = this.#rows[thread]
    if (row === undefined) {
      row = new Float64Array(SLICES)
      this.#rows[thread] = row
      this.#calls.set(tid, row)
    }
    if (!(time > this.#sliceFrom && time < this.#sliceTo)) this.#findSlice(time)
    row[this.#slice]! += 1
  }

  #findSlice(time: number): void {
    const index = Math.floor((time - this.from) / this.width)
    this.#slice = index < 0 ? 0 : index >= SLICES ? SLICES - 1 : index
    // At its very ends rounding decides.
    this.#sliceFrom = this.from + index * this.width + 1
    this.#sliceTo = this.from + (index + 1) * this.width - 1
  }

  /** How many slices end at or before an instant. */
  endedBefore(time: number): number {
    return Math.max(0, Math.min(SLICES, Math.floor((time - this.from) / this.width)))
  }

  /** Notes what a thread had alive at the ends of slices `[first, last)`. */
  noteLive(tid: number, bytes: number, first: number, last: number): void {
    let row = this.#live.get(tid)
    if (row === undefined) {
      if (bytes === 0) return
      row = new Float64Array(SLICES)
      this.#live.set(tid, row)
    }
    row.fill(bytes, first, last)
  }

  callsOf(tid: number): Float64Array | null {
    return this.#calls.get(tid) ?? null
  }

  liveOf(tid: number): Float64Array | null {
    return this.#live.get(tid) ?? null
  }
}
