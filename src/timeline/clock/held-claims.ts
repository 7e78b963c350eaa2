import { grown } from '../../base/growable.ts'
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

/** States of a range, as in kernel/book.as. */
export const FREE = 0
export const MAPPED = 1
export const WRITABLE = 2

/** A file name says when the reading was begun, not when each line was written. */
export const SLACK = 1 * SECOND

/** What held no longer than that cannot be held against a snapshot. */
export const LEAST_HELD = 2 * SLACK

/** Claims kept: enough to tell candidates apart, few enough to try many. */
const MOST = 4000
const ROOM = 2 * MOST
/** Room at first: thousands of processes may be looked at. */
const FEW = 16

/** An even sample, over the log, of the claims that held long enough to be held against a snapshot. */
export class HeldClaims {
  #start = new Float64Array(FEW)
  #end = new Float64Array(FEW)
  #from = new Float64Array(FEW)
  #to = new Float64Array(FEW)
  #state = new Uint8Array(FEW)
  #length = 0
  /** One in so many is kept. */
  #stride = 1
  #seen = 0

  /** Empty, or a copy. */
  constructor(from: HeldClaims | null = null) {
    if (from === null) return
    this.#length = from.#length
    this.#stride = from.#stride
    this.#seen = from.#seen
    this.#start = from.#start.slice(0, from.#length)
    this.#end = from.#end.slice(0, from.#length)
    this.#from = from.#from.slice(0, from.#length)
    this.#to = from.#to.slice(0, from.#length)
    this.#state = from.#state.slice(0, from.#length)
  }

  add(start: number, end: number, from: number, to: number, state: number): void {
    const place = this.#seen
    this.#seen += 1
    if (place % this.#stride !== 0) return
    if (this.#length === ROOM) {
      this.#thin(2)
      this.#stride *= 2
      if (place % this.#stride !== 0) return
    }
    const at = this.#length
    if (at === this.#start.length) this.#grow()
    this.#length = at + 1
    this.#start[at] = start
    this.#end[at] = end
    this.#from[at] = from
    this.#to[at] = to
    this.#state[at] = state
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

  #grow(): void {
    const room = Math.min(ROOM, Math.max(FEW, 2 * this.#length))
    this.#start = grown(this.#start, room)
    this.#end = grown(this.#end, room)
    this.#from = grown(this.#from, room)
    this.#to = grown(this.#to, room)
    this.#state = grown(this.#state, room)
  }

  /** Keeps one in `every`. */
  #thin(every: number): void {
    const kept = Math.ceil(this.#length / every)
    for (const column of [this.#start, this.#end, this.#from, this.#to, this.#state])
      for (let at = 0; at < kept; at++) column[at] = column[at * every]!
    this.#length = kept
  }
}
