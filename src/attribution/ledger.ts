import { RangeMap } from '../base/range-map.ts'
import type { CallAtHand, Trace } from '../model/trace.ts'
import { CALL } from '../strace/effects/phases.ts'
import { ActivityTable } from './activity-table.ts'
import type { Keeper } from './address-space.ts'
import type { DescriptorHistory } from './descriptors.ts'
import {
  accessible,
  heapSize,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_STACK,
  PERMISSIONS,
  PROT_READ,
  PROT_WRITE,
  SHARED_TAG,
} from './kernel.ts'
import {
  ANONYMOUS,
  ARENA,
  FILE,
  MAIN_HEAP,
  MANAGED,
  type MechanismCode,
  MREMAP,
  RESERVE,
  SHARED,
  STACK,
} from './mechanism.ts'
import { RecordTable } from './record-table.ts'
import type { ReplayKernel } from './replay-kernel.ts'
import { type Share, ThreadLedger } from './thread-ledger.ts'
import { WaitingEffects } from './waiting-effects.ts'

/** Makers of bytes that no call of the trace made: nobody that is known; nobody, and a later snapshot shows them. */
const NO_MAKER = -1
const FORESEEN = -2
const READ_WRITE = PROT_READ | PROT_WRITE

/**
 * Who made which bytes of one process, and what became of them. Only live ranges have a record: when the last byte of one
 * is released, what it teaches (its lifetime, by whom it was released) goes into its activity and the record is used
 * again. Ranges and books lie in the memory of the kernel, which keeps them for calls that are plain (kernel/plain.as);
 * here they are kept for all others.
 */
export class Ledger implements Keeper {
  readonly records: RecordTable
  readonly activities: ActivityTable
  readonly map: RangeMap
  /** Effects that wait for a snapshot. */
  readonly waiting: WaitingEffects
  readonly threads = new Map<number, ThreadLedger>()
  /** Heaps of arenas by their start: threads that gave back the top of one (`heap_trim`), by bytes. */
  readonly heapTrims = new Map<number, Map<number, number>>()
  /** Threads inside whose own anonymous mappings another thread gave pages back. */
  readonly purgedByOthers = new Set<number>()
  /** Bytes that appeared inside whole windows without any call, by mechanism. */
  readonly unexplained = new Float64Array(RESERVE + 1)
  /** Heaps of arenas by their start: thread to bytes of growth. */
  readonly heaps = new Map<number, Map<number, number>>()
  /** Exit times and sizes of new thread stacks, in order. */
  readonly newStacks: { readonly at: number; readonly bytes: number }[] = []
  readonly #kernel: ReplayKernel
  /** The process's place in the kernel's memory. */
  readonly #space: number
  readonly #trace: Trace
  readonly #descriptors: DescriptorHistory
  readonly #heapSize: number
  /** The call that is just replacing a reservation. */
  #committing = -1
  /** Whether the calls are a parent's, from before this process. */
  #isOlder = false
  /** Whether the snapshot that the replay began with is still to come. */
  #foresees = false
  readonly #makers: ThreadLedger[] = []
  /** By form of call, which tells the thread. */
  readonly #makerOfForm: (ThreadLedger | undefined)[] = []

  constructor(kernel: ReplayKernel, trace: Trace, descriptors: DescriptorHistory, pageSize: number) {
    const space = kernel.calls.makeSpace(pageSize)
    this.#kernel = kernel
    this.#space = space
    this.#trace = trace
    this.#descriptors = descriptors
    this.records = new RecordTable(kernel, space)
    this.activities = new ActivityTable(kernel, space, trace, (fd) => descriptors.isTransient(fd))
    this.map = new RangeMap(kernel, kernel.calls.rangesOf(space))
    this.waiting = new WaitingEffects(kernel, space, (event) => this.#makerOf(event))
    this.#heapSize = heapSize(trace.wordBits)
  }

  /** Instant of the effect that was applied last; NaN before the first. */
  get now(): number {
    return this.#kernel.calls.nowIn(this.#space)
  }

  set now(time: number) {
    this.#kernel.calls.setNow(this.#space, time)
  }

  /** Lets the kernel apply plain effects before `until`, and let those of `[waitsFrom, waitsBy)` wait. */
  leaveToKernel(until: number, waitsFrom: number, waitsBy: number): void {
    this.#kernel.calls.setInstants(this.#space, until, waitsFrom, waitsBy)
  }

  /** Lets the kernel apply a call, if it is plain; false, and no change, when it is not. */
  applyPlain({ event, form, call, address, length1, result, context }: CallAtHand, time: number): boolean {
    const maker = this.#makerOfForm[form]
    if (maker === undefined) return false
    const place = call === CALL.mmap ? result : address
    const { calls } = this.#kernel
    return calls.applyKept(this.#space, form, maker.index, event, place, length1, context, time) !== 0
  }

  /** Lets the kernel know whose calls a thread's are, and who it is once it is known as a maker. */
  seat(thread: number, tid: number): void {
    this.#kernel.calls.seat(thread, this.#space, this.threads.get(tid)?.index ?? -1)
  }

  /** Lets calls of a parent's be applied, from before this process: what they make is older than it, and nobody's. */
  older(apply: () => void): void {
    this.#isOlder = true
    apply()
    this.#isOlder = false
  }

  /** Number of a call's thread among the makers; -1 when it is not known as one. */
  #makerOf(event: number): number {
    return this.#makerOfForm[this.#trace.events.form(event)]?.index ?? -1
  }

  /** Bytes that calls mapped or unmapped so far. */
  get moved(): number {
    return this.#kernel.calls.movedIn(this.#space)
  }

  /** Live bytes whose making call is known. */
  get owned(): number {
    return this.#kernel.calls.ownedIn(this.#space)
  }

  /** What the thread of a call did. */
  #threadOf({ form, tid }: CallAtHand): ThreadLedger {
    const known = this.#makerOfForm[form]
    if (known !== undefined) return known
    let thread = this.threads.get(tid)
    if (thread === undefined) {
      thread = new ThreadLedger(this.#kernel, this.#space, tid)
      this.threads.set(tid, thread)
      this.#makers.push(thread)
    }
    this.#makerOfForm[form] = thread
    return thread
  }

  /** Shares of all threads in one mechanism. */
  sharesOf(mechanism: MechanismCode): ReadonlyMap<number, Share> {
    const shares = new Map<number, Share>()
    for (const [tid, thread] of this.threads) {
      const share = thread.shareIn(mechanism)
      if (share !== null) shares.set(tid, share)
    }
    return shares
  }

  /** Thread that made a record's bytes; -1 when no call of the trace did. */
  tidOf(record: number): number {
    return this.#makers[this.records.maker(record)]?.tid ?? -1
  }

  /** A record for bytes that a snapshot shows and no call of the trace made. */
  known(mechanism: MechanismCode, bytes: number): number {
    return this.#kernel.calls.known(this.#space, mechanism, bytes)
  }

  /** A record for bytes that a later snapshot shows; whether they are there yet, calls tell. */
  foresee(mechanism: MechanismCode, bytes: number): number {
    const record = this.known(mechanism, bytes)
    this.records.setMaker(record, FORESEEN)
    this.#foresees = true
    return record
  }

  isForeseen(record: number): boolean {
    return this.#foresees && this.records.maker(record) === FORESEEN
  }

  /** The snapshot has come: what it shows is there. */
  foreseenIsThere(): void {
    if (!this.#foresees) return
    this.map.forEach((_start, _end, owner) => {
      if (this.isForeseen(owner)) this.records.setMaker(owner, NO_MAKER)
    })
    this.#foresees = false
  }

  acquire(event: number, start: number, end: number, tag: number): number {
    const bytes = end - start
    this.#kernel.calls.addMoved(this.#space, bytes)
    const call = this.#trace.events.at(event)
    if (this.#foresees && (call.flags & MAP_FIXED) !== 0 && this.#isBelowReserve(end))
      this.#committing = event
    const mechanism = this.#mechanismOf(call, start, tag)
    if (mechanism === STACK && !this.#isOlder) this.newStacks.push({ at: this.now, bytes })
    return this.#open(call, mechanism, bytes)
  }

  release(event: number, start: number, end: number, owner: number): void {
    const bytes = end - start
    this.#kernel.calls.addMoved(this.#space, bytes)
    if (this.records.mechanism(owner) === RESERVE) this.#committing = event
    this.#reduce(owner, bytes, this.#trace.events.at(event))
  }

  displace(event: number, start: number, end: number, owner: number): void {
    if (this.records.event(owner) >= 0) this.activities.displace(this.records.activity(owner), event)
    this.release(event, start, end, owner)
  }

  protect(event: number, start: number, end: number, owner: number, before: number, after: number): number {
    const opensForeseen = this.isForeseen(owner) && this.#opensForeseen(start, end, before, after)
    const wasAccessible = accessible(before) && !opensForeseen
    if (wasAccessible === accessible(after)) return owner
    const { records } = this
    const call = this.#trace.events.at(event)
    if (records.mechanism(owner) === STACK) {
      if (!wasAccessible) this.#opened(call, end - start)
      return owner
    }
    this.#kernel.calls.addMoved(this.#space, end - start)
    if (wasAccessible) {
      this.#reduce(owner, end - start, call)
      return this.#open(call, RESERVE, end - start)
    }
    const base = opensForeseen ? RESERVE : records.mechanism(owner)
    this.#kernel.calls.forget(this.#space, owner, end - start)
    this.#opened(call, end - start)
    const heap = this.#heapOf(start, end)
    if (heap >= 0 && this.#isOlder) return this.known(ARENA, end - start)
    if (heap >= 0) return this.#growHeap(call, heap, start, end)
    return this.#open(call, base === RESERVE || base === MANAGED ? MANAGED : ANONYMOUS, end - start)
  }

  disown(owner: number, bytes: number): void {
    const { records } = this
    // Growth that came from a parent is nobody's here.
    this.#makers[records.maker(owner)]?.disown(records.mechanism(owner), bytes)
    this.#kernel.calls.forget(this.#space, owner, bytes)
  }

  /** glibc's heap_trim gives back the top of a heap, whoever frees (malloc_trim gives back pages anywhere). */
  advise(event: number, start: number, end: number): void {
    if (this.#isOlder) return
    this.#notePurge(event, start)
    const heap = Math.floor(start / this.#heapSize) * this.#heapSize
    if (!this.heaps.has(heap)) return
    const behind = this.map.at(end)
    if (behind !== null && accessible(behind.tag) && end < heap + this.#heapSize) return
    addTo(this.heapTrims, heap, this.#trace.events.tid(event), end - start)
  }

  #notePurge(event: number, start: number): void {
    const range = this.map.at(start)
    if (range === null || this.records.mechanism(range.owner) !== ANONYMOUS) return
    const maker = this.tidOf(range.owner)
    if (maker >= 0 && maker !== this.#trace.events.tid(event)) this.purgedByOthers.add(maker)
  }

  drop(owner: number, bytes: number): void {
    this.#kernel.calls.forget(this.#space, owner, bytes)
  }

  /** The allocation was a thread's stack after all: a thread was started on it. */
  turnIntoStack(owner: number): void {
    const { records } = this
    const mechanism = records.mechanism(owner)
    if (mechanism === STACK || mechanism === MAIN_HEAP || mechanism === ARENA) return
    records.setMechanism(owner, STACK)
    if (records.event(owner) < 0) return
    const bytes = records.bytes(owner)
    const maker = this.#makers[records.maker(owner)]!
    maker.move(mechanism, STACK, bytes)
    if (mechanism === RESERVE) {
      maker.addLive(records.live(owner))
      this.#kernel.calls.addOwned(this.#space, records.live(owner))
    }
    this.newStacks.push({ at: records.time(owner), bytes })
  }

  #mechanismOf({ event, call, flags }: CallAtHand, start: number, tag: number): MechanismCode {
    switch (call) {
      case CALL.brk:
        return MAIN_HEAP
      case CALL.mremap:
        return this.#enlarged(start, tag)
      case CALL.shmat:
        return SHARED
      case CALL.map_shadow_stack:
        return STACK
      default: {
        if ((flags & MAP_STACK) !== 0) return STACK
        if (!accessible(tag)) return RESERVE
        if ((flags & MAP_ANONYMOUS) === 0) return this.#descriptors.isSharedMemory(event) ? SHARED : FILE
        if ((tag & SHARED_TAG) !== 0) return SHARED
        // Mapped over a reservation: a runtime opens its heap piece by piece.
        return this.#committing === event ? MANAGED : ANONYMOUS
      }
    }
  }

  /** What mremap adds to, by what lies below: more of a mapped object, or of anonymous memory. */
  #enlarged(start: number, tag: number): MechanismCode {
    if ((tag & SHARED_TAG) === 0) return MREMAP
    const below = this.map.at(start - 1)
    return below && this.records.mechanism(below.owner) === FILE ? FILE : SHARED
  }

  /**
   * The heap of a glibc arena that `[start, end)` makes grow, -1 when it is none: malloc/arena.c keeps a heap aligned
   * to its maximal size, accessible from its start on and reserved behind.
   *
   *     h                 start   end                 h + 64 MiB
   *     |rw rw rw rw rw rw|  new  |--- --- --- --- ---|
   */
  #heapOf(start: number, end: number): number {
    const heap = Math.floor(start / this.#heapSize) * this.#heapSize
    const limit = heap + this.#heapSize
    if (end > limit) return -1
    if (this.heaps.has(heap)) return heap
    let next = heap
    let opened = true
    this.map.visit(heap, limit, (from, to, _owner, tag) => {
      if (from !== next || (accessible(tag) && !opened)) return
      opened = accessible(tag)
      next = to
    })
    const bottom = this.map.at(heap)
    const begins = start === heap || (bottom !== null && accessible(bottom.tag))
    return next === limit && begins ? heap : -1
  }

  /**
   * Whether access that a later snapshot shows was given by this call: malloc opens its arenas page by page, and runtimes
   * their reservations. Elsewhere a page may have been of another protection before.
   */
  #opensForeseen(start: number, end: number, seen: number, after: number): boolean {
    if ((seen & PERMISSIONS) !== READ_WRITE || (after & PERMISSIONS) !== READ_WRITE) return false
    return this.#heapOf(start, end) >= 0 || this.#isBelowReserve(end)
  }

  /** Whether anonymous memory reaches from an address up to a reservation without a gap. */
  #isBelowReserve(address: number): boolean {
    for (let at = address; ; ) {
      const piece = this.map.at(at)
      if (piece === null) return false
      const mechanism = this.records.mechanism(piece.owner)
      if (mechanism === RESERVE) return true
      if (mechanism !== ANONYMOUS && mechanism !== ARENA && mechanism !== MANAGED) return false
      at = piece.end
    }
  }

  #growHeap(call: CallAtHand, heap: number, start: number, end: number): number {
    addTo(this.heaps, heap, call.tid, end - start)
    this.#kernel.calls.haveArenas(this.#space)
    // Growth goes in pages: one record for what one thread adds in a row, by the same activity.
    const below = this.map.at(start - 1)
    const { index } = this.#threadOf(call)
    const activity = this.activities.of(call, index, ARENA)
    const { records } = this
    if (
      below === null ||
      records.mechanism(below.owner) !== ARENA ||
      records.activity(below.owner) !== activity
    )
      return this.#open(call, ARENA, end - start)
    const { event, call: kind, context } = call
    this.#kernel.calls.enlarge(this.#space, below.owner, index, event, kind, context, end - start)
    return below.owner
  }

  #opened(call: CallAtHand, bytes: number): void {
    if (!this.#isOlder) this.#threadOf(call).opened(bytes)
  }

  #open(call: CallAtHand, mechanism: MechanismCode, bytes: number): number {
    if (this.#isOlder) return this.known(mechanism, bytes)
    const { index } = this.#threadOf(call)
    const { event, call: kind, context } = call
    const key = this.activities.keyOf(context)
    return this.#kernel.calls.open(this.#space, index, event, kind, context, key, mechanism, bytes)
  }

  #reduce(owner: number, bytes: number, call: CallAtHand): void {
    if (this.#isOlder) this.drop(owner, bytes)
    else this.#kernel.calls.reduce(this.#space, owner, bytes, this.#threadOf(call).index, call.call)
  }
}

function addTo(sums: Map<number, Map<number, number>>, key: number, tid: number, bytes: number): void {
  const row = sums.get(key) ?? new Map<number, number>()
  row.set(tid, (row.get(tid) ?? 0) + bytes)
  sums.set(key, row)
}
