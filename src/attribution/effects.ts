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
  /** Binary heap of threads by the instant of the effect that comes next in each. */
  readonly #heap: Int32Array
  readonly #heapTime: Float64Array
  /** The next effect by thread. */
  readonly #nextEvent: Int32Array
  readonly #nextPhase: Uint8Array
  /** How many threads have memory calls. */
  readonly threads: number
  #heapLength = 0
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
    this.#hasTimes = trace.clock.kind !== 'none'
    const { heads } = this.#chains
    this.#heap = new Int32Array(heads.length)
    this.#heapTime = new Float64Array(heads.length)
    this.#nextEvent = new Int32Array(heads.length)
    this.#nextPhase = new Uint8Array(heads.length)
    this.threads = heads.length
    for (const [thread, head] of heads.entries()) this.#enter(head, thread)
  }

  /** Moves to the next effect; false when there is none left. */
  next(): boolean {
    if (this.#heapLength === 0) return false
    const thread = this.#heap[0]!
    const event = this.#nextEvent[thread]!
    this.thread = thread
    this.event = event
    this.phase = this.#nextPhase[thread]! as Phase
    this.time = this.#heapTime[0]!
    if (this.phase === ENTRY && (PHASE_OF[this.#events.call(event)]! & AT_EXIT) !== 0) {
      this.#nextPhase[thread] = EXIT
      this.#sink(thread, this.#exitTime(event, this.time))
    } else this.#advance(thread, this.#chains.next(thread, event), this.time)
    return true
  }

  #exitTime(event: number, entry: number): number {
    const duration = this.#events.duration(event)
    return duration > 0 && this.#hasTimes ? Math.max(entry, this.#events.time(event) + duration) : entry
  }

  /** First instant of the thread's next event that has any; the thread leaves the heap when there is none. */
  #advance(thread: number, from: number, notBefore: number): void {
    const event = this.#skip(thread, from)
    if (event >= 0) {
      this.#sink(thread, this.#first(thread, event, notBefore))
      return
    }
    this.#heapLength -= 1
    const last = this.#heapLength
    if (last > 0) this.#sink(this.#heap[last]!, this.#heapTime[last]!)
  }

  /** Makes this event the thread's next; returns its first instant. */
  #first(thread: number, event: number, notBefore: number): number {
    const entry = Math.max(notBefore, this.#entryTime(event, notBefore))
    const atEntry = (PHASE_OF[this.#events.call(event)]! & AT_ENTRY) !== 0
    this.#nextEvent[thread] = event
    this.#nextPhase[thread] = atEntry ? ENTRY : EXIT
    return atEntry ? entry : this.#exitTime(event, entry)
  }

  #enter(head: number, thread: number): void {
    const event = this.#skip(thread, head)
    if (event < 0) return
    const time = this.#first(thread, event, Number.NEGATIVE_INFINITY)
    let at = this.#heapLength
    this.#heapLength += 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#isBefore(time, thread, parent)) break
      this.#move(parent, at)
      at = parent
    }
    this.#heap[at] = thread
    this.#heapTime[at] = time
  }

  /** A call without a stamp happens at once after the one before it. */
  #entryTime(event: number, notBefore: number): number {
    const time = this.#hasTimes ? this.#events.time(event) : event
    return Number.isNaN(time) ? notBefore : time
  }

  /** Skips calls without effect on memory and results that strace made up. */
  #skip(thread: number, from: number): number {
    let event = from
    while (
      event >= 0 &&
      (PHASE_OF[this.#events.call(event)] === 0 || (this.#events.state(event) & INJECTED) !== 0)
    )
      event = this.#chains.next(thread, event)
    return event
  }

  /** Puts the thread at the top and lets it sink to its place. */
  #sink(thread: number, time: number): void {
    const times = this.#heapTime
    const length = this.#heapLength
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= length) break
      if (child + 1 < length && this.#isBefore(times[child + 1]!, this.#heap[child + 1]!, child)) child += 1
      if (this.#isBefore(time, thread, child)) break
      this.#move(child, at)
      at = child
    }
    this.#heap[at] = thread
    times[at] = time
  }

  #move(from: number, to: number): void {
    this.#heap[to] = this.#heap[from]!
    this.#heapTime[to] = this.#heapTime[from]!
  }

  /** Whether this thread's next effect comes before that of the one at a place of the heap. */
  #isBefore(time: number, thread: number, place: number): boolean {
    const other = this.#heapTime[place]!
    return time !== other ? time < other : this.#wins(thread, this.#heap[place]!)
  }

  /** At one instant. */
  #wins(thread: number, other: number): boolean {
    const phases = this.#nextPhase[thread]! - this.#nextPhase[other]!
    return phases !== 0 ? phases < 0 : this.#nextEvent[thread]! < this.#nextEvent[other]!
  }
}

export const CALL = Object.fromEntries(MEMORY_CALLS.map((call) => [call, callIndex(call)])) as Record<
  MemoryCall,
  number
>
