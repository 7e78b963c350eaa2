/** A process that is not seen any more while the capture goes on: what it did before does not simply go on. */
import { greatest } from '../base/extremes.ts'
import { formatMoment } from '../base/format.ts'
import { pid as asPid, type Pid, SECOND } from '../base/units.ts'
import type { Attribution } from '../model/attribution.ts'
import type { Facts } from '../model/facts.ts'
import type { Measures } from '../model/finding.ts'
import type { Sentence } from '../model/sentence.ts'
import type { ProcessTimeline, Segment, Timeline } from '../model/timeline.ts'
import { nextLifeOf } from './latest-life.ts'
import { saidOf } from './said.ts'
import { say } from './words/say.ts'

export interface LastSeen {
  readonly at: number
  /** When the capture shows something for the last time. */
  readonly captureEnd: number
  /** When the kernel log says that it was killed for memory since. */
  readonly killedAt: number | null
}

/** A snapshot or two that are not there say nothing: collectors miss some. */
const MISSED = 3

/**
 * When a process was seen last; `null` where another life followed under its pid, and where it is seen until the capture
 * ends, but for a few of its usual intervals.
 */
export function lastSeenOf(
  { timeline, attribution }: Pick<Facts, 'timeline' | 'attribution'>,
  process: ProcessTimeline,
  segment: Segment,
): LastSeen | null {
  const last = process.snapshots.at(-1)
  const latest = process.segments.at(-1)
  if (!last || !latest) return null
  if (segment !== latest && nextLifeOf(timeline, segment)?.pid === process.pid) return null
  const at = Math.max(last.time, tracedUntil(attribution, process.pid))
  const captureEnd = greatest([endOf(timeline), ...attribution.windows.map(({ to }) => to ?? 0)])
  const usual = greatest([segment, latest].map((one) => usualInterval(process, one)))
  if (usual < 0 || captureEnd - at <= MISSED * usual) return null
  const killed = timeline.events.find(
    ({ kind, pid, from }) => kind === 'kill' && pid === process.pid && from !== null && from >= last.time,
  )
  return { at, captureEnd, killedAt: killed?.from ?? null }
}

/** When calls show it last: where the trace saw it end, its end, else that of the trace, in which it may have been silent. */
function tracedUntil(attribution: Attribution, pid: Pid): number {
  const { threads, windows } = saidOf(attribution, pid)
  const ends = threads.map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY)
  const until = greatest(windows.map(({ to }) => to ?? Number.NEGATIVE_INFINITY))
  return ends.length > 0 ? Math.min(until, greatest(ends)) : until
}

/** Of snapshots, by time line: every growth asks. */
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

/** The middle one of the intervals between the snapshots of a segment; less than 0 for a single snapshot. */
function usualInterval(process: ProcessTimeline, segment: Segment): number {
  const seen = process.snapshots.slice(segment.first, segment.last + 1)
  const intervals = seen.slice(1).map(({ time }, before) => time - seen[before]!.time)
  return intervals.sort((a, b) => a - b)[intervals.length >> 1] ?? -1
}

/** Unless it was killed, why is not known: a process may have ended, or somebody may have taken it off a list. */
export function lastSeenWords({ at, captureEnd, killedAt }: LastSeen): Sentence {
  const [last, end] = [formatMoment(at, captureEnd), formatMoment(captureEnd, at)]
  const killed = killedAt === null ? null : formatMoment(killedAt, at)
  const why =
    killed === null
      ? say('it ended, or was not collected any more', '它已结束，或不再被采集')
      : say(`the kernel killed it for memory at ${killed}`, `内核于 ${killed} 因内存将其杀死`)
  return say(
    `Nothing shows the process after ${last}, while the capture goes on until ${end}: ${why.en}.`,
    `${last} 之后再没有该进程的记录，而采集持续到 ${end}：${why.zh}。`,
  )
}

/** How long the capture goes on without the process. */
export const lastSeenMeasures = ({ at, captureEnd }: LastSeen): Measures['more'] => ({
  notSeenSeconds: Math.round((captureEnd - at) / SECOND),
})

/** A process that is not seen any more is asked for by its name, where that is known: its next one has another pid. */
export const askedAs = <T extends { readonly pid: Pid; readonly program: string | null }>(
  target: T,
  lastSeen: LastSeen | null,
): T => (lastSeen !== null && target.program !== null ? { ...target, pid: BY_NAME } : target)

const BY_NAME = asPid(0)
