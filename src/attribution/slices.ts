/** Equal slices of the traced time, for the charts: enough for a shape, few enough for a table. */
export const SLICES = 60

/** Memory calls and live bytes of threads by slice. */
export class Slices {
  readonly from: number
  readonly width: number
  readonly #calls = new Map<number, Float64Array>()
  readonly #live = new Map<number, Float64Array>()

  constructor(from: number, to: number) {
    this.from = from
    this.width = Math.max(1, (to - from) / SLICES)
  }

  /** Start of slice `index`. */
  at(index: number): number {
    return Math.round(this.from + index * this.width)
  }

  /** Notes how many calls a thread made in each slice. */
  noteCalls(tid: number, counts: Float64Array): void {
    this.#calls.set(tid, counts)
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
