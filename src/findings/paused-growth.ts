/**
 * Growth that did not go on at its rate through the time without snapshots after it, or since: the levels on both sides of
 * such a gap are known, though no trend runs across it. It may have ended, or paused until the load comes back: only snapshots
 * from then on tell, if they cover as much time as the growth took.
 */
import { formatBytes, formatDuration, formatMoment, formatSignedBytes } from '../base/format.ts'
import { HOUR } from '../base/units.ts'
import type { Sentence } from '../model/sentence.ts'
import type { ProcessTimeline, Segment, SnapshotSummary, Timeline, TimelineEvent } from '../model/timeline.ts'
import { usableIn } from './coverage.ts'
import { type Growth, levelOf } from './growth.ts'
import type { FindingDraft } from './rule.ts'
import { paragraph, say } from './words/say.ts'

export interface Paused {
  /** The first snapshot after the gap. */
  readonly at: number
  readonly rose: number
  /** What the growth would have added in the gap, by the low end of its rate. */
  readonly expected: number
  /** The last snapshot of this life of the process. */
  readonly last: SnapshotSummary
  /** Time with snapshots since the gap, and what it brought. */
  readonly watched: number
  readonly roseSince: number
  /** Whether that is time enough to say that it does not go on, and it did not. */
  readonly settled: boolean
}

/** A program that pauses in the gap, at night for instance, still adds a good part of it. */
const WENT_ON = 0.1

/**
 * What is known after the gap behind a growth; `null` where it may have gone on all the time, or nothing tells. What came
 * in the gap does not matter where snapshots since then show that it does not go on.
 */
export function pausedOf(growth: Growth, timeline: Timeline): Paused | null {
  const { process, segment, low } = growth
  const before = usableIn(process, segment).at(-1)
  const since = segmentsSince(process, segment, timeline)
  const [after, last] = [since[0]?.[0], since.at(-1)?.at(-1)]
  if (!before || !after || !last || low === null) return null
  const rose = heldIn(after, growth) - heldIn(before, growth)
  const expected = (low * (after.time - before.time)) / HOUR
  const watched = since.reduce((sum, seen) => sum + (seen.at(-1)!.time - seen[0]!.time), 0)
  const roseSince = heldIn(last, growth) - heldIn(after, growth)
  const long = watched >= growth.to - (growth.onset ?? growth.from)
  const settled = watched > 0 && long && roseSince < (WENT_ON * low * watched) / HOUR
  const told = expected >= growth.grown && expected >= growth.detectionLimit
  if (!settled && (!told || rose >= WENT_ON * expected)) return null
  return { at: after.time, rose, expected, last, watched, roseSince, settled }
}

/** Usable snapshots of each later segment of the same life, the first of them after a gap. */
function segmentsSince(
  process: ProcessTimeline,
  segment: Segment,
  timeline: Timeline,
): readonly (readonly SnapshotSummary[])[] {
  const since: SnapshotSummary[][] = []
  let last = usableIn(process, segment).at(-1)
  for (const next of process.segments.slice(segment.index + 1)) {
    const seen = usableIn(process, next)
    const first = seen[0]
    if (!last || !first || !sameLife(timeline, last, first, since.length === 0 ? ['gap'] : CUTS)) break
    since.push(seen)
    last = seen.at(-1)
  }
  return since
}

/** What was swapped out in the gap is still there. */
const heldIn = (snapshot: SnapshotSummary, { kinds, quantity }: Growth): number =>
  levelOf(snapshot, kinds, quantity) + (quantity === 'rss' ? levelOf(snapshot, kinds, 'swap') : 0)

type EventKind = TimelineEvent['kind']

const CUTS: readonly EventKind[] = ['gap', 'clock-step']
const ANOTHER_LIFE: readonly EventKind[] = ['restart', 'start', 'end', 'kill', 'absent']

/** Whether one of these cuts is all that lies between two snapshots, and it is the same life of the process. */
function sameLife(
  { events }: Timeline,
  before: SnapshotSummary,
  after: SnapshotSummary,
  cuts: readonly EventKind[],
): boolean {
  const between = events.filter((event) => event.pid === before.pid && touches(event, before, after))
  const kinds = between.map(({ kind }) => kind)
  return kinds.some((kind) => cuts.includes(kind)) && !kinds.some((kind) => ANOTHER_LIFE.includes(kind))
}

const touches = ({ from, to }: TimelineEvent, before: SnapshotSummary, after: SnapshotSummary): boolean =>
  from !== null && to !== null && from < after.time && to > before.time

/** What a growth rule says of its growth where that is settled: without it, a title would say that it goes on. */
export const settledWords = (action: Sentence): NonNullable<FindingDraft['instead']> => ({
  title: say('Memory grew and then did not go on growing', '内存曾经增长，此后没有继续'),
  why: say(
    'Caches, pools and heaps grow until they hold what the work needs, and stay. A leak goes on as long as the work does: where snapshots after a pause cover as much time as the growth took and show no more of it, this is no leak, unless the work itself has ended.',
    '缓存、内存池和堆会增长到满足工作所需为止，然后保持不变。泄漏则会随工作一直持续：如果停顿之后的快照覆盖了与增长同样长的时间而没有再增长，这就不是泄漏，除非工作本身已经结束。',
  ),
  action,
})

export function pausedWords(paused: Paused, growth: Growth): Sentence {
  const moment = formatMoment(paused.at, growth.from)
  const [rose, expected] = [formatSignedBytes(Math.round(paused.rose)), formatBytes(paused.expected)]
  return paragraph(
    say(
      `The time without snapshots that follows, until ${moment}, brought ${rose} where at this rate ${expected} would have come.`,
      `此后到 ${moment} 之间没有快照，其间的变化为 ${rose}，而按此速率应增加 ${expected}。`,
    ),
    sinceWords(paused),
  )
}

function sinceWords({ watched, roseSince, settled }: Paused): Sentence {
  if (watched <= 0)
    return say(
      'Whether it goes on is not known: no snapshots follow that one.',
      '是否会继续尚不清楚：其后再没有快照。',
    )
  const [time, rose] = [formatDuration(watched), formatSignedBytes(Math.round(roseSince))]
  return settled
    ? say(
        `It did not go on in the ${time.en} of snapshots since then: ${rose}.`,
        `在其后有快照的 ${time.zh}内没有继续：${rose}。`,
      )
    : say(
        `Whether it goes on is not known: snapshots cover ${time.en} since then, with ${rose}.`,
        `是否会继续尚不清楚：其后的快照只覆盖 ${time.zh}，变化为 ${rose}。`,
      )
}
