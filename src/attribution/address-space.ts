import type { RangeMap } from '../base/range-map.ts'
import type { MemoryEvents, Trace } from '../model/trace.ts'
import { GROWS_DOWN, PERMISSIONS } from './kernel.ts'

/** Who is told what the calls do to the ranges. The owner of a range is a number that only the keeper understands. */
export interface Keeper {
  /** New bytes; returns their owner. */
  acquire(event: number, start: number, end: number, tag: number): number
  release(event: number, start: number, end: number, owner: number): void
  /** Releases what was still there where a call mapped: the call that released it came later in the merge, or is not in the log. */
  displace(event: number, start: number, end: number, owner: number): void
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
const NOBODY: Keeper = {
  acquire: () => 0,
  release: () => undefined,
  displace: () => undefined,
  protect: (_event, _start, _end, owner) => owner,
  disown: () => undefined,
  drop: () => undefined,
  advise: () => undefined,
}

/** A range that mremap has taken from its old place and not yet put down at the new one. */
export interface Moved {
  readonly start: number
  readonly end: number
  readonly owner: number
  readonly tag: number
}

/** The break and how it came to be: brk calls are ordered by their values. */
export interface BreakChain {
  /** As given by the last call; NaN when unknown. */
  value: number
  /** What the last growth mapped; `null` after a shrink. */
  grown: { readonly from: number; readonly to: number } | null
  /** The last call that shrank it. */
  shrunkBy: number
}

/**
 * The address space of one process, rebuilt call by call (apply-call.ts). `conflicts` counts what a right order of calls
 * never shows: an mmap without MAP_FIXED onto mapped bytes, a break that does not continue the chain.
 */
export class AddressSpace {
  readonly map: RangeMap
  readonly events: MemoryEvents
  readonly pageSize: number
  readonly keeper: Keeper
  readonly chain: BreakChain
  conflicts = 0
  /** Calls whose effect the log does not tell (cut, arguments unknown). */
  untold = 0
  /** Before the first snapshot inside the trace, a clash with bytes known from a snapshot alone is no conflict of the merge. */
  isOurs: (owner: number) => boolean = () => true
  /** Bytes known only from a snapshot that is still to come: what was there before is told by the calls alone. */
  isForeseen: (owner: number) => boolean = () => false
  /** End of a shared memory segment attached at an address, where no shmget of this trace gives its size. */
  attachedEnd: (start: number) => number = () => Number.NaN
  /** Sizes of shared memory segments by shmid, from shmget. */
  readonly segments: Map<number, number>
  /** Ends of attached segments by their start. */
  readonly attached: Map<number, number>
  /** Ranges under way, by the mremap call. */
  readonly moving: Map<number, readonly Moved[]>
  readonly #trace: Pick<Trace, 'events'>
  #releasing = -1
  readonly #releasePiece = (from: number, to: number, owner: number): void =>
    this.keeper.release(this.#releasing, from, to, owner)

  constructor(
    trace: Pick<Trace, 'events'>,
    keeper: Keeper,
    map: RangeMap,
    pageSize: number,
    from: AddressSpace | null = null,
  ) {
    this.#trace = trace
    this.events = trace.events
    this.keeper = keeper
    this.pageSize = pageSize
    this.map = map
    this.chain = from ? { ...from.chain } : { value: Number.NaN, grown: null, shrunkBy: -1 }
    this.segments = new Map(from?.segments)
    this.attached = new Map(from?.attached)
    this.moving = new Map(from?.moving)
    if (from) this.attachedEnd = from.attachedEnd
  }

  /** Lets something be tried on a copy whose changes nobody is told about. */
  onSketch<T>(tried: (sketch: AddressSpace) => T): T {
    const map = this.map.copy()
    try {
      return tried(new AddressSpace(this.#trace, NOBODY, map, this.pageSize, this))
    } finally {
      map.free()
    }
  }

  /** Unmaps whatever of `[start, end)` is mapped. */
  release(event: number, start: number, end: number): void {
    const owner = this.map.take(start, end)
    if (owner >= 0) {
      this.keeper.release(event, start, end, owner)
      return
    }
    this.#releasing = event
    this.map.remove(start, end, this.#releasePiece)
  }

  /** Maps `[start, end)`; what was there is released when the call replaces, and a conflict when it does not. */
  acquire(event: number, start: number, end: number, tag: number, replaces: boolean): void {
    this.clear(event, start, end, replaces)
    this.map.set(start, end, this.keeper.acquire(event, start, end, tag), tag)
  }

  /** Empties the place of an acquisition. */
  clear(event: number, start: number, end: number, replaces: boolean): void {
    if (!this.map.isFree(start, end)) this.#displace(event, start, end, replaces)
  }

  #displace(event: number, start: number, end: number, replaces: boolean): void {
    let clash = false
    this.map.remove(start, end, (from, to, owner) => {
      const ours = this.isOurs(owner)
      clash ||= ours
      // The kernel gives out free addresses only: what a snapshot shows here was not there at the time.
      if (this.isForeseen(owner) || (!ours && !replaces)) this.keeper.drop(owner, to - from)
      else if (replaces) this.keeper.release(event, from, to, owner)
      else this.keeper.displace(event, from, to, owner)
    })
    if (clash && !replaces) this.conflicts += 1
  }

  /** Gives one mapped piece another protection. */
  protect(
    event: number,
    start: number,
    end: number,
    owner: number,
    before: number,
    protection: number,
  ): void {
    const after = (before & ~7) | protection
    if (after === before && !this.isForeseen(owner)) return
    this.map.set(start, end, this.keeper.protect(event, start, end, owner, before, after), after)
  }

  /** A new program: nothing of the old one stays. What the kernel maps for the new one leaves no call. */
  empty(): void {
    this.map.remove(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, (start, end, owner) =>
      this.keeper.drop(owner, end - start),
    )
    this.attached.clear()
    this.moving.clear()
    this.chain.grown = null
    this.chain.value = Number.NaN
  }
}

/** The tag of a mapping in a snapshot: its permissions, and whether page faults alone make it grow. */
export const snapshotTag = (permissions: number, growsDown: boolean): number =>
  (permissions & PERMISSIONS) | (growsDown ? GROWS_DOWN : 0)
