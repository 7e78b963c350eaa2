import { type CallAtHand, FAILED, RESUMED_ONLY, UNFINISHED } from '../model/trace.ts'
import { CALL, ENTRY, type Phase } from '../strace/effects/phases.ts'
import type { AddressSpace } from './address-space.ts'
import { applyBrk, brkExtent } from './apply-brk.ts'
import { applyMremap, mremapExtent } from './apply-mremap.ts'
import {
  alignUp,
  GROWS_DOWN,
  MADV_DONTNEED,
  MADV_FREE,
  MADV_REMOVE,
  MAP_FIXED,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_TYPE,
  PROT_READ,
  PROT_WRITE,
  SHARED_TAG,
  SHM_RDONLY,
} from './kernel.ts'

type Extent = readonly [start: number, end: number]

/** What one call does to an address space, and which addresses it may change. */
interface CallKind {
  readonly apply: (space: AddressSpace, call: CallAtHand, phase: Phase) => void
  readonly extent: (space: AddressSpace, call: CallAtHand, phase: Phase) => Extent
}

const UNKNOWN_RESULT = FAILED | UNFINISHED | RESUMED_ONLY
const NOTHING: Extent = [0, 0]

/** Applies one half of a call; failed and unfinished calls change nothing. */
export function applyCall(space: AddressSpace, event: number, phase: Phase): void {
  const call = space.events.at(event)
  if ((call.state & UNKNOWN_RESULT) !== 0 && call.call !== CALL.brk) {
    if ((call.state & FAILED) === 0 && phase !== ENTRY) space.untold += 1
    return
  }
  if (call.call === CALL.mmap) mmap(space, call)
  else if (call.call === CALL.munmap) munmap(space, call)
  else CALLS[call.call]?.apply(space, call, phase)
}

/** Every address whose state `applyCall` may change lies in `[start, end)`; empty for calls without effect on ranges. */
export function extentOf(space: AddressSpace, event: number, phase: Phase): Extent {
  const call = space.events.at(event)
  return CALLS[call.call]?.extent(space, call, phase) ?? NOTHING
}

/** `[first argument, + length)`, the length rounded up to pages. */
const argument = ({ pageSize }: AddressSpace, { address, length1 }: CallAtHand): Extent => [
  address,
  address + alignUp(length1, pageSize),
]

/** Lengths of MAP_HUGETLB are rounded up to the huge page (mm/mmap.c), 2 MiB unless the flags say. */
function mappedLength({ pageSize }: AddressSpace, { flags, length1 }: CallAtHand): number {
  if ((flags & MAP_HUGETLB) === 0) return alignUp(length1, pageSize)
  const shift = (flags / 2 ** 26) & 0x3f
  return alignUp(length1, 2 ** (shift || 21))
}

/** What mmap gave. */
const mapped = (space: AddressSpace, call: CallAtHand): Extent => [
  call.result,
  call.result + mappedLength(space, call),
]

function mmap(space: AddressSpace, call: CallAtHand): void {
  const { event, flags, result: start, protection } = call
  const end = start + mappedLength(space, call)
  if (!(end > start)) {
    space.untold += 1
    return
  }
  const type = flags & MAP_TYPE
  let tag = protection & 7
  if (type === MAP_SHARED || type === MAP_SHARED_VALIDATE) tag |= SHARED_TAG
  if ((flags & MAP_GROWSDOWN) !== 0) tag |= GROWS_DOWN
  space.acquire(event, start, end, tag, (flags & MAP_FIXED) !== 0)
}

function munmap(space: AddressSpace, { event, address, length1 }: CallAtHand): void {
  space.release(event, address, address + alignUp(length1, space.pageSize))
}

/** Taking access away is a release, giving it an acquisition. */
function mprotect(space: AddressSpace, call: CallAtHand, phase: Phase): void {
  const protection = call.protection & 7
  if ((protection === 0) !== (phase === ENTRY)) return
  const { event } = call
  const [start, end] = argument(space, call)
  const whole = space.map.at(start)
  if (whole !== null && whole.end >= end) space.protect(event, start, end, whole.owner, whole.tag, protection)
  else
    for (const piece of space.map.pieces(start, end))
      space.protect(event, piece.start, piece.end, piece.owner, piece.tag, protection)
}

function madvise(space: AddressSpace, { event, flags: advice, address, length1 }: CallAtHand): void {
  if (advice !== MADV_DONTNEED && advice !== MADV_FREE && advice !== MADV_REMOVE) return
  space.keeper.advise(event, address, address + alignUp(length1, space.pageSize))
}

function segment(space: AddressSpace, { event, result: start }: CallAtHand): Extent {
  const size = space.segments.get(space.events.extra(event))
  return [start, size === undefined ? space.attachedEnd(start) : start + alignUp(size, space.pageSize)]
}

function shmat(space: AddressSpace, call: CallAtHand): void {
  const [start, end] = segment(space, call)
  if (!(end > start)) {
    space.untold += 1
    return
  }
  const readOnly = (call.flags & SHM_RDONLY) !== 0
  space.attached.set(start, end)
  space.acquire(call.event, start, end, SHARED_TAG | PROT_READ | (readOnly ? 0 : PROT_WRITE), true)
}

const detached = (space: AddressSpace, { address: start }: CallAtHand): Extent => [
  start,
  space.attached.get(start) ?? space.attachedEnd(start),
]

function shmdt(space: AddressSpace, call: CallAtHand): void {
  const [start, end] = detached(space, call)
  space.attached.delete(start)
  if (end > start) space.release(call.event, start, end)
  else space.untold += 1
}

const CALLS: (CallKind | undefined)[] = []
CALLS[CALL.mmap] = { apply: mmap, extent: mapped }
CALLS[CALL.munmap] = { apply: munmap, extent: argument }
CALLS[CALL.mremap] = { apply: applyMremap, extent: mremapExtent }
CALLS[CALL.brk] = { apply: applyBrk, extent: brkExtent }
CALLS[CALL.mprotect] = { apply: mprotect, extent: argument }
CALLS[CALL.madvise] = { apply: madvise, extent: () => NOTHING }
CALLS[CALL.shmat] = { apply: shmat, extent: segment }
CALLS[CALL.shmdt] = { apply: shmdt, extent: detached }
CALLS[CALL.shmget] = {
  apply: ({ segments }, { result, length1 }) => void segments.set(result, length1),
  extent: () => NOTHING,
}
CALLS[CALL.execve] = {
  apply: (space) => space.empty(),
  extent: () => [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
}
CALLS[CALL.map_shadow_stack] = {
  apply: (space, call) => space.acquire(call.event, ...mapped(space, call), PROT_READ | PROT_WRITE, false),
  extent: mapped,
}
