import { SECOND } from '../base/units.ts'
import { PLACES_KEPT } from '../model/diagnostics.ts'
import type { EventRun, EventSurvey, MemoryEvents, SetBack } from '../model/trace.ts'
import { TIME_IN_ROW } from './event-forms.ts'
import { LinkedEvents } from './event-links.ts'
import { FORM, HIGHS, WORD, WORD_BITS } from './row-words.ts'

/** A thread's calls are written in order; smaller steps back are rounding and NTP slewing. */
const LEAST_BACK = SECOND

/** Runs are worth a list when there are at most so many of them, per event and in all. */
const FEW_RUNS = 1 / 4
const MOST_RUNS = 1 << 16

/** Looks at all events once, in order: whose they are, and whether a thread's times run backwards. */
export function surveyEvents(events: MemoryEvents): EventSurvey {
  const threads = new ThreadNumbers(events)
  const order = new ThreadOrder(events)
  const backs = new SetBacks(events)
  const { forms, rowBase } = events
  const { inRow, time: formTime } = forms
  const ofForm = new Int32Array(forms.length).fill(-1)
  // By thread; NaN without.
  const lastTime = new Float64Array(forms.length).fill(Number.NaN)
  events.visitRows((words, first, from, count) => {
    for (let k = 0, word = first; k < count; k++, word += 1 << WORD_BITS) {
      const form = words[word + FORM]!
      if (ofForm[form]! < 0) ofForm[form] = threads.of(form, from + k)
      const thread = ofForm[form]!
      if (order.links === null && thread !== order.thread) order.begin(from + k, thread)
      order.links?.add(thread)
      const time =
        (inRow[form]! & TIME_IN_ROW) === 0
          ? formTime[form]!
          : rowBase + (words[word]! >>> 0) + (words[word + HIGHS]! & 0xffff) * WORD
      if (Number.isNaN(time)) continue
      const by = lastTime[thread]! - time
      if (by >= LEAST_BACK) backs.add(from + k, by)
      lastTime[thread] = time
    }
  })
  order.finish()
  return { heads: threads.heads, runs: order.runs, links: order.links, setBacks: backs.list }
}

/** Numbers the threads in the order in which they appear. */
class ThreadNumbers {
  /** First event of each. */
  readonly heads: number[] = []
  readonly #tids: Int32Array
  readonly #numbers = new Map<number, number>()

  constructor({ forms }: MemoryEvents) {
    this.#tids = forms.tid
  }

  /** Number of the thread of a form that is first seen at an event. */
  of(form: number, event: number): number {
    const tid = this.#tids[form]!
    let thread = this.#numbers.get(tid)
    if (thread === undefined) {
      thread = this.heads.length
      this.#numbers.set(tid, thread)
      this.heads.push(event)
    }
    return thread
  }
}

/** In which order threads' events stand: collects runs, and makes links when they are too many. */
class ThreadOrder {
  runs: EventRun[] | null = []
  links: LinkedEvents | null = null
  /** Thread of the last run, -1 before the first. */
  thread = -1
  readonly #length: number
  readonly #mostThreads: number
  readonly #most: number
  #start = 0

  constructor({ length, forms }: MemoryEvents) {
    this.#length = length
    this.#mostThreads = forms.length
    this.#most = Math.max(16, Math.min(MOST_RUNS, length * FEW_RUNS))
  }

  /** A run of another thread begins; when there are too many, links go on from there. */
  begin(event: number, thread: number): void {
    if (event > this.#start) this.runs!.push({ start: this.#start, end: event, thread: this.thread })
    this.#start = event
    this.thread = thread
    if (this.runs!.length > this.#most) this.#link(this.runs!)
  }

  finish(): void {
    if (this.#length > 0 && this.links === null) this.begin(this.#length, -1)
  }

  /** Goes over to links. */
  #link(runs: readonly EventRun[]): void {
    this.links = new LinkedEvents(this.#mostThreads)
    for (const { start, end, thread } of runs)
      for (let event = start; event < end; event++) this.links.add(thread)
    this.runs = null
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
