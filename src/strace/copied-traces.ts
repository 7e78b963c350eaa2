/**
 * Traces that are in the evidence twice: what strace-log-merge made of the files of `-ff` and left beside them, an earlier
 * copy of a log that went on, lines that somebody grepped into a file of their own. Counted twice, every sum would double.
 */
import { DAY, SECOND } from '../base/units.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import { type Trace, UNFINISHED } from '../model/trace.ts'

/** Calls looked at, spread over all that a trace has: of each, and of all together where there are many. */
const LOOKED_AT = 512
const LOOKED_AT_IN_ALL = 1 << 16
const LEAST_LOOKED_AT = 16
/** Share of them in another trace that makes it a copy: a line may have been cut. */
const IS_COPY = 0.95
/** Fewer than this share, or than two, are chance. */
const OVERLAPS = 0.05
/** Below this a number is no address, and equal ones say nothing. */
const LOWEST_ADDRESS = 65_536

/** A call that is looked for in the traces before its own. */
interface Looked {
  /** Place of its trace. */
  readonly of: number
  readonly tid: number
  /** Places of the traces that have it, in order. */
  readonly seenIn: number[]
}

/** By time, then by what was done. */
type Wanted = Map<number, Map<string, Looked[]>>

/** The traces without those whose calls are all in others, which tell at least as much. */
export function withoutCopies(traces: readonly Trace[], diagnostics: Diagnostics): Trace[] {
  const order = traces.filter(hasTimes).sort(fullestFirst)
  if (!order.some((trace, at) => order.some((other, index) => index < at && meets(trace, other))))
    return [...traces]
  const most = Math.max(LEAST_LOOKED_AT, Math.min(LOOKED_AT, LOOKED_AT_IN_ALL / order.length))
  const wanted: Wanted = new Map()
  const looked = order.map((trace, at) => lookAt(trace, at, most, wanted))
  for (const [at, trace] of order.entries()) lookInto(trace, at, wanted)
  const kept = new Set(traces)
  for (const [at, trace] of order.entries()) {
    const calls = looked[at]!
    // By the first that has it: lines of several logs may have been put into one.
    const others = calls.flatMap(({ seenIn }) => seenIn.find((index) => kept.has(order[index]!)) ?? [])
    const isCopy = others.length >= IS_COPY * calls.length
    if (others.length === 0 || (!isCopy && (others.length === 1 || others.length < OVERLAPS * calls.length)))
      continue
    for (const other of new Set(others))
      diagnostics.report(isCopy ? 'strace-copy' : 'strace-overlap', trace.name, null, order[other]!.name)
    if (isCopy) kept.delete(trace)
  }
  return traces.filter((trace) => kept.has(trace))
}

const hasTimes = ({ clock, events }: Trace): boolean =>
  events.length > 0 && (clock.kind === 'unix' || clock.kind === 'time-of-day')

const callsIn = ({ threads }: Trace): number =>
  [...threads.values()].reduce((sum, { calls }) => sum + calls, 0)
const isNamed = ({ threads }: Trace): number => Number(!threads.has(0))

/** Which of two traces is kept: the one with known threads, more memory calls, more calls, a file for each thread. */
const fullestFirst = (a: Trace, b: Trace): number =>
  isNamed(b) - isNamed(a) ||
  b.events.length - a.events.length ||
  callsIn(b) - callsIn(a) ||
  Number(b.form === 'per-thread') - Number(a.form === 'per-thread') ||
  (a.name < b.name ? -1 : 1)

/** Whether two traces may hold the same calls. Past midnight a time of day counts on, in one of them perhaps. */
function meets(a: Trace, b: Trace): boolean {
  if (a.clock.kind !== b.clock.kind) return false
  const isPastMidnight = a.clock.kind === 'time-of-day' && Math.max(a.lastTime, b.lastTime) >= DAY
  return isPastMidnight || (a.firstTime <= b.lastTime && b.firstTime <= a.lastTime)
}

const timeOf = ({ clock, events }: Trace, event: number): number =>
  clock.kind === 'unix' ? events.time(event) : events.time(event) % DAY

/** What a call did, when it names an address; else `null`. */
function whatOf({ events }: Trace, event: number): string | null {
  const { state, call, address, length1, result } = events.at(event)
  if ((state & UNFINISHED) !== 0 || !(address >= LOWEST_ADDRESS || result >= LOWEST_ADDRESS)) return null
  return `${call} ${address} ${length1} ${result}`
}

/** Takes some calls of a trace to be looked for. */
function lookAt(trace: Trace, of: number, most: number, wanted: Wanted): Looked[] {
  const { events } = trace
  const step = Math.max(1, events.length / most)
  const calls: Looked[] = []
  for (let at = 0; at < events.length; at += step) {
    const event = Math.floor(at)
    const what = whatOf(trace, event)
    const time = timeOf(trace, event)
    if (what === null || Number.isNaN(time)) continue
    const call: Looked = { of, tid: events.tid(event), seenIn: [] }
    calls.push(call)
    const then = wanted.get(time) ?? new Map<string, Looked[]>()
    wanted.set(time, then)
    const same = then.get(what)
    if (same) same.push(call)
    else then.set(what, [call])
  }
  return calls
}

/** Looks in a trace for the calls of those behind it. */
function lookInto(trace: Trace, at: number, wanted: Wanted): void {
  // Without a fraction of the second only its number tells a thread.
  const isFine = trace.clock.resolution < SECOND
  const { events } = trace
  for (let event = 0; event < events.length; event++) {
    const then = wanted.get(timeOf(trace, event))
    const what = then ? whatOf(trace, event) : null
    if (!then || what === null) continue
    const tid = events.tid(event)
    for (const { of, tid: theirs, seenIn } of then.get(what) ?? [])
      if (of > at && (theirs === tid || (isFine && (theirs === 0 || tid === 0))) && seenIn.at(-1) !== at)
        seenIn.push(at)
  }
}
