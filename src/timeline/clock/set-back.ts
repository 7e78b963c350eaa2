import { SECOND } from '../../base/units.ts'
import type { Diagnostics } from '../../model/diagnostics.ts'
import type { CallForms, Trace } from '../../model/trace.ts'

/** A thread's calls are written in order; smaller steps back are rounding and NTP slewing. */
const LEAST = SECOND

/** Calls looked at at once. */
const STEP = 4096

/** Reports every place at which one thread's own times run backwards: someone set the clock, or summer time ended. */
export function reportSetBacks(trace: Trace, diagnostics: Diagnostics): void {
  const { events } = trace
  const { threadOf, threads } = numberThreads(events.forms)
  const last = new Float64Array(threads).fill(Number.NaN)
  const forms = new Int32Array(STEP)
  const times = new Float64Array(STEP)
  for (let from = 0; from < events.length; from += STEP) {
    const count = events.readForms(from, forms)
    events.readTimes(from, times)
    for (let k = 0; k < count; k++) {
      const thread = threadOf[forms[k]!]!
      const time = times[k]!
      const step = last[thread]! - time
      if (step >= LEAST) report(trace, from + k, step, diagnostics)
      if (!Number.isNaN(time)) last[thread] = time
    }
  }
}

function report({ name, files, events }: Trace, event: number, step: number, diagnostics: Diagnostics): void {
  const file = files[events.file(event)]?.path ?? name
  diagnostics.report('trace-clock-set-back', file, events.line(event), `${Math.round(step / SECOND)} s`)
}

/** Numbers from 0 for the threads of all forms. */
function numberThreads({ length, tid }: CallForms): {
  readonly threadOf: Int32Array
  readonly threads: number
} {
  const numbers = new Map<number, number>()
  const threadOf = new Int32Array(length)
  for (let form = 0; form < length; form++) {
    const known = numbers.get(tid[form]!)
    threadOf[form] = known ?? numbers.size
    if (known === undefined) numbers.set(tid[form]!, numbers.size)
  }
  return { threadOf, threads: numbers.size }
}
