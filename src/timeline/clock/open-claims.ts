import { grown } from '../../base/growable.ts'

/** Room at first: thousands of processes may be looked at. */
const FEW = 16

/** Claims that hold for now, in columns by their number, from 1; numbers of those that ended are used again. */
export class OpenClaims {
  start = new Float64Array(FEW)
  end = new Float64Array(FEW)
  /** Since when they hold. */
  from = new Float64Array(FEW)
  #next = 1
  readonly #free: number[] = []

  add(start: number, end: number, from: number): number {
    const claim = this.#free.pop() ?? this.#fresh()
    this.start[claim] = start
    this.end[claim] = end
    this.from[claim] = from
    return claim
  }

  close(claim: number): void {
    this.#free.push(claim)
  }

  clear(): void {
    this.#next = 1
    this.#free.length = 0
  }

  #fresh(): number {
    if (this.#next === this.start.length) {
      const capacity = 2 * this.#next
      this.start = grown(this.start, capacity)
      this.end = grown(this.end, capacity)
      this.from = grown(this.from, capacity)
    }
    this.#next += 1
    return this.#next - 1
  }
}
