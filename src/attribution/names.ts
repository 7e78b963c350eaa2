import { leafOf } from '../base/path-parts.ts'
import type { ThreadAttribution } from '../model/attribution.ts'
import type { SideEvidence } from '../model/side-evidence.ts'
import type { Trace } from '../model/trace.ts'
import { visitCalls } from '../model/visit-calls.ts'
import { CALL } from '../strace/effects/phases.ts'

export interface ThreadName {
  readonly name: string | null
  readonly source: ThreadAttribution['nameSource']
}

const SET_NAME = CALL['set-name']

/** TASK_COMM_LEN − 1: what the kernel keeps of a program's name. */
const COMM = 15

/**
 * Names as the log itself gives them: prctl first, then what strace printed, then the program that was executed, then
 * what other evidence says. A thread that was named before the trace began has none.
 */
export function threadNames(trace: Trace, side: SideEvidence): (tid: number, pid: number) => ThreadName {
  const { events, strings } = trace
  const byPrctl = new Map<number, string>()
  const byExec = new Map<number, string>()
  const { forms } = events
  visitCalls(
    events,
    (form) => forms.state[form] === 0 && (forms.call[form] === SET_NAME || forms.call[form] === CALL.execve),
    (event) => {
      const text = strings.get(events.name(event))
      if (text === '') return
      const { tid, call } = events.at(event)
      if (call === SET_NAME) byPrctl.set(tid, text)
      else {
        byExec.set(tid, leafOf(text).slice(0, COMM))
        byPrctl.delete(tid)
      }
    },
  )
  return (tid, pid) => {
    const named = byPrctl.get(tid)
    if (named !== undefined) return { name: named, source: 'prctl' }
    const printed = trace.threads.get(tid)?.name ?? null
    if (printed !== null) return { name: printed, source: 'strace -Y' }
    const executed = byExec.get(tid)
    if (executed !== undefined) return { name: executed, source: 'exec' }
    const beside = side.threadNames.find((row) => row.tid === tid && (row.pid === null || row.pid === pid))
    if (beside !== undefined) return { name: beside.name, source: 'side-evidence' }
    return { name: null, source: 'none' }
  }
}
