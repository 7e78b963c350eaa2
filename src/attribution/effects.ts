import {
  callIndex,
  INJECTED,
  MEMORY_CALLS,
  type MemoryCall,
  type MemoryEvents,
  type Trace,
} from '../model/trace.ts'
import { ThreadChains } from './thread-chains.ts'

/** The call begins: what it releases is gone from here on. */
export const ENTRY = 0
/** The call returns: what it acquires is there from here on. */
const EXIT = 1
export type Phase = typeof ENTRY | typeof EXIT

const AT_ENTRY = 1
const AT_EXIT = 2
/** The next effect of a call that has two. */
const BOTH = 2

/**
 * When a call takes effect. A freed address can be given out again only after the release began, and an acquired one
 * is known only when the call returned; merged by these two instants, threads' logs never contradict each other.
 * MAP_FIXED and execve replace in one go, so both halves count when they return.
 */
const PHASES: Partial<Record<MemoryCall, number>> = {
  mmap: AT_EXIT,
  munmap: AT_ENTRY,
  mremap: AT_ENTRY | AT_EXIT,
  brk: AT_ENTRY | AT_EXIT,
  mprotect: AT_ENTRY | AT_EXIT,
  madvise: AT_ENTRY,
  shmat: AT_EXIT,
  shmdt: AT_ENTRY,
  shmget: AT_EXIT,
  map_shadow_stack: AT_EXIT,
  execve: AT_EXIT,
  clone: AT_ENTRY,
  fork: AT_ENTRY,
  vfork: AT_ENTRY,
  exit: AT_ENTRY,
  exit_group: AT_ENTRY,
}
const PHASE_OF = Uint8Array.from(MEMORY_CALLS, (call) => PHASES[call] ?? 0)

/**
 * All threads' calls in the order in which they took effect: a k-way merge of the threads' own (ordered) calls, each
 * call being one or two instants. Without `-T` only entries are known, and all instants fall on them.
 *
 * Ties: a release goes before an acquisition, then the order of the log.
 */
export class EffectMerge {
  readonly #events: MemoryEvents
  readonly #chains: ThreadChains
  /** Without stamps the order of the log is all there is. */
  readonly #hasTimes: boolean
  /** When calls of a form take effect; 0 for those that have none and for results that strace made up. */
  readonly #phasesOf: Uint8Array
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
  /** By thread: instant, event and phase of the next effect; infinity when there is none. */
  readonly #times: Float64Array
  readonly #nextEvent: Int32Array
  readonly #nextPhase: Uint8Array
  /** By thread: when the call at hand returns. */
  readonly #exits: Float64Array
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
    const events = trace.events
    this.#events = events
    this.#chains = new ThreadChains(events)
    const { forms } = events
    this.#phasesOf = forms.call.map((call, form) =>
      (forms.state[form]! & INJECTED) !== 0 ? 0 : PHASE_OF[call]!,
    )
    this.#hasTimes = trace.clock.kind !== 'none'
    const { heads } = this.#chains
    const { length } = heads
    this.threads = length
    this.#losers = new Int32Array(Math.max(1, length)).fill(-1)
    this.#times = new Float64Array(length)
    this.#exits = new Float64Array(length)
    this.#nextEvent = new Int32Array(length)
    this.#nextPhase = new Uint8Array(length)
    for (const [thread, head] of heads.entries()) this.#take(thread, head, Number.NEGATIVE_INFINITY)
    for (let thread = 0; thread < length; thread += 1) this.#enter(thread)
  }

  /** Moves to the next effect; false when there is none left. */
  next(): boolean {
    if (this.threads === 0) return false
    const thread = this.#losers[0]!
    const time = this.#times[thread]!
    if (time === Number.POSITIVE_INFINITY) return false
    const event = this.#nextEvent[thread]!
    const phase = this.#nextPhase[thread]!
    this.thread = thread
    this.event = event
    this.phase = phase as Phase
    this.time = time
    if (phase === BOTH) {
      this.phase = ENTRY
      this.#nextPhase[thread] = EXIT
      this.#times[thread] = this.#exits[thread]!
    } else this.#take(thread, this.#chains.next(thread, event), time)
    this.#play(thread)
    return true
  }

  /** Makes the first event from `from` on that has an effect the thread's next; none of it comes before an instant. */
  #take(thread: number, from: number, notBefore: number): void {
    let event = from
    while (event >= 0) {
      const phases = this.#phasesOf[this.#events.form(event)]!
      if (phases === 0) {
        event = this.#chains.next(thread, event)
        continue
      }
      // A call without a stamp happens at once after the one before it.
      const at = this.#hasTimes ? this.#events.time(event) : event
      const entry = at > notBefore ? at : notBefore
      this.#nextEvent[thread] = event
      this.#nextPhase[thread] = phases === AT_EXIT ? EXIT : phases === AT_ENTRY ? ENTRY : BOTH
      if (phases === AT_ENTRY) this.#times[thread] = entry
      else {
        const exit = this.#hasTimes ? at + this.#events.duration(event) : entry
        this.#exits[thread] = exit > entry ? exit : entry
        this.#times[thread] = phases === AT_EXIT ? this.#exits[thread]! : entry
      }
      return
    }
    this.#times[thread] = Number.POSITIVE_INFINITY
  }

  /** Lets a thread wait at the first match whose other side is not yet known. */
  #enter(thread: number): void {
    const losers = this.#losers
    let winner = thread
    for (let node = (thread + this.threads) >> 1; node > 0; node >>= 1) {
      const other = losers[node]!
      if (other < 0) {
        losers[node] = winner
        return
      }
      if (this.#isBefore(other, winner)) {
        losers[node] = winner
        winner = other
      }
    }
    losers[0] = winner
  }

  /** Plays the matches on a thread's way up. */
  #play(thread: number): void {
    const losers = this.#losers
    const times = this.#times
    let winner = thread
    let time = times[thread]!
    for (let node = (thread + this.threads) >> 1; node > 0; node >>= 1) {
      const other = losers[node]!
      const otherTime = times[other]!
      if (otherTime < time || (otherTime === time && this.#isBefore(other, winner))) {
        losers[node] = winner
        winner = other
        time = otherTime
      }
    }
    losers[0] = winner
  }

  /** Whether the next effect of one thread comes before that of another. */
  #isBefore(a: number, b: number): boolean {
    const times = this.#times[a]! - this.#times[b]!
    if (times !== 0 && !Number.isNaN(times)) return times < 0
    const releases = Number(this.#nextPhase[a]! === EXIT) - Number(this.#nextPhase[b]! === EXIT)
    return releases !== 0 ? releases < 0 : this.#nextEvent[a]! < this.#nextEvent[b]!
  }
}

export const CALL = Object.fromEntries(MEMORY_CALLS.map((call) => [call, callIndex(call)])) as Record<
  MemoryCall,
  number
>
