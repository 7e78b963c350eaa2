import { callIndex, FAILED, type MemoryEvents, type Trace, UNFINISHED } from '../../model/trace.ts'

/** A part of a log, on its own clock. */
export interface Window {
  readonly first: number
  readonly last: number
}

/** Numbers of calls and when they took effect, in that order. */
export interface CallsByEffect {
  readonly window: Window
  readonly calls: readonly number[]
  /** By place in `calls`. */
  readonly times: Float64Array
}

/** Calls read: of a larger log only its middle, which is a log of its own as far as its clock is concerned. */
const MOST_CALLS = 200_000
/** As many as are let pass where calls come in bursts. */
const IN_BURSTS = 4 * MOST_CALLS
/** Looked at at once. */
const STEP = 4096

const MUNMAP = callIndex('munmap')
const WANTED = new Set(
  (['mmap', 'munmap', 'mremap', 'brk', 'mprotect', 'execve'] as const).map((call) => callIndex(call)),
)

/** The calls of a log, or of its middle, that took place and say something about addresses. */
export function callsByEffect(trace: Trace): CallsByEffect {
  const wanted = wantedForms(trace.events)
  let window = windowOf(trace, wanted)
  let calls = callsIn(trace.events, window, wanted)
  while (calls.length > IN_BURSTS && window.first < window.last) {
    window = middleOf(window, MOST_CALLS / calls.length)
    calls = callsIn(trace.events, window, wanted)
  }
  const effect = Float64Array.from(calls, (call) => effectTime(trace.events, call))
  const order = calls.map((_, at) => at).sort((a, b) => effect[a]! - effect[b]! || a - b)
  return {
    window,
    calls: order.map((at) => calls[at]!),
    times: Float64Array.from(order, (at) => effect[at]!),
  }
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
function windowOf({ events, firstTime, lastTime }: Trace, wanted: Uint8Array): Window {
  const whole = { first: firstTime, last: lastTime }
  if (events.length <= MOST_CALLS) return whole
  let calls = 0
  const forms = new Int32Array(STEP)
  const times = new Float64Array(STEP)
  for (let from = 0; from < events.length; from += STEP) {
    const count = events.readForms(from, forms)
    events.readTimes(from, times)
    for (let k = 0; k < count; k++) if (wanted[forms[k]!] === 1 && !Number.isNaN(times[k]!)) calls++
  }
  return calls <= MOST_CALLS ? whole : middleOf(whole, MOST_CALLS / calls)
}

function middleOf({ first, last }: Window, share: number): Window {
  const margin = ((last - first) * (1 - share)) / 2
  return { first: first + margin, last: last - margin }
}

/** Numbers of the wanted calls that began inside the window; no more than tells that they are too many. */
function callsIn(events: MemoryEvents, { first, last }: Window, wanted: Uint8Array): number[] {
  const calls: number[] = []
  const forms = new Int32Array(STEP)
  const times = new Float64Array(STEP)
  for (let from = 0; from < events.length && calls.length <= IN_BURSTS; from += STEP) {
    const count = events.readTimes(from, times)
    let read = false
    for (let k = 0; k < count; k++) {
      if (!(times[k]! >= first && times[k]! <= last)) continue
      if (!read) events.readForms(from, forms)
      read = true
      if (wanted[forms[k]!] === 1) calls.push(from + k)
    }
  }
  return calls
}
