import { least } from '../base/extremes.ts'
import { kindIndex } from '../model/mapping-kind.ts'
import type { SideEvidence } from '../model/side-evidence.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { TraceReplay } from './trace-replay.ts'

const THREAD_STACK = kindIndex('thread-stack')

/**
 * Threads of a process that the trace does not cover, at least; `null` when nothing tells. A list of threads beside the
 * trace tells; so do stacks that every snapshot shows while a single thread was traced. More traced threads than one
 * mean -f, which covers them all: stacks beyond their number may be idle ones in the C library's cache.
 */
export function untracedThreads(
  pid: number,
  traced: TraceReplay,
  snapshots: readonly Snapshot[],
  side: SideEvidence,
): number | null {
  const listed = side.threadNames.filter((row) => row.pid === pid)
  if (listed.length > 0) return listed.filter((row) => !traced.trace.threads.has(row.tid)).length
  const own = traced.tidsOf.get(pid)?.length ?? 0
  if (own > 1 || traced.trace.form === 'per-thread') return 0
  const stacks = snapshots.map((snapshot) =>
    snapshot.mappings.kind.reduce((sum, kind) => sum + (kind === THREAD_STACK ? 1 : 0), 0),
  )
  return stacks.length === 0 ? null : least(stacks)
}
