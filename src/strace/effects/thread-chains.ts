import type { EventLinks, EventRun, MemoryEvents } from '../../model/trace.ts'

/**
 * Each thread's events in order. In a log by thread they stand in a row, so that a few runs tell all; in an interleaved
 * one every event has a link to the next.
 */
export class ThreadChains {
  /** First event of each thread, in the order in which threads appear. */
  readonly heads: readonly number[]
  /** Where events are linked one by one; there are no runs then. */
  readonly links: EventLinks | null
  readonly #runs: readonly EventRun[]
  /** By run: the next of the same thread; -1 for none. */
  readonly #following: Int32Array
  /** The run that each thread has come to. */
  readonly #at: number[] = []

  constructor(events: MemoryEvents) {
    const { heads, runs, links } = events.survey
    this.heads = heads
    this.links = links
    this.#runs = runs ?? []
    this.#following = new Int32Array(this.#runs.length).fill(-1)
    const last: number[] = []
    for (const [run, { thread }] of this.#runs.entries()) {
      if (last[thread] === undefined) this.#at[thread] = run
      else this.#following[last[thread]] = run
      last[thread] = run
    }
  }

  /** Behind the last event of the run that the thread has come to: all of them are its own. */
  endOfRun(thread: number): number {
    return this.#runs[this.#at[thread]!]!.end
  }

  /** The event of the same thread that comes after `event`, one of the run that it has come to if any; -1 at its end. */
  next(thread: number, event: number): number {
    if (this.links !== null) return this.links.next(event)
    const run = this.#at[thread]!
    if (event + 1 < this.#runs[run]!.end) return event + 1
    const following = this.#following[run]!
    if (following < 0) return -1
    this.#at[thread] = following
    return this.#runs[following]!.start
  }
}
