import type { MemoryEvents } from '../model/trace.ts'

/** Runs of one thread's events are worth a table when there are at most so many of them, per event. */
const FEW_RUNS = 1 / 4

/**
 * Each thread's events in order. In a log by thread they stand in a row, so that a few runs tell all; in an interleaved
 * one every event has a link to the next.
 */
export class ThreadChains {
  /** First event of each thread, in the order in which threads appear. */
  readonly heads: number[] = []
  /** Thread number by tid. */
  readonly #threads = new Map<number, number>()
  #links: Int32Array | null = null
  /** Runs: where they begin and end, and the next of the same thread. */
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  readonly #following: number[] = []
  /** The run that each thread has come to. */
  readonly #at: number[] = []

  constructor(events: MemoryEvents) {
    if (!this.#findRuns(events)) this.#links = this.#link(events)
  }

  /** The event of the same thread that comes after `event`, the last one asked for; -1 at its end. */
  next(thread: number, event: number): number {
    if (this.#links !== null) return this.#links[event]!
    const run = this.#at[thread]!
    if (event + 1 < this.#ends[run]!) return event + 1
    const following = this.#following[run]!
    if (following < 0) return -1
    this.#at[thread] = following
    return this.#starts[following]!
  }

  /** False when there are too many runs. */
  #findRuns(events: MemoryEvents): boolean {
    const most = Math.max(16, events.length * FEW_RUNS)
    const last: number[] = []
    let before = Number.NaN
    for (let event = 0; event < events.length; event += 1) {
      const tid = events.tid(event)
      if (tid === before) continue
      before = tid
      const run = this.#starts.length
      if (run >= most) return false
      if (run > 0) this.#ends.push(event)
      this.#starts.push(event)
      this.#following.push(-1)
      const thread = this.#threadOf(tid, event)
      if (last[thread] === undefined) this.#at[thread] = run
      else this.#following[last[thread]] = run
      last[thread] = run
    }
    this.#ends.push(events.length)
    return true
  }

  #threadOf(tid: number, event: number): number {
    let thread = this.#threads.get(tid)
    if (thread === undefined) {
      thread = this.heads.length
      this.#threads.set(tid, thread)
      this.heads.push(event)
    }
    return thread
  }

  #link(events: MemoryEvents): Int32Array {
    const links = new Int32Array(events.length).fill(-1)
    const last: number[] = []
    for (let event = 0; event < events.length; event += 1) {
      const thread = this.#threadOf(events.tid(event), event)
      if (last[thread] !== undefined) links[last[thread]] = event
      last[thread] = event
    }
    return links
  }
}
