import { groupedBy } from '../base/grouped.ts'
import { turn } from '../base/turn.ts'
import { pid as asPid, type Pid } from '../base/units.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Trace } from '../model/trace.ts'
import { type Birth, birthOf } from '../strace/effects/births.ts'
import { EFFECT, EffectLanes, EMPTY } from '../strace/effects/effect-lanes.ts'
import { CALL, ENTRY, type Phase } from '../strace/effects/phases.ts'
import type { DescriptorHistory } from './descriptors.ts'
import { isReplayable } from './observed.ts'
import { describeCalls, describePlainForms, isOfTree } from './plain-forms.ts'
import { ProcessReplay, type TraceSpan } from './process-replay.ts'
import type { Families } from './processes.ts'
import { startReplay } from './replay-kernel.ts'
import { SLICES, Slices } from './slices.ts'
import { stayedInCall } from './stayed.ts'

/** Where a thread comes from and goes to, on the host's clock. */
interface ThreadLife {
  readonly pid: Pid
  readonly createdBy: number | null
  readonly createdAt: number | null
  endedAt: number | null
}

/** One trace, replayed: its processes with their address spaces, its threads with their lives. */
export interface TraceReplay {
  readonly trace: Trace
  readonly span: TraceSpan
  /** Added to the trace's times. */
  readonly offset: number
  /** Whether the trace has a place on the host's clock; without, its times are no times of the host. */
  readonly placed: boolean
  readonly processes: ReadonlyMap<number, ProcessReplay>
  readonly lives: ReadonlyMap<number, ThreadLife>
  /** Its threads by process, ascending. */
  readonly tidsOf: ReadonlyMap<number, readonly number[]>
  /** Whether a thread stayed in one call for all of the traced time, or left no line. */
  stayed(tid: number): boolean
  readonly homeless: readonly number[]
  /** Thread numbers returned twice by clone: in `-ff` logs the second thread's file overwrote the first one's. */
  readonly reused: readonly number[]
  readonly slices: Slices
  readonly effects: number
}

/** Effects between two turns of the event loop: some hundredths of a second. */
const EFFECTS_A_TURN = 1 << 16

/**
 * Replays one trace; `offset` is `null` when it has no place on the host's clock: then no snapshot is used. `passed` hears
 * of calls that were replayed.
 */
export function replayTrace(
  trace: Trace,
  offset: number | null,
  snapshots: ReadonlyMap<number, readonly Snapshot[]>,
  families: Families,
  descriptorsOf: (pid: number) => DescriptorHistory,
  passed: (calls: number) => void,
): Promise<TraceReplay> {
  return new Replayer(trace, offset, snapshots, families, descriptorsOf).run(passed)
}

class Replayer {
  readonly #trace: Trace
  readonly #offset: number
  readonly #placed: boolean
  readonly #span: TraceSpan
  readonly #snapshots: ReadonlyMap<number, readonly Snapshot[]>
  readonly #descriptorsOf: (pid: number) => DescriptorHistory
  readonly #processes = new Map<number, ProcessReplay>()
  readonly #lives = new Map<number, ThreadLife>()
  /** By process, the threads that were once its own. */
  readonly #members = new Map<number, Set<number>>()
  /** Process whose memory a thread uses; differs from its own pid between vfork and execve. */
  readonly #memoryOf = new Map<number, number>()
  readonly #reused = new Set<number>()
  readonly #homeless: readonly number[]
  readonly #slices: Slices
  /** Merges the calls, and applies what is plain. */
  readonly #kernel = startReplay()
  readonly #lanes: EffectLanes
  /** Address space by number of the thread, until the tree of processes changes. */
  readonly #seats: (ProcessReplay | null | undefined)[] = []
  #effects = 0

  constructor(
    trace: Trace,
    offset: number | null,
    snapshots: ReadonlyMap<number, readonly Snapshot[]>,
    families: Families,
    descriptorsOf: (pid: number) => DescriptorHistory,
  ) {
    this.#trace = trace
    this.#offset = offset ?? 0
    this.#span = { from: trace.firstTime + this.#offset, to: trace.lastTime + this.#offset }
    this.#placed = offset !== null && !Number.isNaN(this.#span.from) && !Number.isNaN(this.#span.to)
    this.#snapshots = offset === null ? new Map() : snapshots
    this.#descriptorsOf = descriptorsOf
    this.#slices = new Slices(this.#span.from, this.#span.to)
    this.#homeless = families.homeless
    this.#lanes = new EffectLanes(this.#kernel, trace)
    this.#kernel.calls.prepare(this.#lanes.threads, this.#offset, this.#slices.from, this.#slices.width)
    describeCalls(this.#kernel, trace.events.forms)
    describePlainForms(this.#kernel, trace.events.forms)
    for (const [tid, pid] of families.roots)
      this.#begin(tid, { pid: asPid(pid), createdBy: null, createdAt: null, endedAt: null })
  }

  async run(passed: (calls: number) => void): Promise<TraceReplay> {
    for (const tid of this.#lives.keys()) this.#replayOf(tid)
    while (this.#replay(passed)) await turn()
    this.#noteCalls()
    for (const process of this.#processes.values()) process.finish()
    for (const [tid, thread] of this.#trace.threads) {
      const life = this.#lives.get(tid)
      if (life && life.endedAt === null && thread.end !== null && thread.end !== 'detached')
        life.endedAt = thread.lastTime + this.#offset
    }
    return {
      trace: this.#trace,
      span: this.#span,
      offset: this.#offset,
      placed: this.#placed,
      processes: this.#processes,
      lives: this.#lives,
      tidsOf: tidsByPid(this.#lives),
      stayed: stayedInCall(this.#trace),
      homeless: this.#homeless,
      reused: [...this.#reused].sort((a, b) => a - b),
      slices: this.#slices,
      effects: this.#effects,
    }
  }

  /** Replays the effects of one turn; false when there were fewer. */
  #replay(passed: (calls: number) => void): boolean {
    const { calls } = this.#kernel
    let left = EFFECTS_A_TURN
    let passedCalls = 0
    let came = EFFECT
    while (left > 0 && (came === EFFECT || came === EMPTY)) {
      came = calls.replay(left)
      left -= calls.effectsSeen()
      passedCalls += calls.callsSeen()
      if (came === EMPTY) this.#lanes.fill(calls.threadNow())
      else if (came === EFFECT) this.#take(calls.threadNow(), calls.callNow(), calls.phaseNow() as Phase)
    }
    this.#effects += EFFECTS_A_TURN - left
    passed(passedCalls)
    return left === 0
  }

  /** Takes an effect that is not the kernel's. */
  #take(thread: number, event: number, phase: Phase): void {
    const time = this.#kernel.calls.timeNow() + this.#offset
    const { tid, call } = this.#trace.events.at(event)
    if (isOfTree(call)) {
      this.#treeEvent(event, phase, time, this.#seatOf(thread, tid))
      this.#seats.length = 0
      this.#kernel.calls.leaveSeats()
    }
    const seat = this.#seatOf(thread, tid)
    seat?.feed(event, phase, time)
    seat?.ledger.seat(thread, tid)
  }

  #noteCalls(): void {
    const { heads } = this.#trace.events.survey
    for (const [thread, head] of heads.entries()) {
      const at = this.#kernel.calls.slicesOf(thread) >>> 3
      const counts = this.#kernel.doubles.slice(at, at + SLICES)
      if (counts.some((count) => count > 0)) this.#slices.noteCalls(this.#trace.events.tid(head), counts)
    }
  }

  #seatOf(thread: number, tid: number): ProcessReplay | null {
    let seat = this.#seats[thread]
    if (seat === undefined) {
      seat = this.#replayOf(tid)
      this.#seats[thread] = seat
    }
    return seat
  }

  /** The address space a thread works on; `null` when nobody knows its process. */
  #replayOf(tid: number): ProcessReplay | null {
    const pid = this.#memoryOf.get(tid) ?? this.#lives.get(tid)?.pid
    if (pid === undefined) return null
    return this.#processes.get(pid) ?? this.#open(pid, null)
  }

  #open(pid: number, parent: ProcessReplay | null): ProcessReplay {
    const snapshots = (this.#snapshots.get(pid) ?? []).filter(isReplayable)
    const scene = {
      trace: this.#trace,
      span: this.#span,
      slices: this.#slices,
      kernel: this.#kernel,
      descriptors: this.#descriptorsOf(pid),
    }
    const process = new ProcessReplay(asPid(pid), scene, snapshots, parent)
    this.#processes.set(pid, process)
    return process
  }

  #treeEvent(event: number, phase: number, time: number, replay: ProcessReplay | null): void {
    const { events } = this.#trace
    const tid = events.tid(event)
    const call = events.call(event)
    const birth = birthOf(events, event)
    if (birth) this.#born(birth, time, replay)
    else if (call === CALL.exit) this.#ended(tid, time)
    else if (call === CALL.exit_group) {
      const pid = this.#lives.get(tid)?.pid
      for (const other of this.#threadsOf(pid)) this.#ended(other, time)
      this.#memoryOf.delete(tid)
    } else if (call === CALL.execve && phase !== ENTRY && events.state(event) === 0) this.#executed(tid, time)
  }

  #born(birth: Birth, time: number, replay: ProcessReplay | null): void {
    const known = this.#lives.get(birth.child)
    if (known !== undefined) this.#reused.add(birth.child)
    const parent = this.#lives.get(birth.parent)
    const pid = birth.kind === 'thread' ? parent?.pid : asPid(birth.child)
    if (pid === undefined) return
    this.#begin(birth.child, { pid, createdBy: birth.parent, createdAt: time, endedAt: null })
    this.#memoryOf.delete(birth.child)
    if (birth.kind === 'shared' && replay) this.#memoryOf.set(birth.child, replay.pid)
    // A copy is worth making only where snapshots will tell what became of it, or nothing will for anybody.
    else if (birth.kind === 'process' && (this.#snapshots.has(birth.child) || this.#snapshots.size === 0))
      this.#open(birth.child, replay)
  }

  #begin(tid: number, life: ThreadLife): void {
    this.#lives.set(tid, life)
    const members = this.#members.get(life.pid)
    if (members) members.add(tid)
    else this.#members.set(life.pid, new Set([tid]))
  }

  #threadsOf(pid: number | undefined): number[] {
    const members = pid === undefined ? [] : (this.#members.get(pid) ?? [])
    return [...members].filter((tid) => this.#lives.get(tid)!.pid === pid)
  }

  #ended(tid: number, time: number): void {
    const life = this.#lives.get(tid)
    if (life && life.endedAt === null) life.endedAt = time
  }

  /** A new program: the process has its memory for itself, and no other thread is left. */
  #executed(tid: number, time: number): void {
    const pid = this.#lives.get(tid)?.pid
    this.#memoryOf.delete(tid)
    for (const other of this.#threadsOf(pid))
      if (other !== tid && this.#memoryOf.get(other) === undefined) this.#ended(other, time)
  }
}

function tidsByPid(lives: ReadonlyMap<number, ThreadLife>): ReadonlyMap<number, readonly number[]> {
  const tids = [...lives.keys()].sort((a, b) => a - b)
  return groupedBy(tids, (tid) => lives.get(tid)!.pid)
}
