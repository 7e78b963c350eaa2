/**
 * Values by place, of which the first from a place on that is large enough is found in a few steps: a tree in which each
 * node has the greatest value below it; leaves are the values.
 */
export class Peaks {
  readonly #leaves: number
  readonly #greatest: Float64Array

  constructor(values: Float64Array) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, values.length)))
    this.#greatest = new Float64Array(2 * this.#leaves).fill(Number.NEGATIVE_INFINITY)
    this.#greatest.set(values, this.#leaves)
    for (let node = this.#leaves - 1; node > 0; node--) this.#sum(node)
  }

  /** The first place from `from` on whose value is at least `least`; -1 when there is none. */
  first(from: number, least: number): number {
    const greatest = this.#greatest
    if (from >= this.#leaves) return -1
    let node = from + this.#leaves
    while (!(greatest[node]! >= least)) {
      // On to what lies to the right of it.
      while ((node & 1) === 1) node >>= 1
      if (node === 0) return -1
      node += 1
    }
    while (node < this.#leaves) {
      node *= 2
      if (!(greatest[node]! >= least)) node += 1
    }
    return node - this.#leaves
  }

  /** Takes a value out. */
  remove(at: number): void {
    let node = at + this.#leaves
    this.#greatest[node] = Number.NEGATIVE_INFINITY
    for (node >>= 1; node > 0; node >>= 1) this.#sum(node)
  }

  #sum(node: number): void {
    this.#greatest[node] = Math.max(this.#greatest[2 * node]!, this.#greatest[2 * node + 1]!)
  }
}
