import { SECOND } from '../../base/units.ts'
import type { Diagnostics } from '../../model/diagnostics.ts'
import type { CallForms, Trace } from '../../model/trace.ts'

/** A thread's calls are written in order; smaller steps back are rounding and NTP slewing. */
const LEAST = SECOND

/** Calls looked at at once. */
export const STEP = 4096

/** What one look at all times tells. */
export interface TimeSurvey {
  /** How many calls of each form carry a time. */
  readonly stamped: Uint32Array
  /** Least and greatest time of each `STEP` calls. */
  readonly earliest: Float64Array
  readonly latest: Float64Array
}

/**
 * Looks at all times of a log once. Reports every place at which one thread's own times run backwards: someone set the
 * clock, or summer time ended.
 */
export function surveyTimes(trace: Trace, diagnostics: Diagnostics): TimeSurvey {
  const { events } = trace
  const { threadOf, threads } = numberThreads(events.forms)
  const last = new Float64Array(threads).fill(Number.NaN)
  const stamped = new Uint32Array(events.forms.length)
  const steps = Math.ceil(events.length / STEP)
  const earliest = new Float64Array(steps).fill(Number.POSITIVE_INFINITY)
  const latest = new Float64Array(steps).fill(Number.NEGATIVE_INFINITY)
  const forms = new Int32Array(STEP)
  const times = new Float64Array(STEP)
  for (let step = 0; step < steps; step++) {
    const count = events.readForms(step * STEP, forms)
    events.readTimes(step * STEP, times)
    let least = Number.POSITIVE_INFINITY
    let most = Number.NEGATIVE_INFINITY
    for (let k = 0; k < count; k++) {
      const time = times[k]!
      if (Number.isNaN(time)) continue
      const thread = threadOf[forms[k]!]!
      const back = last[thread]! - time
      if (back >= LEAST) report(trace, step * STEP + k, back, diagnostics)
      last[thread] = time
      stamped[forms[k]!]! += 1
      if (time < least) least = time
      if (time > most) most = time
    }
    earliest[step] = least
    latest[step] = most
  }
  return { stamped, earliest, latest }
}

function report({ name, files, events }: Trace, event: number, back: number, diagnostics: Diagnostics): void {
  const file = files[events.file(event)]?.path ?? name
  diagnostics.report('trace-clock-set-back', file, events.line(event), `${Math.round(back / SECOND)} s`)
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
