/** Of very many events, those that the document tells of. */
import type { TimelineEvent } from '../../model/timeline.ts'
import type { Omissions } from './omissions.ts'

/** What an incident is told by comes first; a process that is seen for the first or last time says least. */
const RANK: Readonly<Record<TimelineEvent['kind'], number>> = {
  kill: 0,
  restart: 1,
  'clock-step': 2,
  'cut-snapshot': 2,
  absent: 3,
  gap: 3,
  start: 4,
  end: 4,
}

/** As many as there is room for, in the order of the time line. */
export const toldEvents = (
  events: readonly TimelineEvent[],
  omissions: Omissions,
): readonly TimelineEvent[] =>
  omissions.keep('events', events, () => [...events].sort((a, b) => RANK[a.kind] - RANK[b.kind]))
