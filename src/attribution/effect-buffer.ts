import type { Phase } from '../strace/effects/phases.ts'

/** One effect: event × 2 + phase. */
type EffectCode = number
export const eventOf = (code: EffectCode): number => Math.floor(code / 2)
export const phaseOf = (code: EffectCode): Phase => (code % 2) as Phase

/**
 * Effects that wait for a snapshot, in order, each with its time. Their room is used again and again: with stamps of a
 * whole minute millions may wait.
 *
 *     |  gone  |  wait  |  to be fed again  |  room  |
 *              from     to
 */
export class EffectBuffer {
  #codes = new Float64Array(16)
  #times = new Float64Array(16)
  #from = 0
  #to = 0

  get length(): number {
    return this.#to - this.#from
  }

  /** Adds one behind all others. Not while `again` feeds. */
  add(event: number, phase: Phase, time: number): void {
    if (this.#to === this.#codes.length) this.#makeRoom()
    this.#codes[this.#to] = event * 2 + phase
    this.#times[this.#to] = time
    this.#to += 1
  }

  /** The first `count` effects; valid until one is added. */
  codes(count = this.length): Float64Array {
    return this.#codes.subarray(this.#from, this.#from + count)
  }

  /** Times of the first `count` effects; valid until one is added. */
  times(count = this.length): Float64Array {
    return this.#times.subarray(this.#from, this.#from + count)
  }

  /** How many come before a time. */
  before(time: number): number {
    let low = this.#from
    let high = this.#to
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#times[middle]! < time) low = middle + 1
      else high = middle
    }
    return low - this.#from
  }

  /** Forgets the first `count` effects. */
  drop(count: number): void {
    this.#from += count
  }

  /** Feeds all of them once more; they go, up to the first of which `feed` says that it still has to wait. */
  again(feed: (event: number, phase: Phase, time: number) => boolean): void {
    const end = this.#to
    this.#to = this.#from
    while (this.#to < end) {
      const code = this.#codes[this.#to]!
      // While it feeds, those before it may be fed again in their turn.
      const waits = feed(eventOf(code), phaseOf(code), this.#times[this.#to]!)
      this.#to += 1
      if (!waits) this.#from = this.#to
    }
  }

  #makeRoom(): void {
    const { length } = this
    const isHalfGone = this.#from > this.#codes.length / 2
    const capacity = isHalfGone ? this.#codes.length : this.#codes.length * 2
    this.#codes = moved(this.#codes, this.#from, this.#to, capacity)
    this.#times = moved(this.#times, this.#from, this.#to, capacity)
    this.#from = 0
    this.#to = length
  }
}

function moved(column: Float64Array<ArrayBuffer>, from: number, to: number, capacity: number): typeof column {
  if (capacity === column.length) return column.copyWithin(0, from, to)
  const larger = new Float64Array(capacity)
  larger.set(column.subarray(from, to))
  return larger
}
