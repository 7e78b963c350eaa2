import type { Trace } from '../model/trace.ts'

/** A call that returned in this last part of the traced time was under way for all of it. */
const END = 0.05
const MICROS = 1_000_000

/**
 * Which threads stayed in one call for all of the traced time, or left no line, so that they ran nothing. A thread whose
 * only call returned before the end ran: what it does without a call no log shows.
 */
export function stayedInCall(trace: Trace): (tid: number) => boolean {
  // Of chosen calls a thread may have made others.
  if (trace.coverage !== 'all') return () => false
  const end = trace.lastTime - END * (trace.lastTime - trace.firstTime)
  const took = onlyCalls(trace)
  return (tid) => {
    const thread = trace.threads.get(tid)
    const lines = thread?.lines ?? 0
    if (thread === undefined || lines === 0) return true
    const returned = thread.lastTime + (took.get(tid) ?? Number.NaN)
    return lines === 1 && !(returned < end)
  }
}

/** Of threads with a single line, how long its call took, microseconds; those without `-T`, or that did not return, are left out. */
function onlyCalls({ statistics, threads }: Trace): ReadonlyMap<number, number> {
  const times = new Map<number, number>()
  for (let row = 0; row < statistics.length; row += 1) {
    const tid = statistics.tid[row]!
    const seconds = statistics.seconds[row]!
    if (threads.get(tid)?.lines === 1 && !Number.isNaN(seconds)) times.set(tid, seconds * MICROS)
  }
  return times
}
