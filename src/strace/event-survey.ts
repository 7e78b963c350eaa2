import { SECOND } from '../base/units.ts'
import { PLACES_KEPT } from '../model/diagnostics.ts'
import type { EventRun, EventSurvey, MemoryEvents, SetBack } from '../model/trace.ts'
import { LinkedEvents } from './event-links.ts'

/** A thread's calls are written in order; smaller steps back are rounding and NTP slewing. */
const LEAST_BACK = SECOND

/** Runs are worth a list when there are at most so many of them, per event and in all. */
const FEW_RUNS = 1 / 4
const MOST_RUNS = 1 << 16

/** Events that are looked at at once. */
const STEP = 4096

/** Looks at all events once, in order: whose they are, and whether a thread's times run backwards. */
export function surveyEvents(events: MemoryEvents): EventSurvey {
  const threads = new ThreadsSeen(events)
  const order = new OrderSeen(events)
  const times = new TimesSeen(events)
  const forms = new Int32Array(STEP)
  const stamps = new Float64Array(STEP)
  for (let from = 0; from < events.length; from += STEP) {
    const count = events.readTimes(from, forms, stamps)
    const seen = threads.see(from, forms, count)
    order.see(from, seen, count)
    times.see(from, seen, stamps, count)
  }
  order.finish()
  return { heads: threads.heads, runs: order.runs, links: order.links, setBacks: times.back.list }
}

/** Numbers the threads. */
class ThreadsSeen {
  readonly heads: number[] = []
  /** -1 for forms of no event seen. */
  readonly #ofForm: Int32Array
  readonly #tids: Int32Array
  readonly #numbers = new Map<number, number>()
  readonly #seen = new Int32Array(STEP)

  constructor({ forms }: MemoryEvents) {
    this.#tids = forms.tid
    this.#ofForm = new Int32Array(forms.length).fill(-1)
  }

  /** The threads of the events from `from` on, valid until others are asked for. */
  see(from: number, forms: Int32Array, count: number): Int32Array {
    for (let k = 0; k < count; k++) {
      const known = this.#ofForm[forms[k]!]!
      this.#seen[k] = known >= 0 ? known : this.#number(forms[k]!, from + k)
    }
    return this.#seen
  }

  /** Number of the thread of a form that is first seen at an event. */
  #number(form: number, event: number): number {
    const tid = this.#tids[form]!
    let thread = this.#numbers.get(tid)
    if (thread === undefined) {
      thread = this.heads.length
      this.#numbers.set(tid, thread)
      this.heads.push(event)
    }
    this.#ofForm[form] = thread
    return thread
  }
}

/** In which order threads' events stand: collects runs, and makes links when they are too many. */
class OrderSeen {
  runs: EventRun[] | null = []
  links: LinkedEvents | null = null
  readonly #length: number
  readonly #mostThreads: number
  readonly #most: number
  #start = 0
  #thread = -1

  constructor({ length, forms }: MemoryEvents) {
    this.#length = length
    this.#mostThreads = forms.length
    this.#most = Math.max(16, Math.min(MOST_RUNS, length * FEW_RUNS))
  }

  /** Looks at the events from `from` on. */
  see(from: number, threads: Int32Array, count: number): void {
    for (let k = 0; k < count; k++) {
      if (this.links === null && threads[k] !== this.#thread) this.#begin(from + k, threads[k]!)
      this.links?.add(threads[k]!)
    }
  }

  finish(): void {
    if (this.#length > 0 && this.links === null) this.#begin(this.#length, -1)
  }

  #begin(event: number, thread: number): void {
    if (event > this.#start) this.runs!.push({ start: this.#start, end: event, thread: this.#thread })
    this.#start = event
    this.#thread = thread
    if (this.runs!.length > this.#most) this.#link(this.runs!)
  }

  /** Goes over to links. */
  #link(runs: readonly EventRun[]): void {
    this.links = new LinkedEvents(this.#mostThreads)
    for (const { start, end, thread } of runs)
      for (let event = start; event < end; event++) this.links.add(thread)
    this.runs = null
  }
}

/** Holds each time against the one before it of the same thread. */
class TimesSeen {
  readonly back: SetBacks
  /** By thread; NaN without. */
  readonly #last: Float64Array

  constructor(events: MemoryEvents) {
    this.back = new SetBacks(events)
    this.#last = new Float64Array(events.forms.length).fill(Number.NaN)
  }

  /** Looks at the events from `from` on. */
  see(from: number, threads: Int32Array, times: Float64Array, count: number): void {
    const last = this.#last
    for (let k = 0; k < count; k++) {
      const time = times[k]!
      if (Number.isNaN(time)) continue
      const thread = threads[k]!
      const by = last[thread]! - time
      if (by >= LEAST_BACK) this.back.add(from + k, by)
      last[thread] = time
    }
  }
}

/** Steps back by file: as many as are shown, the others counted with the last of them. */
class SetBacks {
  readonly list: SetBack[] = []
  readonly #events: MemoryEvents
  readonly #byFile = new Map<
    number,
    { last: { times: number }; kept: number; readonly seconds: Set<number> }
  >()

  constructor(events: MemoryEvents) {
    this.#events = events
  }

  add(event: number, by: number): void {
    const file = this.#events.file(event)
    const seconds = Math.round(by / SECOND)
    const known = this.#byFile.get(file)
    if (known !== undefined && known.kept >= PLACES_KEPT && !isNew(known.seconds, seconds)) {
      known.last.times += 1
      return
    }
    const last = { event, by, times: 1 }
    this.list.push(last)
    this.#byFile.set(file, {
      last,
      kept: (known?.kept ?? 0) + 1,
      seconds: (known?.seconds ?? new Set<number>()).add(seconds),
    })
  }
}

/** Whether a step of so many seconds would be shown beside those. */
const isNew = (shown: ReadonlySet<number>, seconds: number): boolean =>
  shown.size < PLACES_KEPT && !shown.has(seconds)
