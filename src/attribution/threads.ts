import { type Bytes, type Micros, SECOND, type Tid } from '../base/units.ts'
import type { ThreadAttribution } from '../model/attribution.ts'
import type { SideEvidence } from '../model/side-evidence.ts'
import type { ActivityRecord, ActivityTable } from './activity-table.ts'
import { describeActivity } from './activity-words.ts'
import type { DescriptorHistory } from './descriptors.ts'
import type { Living } from './living.ts'
import { RESERVE } from './mechanism.ts'
import { threadNames } from './names.ts'
import { profiles } from './profile.ts'
import { roleOf } from './role.ts'
import { SLICES } from './slices.ts'
import { NO_BYTES, type ThreadBytes } from './thread-ledger.ts'
import type { TraceReplay } from './trace-replay.ts'

/** Activities a thread is shown with, biggest first: the rest is small change. */
const ACTIVITIES = 12

/** What one thread's calls left in the ledger of its process. */
interface Holdings {
  /** Numbers of activities. */
  readonly activities: number[]
  readonly living: Living[]
}

/** All threads of one trace, by process, then thread number. */
export function describeThreads(
  traced: TraceReplay,
  livingOf: ReadonlyMap<number, readonly (readonly Living[])[]>,
  descriptorsOf: (pid: number) => DescriptorHistory,
  side: SideEvidence,
): ThreadAttribution[] {
  const { trace, lives } = traced
  const names = threadNames(trace, side)
  const calls = profiles(trace)
  const started = new Map<number, number>()
  const forked = new Map<number, number>()
  for (const { createdBy, pid } of lives.values()) {
    if (createdBy === null) continue
    const counts = lives.get(createdBy)?.pid === pid ? started : forked
    counts.set(createdBy, (counts.get(createdBy) ?? 0) + 1)
  }
  const holdings = new Map([...livingOf].map(([pid, living]) => [pid, holdingsOf(traced, pid, living)]))
  return [...lives]
    .sort(([tidA, a], [tidB, b]) => a.pid - b.pid || tidA - tidB)
    .map(([tid, life]) => {
      const own = holdings.get(life.pid)?.get(tid) ?? { activities: [], living: [] }
      const descriptors = descriptorsOf(life.pid)
      const table = traced.processes.get(life.pid)?.ledger.activities
      const biggest = table === undefined ? [] : biggestOf(table, own.activities)
      const activities = biggest.map((record) => describeActivity(record, own.living, trace, descriptors))
      const rows = calls.get(tid) ?? []
      const { name, source } = names(tid, life.pid)
      const isMain = tid === life.pid
      const isTraced = trace.threads.has(tid)
      // An empty log of chosen calls does not tell what else the thread did.
      const hasCalls = isTraced && (trace.coverage === 'all' || trace.threads.get(tid)!.lines > 0)
      return {
        pid: life.pid,
        tid: tid as Tid,
        name,
        nameSource: source,
        role: roleOf({
          rows,
          activities,
          descriptors,
          started: started.get(tid) ?? 0,
          forked: forked.get(tid) ?? 0,
          isMain,
          isTraced: hasCalls,
          stayed: traced.stayed(tid),
        }),
        createdBy: life.createdBy as Tid | null,
        createdAt: traced.placed ? (life.createdAt as Micros | null) : null,
        endedAt: traced.placed ? (life.endedAt as Micros | null) : null,
        traced: isTraced,
        memory: memoryOf(traced.processes.get(life.pid)?.ledger.threads.get(tid) ?? NO_BYTES),
        syscalls: rows.map(({ descriptors: _, ...row }) => row),
        activities,
        ...seriesOf(traced, tid),
        ages: agesOf(own.living),
      }
    })
}

/** Activities and living allocations of one process by thread; reservations are no memory and have no age. */
function holdingsOf(
  traced: TraceReplay,
  pid: number,
  living: readonly (readonly Living[])[],
): ReadonlyMap<number, Holdings> {
  const byThread = new Map<number, Holdings>()
  const of = (tid: number): Holdings => {
    const known = byThread.get(tid) ?? { activities: [], living: [] }
    byThread.set(tid, known)
    return known
  }
  const table = traced.processes.get(pid)?.ledger.activities
  for (let id = 0; id < (table?.length ?? 0); id += 1) of(table!.tidOf(id)).activities.push(id)
  for (const one of living.flat()) of(one.tid).living.push(one)
  return byThread
}

const biggestOf = (table: ActivityTable, ids: readonly number[]): ActivityRecord[] =>
  ids
    .map((id) => ({ id, bytes: table.bytesOf(id) }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, ACTIVITIES)
    .map(({ id }) => table.record(id))

function memoryOf(totals: ThreadBytes): ThreadAttribution['memory'] {
  return {
    mmapBytes: totals.mmap as Bytes,
    munmapBytes: totals.munmap as Bytes,
    brkBytes: (totals.brkUp - totals.brkDown) as Bytes,
    brkUpBytes: totals.brkUp as Bytes,
    brkDownBytes: totals.brkDown as Bytes,
    mprotectBytes: totals.mprotect as Bytes,
    mremapBytes: totals.mremap as Bytes,
    netBytes: (totals.mmap - totals.munmap + totals.brkUp - totals.brkDown + totals.mremap) as Bytes,
    liveBytes: totals.live as Bytes,
  }
}

function seriesOf(
  traced: TraceReplay,
  tid: number,
): Pick<ThreadAttribution, 'callsOverTime' | 'liveOverTime'> {
  const { slices, span } = traced
  // Without stamps there is no telling when in the trace a call was made.
  if (Number.isNaN(span.from)) return { callsOverTime: [], liveOverTime: [] }
  const at = (k: number): Micros | null => (traced.placed ? (slices.at(k) as Micros) : null)
  const calls = slices.callsOf(tid)
  const live = slices.liveOf(tid)
  const index = Array.from({ length: SLICES }, (_, k) => k)
  return {
    callsOverTime: calls ? index.map((k) => ({ from: at(k), calls: calls[k]! })) : [],
    liveOverTime: live ? index.map((k) => ({ at: at(k + 1), bytes: live[k] as Bytes })) : [],
  }
}

/** Ages by decade of seconds, up to what is needed; none without time stamps. */
function agesOf(living: readonly Living[]): ThreadAttribution['ages'] {
  const ages: { upToSeconds: number; count: number; bytes: number }[] = []
  for (const one of living) {
    if (one.activity.mechanism === RESERVE || Number.isNaN(one.age)) continue
    let decade = 0
    while (one.age > 10 ** decade * SECOND) decade += 1
    for (let k = ages.length; k <= decade; k += 1) ages.push({ upToSeconds: 10 ** k, count: 0, bytes: 0 })
    ages[decade]!.count += one.calls
    ages[decade]!.bytes += one.bytes
  }
  return ages.map((age) => ({ ...age, bytes: age.bytes as Bytes }))
}
