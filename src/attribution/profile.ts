import type { Trace } from '../model/trace.ts'

/** Calls of one thread by name. */
export interface CallRow {
  readonly name: string
  calls: number
  errors: number
  /** `null` when the log has no -T. */
  seconds: number | null
  /** By descriptor: calls. */
  readonly descriptors: Map<number, number>
}

/** The profile of every thread of a trace, most called first. */
export function profiles(trace: Trace): ReadonlyMap<number, readonly CallRow[]> {
  const { statistics, strings } = trace
  const byThread = new Map<number, Map<string, CallRow>>()
  for (let row = 0; row < statistics.length; row += 1) {
    const tid = statistics.tid[row]!
    const name = strings.get(statistics.name[row]!)
    const rows = byThread.get(tid) ?? new Map<string, CallRow>()
    byThread.set(tid, rows)
    const known = rows.get(name) ?? { name, calls: 0, errors: 0, seconds: null, descriptors: new Map() }
    rows.set(name, known)
    known.calls += statistics.calls[row]!
    known.errors += statistics.errors[row]!
    const seconds = statistics.seconds[row]!
    if (!Number.isNaN(seconds)) known.seconds = (known.seconds ?? 0) + seconds
    const fd = statistics.fd[row]!
    if (fd >= 0) known.descriptors.set(fd, (known.descriptors.get(fd) ?? 0) + statistics.calls[row]!)
  }
  const sorted = new Map<number, readonly CallRow[]>()
  for (const [tid, rows] of byThread)
    sorted.set(
      tid,
      [...rows.values()].sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1)),
    )
  return sorted
}
