import type { Kernel } from '../../base/kernel-module.ts'
import { type EventLinks, INJECTED, type MemoryEvents, type Trace } from '../../model/trace.ts'
import { LINE, WORD_BITS } from '../row-words.ts'
import { PHASES_OF } from './phases.ts'
import { ThreadChains } from './thread-chains.ts'

/** What kernels do that merge effects; see kernel/lanes.as and kernel/merge.as. */
export interface MergeCalls {
  begin(threads: number, width: number, forms: number, contexts: number, base: number, timed: number): void
  formsAt(): number
  contextsAt(): number
  rowsOf(thread: number): number
  fillLane(thread: number, count: number, isLast: number): void
  enter(thread: number): number
  advance(): number
  callNow(): number
  timeNow(): number
  threadNow(): number
  phaseNow(): number
}

/** What `advance` may come to: see kernel/merge.as. */
export const EFFECT = 0
export const EMPTY = 1
export const OVER = 2

/** Rows that a thread's lane has room for: many, so that calls are read in a row, but not too many of all threads. */
const LONGEST = 64
const SHORTEST = 4
const ROOM = 1 << 16

/** A form in the kernel's memory: two doubles, then bytes. */
export const FORM_BYTES = 24
const FORM_DOUBLES = 3
const IN_ROW = 16
const PHASES = 17
/** What a form is to the kernel that merges: its own numbers, 0 for the caller's. */
export const FORM_KIND = 19

/** A call's number stands in place of its line. */
const CALL_NUMBER = LINE

/**
 * Brings the rows of each thread's next calls into a kernel that merges them. Calls are read some way ahead, because
 * those of one thread lie beside each other.
 */
export class EffectLanes {
  /** How many threads have memory calls; they are numbered from 0. */
  readonly threads: number
  readonly #kernel: Kernel<MergeCalls>
  readonly #events: MemoryEvents
  readonly #chains: ThreadChains
  readonly #width: number
  /** By thread: the first call that is not in its lane. */
  readonly #nextCall: Int32Array

  constructor(kernel: Kernel<MergeCalls>, { events, clock }: Pick<Trace, 'events' | 'clock'>) {
    this.#kernel = kernel
    this.#events = events
    this.#chains = new ThreadChains(events)
    const { heads } = this.#chains
    this.threads = heads.length
    this.#nextCall = Int32Array.from(heads)
    this.#width = Math.max(SHORTEST, Math.min(LONGEST, Math.floor(ROOM / heads.length)))
    const timed = Number(clock.kind !== 'none')
    const contexts = events.rowContexts
    kernel.calls.begin(
      this.threads,
      this.#width,
      events.forms.length,
      contexts?.length ?? 0,
      events.rowBase,
      timed,
    )
    if (contexts !== null) kernel.words.set(contexts, kernel.calls.contextsAt() >>> 2)
    this.#describeForms()
    for (let thread = 0; thread < this.threads; thread += 1) this.fill(thread)
  }

  /** Brings in the next calls of a thread whose lane is empty. */
  fill(thread: number): void {
    const { calls } = this.#kernel
    do {
      const count = this.#read(thread)
      calls.fillLane(thread, count, Number(this.#nextCall[thread]! < 0))
    } while (calls.enter(thread) === 0)
  }

  /** Reads as many rows as there is room for; returns how many. */
  #read(thread: number): number {
    const { links } = this.#chains
    return links === null ? this.#readRuns(thread) : this.#readLinked(thread, links)
  }

  #readLinked(thread: number, links: EventLinks): number {
    const { calls, words } = this.#kernel
    const at = calls.rowsOf(thread) >>> 2
    const count = this.#events.readLinked(this.#nextCall[thread]!, this.#width, links, words, at)
    if (count > 0) this.#nextCall[thread] = links.next(words[at + ((count - 1) << WORD_BITS) + CALL_NUMBER]!)
    return count
  }

  #readRuns(thread: number): number {
    const { calls, words } = this.#kernel
    let word = calls.rowsOf(thread) >>> 2
    let room = this.#width
    let call = this.#nextCall[thread]!
    while (call >= 0 && room > 0) {
      const end = Math.min(this.#chains.endOfRun(thread), call + room)
      room -= end - call
      this.#events.readRows(call, end - call, words, word)
      for (; call < end; call += 1, word += 1 << WORD_BITS) words[word + CALL_NUMBER] = call
      call = this.#chains.next(thread, end - 1)
    }
    this.#nextCall[thread] = call
    return this.#width - room
  }

  #describeForms(): void {
    const { length, call, state, time, duration, inRow } = this.#events.forms
    const at = this.#kernel.calls.formsAt()
    const { doubles, octets } = this.#kernel
    for (let form = 0; form < length; form += 1) {
      const double = (at >>> 3) + form * FORM_DOUBLES
      doubles[double] = time[form]!
      doubles[double + 1] = duration[form]!
      const octet = at + form * FORM_BYTES
      octets[octet + IN_ROW] = inRow[form]!
      // Results that strace made up have no effect.
      octets[octet + PHASES] = (state[form]! & INJECTED) !== 0 ? 0 : PHASES_OF[call[form]!]!
    }
  }
}
