/**
 * Growth that had ended when the same process is seen again after a time without snapshots: had it gone on, far more
 * memory would be there. No trend runs across such a gap, but the levels on both sides of it are known.
 */
import { formatBytes, formatMoment, formatSignedBytes } from '../base/format.ts'
import { HOUR } from '../base/units.ts'
import type { Sentence } from '../model/sentence.ts'
import type { SnapshotSummary, Timeline, TimelineEvent } from '../model/timeline.ts'
import { usableIn } from './coverage.ts'
import { type Growth, levelOf } from './growth.ts'
import { say } from './words/say.ts'

export interface Ended {
  /** The first snapshot after the gap. */
  readonly at: number
  readonly rose: number
  /** What the growth would have added in the gap, by the low end of its rate. */
  readonly expected: number
}

/** A program that pauses in the gap, at night for instance, still adds a good part of it. */
const WENT_ON = 0.1

/** How a growth ended in the gap after it; `null` where it may have gone on, or nothing tells. */
export function endedOf(growth: Growth, timeline: Timeline): Ended | null {
  const { process, segment, low } = growth
  const next = process.segments.find(({ index }) => index === segment.index + 1)
  const last = usableIn(process, segment).at(-1)
  const after = next && usableIn(process, next)[0]
  if (!last || !after || low === null || !isGap(timeline, last, after)) return null
  const rose = heldIn(after, growth) - heldIn(last, growth)
  const expected = (low * (after.time - last.time)) / HOUR
  return expected >= growth.grown && expected >= growth.detectionLimit && rose < WENT_ON * expected
    ? { at: after.time, rose, expected }
    : null
}

/** What was swapped out in the gap is still there. */
const heldIn = (snapshot: SnapshotSummary, { kinds, quantity }: Growth): number =>
  levelOf(snapshot, kinds, quantity) + (quantity === 'rss' ? levelOf(snapshot, kinds, 'swap') : 0)

/** Whether only snapshots are missing between two of them, and it is the same life of the process. */
function isGap({ events }: Timeline, before: SnapshotSummary, after: SnapshotSummary): boolean {
  const between = events.filter((event) => event.pid === before.pid && touches(event, before, after))
  const kinds = between.map(({ kind }) => kind)
  return kinds.includes('gap') && !kinds.some((kind) => ANOTHER_LIFE.includes(kind))
}

const ANOTHER_LIFE: readonly TimelineEvent['kind'][] = ['restart', 'start', 'end', 'kill', 'absent']

const touches = ({ from, to }: TimelineEvent, before: SnapshotSummary, after: SnapshotSummary): boolean =>
  from !== null && to !== null && from < after.time && to > before.time

export function endedWords({ at, rose, expected }: Ended, growth: Growth): Sentence {
  const moment = formatMoment(at, growth.from)
  return say(
    `It has ended since: the next snapshot, at ${moment}, shows ${formatSignedBytes(Math.round(rose))} where ${formatBytes(expected)} more would have come.`,
    `此后已经停止：下一个快照（${moment}）的变化为 ${formatSignedBytes(Math.round(rose))}，而按此速率应再增加 ${formatBytes(expected)}。`,
  )
}
