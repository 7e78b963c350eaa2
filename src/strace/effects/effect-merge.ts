import type { Trace } from '../../model/trace.ts'
import { EffectLanes } from './effect-lanes.ts'
import { ENTRY, type Phase } from './phases.ts'

/**
 * All threads' calls in the order in which they took effect: a k-way merge of the threads' own (ordered) calls, each
 * call being one or two instants. Without `-T` only entries are known, and all instants fall on them.
 *
 * Ties: a release goes before an acquisition, then the order of the log.
 */
export class EffectMerge {
  readonly #lanes: EffectLanes
  /**
   * Tree of matches between threads, by the instant of the effect that comes next in each: node n has the loser of the
   * match between the winners of 2n and 2n + 1, node 0 the winner of all; leaves are threads.
   *
   *             1                    the winner's thread moves on to its next effect
   *         2       3                and plays again on its way up only
   *       4   5   6   7
   *      t0 t1 t2 t3 …
   */
  readonly #losers: Int32Array
  /** By node: the instant of its thread's next effect. */
  readonly #times: Float64Array
  /** How many threads have memory calls. */
  readonly threads: number
  /** The effect that next() moved to. */
  event = -1
  phase: Phase = ENTRY
  /** On the trace's own clock. */
  time = Number.NaN
  /** Number of the thread among all threads with memory calls, from 0. */
  thread = -1

  constructor(trace: Pick<Trace, 'events' | 'clock'>) {
    this.#lanes = new EffectLanes(trace)
    const { threads } = this.#lanes
    this.threads = threads
    this.#losers = new Int32Array(Math.max(1, threads)).fill(-1)
    this.#times = new Float64Array(Math.max(1, threads)).fill(Number.POSITIVE_INFINITY)
    for (let thread = 0; thread < threads; thread += 1) this.#enter(thread)
  }

  /** Moves to the next effect; false when there is none left. */
  next(): boolean {
    const time = this.#times[0]!
    if (time === Number.POSITIVE_INFINITY) return false
    const thread = this.#losers[0]!
    const lanes = this.#lanes
    this.thread = thread
    this.time = time
    this.event = lanes.event(thread)
    this.phase = lanes.phase(thread)
    lanes.move(thread)
    this.#play(thread)
    return true
  }

  /** Lets a thread wait at the first match whose other side is not yet known. */
  #enter(thread: number): void {
    const losers = this.#losers
    const times = this.#times
    let winner = thread
    let time = this.#lanes.time(thread)
    for (let node = (thread + this.threads) >> 1; node > 0; node >>= 1) {
      const other = losers[node]!
      if (other < 0) {
        losers[node] = winner
        times[node] = time
        return
      }
      const otherTime = times[node]!
      if (otherTime < time || (otherTime === time && this.#lanes.isBefore(other, winner))) {
        losers[node] = winner
        times[node] = time
        winner = other
        time = otherTime
      }
    }
    losers[0] = winner
    times[0] = time
  }

  /** Plays the matches on a thread's way up. */
  #play(thread: number): void {
    const losers = this.#losers
    const times = this.#times
    let winner = thread
    let time = this.#lanes.time(thread)
    for (let node = (thread + this.threads) >> 1; node > 0; node >>= 1) {
      const otherTime = times[node]!
      if (otherTime > time) continue
      const other = losers[node]!
      if (otherTime === time && !this.#lanes.isBefore(other, winner)) continue
      losers[node] = winner
      times[node] = time
      winner = other
      time = otherTime
    }
    losers[0] = winner
    times[0] = time
  }
}
