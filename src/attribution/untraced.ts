import { least } from '../base/extremes.ts'
import { kindIndex } from '../model/mapping-kind.ts'
import type { SideEvidence } from '../model/side-evidence.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { TraceReplay } from './trace-replay.ts'

const THREAD_STACK = kindIndex('thread-stack')

/**
 * Threads of a process that the trace does not cover, at least; `null` when nothing tells. A list of threads beside the
 * trace tells; so do stacks that every snapshot shows while a single thread was traced. With -ff each thread has a log
 * of its own, empty where it made no call: a thread that a call started and that has none is missing, and where that of
 * the first is, others may be. Several threads in one log mean -f, which covers them all: stacks beyond their number may
 * be idle ones in the C library's cache.
 */
export function untracedThreads(
  pid: number,
  traced: TraceReplay,
  snapshots: readonly Snapshot[],
  side: SideEvidence,
): number | null {
  const listed = listedThreads(pid, side)
  if (listed.length > 0) return listed.filter((row) => !traced.trace.threads.has(row.tid)).length
  if (traced.trace.form === 'per-thread') return withoutLog(pid, traced) + (traced.lives.has(pid) ? 0 : 1)
  return coversAll(pid, traced) ? 0 : stacksInAll(snapshots)
}

/**
 * Threads that a call started and that have no log, at least. A call in another PID namespace tells a number that no log
 * bears: then a log begins after it that nobody started.
 */
function withoutLog(pid: number, traced: TraceReplay): number {
  const { trace, lives, offset } = traced
  const own = tracedThreads(pid, traced)
  const missing = own.filter((tid) => !trace.threads.has(tid))
  const earliest = least(missing.map((tid) => lives.get(tid)?.createdAt ?? Number.NaN))
  const unborn = own.filter((tid) => {
    const log = trace.threads.get(tid)
    return log !== undefined && lives.get(tid)?.createdAt === null && log.firstTime + offset >= earliest
  })
  return Math.max(0, missing.length - unborn.length)
}

/**
 * Stacks that every snapshot shows beyond those of the traced threads: idle ones in the C library's cache, or stacks of
 * threads that made no call or whose logs are not in the evidence. Nothing tells them apart, unless a list of threads
 * does.
 */
export function unclaimedStacks(
  pid: number,
  traced: TraceReplay,
  snapshots: readonly Snapshot[],
  side: SideEvidence,
): number {
  if (listedThreads(pid, side).length > 0) return 0
  const others = tracedThreads(pid, traced).filter((tid) => tid !== pid).length
  return Math.max(0, (stacksInAll(snapshots) ?? 0) - others)
}

const listedThreads = (pid: number, side: SideEvidence) => side.threadNames.filter((row) => row.pid === pid)

/** Several threads of a process in one log: strace -f, which follows them all. */
export const coversAll = (pid: number, traced: TraceReplay): boolean =>
  traced.trace.form !== 'per-thread' && tracedThreads(pid, traced).length > 1

const tracedThreads = (pid: number, { tidsOf }: TraceReplay): readonly number[] => tidsOf.get(pid) ?? []

/** Thread stacks in each of these snapshots, at least; `null` without any. */
function stacksInAll(snapshots: readonly Snapshot[]): number | null {
  const stacks = snapshots.map((snapshot) =>
    snapshot.mappings.kind.reduce((sum, kind) => sum + (kind === THREAD_STACK ? 1 : 0), 0),
  )
  return stacks.length === 0 ? null : least(stacks)
}
