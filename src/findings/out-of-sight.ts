/**
 * Memory that calls show to be kept, at a rate that the snapshots are too coarse to see: another thread's healthy rise
 * and fall hides it. Neither a leak nor health can be claimed then. Where snapshots would have shown it and do not, it
 * has ended, and they are right.
 */
import { HOUR, MIB, type Micros } from '../base/units.ts'
import type { Attribution, Mechanism, MechanismAccount, ThreadAttribution } from '../model/attribution.ts'
import type { ProcessTimeline, Segment } from '../model/timeline.ts'
import { accountsOf, tracedSpan } from './accounts.ts'
import { isForgotten, keepsRising } from './calls-only.ts'
import { chunkAllocator } from './claims.ts'
import { type Growth, growthOf } from './growth.ts'
import { seenGrowth } from './seen-growth.ts'

export interface OutOfSight {
  readonly thread: ThreadAttribution
  readonly bytes: number
  readonly count: number
  /** Traced time. */
  readonly span: number
  readonly perHour: number
  /** Growth over `judged` that snapshots would have shown. */
  readonly limit: number
  readonly judged: number
}

const MECHANISMS: readonly Mechanism[] = ['mmap-anon', 'mremap']
/** What the trend takes for growth at the least, whatever its noise. */
const LEAST = MIB
/** A thread that gave back as much from before the trace has blocks that merely live longer than it. */
const MOSTLY_KEPT = 0.5

/** The most that one thread keeps without the snapshots being able to tell; `null` where there is no such thread. */
export function outOfSight(
  attribution: Attribution,
  process: ProcessTimeline,
  segment: Segment,
): OutOfSight | null {
  const { pid } = process
  const growth = growthOf(process, segment, 'anonymous', 'rss')
  const trend = growth?.trends[0]
  const accounts = accountsOf(attribution, pid, MECHANISMS)
  const span = tracedSpan(accounts, growth && seenGrowth(growth, attribution))
  if (!growth || !trend || span <= 0 || chunkAllocator(attribution, pid) !== null) return null
  if (!reachesInto(accounts, trend.from)) return null
  const judged = trend.to - trend.from
  const found = attribution.threads
    .filter((thread) => thread.pid === pid)
    .map((thread) => keptBy(thread, span))
    .filter(({ bytes }) => staysUnseen((bytes * judged) / span, growth))
    .sort((a, b) => b.bytes - a.bytes)[0]
  return found
    ? { ...found, span, perHour: (found.bytes * HOUR) / span, limit: growth.detectionLimit, judged }
    : null
}

const reachesInto = (accounts: readonly MechanismAccount[], from: Micros): boolean =>
  accounts.some(({ to }) => to !== null && to > from)

const staysUnseen = (expected: number, growth: Growth): boolean =>
  expected >= LEAST && expected < growth.detectionLimit

function keptBy(thread: ThreadAttribution, span: number): Pick<OutOfSight, 'thread' | 'bytes' | 'count'> {
  const forgotten = thread.activities.filter(
    (activity) => MECHANISMS.includes(activity.mechanism) && isForgotten(activity, span),
  )
  const bytes = forgotten.reduce((sum, { neverBytes }) => sum + neverBytes, 0)
  const kept = keepsRising(thread) && thread.memory.netBytes >= MOSTLY_KEPT * bytes
  return {
    thread,
    bytes: kept ? bytes : 0,
    count: forgotten.reduce((sum, { never }) => sum + never, 0),
  }
}
