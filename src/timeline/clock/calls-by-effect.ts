import { orderBy } from '../../base/order-by.ts'
import {
  callIndex,
  FAILED,
  type MemoryEvents,
  SURVEY_STEP as STEP,
  type Trace,
  UNFINISHED,
} from '../../model/trace.ts'

/** A part of a log, on its own clock. */
export interface Window {
  readonly first: number
  readonly last: number
}

/** Numbers of calls and when they took effect, in that order. */
export interface CallsByEffect {
  readonly window: Window
  readonly calls: Int32Array
  /** By place in `calls`. */
  readonly times: Float64Array
}

/** Calls read: of a larger log only its middle, which is a log of its own as far as its clock is concerned. */
const MOST_CALLS = 200_000
/** As many as are let pass where calls come in bursts. */
const IN_BURSTS = 4 * MOST_CALLS

const MUNMAP = callIndex('munmap')
const WANTED = new Set(
  (['mmap', 'munmap', 'mremap', 'brk', 'mprotect', 'execve'] as const).map((call) => callIndex(call)),
)

/** The calls of a log, or of its middle, that took place and say something about addresses. */
export function callsByEffect(trace: Trace): CallsByEffect {
  const { events } = trace
  const wanted = wantedForms(events)
  let window = windowOf(trace, wanted)
  let found = callsIn(events, window, wanted)
  while (found.length > IN_BURSTS && window.first < window.last) {
    window = middleOf(window, MOST_CALLS / found.length)
    found = callsIn(events, window, wanted)
  }
  const effects = new Float64Array(found.length)
  for (let at = 0; at < found.length; at++) effects[at] = effectTime(events, found[at]!)
  const order = orderBy(effects)
  const times = new Float64Array(found.length)
  for (let at = 0; at < found.length; at++) times[at] = effects[order[at]!]!
  return { window, calls: order.map((at) => found[at]!), times }
}

/** Releases take effect when they begin, the rest when they return. */
function effectTime(events: MemoryEvents, at: number): number {
  const duration = events.duration(at)
  return events.time(at) + (events.call(at) === MUNMAP || Number.isNaN(duration) ? 0 : duration)
}

function wantedForms({ forms }: MemoryEvents): Uint8Array {
  const wanted = new Uint8Array(forms.length)
  for (let form = 0; form < forms.length; form++)
    wanted[form] = WANTED.has(forms.call[form]!) && (forms.state[form]! & (FAILED | UNFINISHED)) === 0 ? 1 : 0
  return wanted
}

/** The whole log, or so much of its middle that about the allowed number of calls lies in it. */
function windowOf({ firstTime, lastTime, events }: Trace, wanted: Uint8Array): Window {
  const whole = { first: firstTime, last: lastTime }
  const calls = events.survey.stamped.reduce((sum, count, form) => sum + wanted[form]! * count, 0)
  return calls <= MOST_CALLS ? whole : middleOf(whole, MOST_CALLS / calls)
}

function middleOf({ first, last }: Window, share: number): Window {
  const margin = ((last - first) * (1 - share)) / 2
  return { first: first + margin, last: last - margin }
}

/** Numbers of the wanted calls that began inside the window; no more than tells that they are too many. */
function callsIn(events: MemoryEvents, { first, last }: Window, wanted: Uint8Array): Int32Array {
  const { earliest, latest } = events.survey
  const found = new Int32Array(Math.min(events.length, IN_BURSTS + STEP))
  let length = 0
  const forms = new Int32Array(STEP)
  const times = new Float64Array(STEP)
  for (let step = 0; step < earliest.length && length <= IN_BURSTS; step++) {
    if (!(earliest[step]! <= last && latest[step]! >= first)) continue
    const count = events.readForms(step * STEP, forms)
    events.readTimes(step * STEP, times)
    for (let k = 0; k < count; k++)
      if (wanted[forms[k]!] === 1 && times[k]! >= first && times[k]! <= last) {
        found[length] = step * STEP + k
        length++
      }
  }
  return found.subarray(0, length)
}
