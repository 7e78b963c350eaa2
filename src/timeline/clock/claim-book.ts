import type { Kernel } from '../../base/kernel-module.ts'
import { type RangeCalls, RangeMap } from '../../base/range-map.ts'
import { FREE, HeldClaims, MAPPED, type Statements, WRITABLE } from './held-claims.ts'
import { OpenClaims } from './open-claims.ts'

/**
 * What a log says about the address space while it ran, on its own clock: a range was mapped, free or writable from
 * one instant to another, or the heap ended at an address. A snapshot taken in between can agree or not.
 */
export interface Claims extends Statements {
  /** The part of the log they were read from, on its own clock. */
  readonly window: { readonly first: number; readonly last: number }
  /** Break after each brk, ascending in time: all of them until an instant. */
  readonly breaks: { readonly time: Float64Array; readonly value: Float64Array; readonly until: number }
}

const MOST_BREAKS = 1 << 20

/** In place of a claim where what was said holds no more, and nothing else is known. */
const OVER = 0

/** Writes down what calls say about ranges, in the order of their effects. */
export class ClaimBook {
  readonly #first: number
  /** Since when the address space is this one. */
  #begun: number
  /** Ranges by the claim that holds for them, each a whole one. */
  readonly #mapped: RangeMap
  readonly #writable: RangeMap
  readonly #open = new OpenClaims()
  readonly #held = new HeldClaims()
  readonly #breakTimes: number[] = []
  readonly #breaks: number[] = []
  #breaksUntil = Number.POSITIVE_INFINITY
  /** Of what is being closed: when, whether it was anything, and how far claims reached that began or ended outside. */
  #closingAt = Number.NaN
  #hasClosed = false
  #reachesFrom = 0
  #reachesTo = 0
  readonly #closePiece = (from: number, to: number, claim: number, state: number): void => {
    this.#hasClosed = true
    if (claim === OVER) return
    const start = this.#open.start[claim]!
    const end = this.#open.end[claim]!
    if (start < from) this.#reachesFrom = start
    if (end > to) this.#reachesTo = end
    this.#held.add(start, end, this.#open.from[claim]!, this.#closingAt, state)
    this.#open.close(claim)
  }

  /** `first`: when the log begins. Its ranges lie in `room`. */
  constructor(first: number, room: Kernel<RangeCalls>) {
    this.#first = first
    this.#mapped = new RangeMap(room)
    this.#writable = new RangeMap(room)
    this.#begun = first
  }

  /** `chosen`: the kernel chose the place, so it was free until then. */
  map(start: number, end: number, time: number, chosen: boolean): void {
    if (!(end > start)) return
    const known = this.#close(this.#mapped, start, end, time)
    this.#close(this.#writable, start, end, time)
    if (chosen && !known) this.#held.add(start, end, this.#begun, time, FREE)
    this.#claim(this.#mapped, start, end, time, MAPPED)
  }

  unmap(start: number, end: number, time: number): void {
    if (!(end > start)) return
    this.#close(this.#mapped, start, end, time)
    this.#close(this.#writable, start, end, time)
    this.#claim(this.#mapped, start, end, time, FREE)
  }

  makeWritable(start: number, end: number, time: number): void {
    if (!(end > start)) return
    this.#close(this.#writable, start, end, time)
    this.#claim(this.#writable, start, end, time, WRITABLE)
  }

  moveBreak(value: number, time: number): void {
    if (this.#breaks.length === MOST_BREAKS) {
      this.#breaksUntil = Math.min(this.#breaksUntil, time)
      return
    }
    this.#breakTimes.push(time)
    this.#breaks.push(value)
  }

  /** A new program: nothing of what was said holds from then on. */
  forget(time: number): void {
    this.#forEachOpen((start, end, from, state) => this.#held.add(start, end, from, time, state))
    this.#open.clear()
    this.#begun = time
    this.#mapped.clear()
    this.#writable.clear()
    this.#breakTimes.length = 0
    this.#breaks.length = 0
    this.#breaksUntil = Number.POSITIVE_INFINITY
  }

  /** All that was said of the time until now. */
  until(now: number): Claims {
    const held = new HeldClaims(this.#held)
    this.#forEachOpen((start, end, from, state) => held.add(start, end, from, now, state))
    return {
      ...held.finish(),
      window: { first: this.#first, last: now },
      breaks: {
        time: Float64Array.from(this.#breakTimes),
        value: Float64Array.from(this.#breaks),
        until: this.#breaksUntil,
      },
    }
  }

  #forEachOpen(visit: (start: number, end: number, from: number, state: number) => void): void {
    for (const map of [this.#mapped, this.#writable])
      map.forEach((start, end, claim, state) => {
        if (claim !== OVER) visit(start, end, this.#open.from[claim]!, state)
      })
  }

  /** Closes what was said about the range; whether anything was. */
  #close(map: RangeMap, start: number, end: number, time: number): boolean {
    this.#closingAt = time
    this.#hasClosed = false
    this.#reachesFrom = start
    this.#reachesTo = end
    map.remove(start, end, this.#closePiece)
    map.set(this.#reachesFrom, start, OVER, OVER)
    map.set(end, this.#reachesTo, OVER, OVER)
    return this.#hasClosed
  }

  /** Where nothing is said any more. */
  #claim(map: RangeMap, start: number, end: number, time: number, state: number): void {
    map.add(start, end, this.#open.add(start, end, time), state)
  }
}
