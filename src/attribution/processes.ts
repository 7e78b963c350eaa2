import type { SideEvidence } from '../model/side-evidence.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { MemoryEvents, Trace } from '../model/trace.ts'
import { visitCalls } from '../model/visit-calls.ts'
import { type Birth, birthOf, isMaker } from '../strace/effects/births.ts'
import { CALL } from '../strace/effects/phases.ts'
import { isReplayable } from './observed.ts'

const AT_LEAST = 0.9
const SAMPLES = 256
/** As far as mappings of one process usually lie apart that were placed one after another. */
const NEAR = 64 * 1024 * 1024

/** Which process the threads of a trace belong to. */
export interface Families {
  /** Threads that were there before the trace began. */
  readonly roots: ReadonlyMap<number, number>
  /** Threads that were there before the trace began and whose process nothing tells. */
  readonly homeless: readonly number[]
  /** All threads; where a number was used twice, the last one. */
  readonly pidOf: ReadonlyMap<number, number>
  /** Process that a process was forked from inside the trace; none where its number was that of a forefather before. */
  readonly parentOf: ReadonlyMap<number, number>
}

/**
 * Process of every thread, and why not where it cannot be told. Attached threads leave no clone record: the main
 * thread's number is the pid; others are told by side evidence, by being the only process there is, by private futexes
 * shared with the main thread, and by addresses that lie in its mappings. Threads born in the trace belong to whoever
 * started them.
 */
export function familiesOf(
  trace: Trace,
  snapshots: ReadonlyMap<number, readonly Snapshot[]>,
  side: SideEvidence,
): Families {
  const births: Birth[] = []
  const { forms } = trace.events
  visitCalls(
    trace.events,
    (form) => isMaker(forms.call[form]!),
    (event) => {
      const birth = birthOf(trace.events, event)
      if (birth) births.push(birth)
    },
  )
  const time = (birth: Birth): number => trace.events.time(birth.event)
  births.sort((a, b) => time(a) - time(b) || a.event - b.event)
  const bornAt = new Map<number, number>()
  for (const birth of births) if (!bornAt.has(birth.child)) bornAt.set(birth.child, time(birth))
  // A number that was seen before clone gave it out belonged to another thread first.
  const tids = [...trace.threads.values()]
    .filter((thread) => !(thread.firstTime >= (bornAt.get(thread.tid) ?? Number.POSITIVE_INFINITY)))
    .map((thread): number => thread.tid)
    .sort((a, b) => a - b)
  const { roots, homeless } = assignRoots(trace, tids, snapshots, side)
  const pidOf = new Map(roots)
  const parentOf = new Map<number, number>()
  // A process may be known by its threads alone, and is a forefather as any other.
  const processes = new Set(roots.values())
  for (const { kind, parent, child } of births) {
    const pid = pidOf.get(parent)
    if (pid === undefined) continue
    if (kind !== 'thread') {
      if (!(processes.has(child) && isInLine(child, pid, parentOf))) parentOf.set(child, pid)
      processes.add(child)
    }
    pidOf.set(child, kind === 'thread' ? pid : child)
  }
  return { roots, homeless, pidOf, parentOf }
}

/** Whether a process is another one, or among those that it was forked from. */
function isInLine(pid: number, of: number, parentOf: ReadonlyMap<number, number>): boolean {
  let next: number | undefined = of
  while (next !== undefined && next !== pid) next = parentOf.get(next)
  return next === pid
}

function assignRoots(
  trace: Trace,
  tids: readonly number[],
  snapshots: ReadonlyMap<number, readonly Snapshot[]>,
  side: SideEvidence,
): Pick<Families, 'roots' | 'homeless'> {
  const roots = new Map<number, number>()
  const homeless: number[] = []
  const sidePid = new Map(
    side.threadNames.filter((row) => row.pid !== null).map((row) => [row.tid, row.pid!]),
  )
  let addresses: ReadonlyMap<number, readonly number[]> | null = null
  const addressesOf = (tid: number): readonly number[] => {
    addresses ??= addressesByThread(trace.events)
    return addresses.get(tid) ?? []
  }
  const present = [...snapshots.keys()].filter((pid) => trace.threads.has(pid)).sort((a, b) => a - b)
  for (const tid of tids) {
    const pid = snapshots.has(tid)
      ? tid
      : (sidePid.get(tid) ??
        (snapshots.size === 0
          ? tids[0]!
          : present.length === 1
            ? present[0]!
            : (byFutexes(trace, tid, present) ?? byAddresses(addressesOf(tid), snapshots))))
    if (pid === null) homeless.push(tid)
    else roots.set(tid, pid)
  }
  return { roots, homeless }
}

/** Private futexes are addresses of one process; forked processes share them too, so a tie settles nothing. */
function byFutexes(trace: Trace, tid: number, pids: readonly number[]): number | null {
  const own = new Set(trace.threads.get(tid)?.futexes ?? [])
  const shared = pids
    .map((pid) => ({
      pid,
      count: (trace.threads.get(pid)?.futexes ?? []).filter((at) => own.has(at)).length,
    }))
    .sort((a, b) => b.count - a.count || a.pid - b.pid)
  const best = shared[0]
  if (best === undefined || best.count === 0 || best.count === shared[1]?.count) return null
  return best.pid
}

/**
 * Addresses that the thread takes and gives back lie among the mappings of its own process: the kernel places each
 * process's mappings at random in a terabyte and more (mmap_base), so another process's are far away.
 */
function byAddresses(
  addresses: readonly number[],
  snapshots: ReadonlyMap<number, readonly Snapshot[]>,
): number | null {
  if (addresses.length === 0) return snapshots.size === 1 ? [...snapshots.keys()][0]! : null
  const fits = [...snapshots.entries()]
    .map(([pid, list]) => ({ pid, share: shareMapped(addresses, list.filter(isReplayable)) }))
    .sort((a, b) => b.share - a.share || a.pid - b.pid)
  const best = fits[0]
  if (best === undefined || best.share < AT_LEAST || best.share === fits[1]?.share) return null
  return best.pid
}

/** The first addresses of every thread, in one pass over all calls: there may be as many threads as calls. */
function addressesByThread(events: MemoryEvents): Map<number, number[]> {
  const byThread = new Map<number, number[]>()
  for (let event = 0; event < events.length; event += 1) {
    if (events.state(event) !== 0) continue
    const tid = events.tid(event)
    const addresses = byThread.get(tid) ?? []
    if (addresses.length === 0) byThread.set(tid, addresses)
    if (addresses.length === SAMPLES) continue
    const call = events.call(event)
    if (call === CALL.munmap || call === CALL.mprotect || call === CALL.madvise || call === CALL.mremap)
      addresses.push(events.address(event))
    else if (call === CALL.mmap || call === CALL.brk) addresses.push(events.result(event) - 1)
  }
  return byThread
}

/** Largest share of the addresses that are mapped in one of the snapshots, or next to a mapping. */
function shareMapped(addresses: readonly number[], snapshots: readonly Snapshot[]): number {
  let most = 0
  for (const snapshot of snapshots) {
    const { start, end, length } = snapshot.mappings
    const hits = addresses.filter((address) => {
      let low = 0
      let high = length
      while (low < high) {
        const middle = (low + high) >>> 1
        if (end[middle]! <= address) low = middle + 1
        else high = middle
      }
      return (low < length && start[low]! <= address + NEAR) || (low > 0 && address - end[low - 1]! <= NEAR)
    }).length
    most = Math.max(most, hits / addresses.length)
  }
  return most
}
