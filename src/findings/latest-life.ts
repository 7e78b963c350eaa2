/** Which process to ask next: a command for one that has ended finds nobody, its restart does the same again. */
import type { Pid } from '../base/units.ts'
import type { Segment, Timeline } from '../model/timeline.ts'

/** The last restart of this process that the evidence shows; itself where there is none. */
export function latestLife({ processes }: Pick<Timeline, 'processes'>, pid: Pid): Pid {
  const next = processes.find(({ restartOf }) => restartOf === pid)
  return next ? latestLife({ processes }, next.pid) : pid
}

/** Whether a restart ended what this segment shows, under another pid or the same: nothing of it goes on. */
export const isOver = (timeline: Timeline, { pid, to }: Segment): boolean =>
  latestLife(timeline, pid) !== pid ||
  timeline.events.some(
    (event) => event.kind === 'restart' && event.pid === pid && event.from !== null && event.from >= to,
  )
