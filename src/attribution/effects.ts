import {
  callIndex,
  INJECTED,
  MEMORY_CALLS,
  type MemoryCall,
  type MemoryEvents,
  type Trace,
} from '../model/trace.ts'

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
  /** Next event of the same thread; -1 at its end. */
  readonly #next: Int32Array
  /** Without stamps the order of the log is all there is. */
  readonly #hasTimes: boolean
  /** Binary heap of thread heads. */
  readonly #heapEvent: Int32Array
  readonly #heapPhase: Uint8Array
  readonly #heapTime: Float64Array
  readonly #heapThread: Int32Array
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
    this.#next = new Int32Array(events.length)
    this.#hasTimes = trace.clock.kind !== 'none'
    const heads = this.#linkThreads()
    this.#heapEvent = new Int32Array(heads.length)
    this.#heapPhase = new Uint8Array(heads.length)
    this.#heapTime = new Float64Array(heads.length)
    this.#heapThread = new Int32Array(heads.length)
    this.threads = heads.length
    for (const [thread, head] of heads.entries()) this.#enter(head, thread)
  }

  /** Links every event to the next one of its thread; returns the first of each. */
  #linkThreads(): number[] {
    const events = this.#events
    const lastOf = new Map<number, number>()
    const heads: number[] = []
    let before = -1
    for (let event = 0; event < events.length; event += 1) {
      const tid = events.tid(event)
      this.#next[event] = -1
      // In a log by thread the one before is nearly always of the same thread.
      if (tid === before) this.#next[event - 1] = event
      else {
        if (event > 0) lastOf.set(before, event - 1)
        const last = lastOf.get(tid)
        if (last === undefined) heads.push(event)
        else this.#next[last] = event
      }
      before = tid
    }
    return heads
  }

  /** Moves to the next effect; false when there is none left. */
  next(): boolean {
    if (this.#heapLength === 0) return false
    const event = this.#heapEvent[0]!
    this.event = event
    this.phase = this.#heapPhase[0]! as Phase
    this.time = this.#heapTime[0]!
    this.thread = this.#heapThread[0]!
    if (this.phase === ENTRY && (PHASE_OF[this.#events.call(event)]! & AT_EXIT) !== 0)
      this.#replaceTop(event, EXIT, this.#exitTime(event, this.time), this.thread)
    else this.#advance(this.#next[event]!, this.time)
    return true
  }

  #exitTime(event: number, entry: number): number {
    const duration = this.#events.duration(event)
    return duration > 0 && this.#hasTimes ? Math.max(entry, this.#events.time(event) + duration) : entry
  }

  /** First instant of the thread's next event that has any; the thread leaves the heap when there is none. */
  #advance(from: number, notBefore: number): void {
    const event = this.#skip(from)
    if (event >= 0) {
      const entry = Math.max(notBefore, this.#entryTime(event, notBefore))
      if ((PHASE_OF[this.#events.call(event)]! & AT_ENTRY) !== 0)
        this.#replaceTop(event, ENTRY, entry, this.thread)
      else this.#replaceTop(event, EXIT, this.#exitTime(event, entry), this.thread)
      return
    }
    this.#heapLength -= 1
    const last = this.#heapLength
    if (last === 0) return
    const phase = this.#heapPhase[last]! as Phase
    this.#replaceTop(this.#heapEvent[last]!, phase, this.#heapTime[last]!, this.#heapThread[last]!)
  }

  #enter(head: number, thread: number): void {
    const event = this.#skip(head)
    if (event < 0) return
    const entry = this.#entryTime(event, Number.NEGATIVE_INFINITY)
    const atEntry = (PHASE_OF[this.#events.call(event)]! & AT_ENTRY) !== 0
    let at = this.#heapLength
    this.#heapLength += 1
    this.#store(at, event, atEntry ? ENTRY : EXIT, atEntry ? entry : this.#exitTime(event, entry), thread)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#before(at, parent)) break
      this.#swap(at, parent)
      at = parent
    }
  }

  /** A call without a stamp happens at once after the one before it. */
  #entryTime(event: number, notBefore: number): number {
    const time = this.#hasTimes ? this.#events.time(event) : event
    return Number.isNaN(time) ? notBefore : time
  }

  /** Skips calls without effect on memory and results that strace made up. */
  #skip(from: number): number {
    let event = from
    while (
      event >= 0 &&
      (PHASE_OF[this.#events.call(event)] === 0 || (this.#events.state(event) & INJECTED) !== 0)
    )
      event = this.#next[event]!
    return event
  }

  #store(at: number, event: number, phase: Phase, time: number, thread: number): void {
    this.#heapThread[at] = thread
    this.#heapEvent[at] = event
    this.#heapPhase[at] = phase
    this.#heapTime[at] = time
  }

  #replaceTop(event: number, phase: Phase, time: number, thread: number): void {
    this.#store(0, event, phase, time, thread)
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#heapLength) return
      if (child + 1 < this.#heapLength && this.#before(child + 1, child)) child += 1
      if (!this.#before(child, at)) return
      this.#swap(child, at)
      at = child
    }
  }

  #before(a: number, b: number): boolean {
    const difference = this.#heapTime[a]! - this.#heapTime[b]!
    if (difference !== 0) return difference < 0
    const phases = this.#heapPhase[a]! - this.#heapPhase[b]!
    return phases !== 0 ? phases < 0 : this.#heapEvent[a]! < this.#heapEvent[b]!
  }

  #swap(a: number, b: number): void {
    const event = this.#heapEvent[a]!
    const phase = this.#heapPhase[a]! as Phase
    const time = this.#heapTime[a]!
    const thread = this.#heapThread[a]!
    this.#store(
      a,
      this.#heapEvent[b]!,
      this.#heapPhase[b]! as Phase,
      this.#heapTime[b]!,
      this.#heapThread[b]!,
    )
    this.#store(b, event, phase, time, thread)
  }
}

export const CALL = Object.fromEntries(MEMORY_CALLS.map((call) => [call, callIndex(call)])) as Record<
  MemoryCall,
  number
>
