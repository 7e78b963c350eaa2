import type { EventRun, MemoryEvents } from '../../model/trace.ts'
import { BLOCK_WORDS, RowBlocks } from '../row-blocks.ts'

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
  readonly heads: readonly number[]
  /** -1 behind a thread's last event. */
  readonly #links: RowBlocks | null
  readonly #runs: readonly EventRun[]
  /** By run: the next of the same thread; -1 for none. */
  readonly #following: Int32Array
  /** The run that each thread has come to. */
  readonly #at: number[] = []

  constructor(events: MemoryEvents) {
    const { heads, runs, threadOfForm } = events.survey
    this.heads = heads
    this.#links = runs === null ? linksOf(events, threadOfForm) : null
    this.#runs = runs ?? []
    this.#following = new Int32Array(this.#runs.length).fill(-1)
    const last: number[] = []
    for (const [run, { thread }] of this.#runs.entries()) {
      if (last[thread] === undefined) this.#at[thread] = run
      else this.#following[last[thread]] = run
      last[thread] = run
    }
  }

  /** Behind the last event of the run in which `event` stands, the last one asked for: all of them are its thread's. */
  endOfRun(thread: number, event: number): number {
    return this.#links === null ? this.#runs[this.#at[thread]!]!.end : event + 1
  }

  /** The event of the same thread that comes after `event`, the last one asked for or one of the same run; -1 at its end. */
  next(thread: number, event: number): number {
    if (this.#links !== null) {
      const number = event >>> BLOCK_BITS
      return (this.#links.held[number] ?? this.#links.get(number))[event & BLOCK_MASK]!
    }
    const run = this.#at[thread]!
    if (event + 1 < this.#runs[run]!.end) return event + 1
    const following = this.#following[run]!
    if (following < 0) return -1
    this.#at[thread] = following
    return this.#runs[following]!.start
  }
}

/** Links of logs that were asked for before: each log is read in the order of its effects more than once. */
const known = new WeakMap<MemoryEvents, RowBlocks>()

function linksOf(events: MemoryEvents, threadOfForm: Int32Array): RowBlocks {
  const links = known.get(events) ?? link(events, threadOfForm)
  known.set(events, links)
  return links
}

/** By event, the next one of the same thread. */
function link(events: MemoryEvents, threadOfForm: Int32Array): RowBlocks {
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
      const thread = threadOfForm[forms[k]!]!
      const before = last[thread]
      if (before !== undefined) links.change(before >>> BLOCK_BITS)[before & BLOCK_MASK] = event
      last[thread] = event
    }
  }
  return links
}
