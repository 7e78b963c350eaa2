import type { ClaimKernel } from './claim-kernel.ts'
import { LEAST_HELD, type Statements, statementsAt } from './held-claims.ts'

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

/** Writes down what calls say about ranges, in the order of their effects: see kernel/book.as, which does it. */
export class ClaimBook {
  /** Where it lies in the kernel's memory. */
  readonly place: number
  readonly #kernel: ClaimKernel
  readonly #first: number
  readonly #breakTimes: number[] = []
  readonly #breaks: number[] = []
  #breaksUntil = Number.POSITIVE_INFINITY

  /** `first`: when the log begins. */
  constructor(first: number, kernel: ClaimKernel) {
    this.#kernel = kernel
    this.#first = first
    this.place = kernel.calls.makeBook(first, LEAST_HELD)
  }

  /** `chosen`: the kernel chose the place, so it was free until then. */
  map(start: number, end: number, time: number, chosen: boolean): void {
    this.#kernel.calls.mapIn(this.place, start, end, time, Number(chosen))
  }

  unmap(start: number, end: number, time: number): void {
    this.#kernel.calls.unmapIn(this.place, start, end, time)
  }

  makeWritable(start: number, end: number, time: number): void {
    this.#kernel.calls.makeWritableIn(this.place, start, end, time)
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
    this.#kernel.calls.forgetIn(this.place, time)
    this.#breakTimes.length = 0
    this.#breaks.length = 0
    this.#breaksUntil = Number.POSITIVE_INFINITY
  }

  /** All that was said of the time until now. */
  until(now: number): Claims {
    const { calls } = this.#kernel
    const held = calls.heldUntil(this.place, now)
    const statements = statementsAt(this.#kernel, held)
    calls.freeHeld(held)
    return {
      ...statements,
      window: { first: this.#first, last: now },
      breaks: {
        time: Float64Array.from(this.#breakTimes),
        value: Float64Array.from(this.#breaks),
        until: this.#breaksUntil,
      },
    }
  }
}
