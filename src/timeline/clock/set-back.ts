import { SECOND } from '../../base/units.ts'
import type { Diagnostics } from '../../model/diagnostics.ts'
import type { Trace } from '../../model/trace.ts'

/** A thread's calls are written in order; smaller steps back are rounding and NTP slewing. */
const LEAST = SECOND

/** Reports every place at which one thread's own times run backwards: someone set the clock, or summer time ended. */
export function reportSetBacks(trace: Trace, diagnostics: Diagnostics): void {
  const { events } = trace
  const last = new Map<number, number>()
  for (let at = 0; at < events.length; at++) {
    const time = events.time(at)
    if (Number.isNaN(time)) continue
    const tid = events.tid(at)
    const before = last.get(tid)
    if (before !== undefined && before - time >= LEAST) {
      const file = trace.files[events.file(at)]?.path ?? trace.name
      diagnostics.report(
        'trace-clock-set-back',
        file,
        events.line(at),
        `${Math.round((before - time) / SECOND)} s`,
      )
    }
    last.set(tid, time)
  }
}
