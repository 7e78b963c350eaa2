/** Which process to ask next: a command for one that has ended finds nobody, the next of its program does the same again. */
import type { Pid } from '../base/units.ts'
import { type NextLife, nextLifeSeen } from '../model/next-life.ts'
import type { Segment, Timeline } from '../model/timeline.ts'

/** Of one time line, the one that came after each process: every finding asks. */
const KNOWN = new WeakMap<Timeline['processes'], ReadonlyMap<Pid, Pid>>()

function successorsIn(processes: Timeline['processes']): ReadonlyMap<Pid, Pid> {
  const known = KNOWN.get(processes)
  if (known) return known
  const successors = new Map<Pid, Pid>()
  for (const { restartOf, pid } of processes)
    if (restartOf !== null && !successors.has(restartOf)) successors.set(restartOf, pid)
  KNOWN.set(processes, successors)
  return successors
}

/** The last of those that came after this process; itself where there is none. */
export function latestLife({ processes }: Pick<Timeline, 'processes'>, pid: Pid): Pid {
  const successors = successorsIn(processes)
  let latest = pid
  for (let next = successors.get(pid); next !== undefined; next = successors.get(next)) latest = next
  return latest
}

/** The life that was first seen after what this segment shows was gone; `null` where none was. */
export const nextLifeOf = ({ processes, events }: Timeline, { pid, to }: Segment): NextLife<number> | null =>
  nextLifeSeen<number>(
    processes
      .filter(({ restartOf }) => restartOf === pid)
      .map((process) => ({ pid: process.pid, seen: process.snapshots[0]?.time ?? null })),
    events,
    pid,
    to,
  )
