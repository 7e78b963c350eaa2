import { agreementOf, type Contradiction, type ReplayWindow } from '../model/attribution.ts'
import type { ProcessReplay } from './process-replay.ts'
import type { TraceReplay } from './trace-replay.ts'

/** An agreement below this explains less than it leaves open. */
const HALF = 0.5
/** One or two windows may be of a log with a gap. */
const FEWEST = 3
/** Where more windows than the rest agree, the clock is right and the log is of this process. */
const MOST = 0.75

/**
 * Whether the calls of a trace and the snapshots of a process tell two stories; `null` when they do not, or when a reason
 * is known: calls that could not be replayed, a trace of some calls only.
 */
export function contradictionOf(replay: ProcessReplay, traced: TraceReplay): Contradiction | null {
  const { trace, homeless, reused } = traced
  if (homeless.length > 0 || reused.length > 0 || trace.coverage === 'some') return null
  const counts = contradicting(replay.windows)
  // A call whose effect is not told makes one window wrong: the snapshot behind it puts the replay right.
  if (counts === null || replay.space.untold >= counts.unexplained) return null
  return { pid: replay.pid, trace: trace.name, ...counts }
}

/** Windows in which something changed, and those of them that agree by less than half; `null` unless these are most. */
function contradicting(
  windows: readonly Pick<ReplayWindow, 'agreement' | 'changedPages' | 'differingPages'>[],
): Pick<Contradiction, 'windows' | 'unexplained'> | null {
  const told = windows.filter(({ changedPages, differingPages }) => changedPages + differingPages > 0)
  const unexplained = told.filter(({ agreement }) => agreement < HALF).length
  if (unexplained < FEWEST || unexplained < MOST * told.length) return null
  const differing = told.reduce((sum, { differingPages }) => sum + differingPages, 0)
  const changed = told.reduce((sum, { changedPages }) => sum + changedPages, 0)
  return agreementOf(differing, changed) < HALF ? { windows: told.length, unexplained } : null
}
