/**
 * Which thread, by address, and how much of it is proven: system calls and snapshots joined.
 *
 * What it cannot know: who touched a page (page faults leave no call), who uses a malloc arena that threads share,
 * what happened before the trace began or in threads it does not cover.
 */
import { groupedBy } from '../base/grouped.ts'
import type { Micros, Pid } from '../base/units.ts'
import type {
  Attribution,
  Contradiction,
  DescriptorMeaning,
  ReplayWindow,
  TraceWindow,
} from '../model/attribution.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { SideEvidence } from '../model/side-evidence.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { ClockChoice, Timeline } from '../model/timeline.ts'
import type { Trace } from '../model/trace.ts'
import { accountsOf } from './accounts.ts'
import { type CallSigns, readAllocator, readCallSigns } from './allocator.ts'
import { contradictionOf } from './contradiction.ts'
import { DescriptorHistory, descriptorRows } from './descriptors.ts'
import { livingByMechanism } from './living.ts'
import { mergeThreads } from './merge-threads.ts'
import { isDuring, isReplayable, stampOf } from './observed.ts'
import { ownersOf } from './owners.ts'
import type { ProcessReplay } from './process-replay.ts'
import { type Families, familiesOf } from './processes.ts'
import { windowReasons } from './reasons.ts'
import { describeThreads } from './threads.ts'
import { traceNotes } from './trace-notes.ts'
import { replayTrace, type TraceReplay } from './trace-replay.ts'
import { untracedThreads } from './untraced.ts'

export interface AttributionInput {
  readonly snapshots: readonly Snapshot[]
  readonly traces: readonly Trace[]
  readonly clocks: readonly ClockChoice[]
  readonly timeline: Timeline
  readonly side: SideEvidence
}

/**
 * Replays every trace against the snapshots of its processes. Traces are independent of each other. `passed` hears of
 * calls that were replayed.
 */
export async function attribute(
  input: AttributionInput,
  diagnostics: Diagnostics,
  passed: (calls: number) => void = () => {},
): Promise<Attribution> {
  const byPid = snapshotsByPid(input.snapshots)
  const parts: Part[] = []
  for (const trace of input.traces) {
    const offset = input.clocks.find((clock) => clock.trace === trace.name)?.offset ?? null
    parts.push(await attributeTrace(trace, offset, byPid, input.side, diagnostics, passed))
  }
  return {
    windows: parts.map((part) => part.window),
    replays: parts.flatMap((part) => part.replays),
    contradictions: parts.flatMap((part) => part.contradictions),
    accounts: parts.flatMap((part) => part.accounts),
    threads: mergeThreads(inTime(parts).flatMap((part) => part.threads)),
    descriptors: parts.flatMap((part) => part.descriptors),
    allocator: allocators(byPid, parts),
    owners: parts.flatMap((part) => part.owners),
  }
}

/** Parts in the order of their traces' beginnings; those without a place in time first. */
const inTime = (parts: readonly Part[]): Part[] =>
  [...parts].sort((a, b) => (a.window.from ?? 0) - (b.window.from ?? 0))

interface Part
  extends Pick<Attribution, 'contradictions' | 'accounts' | 'threads' | 'descriptors' | 'owners'> {
  readonly window: TraceWindow
  readonly signs: CallSigns
  readonly replays: readonly ReplayWindow[]
}

async function attributeTrace(
  trace: Trace,
  offset: Micros | null,
  byPid: ReadonlyMap<number, readonly Snapshot[]>,
  side: SideEvidence,
  diagnostics: Diagnostics,
  passed: (calls: number) => void,
): Promise<Part> {
  const signs = readCallSigns(trace)
  const families = familiesOf(trace, byPid, side)
  const descriptorsOf = histories(trace, families, side)
  const traced = await replayTrace(trace, offset, byPid, families, descriptorsOf, passed)
  const processes = [...traced.processes.values()].sort((a, b) => a.pid - b.pid)
  const living = new Map(processes.map((replay) => [replay.pid, livingByMechanism(replay, traced.span.to)]))
  const contradictions = processes
    .map((replay) => contradictionOf(replay, traced))
    .filter((contradiction) => contradiction !== null)
  report(traced, contradictions, diagnostics)
  return {
    signs,
    contradictions,
    window: windowOf(traced, processes, contradictions, untracedIn(traced, processes, byPid, side)),
    replays: processes.flatMap((replay) => publishedWindows(replay, traced)),
    accounts: processes.flatMap((replay) => {
      const snapshots = around(byPid.get(replay.pid) ?? [], traced)
      const allocator = readAllocator(snapshots.at(-1) ?? replay.lastSnapshot, signs)
      return accountsOf({ replay, traced, living: living.get(replay.pid)!, snapshots, allocator, side })
    }),
    threads: describeThreads(traced, living, descriptorsOf, side),
    descriptors: processes.flatMap((replay) => meanings(replay.pid, descriptorsOf(replay.pid), trace, side)),
    owners: processes.flatMap((replay) => ownersOf(replay, traced)),
  }
}

/** One history of descriptors a process, made when it is asked for, as are those of the processes it came from. */
function histories(trace: Trace, families: Families, side: SideEvidence): (pid: number) => DescriptorHistory {
  const rows = descriptorRows(trace, families.pidOf)
  const known = new Map<number, DescriptorHistory>()
  const make = (pid: number, parent: DescriptorHistory | null): DescriptorHistory => {
    const history = new DescriptorHistory(trace, rows.get(pid) ?? new Int32Array(), parent)
    for (const row of side.descriptors)
      if (row.pid === null || row.pid === pid) history.addBeside(row.fd, row.target)
    known.set(pid, history)
    return history
  }
  return (pid) => {
    const unmade: number[] = []
    let oldest: number | undefined = pid
    for (; oldest !== undefined && !known.has(oldest); oldest = families.parentOf.get(oldest))
      unmade.push(oldest)
    let history = oldest === undefined ? null : known.get(oldest)!
    for (const next of unmade.reverse()) history = make(next, history)
    return history!
  }
}

/**
 * Windows that the trace covers whole. One that it covers in part says nothing where replay and snapshot differ (what
 * happened outside the trace left no call), so it is shown only where they agree and there is no other.
 */
function publishedWindows(replay: ProcessReplay, traced: TraceReplay): ReplayWindow[] {
  const part = replay.partial.filter((window) => window.differingPages === 0).slice(-1)
  const shown = replay.windows.length > 0 ? replay.windows : part
  return shown.map((window) => ({ ...window, reasons: windowReasons(window, replay, traced) }))
}

function windowOf(
  traced: TraceReplay,
  processes: readonly ProcessReplay[],
  contradictions: readonly Contradiction[],
  untraced: number | null,
): TraceWindow {
  const { trace, span, placed } = traced
  return {
    trace: trace.name,
    pids: [...new Set([...traced.lives.values()].map((life) => life.pid))].sort((a, b) => a - b),
    from: placed ? (span.from as Micros) : null,
    to: placed ? (span.to as Micros) : null,
    threads: trace.threads.size,
    untracedThreads: untraced,
    homelessThreads: traced.homeless.length,
    events: trace.events.length,
    conflicts: processes.reduce((sum, replay) => sum + replay.space.conflicts, 0),
    order: trace.hasDurations ? 'effect' : 'entry',
    notes: traceNotes(traced, processes, contradictions),
  }
}

/** Threads of all its processes that a trace does not cover; `null` when nothing tells of any of them. */
function untracedIn(
  traced: TraceReplay,
  processes: readonly ProcessReplay[],
  byPid: ReadonlyMap<number, readonly Snapshot[]>,
  side: SideEvidence,
): number | null {
  const counts = processes
    .map(({ pid }) => untracedThreads(pid, traced, around(byPid.get(pid) ?? [], traced), side))
    .filter((count) => count !== null)
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0)
}

function report(
  traced: TraceReplay,
  contradictions: readonly Contradiction[],
  diagnostics: Diagnostics,
): void {
  const { trace } = traced
  const file = trace.files[0]?.path ?? trace.name
  for (const { pid, unexplained, windows } of contradictions)
    diagnostics.report('replay-contradicts-snapshots', file, null, `pid ${pid}: ${unexplained} of ${windows}`)
  for (const replay of traced.processes.values()) {
    if (replay.space.conflicts > 0)
      diagnostics.report('replay-conflicts', file, null, `pid ${replay.pid}`, replay.space.conflicts)
    if (replay.space.untold > 0)
      diagnostics.report('replay-untold-calls', file, null, `pid ${replay.pid}`, replay.space.untold)
  }
  if (!trace.hasDurations && trace.events.length > 0) diagnostics.report('replay-entry-order', file)
  for (const tid of traced.homeless) diagnostics.report('thread-without-process', file, null, String(tid))
  for (const tid of traced.reused) diagnostics.report('thread-number-reused', file, null, String(tid))
}

/**
 * Snapshots taken while the trace ran; where there is none, the last one before and the first one after it: threads and
 * arenas that both show were there all the time.
 */
function around(snapshots: readonly Snapshot[], { span }: TraceReplay): Snapshot[] {
  const usable = snapshots.filter(isReplayable)
  const during = usable.filter((one) => isDuring(one, span))
  if (during.length > 0) return during
  const before = usable.findLast((one) => stampOf(one).to <= span.from)
  const after = usable.find((one) => stampOf(one).from > span.to)
  return [before, after].filter((one) => one !== undefined)
}

function snapshotsByPid(snapshots: readonly Snapshot[]): ReadonlyMap<number, readonly Snapshot[]> {
  const byPid = groupedBy(snapshots, ({ pid }) => pid)
  for (const list of byPid.values()) list.sort((a, b) => (a.time ?? 0) - (b.time ?? 0))
  return byPid
}

function allocators(
  byPid: ReadonlyMap<number, readonly Snapshot[]>,
  parts: readonly Part[],
): Attribution['allocator'][number][] {
  return [...byPid.keys()]
    .sort((a, b) => a - b)
    .flatMap((pid) => {
      const snapshot = byPid.get(pid)!.findLast(isReplayable) ?? null
      const part = parts.find((candidate) => candidate.window.pids.includes(pid as Pid))
      const reading = readAllocator(snapshot, part?.signs ?? null)
      return reading ? [{ pid: pid as Pid, name: reading.name, basis: reading.basis }] : []
    })
}

function meanings(
  pid: Pid,
  descriptors: DescriptorHistory,
  trace: Trace,
  side: SideEvidence,
): DescriptorMeaning[] {
  const known: DescriptorMeaning[] = []
  for (const [fd, meaning] of descriptors.last())
    known.push({ pid, fd, meaning, source: trace.hasDescriptorNames ? 'strace -y' : 'trace' })
  for (const row of side.descriptors)
    if ((row.pid === null || row.pid === pid) && !known.some((meaning) => meaning.fd === row.fd))
      known.push({ pid, fd: row.fd, meaning: row.target, source: 'side-evidence' })
  return known.sort((a, b) => a.fd - b.fd)
}
