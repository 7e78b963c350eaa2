import { SECOND } from '../base/units.ts'
import { PLACES_KEPT } from '../model/diagnostics.ts'
import type { EventRun, EventSurvey, MemoryEvents, SetBack } from '../model/trace.ts'

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
  const times = new TimesSeen(events)
  const forms = new Int32Array(STEP)
  const stamps = new Float64Array(STEP)
  for (let from = 0; from < events.length; from += STEP) {
    const count = events.readForms(from, forms)
    events.readTimes(from, stamps)
    threads.see(from, forms, count)
    times.see(from, forms, stamps, count, threads.ofForm)
  }
  return {
    threadOfForm: threads.ofForm,
    heads: threads.heads,
    runs: threads.finish(),
    setBacks: times.back.list,
  }
}

/** Numbers the threads, and collects their runs. */
class ThreadsSeen {
  readonly heads: number[] = []
  readonly ofForm: Int32Array
  readonly #tids: Int32Array
  readonly #numbers = new Map<number, number>()
  readonly #length: number
  readonly #most: number
  #runs: EventRun[] | null = []
  #start = 0
  #thread = -1

  constructor({ length, forms }: MemoryEvents) {
    this.#tids = forms.tid
    this.ofForm = new Int32Array(forms.length).fill(-1)
    this.#length = length
    this.#most = Math.max(16, Math.min(MOST_RUNS, length * FEW_RUNS))
  }

  /** Looks at the events from `from` on. */
  see(from: number, forms: Int32Array, count: number): void {
    for (let k = 0; k < count; k++) {
      const known = this.ofForm[forms[k]!]!
      const thread = known >= 0 ? known : this.#number(forms[k]!, from + k)
      if (thread !== this.#thread) this.#begin(from + k, thread)
    }
  }

  finish(): EventRun[] | null {
    if (this.#length > 0) this.#begin(this.#length, -1)
    return this.#runs
  }

  #begin(event: number, thread: number): void {
    if (event > this.#start) this.#runs?.push({ start: this.#start, end: event, thread: this.#thread })
    if (this.#runs !== null && this.#runs.length > this.#most) this.#runs = null
    this.#start = event
    this.#thread = thread
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
    this.ofForm[form] = thread
    return thread
  }
}

/** Holds each time against the one before it of the same thread. */
class TimesSeen {
  readonly back: SetBacks
  readonly #last: number[] = []

  constructor(events: MemoryEvents) {
    this.back = new SetBacks(events)
  }

  /** Looks at the events from `from` on, whose threads are known. */
  see(from: number, forms: Int32Array, times: Float64Array, count: number, threadOfForm: Int32Array): void {
    const last = this.#last
    for (let k = 0; k < count; k++) {
      const time = times[k]!
      if (Number.isNaN(time)) continue
      const thread = threadOfForm[forms[k]!]!
      const by = (last[thread] ?? Number.NaN) - time
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
