/**
 * Traces that are in the evidence twice: what strace-log-merge made of the files of `-ff` and left beside them, an earlier
 * copy of a log that went on, lines that somebody grepped into a file of their own. Counted twice, every sum would double.
 */
import { turn } from '../base/turn.ts'
import { DAY, SECOND } from '../base/units.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { Trace } from '../model/trace.ts'
import { haveEachCall, isKnowable, timeOf } from './call-set.ts'

/** Calls looked at, spread over all that a trace has: of each, and of all together where there are many. */
const LOOKED_AT = 512
const LOOKED_AT_IN_ALL = 1 << 16
const LEAST_LOOKED_AT = 16
/** A smaller share of them in other traces, or a single one, is chance. */
const OVERLAPS = 0.05
/** Of so many traces that have a call is known which. */
const MOST_SEEN_IN = 8
/** Of more calls that did the same at the same time the others are not looked for. */
const MOST_ALIKE = 64
/** Calls between two turns. */
const AT_ONCE = 1 << 16

/** A call that is looked for in the traces before its own. */
interface Looked {
  /** Place of its trace. */
  readonly of: number
  readonly tid: number
  /** Places of the first traces that have it, in order. */
  readonly seenIn: number[]
}

/** By time, then by what was done; of one thread of a trace each is there once. */
type Wanted = Map<number, Map<string, Looked[]>>

/** The traces without those whose calls are all in others, which tell at least as much. */
export async function withoutCopies(traces: readonly Trace[], diagnostics: Diagnostics): Promise<Trace[]> {
  const order = traces.filter(hasTimes).sort(fullestFirst)
  if (!order.some((trace, at) => order.some((other, index) => index < at && meets(trace, other))))
    return [...traces]
  const most = Math.max(LEAST_LOOKED_AT, Math.min(LOOKED_AT, LOOKED_AT_IN_ALL / order.length))
  const wanted: Wanted = new Map()
  const looked = order.map((trace, at) => {
    const { length } = trace.events
    return lookAt(trace, at, Math.max(1, length / most), wanted)
  })
  for (const [at, trace] of order.entries())
    for (let from = 0; from < trace.events.length; from += AT_ONCE) {
      lookInto(trace, at, from, wanted)
      await turn()
    }
  const kept = new Set(traces)
  for (const [at, trace] of order.entries()) {
    const calls = looked[at]!
    // By the first that has it: lines of several logs may have been put into one.
    const found = calls.flatMap(({ seenIn }) => seenIn.find((index) => kept.has(order[index]!)) ?? [])
    const places = [...new Set(found)]
    const others = places.map((index) => order[index]!)
    const isCopy = found.length > 0 && found.length === calls.length && (await isWithin(trace, others))
    if (!isCopy && (found.length < 2 || found.length < OVERLAPS * calls.length)) continue
    for (const { name } of others)
      diagnostics.report(isCopy ? 'strace-copy' : 'strace-overlap', trace.name, null, name)
    if (isCopy) kept.delete(trace)
  }
  return traces.filter((trace) => kept.has(trace))
}

/**
 * Whether others hold all of a trace: from its first line to its last, each of its memory calls, and of the calls that are
 * only counted as many of each thread and name. Within whole seconds the same calls are made over and over, on two days
 * as well: there only what strace-log-merge made is known by its form.
 */
async function isWithin(trace: Trace, others: readonly Trace[]): Promise<boolean> {
  const byThread = [trace, ...others].every(isNamed)
  return (
    (trace.clock.resolution < SECOND || others.every((other) => isMerged(trace, other))) &&
    others.some(({ firstTime }) => firstTime <= trace.firstTime) &&
    others.some(({ lastTime }) => lastTime >= trace.lastTime) &&
    haveAsMany(trace, others, byThread) &&
    (await haveEachCall(trace, others, byThread))
  )
}

function haveAsMany(trace: Trace, others: readonly Trace[], byThread: boolean): boolean {
  const theirs = others.map((other) => callsIn(other, byThread))
  return [...callsIn(trace, byThread)].every(
    ([key, calls]) => calls <= theirs.reduce((sum, other) => sum + (other.get(key) ?? 0), 0),
  )
}

/** Calls by name, and by thread where threads are known. */
function callsIn({ statistics, strings }: Trace, byThread: boolean): Map<string, number> {
  const calls = new Map<string, number>()
  for (let row = 0; row < statistics.length; row++) {
    const key = `${byThread ? statistics.tid[row] : ''} ${strings.get(statistics.name[row]!)}`
    calls.set(key, (calls.get(key) ?? 0) + statistics.calls[row]!)
  }
  return calls
}

const hasTimes = ({ clock, events }: Trace): boolean =>
  events.length > 0 && (clock.kind === 'unix' || clock.kind === 'time-of-day')

const callsOf = ({ threads }: Trace): number =>
  [...threads.values()].reduce((sum, { calls }) => sum + calls, 0)
const isNamed = ({ threads }: Trace): boolean => !threads.has(0)

/** Whether one may be the files of the other in one, as strace-log-merge writes them: with the thread in each line. */
const isMerged = (a: Trace, b: Trace): boolean =>
  isNamed(a) && isNamed(b) && (a.form === 'per-thread') !== (b.form === 'per-thread')

/** Which of two traces is kept: the one with known threads, more memory calls, more calls, a file for each thread. */
const fullestFirst = (a: Trace, b: Trace): number =>
  Number(isNamed(b)) - Number(isNamed(a)) ||
  b.events.length - a.events.length ||
  callsOf(b) - callsOf(a) ||
  Number(b.form === 'per-thread') - Number(a.form === 'per-thread') ||
  (a.name < b.name ? -1 : 1)

/** Whether two traces may hold the same calls. Past midnight a time of day counts on, in one of them perhaps. */
function meets(a: Trace, b: Trace): boolean {
  if (a.clock.kind !== b.clock.kind) return false
  const isPastMidnight = a.clock.kind === 'time-of-day' && Math.max(a.lastTime, b.lastTime) >= DAY
  return isPastMidnight || (a.firstTime <= b.lastTime && b.firstTime <= a.lastTime)
}

/** What a call did, when it names an address; else `null`. */
function whatOf(trace: Trace, event: number): string | null {
  if (!isKnowable(trace, event)) return null
  const { call, address, length1, result } = trace.events.at(event)
  return `${call} ${address} ${length1} ${result}`
}

/** Takes some calls of a trace, each `step` behind the one before, to be looked for. */
function lookAt(trace: Trace, of: number, step: number, wanted: Wanted): Looked[] {
  const { events } = trace
  const calls: Looked[] = []
  for (let at = 0; at < events.length; at += step) {
    const event = Math.floor(at)
    const what = whatOf(trace, event)
    const time = timeOf(trace, event)
    if (what === null || Number.isNaN(time)) continue
    const tid = events.tid(event)
    const then = wanted.get(time) ?? new Map<string, Looked[]>()
    wanted.set(time, then)
    const same = then.get(what) ?? []
    then.set(what, same)
    if (same.length === MOST_ALIKE || same.some((call) => call.of === of && call.tid === tid)) continue
    const call: Looked = { of, tid, seenIn: [] }
    calls.push(call)
    same.push(call)
  }
  return calls
}

/** Looks among calls of a trace, from one on, for those of the traces behind it. */
function lookInto(trace: Trace, at: number, from: number, wanted: Wanted): void {
  // Without a fraction of the second only its number tells a thread.
  const isFine = trace.clock.resolution < SECOND
  const { events } = trace
  const end = Math.min(events.length, from + AT_ONCE)
  for (let event = from; event < end; event++) {
    const then = wanted.get(timeOf(trace, event))
    const what = then ? whatOf(trace, event) : null
    if (!then || what === null) continue
    const tid = events.tid(event)
    for (const call of then.get(what) ?? [])
      if (call.of > at && isSameThread(tid, call.tid, isFine) && isNew(call.seenIn, at)) call.seenIn.push(at)
  }
}

/** 0 is a thread whose number the log does not tell. */
const isSameThread = (a: number, b: number, isFine: boolean): boolean =>
  a === 0 || b === 0 ? isFine : a === b

const isNew = (seenIn: readonly number[], at: number): boolean =>
  seenIn.length < MOST_SEEN_IN && seenIn.at(-1) !== at
