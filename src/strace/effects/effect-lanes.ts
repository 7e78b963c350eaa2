import { INJECTED, type MemoryEvents, type Trace } from '../../model/trace.ts'
import { AT_ENTRY, AT_EXIT, ENTRY, EXIT, PHASES_OF, type Phase } from './phases.ts'
import { ThreadChains } from './thread-chains.ts'

/** Effects that a thread's lane has room for: many, so that calls are read in a row, but not too many of all threads. */
const LONGEST = 64
const SHORTEST = 4
const ROOM = 1 << 16

/**
 * Per thread the next effects of its calls, in order. Calls are read some way ahead, because those of one thread lie
 * beside each other.
 */
export class EffectLanes {
  /** How many threads have memory calls. */
  readonly threads: number
  readonly #events: MemoryEvents
  readonly #chains: ThreadChains
  /** Without stamps the order of the log is all there is. */
  readonly #hasTimes: boolean
  /** When calls of a form take effect; 0 for those that have none and for results that strace made up. */
  readonly #phasesOf: Uint8Array
  /** Places of a lane. */
  readonly #width: number
  /** By place. */
  readonly #times: Float64Array
  readonly #calls: Int32Array
  readonly #phases: Uint8Array
  /** By thread: the place of its next effect, and where its lane ends for now. */
  readonly #at: Int32Array
  readonly #end: Int32Array
  /** By thread: the first call that is not in its lane, and the instant of the last effect that is. */
  readonly #nextCall: Int32Array
  readonly #last: Float64Array

  constructor({ events, clock }: Pick<Trace, 'events' | 'clock'>) {
    this.#events = events
    this.#chains = new ThreadChains(events)
    this.#hasTimes = clock.kind !== 'none'
    const { forms } = events
    this.#phasesOf = forms.call.map((call, form) =>
      (forms.state[form]! & INJECTED) !== 0 ? 0 : PHASES_OF[call]!,
    )
    const { heads } = this.#chains
    const threads = heads.length
    this.threads = threads
    this.#width = Math.max(SHORTEST, Math.min(LONGEST, Math.floor(ROOM / threads)))
    const places = threads * this.#width
    this.#times = new Float64Array(places)
    this.#calls = new Int32Array(places)
    this.#phases = new Uint8Array(places)
    this.#at = new Int32Array(threads)
    this.#end = new Int32Array(threads)
    this.#nextCall = Int32Array.from(heads)
    this.#last = new Float64Array(threads).fill(Number.NEGATIVE_INFINITY)
    for (let thread = 0; thread < threads; thread += 1) this.#fill(thread)
  }

  /** Instant of a thread's next effect; infinity when there is none. */
  time(thread: number): number {
    return this.#times[this.#at[thread]!]!
  }

  /** The call of a thread's next effect. */
  event(thread: number): number {
    return this.#calls[this.#at[thread]!]!
  }

  phase(thread: number): Phase {
    return this.#phases[this.#at[thread]!]! as Phase
  }

  /** Moves to the effect behind a thread's next one. */
  move(thread: number): void {
    const at = this.#at[thread]! + 1
    this.#at[thread] = at
    if (at === this.#end[thread]!) this.#fill(thread)
  }

  /** Of two effects at the same instant, whether that of thread `a` comes before that of thread `b`. */
  isBefore(a: number, b: number): boolean {
    const phases = this.phase(a) - this.phase(b)
    return phases !== 0 ? phases < 0 : this.event(a) < this.event(b)
  }

  /** Reads ahead; none of a thread's effects comes before the one in front of it. */
  #fill(thread: number): void {
    const events = this.#events
    const first = thread * this.#width
    // A call has two effects at most.
    const full = first + this.#width - 1
    let at = first
    let last = this.#last[thread]!
    let call = this.#nextCall[thread]!
    while (call >= 0 && at < full) {
      const { form, time, duration } = events.span(call)
      const phases = this.#phasesOf[form]!
      if (phases !== 0) {
        // A call without a stamp happens at once after the one before it.
        const begins = this.#hasTimes ? time : call
        if (begins > last) last = begins
        if ((phases & AT_ENTRY) !== 0) this.#put(at++, call, ENTRY, last)
        if ((phases & AT_EXIT) !== 0) {
          const returns = this.#hasTimes ? begins + duration : begins
          if (returns > last) last = returns
          this.#put(at++, call, EXIT, last)
        }
      }
      call = this.#chains.next(thread, call)
    }
    if (at === first) this.#times[at] = Number.POSITIVE_INFINITY
    this.#nextCall[thread] = call
    this.#last[thread] = last
    this.#at[thread] = first
    this.#end[thread] = at
  }

  #put(at: number, call: number, phase: Phase, time: number): void {
    this.#calls[at] = call
    this.#phases[at] = phase
    this.#times[at] = time
  }
}
