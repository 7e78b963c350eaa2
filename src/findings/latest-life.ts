/** Which process to ask next: a command for one that has ended finds nobody, its restart does the same again. */
import type { Pid } from '../base/units.ts'
import { nextLifeSeen } from '../model/next-life.ts'
import type { Segment, Timeline } from '../model/timeline.ts'

/** The last restart of this process that the evidence shows; itself where there is none. */
export function latestLife({ processes }: Pick<Timeline, 'processes'>, pid: Pid): Pid {
  const next = processes.find(({ restartOf }) => restartOf === pid)
  return next ? latestLife({ processes }, next.pid) : pid
}

/** When a restart of what this segment shows was first seen; `null` where none was. */
export const restartSeen = ({ processes, events }: Timeline, { pid, to }: Segment): number | null =>
  nextLifeSeen<number>(
    processes.filter(({ restartOf }) => restartOf === pid).map(({ snapshots }) => snapshots[0]?.time ?? null),
    events,
    pid,
    to,
  )
