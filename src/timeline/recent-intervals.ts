/** Intervals that tell what is usual. */
const RECENT = 63
/** Intervals needed to say what is usual. */
const LEAST_INTERVALS = 4

/** The last intervals between snapshots, in microseconds. */
export class RecentIntervals {
  readonly #asTheyCame: number[] = []
  readonly #ascending: number[] = []

  add(interval: number): void {
    const ascending = this.#ascending
    if (this.#asTheyCame.length === RECENT) ascending.splice(ascending.indexOf(this.#asTheyCame.shift()!), 1)
    this.#asTheyCame.push(interval)
    let place = ascending.length
    while (place > 0 && ascending[place - 1]! > interval) place--
    ascending.splice(place, 0, interval)
  }

  /** Their median, `null` while there are too few. */
  get usual(): number | null {
    const { length } = this.#ascending
    return length < LEAST_INTERVALS ? null : this.#ascending[length >> 1]!
  }
}
