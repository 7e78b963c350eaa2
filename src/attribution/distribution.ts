/** Most values kept; at this size every second one is dropped, and from then on only every second new one is kept. */
const MOST = 512

/** Durations in bounded memory: the extremes exactly, the middle from an even sample. Deterministic. */
export class Distribution {
  count = 0
  largest = Number.NEGATIVE_INFINITY
  #stride = 1
  #values: number[] = []

  add(value: number): void {
    if (value > this.largest) this.largest = value
    if (this.count % this.#stride === 0) {
      if (this.#values.length === MOST) {
        this.#values = this.#values.filter((_, index) => index % 2 === 0)
        this.#stride *= 2
      }
      if (this.count % this.#stride === 0) this.#values.push(value)
    }
    this.count += 1
  }

  /** The middle value (the lower one of two); `null` without values. */
  median(): number | null {
    if (this.#values.length === 0) return null
    const sorted = [...this.#values].sort((a, b) => a - b)
    return sorted[(sorted.length - 1) >> 1]!
  }

  /** Share of the kept values that are at least `limit`, 0 without values. */
  shareFrom(limit: number): number {
    if (this.#values.length === 0) return 0
    return this.#values.filter((value) => value >= limit).length / this.#values.length
  }
}
