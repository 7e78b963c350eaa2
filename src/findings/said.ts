/** What the system calls say of one process: a trace can have thousands, and every rule asks for each. */
import { groupedBy } from '../base/grouped.ts'
import type { Pid } from '../base/units.ts'
import type { Attribution, MechanismAccount } from '../model/attribution.ts'

type Said = Pick<Attribution, 'accounts' | 'threads'>

interface ByProcess {
  readonly accounts: ReadonlyMap<Pid, readonly MechanismAccount[]>
  readonly threads: ReadonlyMap<Pid, Attribution['threads']>
}

const KNOWN = new WeakMap<Attribution, ByProcess>()

/** The accounts and threads of a process. */
export function saidOf(attribution: Attribution, pid: Pid): Said {
  const { accounts, threads } = KNOWN.get(attribution) ?? byProcess(attribution)
  return { accounts: accounts.get(pid) ?? [], threads: threads.get(pid) ?? [] }
}

function byProcess(attribution: Attribution): ByProcess {
  const groups = {
    accounts: groupedBy(attribution.accounts, ({ pid }) => pid),
    threads: groupedBy(attribution.threads, ({ pid }) => pid),
  }
  KNOWN.set(attribution, groups)
  return groups
}

/** Bytes that calls added and did not take away again. */
export const netOf = (accounts: readonly MechanismAccount[]): number =>
  accounts.reduce((total, { acquiredBytes, releasedBytes }) => total + acquiredBytes - releasedBytes, 0)
