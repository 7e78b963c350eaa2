/** What the system calls say of one process: a trace can have thousands, and every rule asks for each. */
import { groupedBy } from '../base/grouped.ts'
import type { Pid } from '../base/units.ts'
import type { Attribution, MechanismAccount } from '../model/attribution.ts'

type Said = Pick<Attribution, 'accounts' | 'contradictions' | 'threads' | 'windows'>

interface ByProcess {
  readonly accounts: ReadonlyMap<Pid, readonly MechanismAccount[]>
  readonly contradictions: ReadonlyMap<Pid, Attribution['contradictions']>
  readonly threads: ReadonlyMap<Pid, Attribution['threads']>
  readonly windows: ReadonlyMap<Pid, Attribution['windows']>
}

const KNOWN = new WeakMap<Attribution, ByProcess>()

/**
 * The accounts and threads of a process, and the traced times of traces that it is in. A trace that its snapshots contradict
 * has no account of it.
 */
export function saidOf(attribution: Attribution, pid: Pid): Said {
  const { accounts, contradictions, threads, windows } = KNOWN.get(attribution) ?? byProcess(attribution)
  return {
    accounts: accounts.get(pid) ?? [],
    contradictions: contradictions.get(pid) ?? [],
    threads: threads.get(pid) ?? [],
    windows: windows.get(pid) ?? [],
  }
}

function byProcess(attribution: Attribution): ByProcess {
  const traced = attribution.windows.flatMap((window) => window.pids.map((pid) => ({ pid, window })))
  const contradictions = groupedBy(attribution.contradictions, ({ pid }) => pid)
  const isContradicted = ({ pid, trace }: MechanismAccount): boolean =>
    contradictions.get(pid)?.some((one) => one.trace === trace) ?? false
  const groups = {
    accounts: groupedBy(
      attribution.accounts.filter((account) => !isContradicted(account)),
      ({ pid }) => pid,
    ),
    contradictions,
    threads: groupedBy(attribution.threads, ({ pid }) => pid),
    windows: new Map(
      [...groupedBy(traced, ({ pid }) => pid)].map(([pid, its]) => [pid, its.map(({ window }) => window)]),
    ),
  }
  KNOWN.set(attribution, groups)
  return groups
}

/** Bytes that calls added and did not take away again. */
export const netOf = (accounts: readonly MechanismAccount[]): number =>
  accounts.reduce((total, { acquiredBytes, releasedBytes }) => total + acquiredBytes - releasedBytes, 0)
