import { RangeMap } from '../base/range-map.ts'
import { FAILED, type MemoryEvents, RESUMED_ONLY, type Trace, UNFINISHED } from '../model/trace.ts'
import { CALL, ENTRY, type Phase } from './effects.ts'
import {
  alignUp,
  GROWS_DOWN,
  MADV_DONTNEED,
  MADV_FREE,
  MADV_REMOVE,
  MAP_FIXED,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_TYPE,
  MREMAP_DONTUNMAP,
  PERMISSIONS,
  PROT_READ,
  PROT_WRITE,
  SHARED_TAG,
  SHM_RDONLY,
} from './kernel.ts'

/** Who is told what the calls do to the ranges. The owner of a range is a number that only the keeper understands. */
export interface Keeper {
  /** New bytes; returns their owner. */
  acquire(event: number, start: number, end: number, tag: number): number
  release(event: number, start: number, end: number, owner: number): void
  /** mprotect of one piece; returns its owner from now on. */
  protect(event: number, start: number, end: number, owner: number, before: number, after: number): number
  /** Takes back what acquire() gave: the call turned out to come later in the chain of breaks. */
  disown(owner: number, bytes: number): void
  /** Bytes that are gone without a release: the program was replaced, or a snapshot shows that they are not there. */
  drop(owner: number, bytes: number): void
  /** `madvise` that gives pages back and keeps the range. */
  advise(event: number, start: number, end: number): void
}

/** A keeper that knows nobody: for trying out where in a stamp a snapshot was taken. */
export const NOBODY: Keeper = {
  acquire: () => 0,
  release: () => undefined,
  protect: (_event, _start, _end, owner) => owner,
  disown: () => undefined,
  drop: () => undefined,
  advise: () => undefined,
}

type Applier = (space: AddressSpace, event: number, phase: Phase) => void
interface Grown {
  readonly event: number
  readonly from: number
  readonly to: number
}
interface Moved {
  readonly start: number
  readonly end: number
  readonly owner: number
  readonly tag: number
}

const UNKNOWN_RESULT = FAILED | UNFINISHED | RESUMED_ONLY

/**
 * The address space of one process, rebuilt call by call. `conflicts` counts what a right order of calls never shows:
 * an mmap without MAP_FIXED onto mapped bytes, a break that does not continue the chain.
 */
export class AddressSpace {
  readonly map: RangeMap
  readonly events: MemoryEvents
  readonly pageSize: number
  readonly #trace: Pick<Trace, 'events' | 'wordBits'>
  readonly #keeper: Keeper
  /** Current break as given by the last call; NaN when unknown. */
  break = Number.NaN
  conflicts = 0
  /** Conflicts with ranges known from a snapshot alone are not the merge's fault before the first snapshot inside the trace. */
  isOurs: (owner: number) => boolean = () => true
  /** Calls whose effect the log does not tell (cut, arguments unknown). */
  untold = 0
  /** End of a shared memory segment attached at an address, where no shmget of this trace gives its size. */
  attachedEnd: (start: number) => number = () => Number.NaN
  /** Sizes of segments by shmid, from shmget. */
  readonly segments: Map<number, number>
  readonly #attached: Map<number, number>
  readonly #moving: Map<number, readonly Moved[]>
  #lastGrown: Grown | null = null
  #shrunk = -1
  #releasing = -1
  readonly #releasePiece = (from: number, to: number, owner: number): void =>
    this.#keeper.release(this.#releasing, from, to, owner)

  constructor(
    trace: Pick<Trace, 'events' | 'wordBits'>,
    keeper: Keeper,
    pageSize: number,
    from: AddressSpace | null = null,
  ) {
    this.#trace = trace
    this.events = trace.events
    this.#keeper = keeper
    this.pageSize = pageSize
    this.map = from ? from.map.copy() : new RangeMap()
    this.break = from ? from.break : Number.NaN
    this.segments = new Map(from?.segments)
    this.#attached = new Map(from?.attached)
    this.#moving = new Map(from?.moving)
    if (from) this.attachedEnd = from.attachedEnd
  }

  get attached(): ReadonlyMap<number, number> {
    return this.#attached
  }
  get moving(): ReadonlyMap<number, readonly Moved[]> {
    return this.#moving
  }

  /** A copy whose changes nobody is told about. */
  sketch(): AddressSpace {
    return new AddressSpace(this.#trace, NOBODY, this.pageSize, this)
  }

  /** Applies one half of a call; failed and unfinished calls change nothing. */
  apply(event: number, phase: Phase): void {
    const call = this.events.call[event]!
    if (call !== CALL.brk && (this.events.state[event]! & UNKNOWN_RESULT) !== 0) {
      if ((this.events.state[event]! & FAILED) === 0) this.untold += phase === ENTRY ? 0 : 1
      return
    }
    APPLIERS[call]?.(this, event, phase)
  }

  /** Every address whose state `apply` may change lies in `[start, end)`, empty for calls without effect on ranges. */
  extent(event: number, phase: Phase): readonly [start: number, end: number] {
    const events = this.events
    const start = events.address[event]!
    const length = alignUp(events.length1[event]!, this.pageSize)
    switch (events.call[event]!) {
      case CALL.mmap:
      case CALL.map_shadow_stack:
        return [events.result[event]!, events.result[event]! + this.mmapLength(event)]
      case CALL.munmap:
      case CALL.mprotect:
        return [start, start + length]
      case CALL.mremap:
        return phase === ENTRY
          ? [start, start + length]
          : [events.result[event]!, events.result[event]! + alignUp(events.length2[event]!, this.pageSize)]
      case CALL.brk: {
        const now = Number.isNaN(this.break) ? events.result[event]! : this.break
        const low = Math.min(now, events.result[event]!, this.#lastGrown?.from ?? now)
        return [low, alignUp(Math.max(now, events.result[event]!), this.pageSize)]
      }
      case CALL.execve:
        return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      case CALL.shmat:
        return [events.result[event]!, this.#segmentEnd(event)]
      case CALL.shmdt:
        return [start, this.#attached.get(start) ?? this.attachedEnd(start)]
      default:
        return [0, 0]
    }
  }

  mmapLength(event: number): number {
    const flags = this.events.flags[event]!
    // mm/mmap.c rounds MAP_HUGETLB lengths up to the huge page: 2 MiB unless the flag word carries another shift.
    const shift = (flags / 2 ** 26) & 0x3f
    const unit = (flags & MAP_HUGETLB) !== 0 ? 2 ** (shift || 21) : this.pageSize
    return alignUp(this.events.length1[event]!, unit)
  }

  mmap(event: number): void {
    const start = this.events.result[event]!
    const end = start + this.mmapLength(event)
    const flags = this.events.flags[event]!
    if (!(end > start)) {
      this.untold += 1
      return
    }
    let tag = this.events.protection[event]! & 7
    if ((flags & MAP_TYPE) === 1 || (flags & MAP_TYPE) === 3) tag |= SHARED_TAG
    if ((flags & MAP_GROWSDOWN) !== 0) tag |= GROWS_DOWN
    this.#replace(event, start, end, tag, (flags & MAP_FIXED) !== 0)
  }

  munmap(event: number): void {
    const start = this.events.address[event]!
    this.#release(event, start, start + alignUp(this.events.length1[event]!, this.pageSize))
  }

  mprotect(event: number, phase: Phase): void {
    const protection = this.events.protection[event]! & 7
    // Taking access away is a release, giving it an acquisition.
    if ((protection === 0) !== (phase === ENTRY)) return
    const start = this.events.address[event]!
    const end = start + alignUp(this.events.length1[event]!, this.pageSize)
    const whole = this.map.at(start)
    if (whole !== null && whole.end >= end)
      this.#protectPiece(event, start, end, whole.owner, whole.tag, protection)
    else
      for (const piece of this.map.pieces(start, end))
        this.#protectPiece(event, piece.start, piece.end, piece.owner, piece.tag, protection)
  }

  /**
   * Grown at the end of the call, shrunk at its beginning. Two overlapping calls may return in the other order:
   *
   *     A  brk(120)  |-----------------|      the chain 100 → 120 → 140 says that A came first
   *     B  brk(140)        |-----|
   */
  brk(event: number, phase: Phase): void {
    const asked = this.events.address[event]!
    const result = this.events.result[event]!
    if (Number.isNaN(result)) return
    const known = !Number.isNaN(this.break)
    if (!(asked > 0) || asked !== result) {
      if (phase === ENTRY) return
      if (known && alignUp(result, this.pageSize) !== alignUp(this.break, this.pageSize)) this.conflicts += 1
      this.break = result
      return
    }
    if (phase === ENTRY) {
      if (known && result < this.break) {
        this.#release(event, alignUp(result, this.pageSize), alignUp(this.break, this.pageSize))
        this.break = result
        this.#shrunk = event
        this.#lastGrown = null
      }
      return
    }
    if (event === this.#shrunk) return
    if (!known) this.break = result
    else if (result > this.break) {
      const from = alignUp(this.break, this.pageSize)
      const to = alignUp(result, this.pageSize)
      if (to > from) this.#replace(event, from, to, PROT_READ | PROT_WRITE, false)
      this.#lastGrown = { event, from, to }
      this.break = result
    } else if (result < this.break) this.#insertInChain(event, alignUp(result, this.pageSize))
  }

  mremap(event: number, phase: Phase): void {
    const { events, map } = this
    const from = events.address[event]!
    const to = events.result[event]!
    const before = alignUp(events.length1[event]!, this.pageSize)
    const after = alignUp(events.length2[event]!, this.pageSize)
    if (!(after > 0) || Number.isNaN(before)) return
    const copies = before === 0 || (events.flags[event]! & MREMAP_DONTUNMAP) !== 0
    const kept = Math.min(before, after)
    if (phase === ENTRY) {
      if (copies) return
      if (before > after) this.#release(event, from + after, from + before)
      if (to === from) return
      this.#moving.set(event, map.pieces(from, from + kept))
      map.remove(from, from + kept)
      return
    }
    const source = copies ? map.at(from) : map.at(to)
    if (to === from && !copies) {
      if (after > before)
        this.#replace(event, to + before, to + after, source?.tag ?? PROT_READ | PROT_WRITE, false)
      return
    }
    const fixed = (events.flags[event]! & 2) !== 0
    if (copies) {
      this.#replace(event, to, to + after, source?.tag ?? PROT_READ | PROT_WRITE, fixed)
      return
    }
    const pieces = this.#moving.get(event) ?? []
    this.#moving.delete(event)
    this.#clear(event, to, to + after, fixed)
    for (const piece of pieces)
      map.set(piece.start - from + to, piece.end - from + to, piece.owner, piece.tag)
    const tag = pieces.at(-1)?.tag ?? PROT_READ | PROT_WRITE
    if (after > kept) this.#replace(event, to + kept, to + after, tag, fixed)
    // The old place was not known to be mapped (no snapshot before): the kernel says that it was.
    if (pieces.length === 0) this.#replace(event, to, to + kept, tag, true)
  }

  shmat(event: number): void {
    const start = this.events.result[event]!
    const end = this.#segmentEnd(event)
    if (!(end > start)) {
      this.untold += 1
      return
    }
    const readOnly = (this.events.flags[event]! & SHM_RDONLY) !== 0
    this.#attached.set(start, end)
    this.#replace(event, start, end, SHARED_TAG | PROT_READ | (readOnly ? 0 : PROT_WRITE), true)
  }

  shmdt(event: number): void {
    const start = this.events.address[event]!
    const end = this.#attached.get(start) ?? this.attachedEnd(start)
    this.#attached.delete(start)
    if (end > start) this.#release(event, start, end)
    else this.untold += 1
  }

  /** A new program: nothing of the old one stays. What the kernel maps for the new one leaves no call. */
  execve(): void {
    this.map.remove(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, (start, end, owner) =>
      this.#keeper.drop(owner, end - start),
    )
    this.#attached.clear()
    this.#moving.clear()
    this.#lastGrown = null
    this.break = Number.NaN
  }

  madvise(event: number): void {
    const advice = this.events.flags[event]!
    const start = this.events.address[event]!
    if (advice === MADV_DONTNEED || advice === MADV_FREE || advice === MADV_REMOVE)
      this.#keeper.advise(event, start, start + alignUp(this.events.length1[event]!, this.pageSize))
  }

  #segmentEnd(event: number): number {
    const start = this.events.result[event]!
    const size = this.segments.get(this.events.extra[event]!)
    return size === undefined ? this.attachedEnd(start) : start + alignUp(size, this.pageSize)
  }

  #release(event: number, start: number, end: number): void {
    this.#releasing = event
    this.map.remove(start, end, this.#releasePiece)
  }

  /** Empties the place of an acquisition: bytes that were there are released when it replaces, else a conflict. */
  #clear(event: number, start: number, end: number, replaces: boolean): void {
    let clash = false
    this.map.remove(start, end, (from, to, owner) => {
      clash ||= this.isOurs(owner)
      this.#keeper.release(event, from, to, owner)
    })
    if (clash && !replaces) this.conflicts += 1
  }

  #replace(event: number, start: number, end: number, tag: number, replaces: boolean): void {
    if (!this.map.isFree(start, end)) this.#clear(event, start, end, replaces)
    this.map.set(start, end, this.#keeper.acquire(event, start, end, tag), tag)
  }

  #protectPiece(
    event: number,
    start: number,
    end: number,
    owner: number,
    before: number,
    protection: number,
  ): void {
    const after = (before & ~7) | protection
    if (after === before) return
    this.map.set(start, end, this.#keeper.protect(event, start, end, owner, before, after), after)
  }

  #insertInChain(event: number, result: number): void {
    const grown = this.#lastGrown
    if (grown === null || result <= grown.from || result > grown.to) {
      this.conflicts += 1
      return
    }
    for (const piece of this.map.pieces(grown.from, result)) {
      this.#keeper.disown(piece.owner, piece.end - piece.start)
      this.map.set(
        piece.start,
        piece.end,
        this.#keeper.acquire(event, piece.start, piece.end, piece.tag),
        piece.tag,
      )
    }
    this.#lastGrown = { ...grown, from: result }
  }
}

const APPLIERS: (Applier | undefined)[] = []
APPLIERS[CALL.mmap] = (space, event) => space.mmap(event)
APPLIERS[CALL.munmap] = (space, event) => space.munmap(event)
APPLIERS[CALL.mprotect] = (space, event, phase) => space.mprotect(event, phase)
APPLIERS[CALL.brk] = (space, event, phase) => space.brk(event, phase)
APPLIERS[CALL.mremap] = (space, event, phase) => space.mremap(event, phase)
APPLIERS[CALL.shmat] = (space, event) => space.shmat(event)
APPLIERS[CALL.shmdt] = (space, event) => space.shmdt(event)
APPLIERS[CALL.madvise] = (space, event) => space.madvise(event)
APPLIERS[CALL.execve] = (space) => space.execve()
APPLIERS[CALL.map_shadow_stack] = (space, event) => space.mmap(event)
APPLIERS[CALL.shmget] = (space, event) => {
  space.segments.set(space.events.result[event]!, space.events.length1[event]!)
}

/** The tag of a mapping in a snapshot: its permissions, and whether page faults alone make it grow. */
export const snapshotTag = (permissions: number, growsDown: boolean): number =>
  (permissions & PERMISSIONS) | (growsDown ? GROWS_DOWN : 0)
