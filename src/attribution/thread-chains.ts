import type { MemoryEvents } from '../model/trace.ts'
import { BLOCK_WORDS, RowBlocks } from '../strace/row-blocks.ts'

/** Runs of one thread's events are worth a table when there are at most so many of them, per event and in all. */
const FEW_RUNS = 1 / 4
const MOST_RUNS = 1 << 16

/** Links held in memory at once: 16 MiB. They are asked for about in the order of the log. */
const BLOCKS_HELD = 512
const BLOCK_BITS = 31 - Math.clz32(BLOCK_WORDS)
const BLOCK_MASK = BLOCK_WORDS - 1

/** Looked at at once. */
const STEP = 4096

/**
 * Each thread's events in order. In a log by thread they stand in a row, so that a few runs tell all; in an interleaved
 * one every event has a link to the next.
 */
export class ThreadChains {
  /** First event of each thread, in the order in which threads appear. */
  readonly heads: number[] = []
  /** Thread number by tid, and by form of call where one was seen; -1 elsewhere. */
  readonly #threads = new Map<number, number>()
  readonly #threadOfForm: Int32Array
  readonly #tids: Int32Array
  /** -1 behind a thread's last event. */
  #links: RowBlocks | null = null
  /** Runs: where they begin and end, and the next of the same thread. */
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  readonly #following: number[] = []
  /** The run that each thread has come to. */
  readonly #at: number[] = []

  constructor(events: MemoryEvents) {
    const { length, tid } = events.forms
    this.#tids = tid
    this.#threadOfForm = new Int32Array(length).fill(-1)
    if (!this.#findRuns(events)) this.#links = this.#link(events)
  }

  /** The event of the same thread that comes after `event`, the last one asked for; -1 at its end. */
  next(thread: number, event: number): number {
    if (this.#links !== null) {
      const number = event >>> BLOCK_BITS
      return (this.#links.held[number] ?? this.#links.get(number))[event & BLOCK_MASK]!
    }
    const run = this.#at[thread]!
    if (event + 1 < this.#ends[run]!) return event + 1
    const following = this.#following[run]!
    if (following < 0) return -1
    this.#at[thread] = following
    return this.#starts[following]!
  }

  /** False when there are too many runs. */
  #findRuns(events: MemoryEvents): boolean {
    const most = Math.max(16, Math.min(MOST_RUNS, events.length * FEW_RUNS))
    const last: number[] = []
    const forms = new Int32Array(STEP)
    let before = -1
    for (let from = 0; from < events.length; from += STEP) {
      const count = events.readForms(from, forms)
      for (let k = 0; k < count; k += 1) {
        const thread = this.#threadOf(forms[k]!, from + k)
        if (thread === before) continue
        before = thread
        const run = this.#starts.length
        if (run >= most) return false
        if (run > 0) this.#ends.push(from + k)
        this.#starts.push(from + k)
        this.#following.push(-1)
        if (last[thread] === undefined) this.#at[thread] = run
        else this.#following[last[thread]] = run
        last[thread] = run
      }
    }
    this.#ends.push(events.length)
    return true
  }

  /** Number of the thread of a form that is seen at an event. */
  #threadOf(form: number, event: number): number {
    const known = this.#threadOfForm[form]!
    if (known >= 0) return known
    const tid = this.#tids[form]!
    let thread = this.#threads.get(tid)
    if (thread === undefined) {
      thread = this.heads.length
      this.#threads.set(tid, thread)
      this.heads.push(event)
    }
    this.#threadOfForm[form] = thread
    return thread
  }

  #link(events: MemoryEvents): RowBlocks {
    const links = new RowBlocks(BLOCKS_HELD)
    const last: number[] = []
    const forms = new Int32Array(STEP)
    for (let from = 0; from < events.length; from += STEP) {
      const count = events.readForms(from, forms)
      for (let k = 0; k < count; k += 1) {
        const event = from + k
        if ((event & BLOCK_MASK) === 0) {
          links.add()
          links.change(event >>> BLOCK_BITS).fill(-1)
        }
        const thread = this.#threadOf(forms[k]!, event)
        const before = last[thread]
        if (before !== undefined) links.change(before >>> BLOCK_BITS)[before & BLOCK_MASK] = event
        last[thread] = event
      }
    }
    return links
  }
}
