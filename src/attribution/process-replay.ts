import type { Piece } from '../base/range-map.ts'
import { type Pid, SECOND } from '../base/units.ts'
import type { ReplayWindow } from '../model/attribution.ts'
import type { Sentence } from '../model/sentence.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Trace } from '../model/trace.ts'
import { birthOf } from '../strace/effects/births.ts'
import { CALL, ENTRY, type Phase } from '../strace/effects/phases.ts'
import { AddressSpace } from './address-space.ts'
import { applyCall } from './apply-call.ts'
import type { DescriptorHistory } from './descriptors.ts'
import { findInstant, type Instant } from './instant.ts'
import { alignUp } from './kernel.ts'
import { Ledger } from './ledger.ts'
import { MECHANISM_OF_KIND } from './mechanism.ts'
import { breakOf, kindAt, type Observed, observe, type Stamp, stampOf } from './observed.ts'
import { readLate, readRace, settleRaces } from './read-race.ts'
import { correct, type Reconciled, reconcile } from './reconcile.ts'
import type { ReplayKernel } from './replay-kernel.ts'
import type { Slices } from './slices.ts'
import { StackRuns } from './stack-runs.ts'

/** Span of the trace on the host's clock; NaN where the trace has no place in time. */
export interface TraceSpan {
  readonly from: number
  readonly to: number
}

/** What all processes of one trace share. */
export interface Scene {
  readonly trace: Trace
  readonly span: TraceSpan
  readonly slices: Slices
  readonly descriptors: DescriptorHistory
  readonly kernel: ReplayKernel
}

const PAGE = 4096
/** A name is stamped before the file is read: on a machine under load the read follows seconds later, never much more. */
const READ_LATE = 10 * SECOND
const NEVER: Stamp = { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY }

/**
 * One process of one trace: its address space replayed from the snapshot before the trace, held against every later
 * snapshot, and put right where they differ.
 *
 *     stamps      [s0 )          [s1 )          [s2 )
 *     trace             |--------------------------------|
 *     effects            . . .. . . .|. . .. . . ..|. .
 *                                    instant of s1  instant of s2, found inside the stamps
 */
export class ProcessReplay {
  readonly pid: Pid
  readonly ledger: Ledger
  readonly space: AddressSpace
  readonly stacks = new StackRuns()
  /** Windows that the trace covers whole. */
  readonly windows: ReplayWindow[] = []
  /** Windows that begin or end outside the traced time. */
  readonly partial: ReplayWindow[] = []
  /** Time of the last execve inside the trace: what came before is another program. */
  executedAt: number | null = null
  exitedAt: number | null = null
  readonly #kernel: ReplayKernel
  readonly #trace: Trace
  readonly #span: TraceSpan
  readonly #snapshots: readonly Snapshot[]
  #next = 0
  #stampFrom = Number.POSITIVE_INFINITY
  #stampTo = Number.POSITIVE_INFINITY
  /** When the calls that came so far are to be held against the next snapshot. */
  #readBy = Number.POSITIVE_INFINITY
  /** When it may have been read at the latest; never in the next one's stamp. */
  #latest = Number.POSITIVE_INFINITY
  /** The next snapshot, once it was held against the calls inside its stamp and they did not explain everything. */
  #late: { readonly observed: Observed; readonly inside: Instant } | null = null
  #previous: (Observed & { readonly at: number; readonly stamp: Stamp }) | null = null
  #startedFromLater = false
  #complete = false
  #movedBefore = 0
  #conflictsBefore = 0
  #executedInWindow = false
  readonly #slices: Slices
  #sampled = 0
  #sampleAt = Number.NEGATIVE_INFINITY

  /** `snapshots`: replayable ones of this process in time order, empty when the trace cannot be placed. */
  constructor(pid: Pid, scene: Scene, snapshots: readonly Snapshot[], parent: ProcessReplay | null = null) {
    const { trace } = scene
    this.#slices = scene.slices
    this.pid = pid
    this.#trace = trace
    this.#span = scene.span
    this.#snapshots = snapshots
    const pageSize = snapshots[0]?.pageSize ?? parent?.space.pageSize ?? PAGE
    this.#kernel = scene.kernel
    this.ledger = new Ledger(scene.kernel, trace, scene.descriptors, pageSize)
    this.space = new AddressSpace(trace, this.ledger, this.ledger.map, pageSize, parent?.space ?? null)
    this.space.attachedEnd = (start) => this.#attachedEnd(start)
    this.space.isForeseen = (owner) => this.ledger.isForeseen(owner)
    this.space.isOurs = (owner) => this.#complete || this.ledger.records.event(owner) >= 0
    if (parent) this.#inherit(parent)
    else this.#load()
  }

  /** Whether snapshots or a parent gave the address space a beginning. */
  get hasBase(): boolean {
    return this.#previous !== null || this.#startedFromLater
  }

  /** The last snapshot that the replay was held against. */
  get lastSnapshot(): Snapshot | null {
    return this.#previous?.snapshot ?? null
  }

  /** Takes the effect that the merge has come to; `time` on the host's clock. */
  feed(event: number, phase: Phase, time: number): void {
    if (this.#mustWait(event, phase, time)) this.ledger.waiting.add()
  }

  /** Applies an effect, unless it may have come after the next snapshot. */
  #mustWait(event: number, phase: Phase, time: number): boolean {
    while (time >= this.#readBy) if (!this.#waits()) this.#reach()
    if (time >= this.#stampFrom) return true
    this.#apply(event, phase, time)
    return false
  }

  /** The trace is over: what lies inside it is compared, and the first snapshot behind it if nothing else was. */
  finish(): void {
    while (this.#stampFrom <= this.#span.to) this.#reach()
    this.#drain(this.ledger.waiting.length)
    this.#sample(Number.POSITIVE_INFINITY)
    if (this.windows.length === 0 && this.#next < this.#snapshots.length && this.exitedAt === null)
      this.#compareAfter()
  }

  #stamp(): Stamp {
    return { from: this.#stampFrom, to: this.#stampTo }
  }

  /** Sets which snapshot comes next; after the last one no stamp ever begins. */
  #moveTo(next: number): void {
    this.#next = next
    const snapshot = this.#snapshots[next]
    const stamp = snapshot === undefined ? NEVER : stampOf(snapshot)
    this.#stampFrom = stamp.from
    this.#stampTo = stamp.to
    const after = this.#snapshots[next + 1]
    const free = after === undefined ? READ_LATE : stampOf(after).from - stamp.to
    this.#readBy = stamp.to
    this.#latest = stamp.to + Math.max(0, this.#complete ? Math.min(READ_LATE, free) : 0)
    this.#late = null
    this.#leaveToKernel()
  }

  /** Effects before anything else has to be done with them are the kernel's, where they are plain. */
  #leaveToKernel(): void {
    this.ledger.leaveToKernel(this.#plainUntil(), this.#stampFrom, this.#readBy)
  }

  #plainUntil(): number {
    return Math.min(this.#readBy, this.#stampFrom, this.#sampledUntil())
  }

  /** A trace without times has no slices to end. */
  #sampledUntil(): number {
    return Number.isNaN(this.#sampleAt) ? Number.POSITIVE_INFINITY : this.#sampleAt
  }

  /** The stamp is over: whether calls behind it have to be waited for, because those inside do not explain everything. */
  #waits(): boolean {
    if (this.#late !== null || this.#latest <= this.#stampTo) return false
    const observed = observe(this.#snapshots[this.#next]!, this.#kernel)
    this.#late = { observed, inside: this.#instantIn(this.ledger.waiting.length, observed) }
    if (this.#late.inside.least === 0) return false
    this.#readBy = this.#latest
    this.#leaveToKernel()
    return true
  }

  #apply(event: number, phase: Phase, time: number): void {
    if (time >= this.#sampleAt) this.#sample(time)
    const { events } = this.#trace
    const atHand = events.at(event)
    if (this.ledger.applyPlain(atHand, time)) return
    const { call } = atHand
    this.ledger.now = time
    applyCall(this.space, event, phase)
    if (call === CALL.clone && birthOf(events, event)?.kind === 'thread')
      this.stacks.started(event, events, this.space.map, this.ledger, time)
    else if (call === CALL.exit) this.stacks.ended(events.tid(event), time)
    else if (call === CALL.exit_group) this.exitedAt = time
    else if (call === CALL.execve && phase !== ENTRY && events.state(event) === 0) {
      this.executedAt = time
      this.#executedInWindow = true
      this.#complete = false
    }
  }

  /** Notes live bytes for the slices that ended since the last time. */
  #sample(time: number): void {
    const ended = this.#slices.endedBefore(time)
    if (ended > this.#sampled)
      for (const [tid, totals] of this.ledger.threads)
        this.#slices.noteLive(tid, totals.live, this.#sampled, ended)
    this.#sampled = ended
    this.#sampleAt = this.#slices.from + (ended + 1) * this.#slices.width
    this.#leaveToKernel()
  }

  /** Applies the first `count` waiting effects. */
  #drain(count: number): void {
    this.ledger.waiting.drain(
      count,
      () => this.#sampledUntil(),
      (event, phase, time) => this.#apply(event, phase, time),
    )
  }

  /**
   * The state at the trace's beginning: the last snapshot before it. Else what the first one inside it shows, which until
   * its instant is only foreseen, and nothing of the break.
   */
  #load(): void {
    const before = this.#snapshots.findLastIndex((snapshot) => stampOf(snapshot).to <= this.#span.from)
    const first = this.#snapshots[Math.max(0, before)]
    if (first === undefined || stampOf(first).from > this.#span.to) {
      this.#moveTo(this.#snapshots.length)
      return
    }
    const observed = observe(first, this.#kernel)
    this.#startedFromLater = before < 0
    this.#put(observed)
    if (before >= 0) {
      this.space.chain.value = breakOf(first)
      this.#previous = { ...observed, at: stampOf(first).from, stamp: stampOf(first) }
    } else observed.map.free()
    this.#moveTo(before + 1)
  }

  #put(observed: Observed): void {
    for (const { start, end, owner: row, tag } of observed.map.pieces(
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    )) {
      const mechanism = MECHANISM_OF_KIND[kindAt(observed.snapshot, row)]
      const bytes = end - start
      const owner = this.#startedFromLater
        ? this.ledger.foresee(mechanism, bytes)
        : this.ledger.known(mechanism, bytes)
      this.space.map.set(start, end, owner, tag)
    }
  }

  /** A fork's child has a copy of everything; what the parent made is, for the child, older than itself. */
  #inherit(parent: ProcessReplay): void {
    const known = ({ start, end, owner }: Piece): number => {
      const mechanism = parent.ledger.records.mechanism(owner)
      return parent.ledger.isForeseen(owner)
        ? this.ledger.foresee(mechanism, end - start)
        : this.ledger.known(mechanism, end - start)
    }
    for (const piece of parent.space.map.pieces(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY))
      this.space.map.set(piece.start, piece.end, known(piece), piece.tag)
    // Ranges that an mremap of the parent's is just moving have owners, too.
    for (const [event, moved] of parent.space.moving)
      this.space.moving.set(
        event,
        moved.map((range) => ({ ...range, owner: known(range) })),
      )
    const { waiting } = parent.ledger
    this.ledger.older(() =>
      waiting.visit(waiting.length, (event, phase) => applyCall(this.space, event, phase)),
    )
    this.#movedBefore = this.ledger.moved
    this.#conflictsBefore = this.space.conflicts
    this.#moveTo(
      Math.max(
        0,
        this.#snapshots.findIndex((snapshot) => stampOf(snapshot).to > parent.ledger.now),
      ),
    )
  }

  /** The stamp of the next snapshot is over: finds its instant, compares, puts the replay right, goes on. */
  #reach(): void {
    const snapshot = this.#snapshots[this.#next]!
    const stamp = this.#stamp()
    const observed = this.#late?.observed ?? observe(snapshot, this.#kernel)
    const { happened, least } = this.#instantOf(observed)
    const at =
      happened > 0
        ? this.ledger.waiting.time(happened - 1)
        : Math.min(Math.max(stamp.from, this.#span.from), stamp.to)
    // Before the first snapshot inside the trace, what differs is mostly what happened unseen.
    const racedBytes =
      least > 0 && this.#complete ? settleRaces(this.space, this.ledger.waiting, happened, observed.map) : 0
    this.#drain(happened)
    const result = reconcile(this.space.map, observed, this.#previous)
    let whole = false
    if (this.#previous !== null && !this.#startedFromLater) {
      const straddles = this.#previous.stamp.from < this.#span.from || stamp.to > this.#span.to
      const inside = this.#previous.stamp.to > this.#span.from && stamp.from <= this.#span.to
      whole = inside && !this.#executedInWindow && !(straddles && result.differing > 0)
      const reasons = [
        ...(racedBytes > 0 ? [readRace(racedBytes)] : []),
        ...(happened > 0 && at >= stamp.to ? [readLate(at - stamp.to)] : []),
      ]
      ;(whole ? this.windows : this.partial).push(this.#window(snapshot, at, result, reasons))
    }
    if (result.differing > 0 || result.difference.faulted !== 0)
      correct(this.space, this.ledger, observed, racedBytes > 0 ? Number.NaN : breakOf(snapshot), whole)
    else if (Number.isNaN(this.space.chain.value)) this.space.chain.value = breakOf(snapshot)
    this.ledger.foreseenIsThere()
    this.#settle(observed, at, stamp)
  }

  /** The best instant inside the stamp; one behind it only where the calls then explain everything. */
  #instantOf(observed: Observed): Instant {
    const after = this.ledger.waiting.before(this.#stampTo)
    const inside = this.#late?.inside ?? this.#instantIn(after, observed)
    if (inside.least === 0 || after === this.ledger.waiting.length) return inside
    const late = findInstant(this.space, this.ledger.waiting, this.ledger.waiting.length, observed.map, false)
    return late.least === 0 ? late : inside
  }

  /** The best instant among the first `count` effects that wait. */
  #instantIn(count: number, observed: Observed): Instant {
    return findInstant(this.space, this.ledger.waiting, count, observed.map, this.#startedFromLater)
  }

  #settle(observed: Observed, at: number, stamp: Stamp): void {
    this.#previous?.map.free()
    this.#previous = { ...observed, at, stamp }
    this.#startedFromLater = false
    this.#complete = true
    this.#executedInWindow = false
    this.#movedBefore = this.ledger.moved
    this.#conflictsBefore = this.space.conflicts
    this.#moveTo(this.#next + 1)
    this.ledger.waiting.again(
      () => this.#plainUntil(),
      (event, phase, time) => this.#mustWait(event, phase, time),
    )
  }

  #compareAfter(): void {
    const snapshot = this.#snapshots[this.#next]!
    const observed = observe(snapshot, this.#kernel)
    if (this.#previous === null) return
    const result = reconcile(this.space.map, observed, this.#previous)
    observed.map.free()
    this.partial.push(this.#window(snapshot, stampOf(snapshot).from, result))
  }

  #window(
    snapshot: Snapshot,
    at: number,
    result: Reconciled,
    reasons: readonly Sentence[] = [],
  ): ReplayWindow {
    const previous = this.#previous!
    return {
      pid: this.pid,
      trace: this.#trace.name,
      fromFile: previous.snapshot.file,
      toFile: snapshot.file,
      from: previous.at as ReplayWindow['from'],
      to: at as ReplayWindow['to'],
      tracedBytes: (this.ledger.moved - this.#movedBefore) as ReplayWindow['tracedBytes'],
      ownedBytes: this.ledger.owned as ReplayWindow['ownedBytes'],
      unexplainedBytes: result.difference.unexplained as ReplayWindow['unexplainedBytes'],
      absentBytes: result.difference.absent as ReplayWindow['absentBytes'],
      changedPages: Math.round(result.changed / this.space.pageSize),
      differingPages: Math.round(result.differing / this.space.pageSize),
      conflicts: this.space.conflicts - this.#conflictsBefore,
      agreement: result.agreement,
      reasons,
    }
  }

  /** A segment attached without its size known: the next snapshot shows where it ends. */
  #attachedEnd(start: number): number {
    const piece = this.#previous?.map.at(start)
    if (piece?.start === start) return piece.end
    const next = this.#snapshots[this.#next]
    if (next === undefined) return Number.NaN
    const row = next.mappings.start.indexOf(start)
    return row < 0 ? Number.NaN : alignUp(next.mappings.end[row]!, this.space.pageSize)
  }
}
