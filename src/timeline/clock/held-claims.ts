import { SECOND } from '../../base/units.ts'

/** What held of a range and when, in columns. */
export interface Statements {
  readonly length: number
  readonly start: Float64Array
  readonly end: Float64Array
  readonly from: Float64Array
  readonly to: Float64Array
  readonly state: Uint8Array
}

/** States of a range. */
export const FREE = 0
export const MAPPED = 1
export const WRITABLE = 2

/** A file name says when the reading was begun, not when each line was written. */
export const SLACK = 1 * SECOND

/** Claims kept: enough to tell candidates apart, few enough to try many. */
const MOST = 4000
const ROOM = 2 * MOST

/** An even sample, over the log, of the claims that held long enough to be held against a snapshot. */
export class HeldClaims {
  #start = new Float64Array(ROOM)
  #end = new Float64Array(ROOM)
  #from = new Float64Array(ROOM)
  #to = new Float64Array(ROOM)
  #state = new Uint8Array(ROOM)
  #length = 0
  /** One in so many is kept. */
  #stride = 1
  #seen = 0

  add(start: number, end: number, from: number, to: number, state: number): void {
    if (!(to - from > 2 * SLACK)) return
    const place = this.#seen
    this.#seen += 1
    if (place % this.#stride !== 0) return
    if (this.#length === ROOM) {
      this.#thin(2)
      this.#stride *= 2
      if (place % this.#stride !== 0) return
    }
    const at = this.#length
    this.#length = at + 1
    this.#start[at] = start
    this.#end[at] = end
    this.#from[at] = from
    this.#to[at] = to
    this.#state[at] = state
  }

  copy(): HeldClaims {
    const copy = new HeldClaims()
    copy.#start = this.#start.slice()
    copy.#end = this.#end.slice()
    copy.#from = this.#from.slice()
    copy.#to = this.#to.slice()
    copy.#state = this.#state.slice()
    copy.#length = this.#length
    copy.#stride = this.#stride
    copy.#seen = this.#seen
    return copy
  }

  /** What was kept. Nothing may be added after. */
  finish(): Statements {
    this.#thin(Math.max(1, Math.ceil(this.#length / MOST)))
    const length = this.#length
    return {
      length,
      start: this.#start.subarray(0, length),
      end: this.#end.subarray(0, length),
      from: this.#from.subarray(0, length),
      to: this.#to.subarray(0, length),
      state: this.#state.subarray(0, length),
    }
  }

  /** Keeps one in `every`. */
  #thin(every: number): void {
    const kept = Math.ceil(this.#length / every)
    for (const column of [this.#start, this.#end, this.#from, this.#to, this.#state])
      for (let at = 0; at < kept; at++) column[at] = column[at * every]!
    this.#length = kept
  }
}
