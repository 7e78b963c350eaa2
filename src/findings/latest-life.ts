/** Which process to ask next: a command for one that has ended finds nobody, its restart does the same again. */
import type { Pid } from '../base/units.ts'
import { nextLifeSeen } from '../model/next-life.ts'
import type { Segment, Timeline } from '../model/timeline.ts'

/** Of one time line, the restart of each process: every finding asks. */
const KNOWN = new WeakMap<Timeline['processes'], ReadonlyMap<Pid, Pid>>()

function restartsIn(processes: Timeline['processes']): ReadonlyMap<Pid, Pid> {
  const known = KNOWN.get(processes)
  if (known) return known
  const restarts = new Map<Pid, Pid>()
  for (const { restartOf, pid } of processes)
    if (restartOf !== null && !restarts.has(restartOf)) restarts.set(restartOf, pid)
  KNOWN.set(processes, restarts)
  return restarts
}

/** The last restart of this process that the evidence shows; itself where there is none. */
export function latestLife({ processes }: Pick<Timeline, 'processes'>, pid: Pid): Pid {
  const restarts = restartsIn(processes)
  let latest = pid
  for (let next = restarts.get(pid); next !== undefined; next = restarts.get(next)) latest = next
  return latest
}

/** When a restart of what this segment shows was first seen; `null` where none was. */
export const restartSeen = ({ processes, events }: Timeline, { pid, to }: Segment): number | null =>
  nextLifeSeen<number>(
    processes.filter(({ restartOf }) => restartOf === pid).map(({ snapshots }) => snapshots[0]?.time ?? null),
    events,
    pid,
    to,
  )
