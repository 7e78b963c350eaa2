/** A process that is not seen any more while the capture goes on: what it did before does not simply go on. */
import { greatest } from '../base/extremes.ts'
import { formatMoment } from '../base/format.ts'
import type { Facts } from '../model/facts.ts'
import type { Sentence } from '../model/sentence.ts'
import type { ProcessTimeline, Segment, Timeline } from '../model/timeline.ts'
import { say } from './words/say.ts'

export interface LastSeen {
  readonly at: number
  /** When the capture shows something for the last time. */
  readonly captureEnd: number
}

/** A snapshot or two that are not there say nothing: collectors miss some. */
const MISSED = 3

/**
 * When a process was seen last, in its last segment; `null` for earlier ones, and where it is seen until the capture ends,
 * but for a few of its usual intervals.
 */
export function lastSeenOf(
  { timeline, attribution }: Pick<Facts, 'timeline' | 'attribution'>,
  process: ProcessTimeline,
  segment: Segment,
): LastSeen | null {
  const last = process.snapshots.at(-1)
  if (!last || segment !== process.segments.at(-1)) return null
  const traced = attribution.windows.filter(({ pids }) => pids.includes(process.pid)).map(({ to }) => to ?? 0)
  const at = greatest([last.time, ...traced])
  const captureEnd = endOf(timeline)
  const usual = usualInterval(process, segment)
  return usual !== null && captureEnd - at > MISSED * usual ? { at, captureEnd } : null
}

/** By time line: every growth asks. */
const ENDS = new WeakMap<Timeline, number>()

/** Empty snapshots show that the capture goes on, too. */
function endOf(timeline: Timeline): number {
  const known = ENDS.get(timeline)
  if (known !== undefined) return known
  const end = greatest([
    ...timeline.processes.map(({ snapshots }) => snapshots.at(-1)?.time ?? 0),
    ...timeline.events.filter(({ kind }) => kind === 'absent').map(({ to }) => to ?? 0),
  ])
  ENDS.set(timeline, end)
  return end
}

/** The middle one of the intervals between the snapshots of a segment; `null` for a single snapshot. */
function usualInterval(process: ProcessTimeline, segment: Segment): number | null {
  const seen = process.snapshots.slice(segment.first, segment.last + 1)
  const intervals = seen.slice(1).map(({ time }, before) => time - seen[before]!.time)
  return intervals.sort((a, b) => a - b)[intervals.length >> 1] ?? null
}

/** Why is not known: a process may have ended, or somebody may have taken it off a list. */
export function lastSeenWords({ at, captureEnd }: LastSeen): Sentence {
  const [last, end] = [formatMoment(at, captureEnd), formatMoment(captureEnd, at)]
  return say(
    `Nothing shows the process after ${last}, while the capture goes on until ${end}: it ended, or was not collected any more.`,
    `${last} 之后再没有该进程的记录，而采集持续到 ${end}：它已结束，或不再被采集。`,
  )
}
