/** `--pid`: what is said about the processes that were asked for, and about no other. */
import type { Attribution } from '../model/attribution.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Timeline } from '../model/timeline.ts'
import { NothingToRead } from './nothing-to-read.ts'

/**
 * The attribution of these processes (all when `pids` is empty). It is cut down after it was made: whose a traced
 * thread is can only be told among all processes that there are. Throws NothingToRead for a pid that the evidence
 * does not hold, for nobody wants the report of another process.
 */
export function onlyPids(
  attribution: Attribution,
  timeline: Pick<Timeline, 'processes'>,
  snapshots: readonly Snapshot[],
  pids: readonly number[],
): Attribution {
  if (pids.length === 0) return attribution
  const traced = attribution.windows.flatMap((window) => window.pids)
  const known = [...new Set([...timeline.processes, ...snapshots].map(({ pid }) => pid ?? 0).concat(traced))]
  for (const pid of pids)
    if (!known.some((one) => one === pid)) throw new NothingToRead(`--pid ${pid}: ${whatIsThere(known)}`)
  const isAskedFor = ({ pid }: { readonly pid: number | null }) => pid !== null && pids.includes(pid)
  return {
    windows: attribution.windows.map((window) => ({
      ...window,
      pids: window.pids.filter((pid) => pids.includes(pid)),
    })),
    replays: attribution.replays.filter(isAskedFor),
    contradictions: attribution.contradictions.filter(isAskedFor),
    accounts: attribution.accounts.filter(isAskedFor),
    threads: attribution.threads.filter(isAskedFor),
    descriptors: attribution.descriptors.filter(isAskedFor),
    allocator: attribution.allocator.filter(isAskedFor),
    owners: attribution.owners.filter(isAskedFor),
  }
}

/** Processes named at most. */
const MOST_NAMED = 10

function whatIsThere(known: readonly number[]): string {
  const sorted = known.filter((pid) => pid > 0).sort((a, b) => a - b)
  if (sorted.length === 0) return 'the evidence names no process'
  const more = sorted.length - MOST_NAMED
  return `no such process in the evidence, which holds ${sorted.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
