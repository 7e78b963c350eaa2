import { RangeMap } from '../../base/range-map.ts'
import type { Window } from './calls-by-effect.ts'

/**
 * What a log says about the address space while it ran, on its own clock: a range was mapped, free or writable from
 * one instant to another, or the heap ended at an address. A snapshot taken in between can agree or not.
 */
export interface Claims {
  readonly length: number
  /** The part of the log they were read from, on its own clock. */
  readonly window: Window
  readonly start: Float64Array
  readonly end: Float64Array
  readonly from: Float64Array
  readonly to: Float64Array
  readonly state: Uint8Array
  /** Break after each brk, ascending in time. */
  readonly breaks: { readonly time: Float64Array; readonly value: Float64Array }
}

/** States of a range. */
export const FREE = 0
const MAPPED = 1
export const WRITABLE = 2

/** Claims kept: enough to tell candidates apart, few enough to try many. Spread evenly over the log. */
const MOST_CLAIMS = 4000

/** Writes down what calls say about ranges, in the order of their effects. */
export class ClaimBook {
  readonly #window: Window
  readonly #mapped = new RangeMap()
  readonly #writable = new RangeMap()
  #length = 0
  readonly #start: Float64Array
  readonly #end: Float64Array
  readonly #from: Float64Array
  readonly #to: Float64Array
  readonly #state: Uint8Array
  /** Claims before this one were closed by `forget`. */
  #forgotten = 0
  readonly #breakTimes: number[] = []
  readonly #breaks: number[] = []
  #closingAt = Number.NaN
  #hasClosed = false
  readonly #closePiece = (_from: number, _to: number, claim: number): void => {
    this.#hasClosed = true
    if (this.#closingAt < this.#to[claim]!) this.#to[claim] = this.#closingAt
  }

  /** `most`: claims that there is room for. */
  constructor(window: Window, most: number) {
    this.#window = window
    this.#start = new Float64Array(most)
    this.#end = new Float64Array(most)
    this.#from = new Float64Array(most)
    this.#to = new Float64Array(most)
    this.#state = new Uint8Array(most)
  }

  #claim(start: number, end: number, from: number, to: number, state: number): number {
    const claim = this.#length
    this.#length = claim + 1
    this.#start[claim] = start
    this.#end[claim] = end
    this.#from[claim] = from
    this.#to[claim] = to
    this.#state[claim] = state
    return claim
  }

  /** Closes what was said about the range; whether anything was. */
  #close(map: RangeMap, start: number, end: number, time: number): boolean {
    this.#closingAt = time
    this.#hasClosed = false
    map.remove(start, end, this.#closePiece)
    return this.#hasClosed
  }

  /** Where nothing is said any more. */
  #open(map: RangeMap, start: number, end: number, time: number, state: number): void {
    map.add(start, end, this.#claim(start, end, time, Number.POSITIVE_INFINITY, state), state)
  }

  /** `chosen`: the kernel chose the place, so it was free until then. */
  map(start: number, end: number, time: number, chosen: boolean): void {
    if (!(end > start)) return
    const known = this.#close(this.#mapped, start, end, time)
    this.#close(this.#writable, start, end, time)
    if (chosen && !known) this.#claim(start, end, this.#window.first, time, FREE)
    this.#open(this.#mapped, start, end, time, MAPPED)
  }

  unmap(start: number, end: number, time: number): void {
    if (!(end > start)) return
    this.#close(this.#mapped, start, end, time)
    this.#close(this.#writable, start, end, time)
    this.#open(this.#mapped, start, end, time, FREE)
  }

  makeWritable(start: number, end: number, time: number): void {
    if (!(end > start)) return
    this.#close(this.#writable, start, end, time)
    this.#open(this.#writable, start, end, time, WRITABLE)
  }

  moveBreak(value: number, time: number): void {
    this.#breakTimes.push(time)
    this.#breaks.push(value)
  }

  /** A new program: nothing of what was said holds from then on. */
  forget(time: number): void {
    for (let claim = this.#forgotten; claim < this.#length; claim++)
      if (time < this.#to[claim]!) this.#to[claim] = time
    this.#forgotten = this.#length
    this.#mapped.clear()
    this.#writable.clear()
    this.#breakTimes.length = 0
    this.#breaks.length = 0
  }

  finish(): Claims {
    const kept = this.#kept()
    const { last } = this.#window
    return {
      length: kept.length,
      window: this.#window,
      start: Float64Array.from(kept, (claim) => this.#start[claim]!),
      end: Float64Array.from(kept, (claim) => this.#end[claim]!),
      from: Float64Array.from(kept, (claim) => this.#from[claim]!),
      to: Float64Array.from(kept, (claim) => Math.min(this.#to[claim]!, last)),
      state: Uint8Array.from(kept, (claim) => this.#state[claim]!),
      breaks: { time: Float64Array.from(this.#breakTimes), value: Float64Array.from(this.#breaks) },
    }
  }

  /** Numbers of claims that held for a while, every so many. */
  #kept(): number[] {
    const held = (claim: number): boolean => this.#to[claim]! > this.#from[claim]!
    let count = 0
    for (let claim = 0; claim < this.#length; claim++) if (held(claim)) count++
    const every = Math.max(1, Math.ceil(count / MOST_CLAIMS))
    const kept: number[] = []
    let place = 0
    for (let claim = 0; claim < this.#length; claim++)
      if (held(claim)) {
        if (place % every === 0) kept.push(claim)
        place++
      }
    return kept
  }
}
