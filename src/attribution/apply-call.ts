import { FAILED, RESUMED_ONLY, UNFINISHED } from '../model/trace.ts'
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
  readonly apply: (space: AddressSpace, event: number, phase: Phase) => void
  readonly extent: (space: AddressSpace, event: number, phase: Phase) => Extent
}

const UNKNOWN_RESULT = FAILED | UNFINISHED | RESUMED_ONLY
const NOTHING: Extent = [0, 0]

/** Applies one half of a call; failed and unfinished calls change nothing. */
export function applyCall(space: AddressSpace, event: number, phase: Phase): void {
  const { call, state } = space.events.at(event)
  if ((state & UNKNOWN_RESULT) !== 0 && call !== CALL.brk) {
    if ((state & FAILED) === 0 && phase !== ENTRY) space.untold += 1
    return
  }
  if (call === CALL.mmap) mmap(space, event)
  else if (call === CALL.munmap) munmap(space, event)
  else CALLS[call]?.apply(space, event, phase)
}

/** Every address whose state `applyCall` may change lies in `[start, end)`; empty for calls without effect on ranges. */
export const extentOf = (space: AddressSpace, event: number, phase: Phase): Extent =>
  CALLS[space.events.call(event)]?.extent(space, event, phase) ?? NOTHING

/** `[first argument, + length)`, the length rounded up to pages. */
function argument({ events, pageSize }: AddressSpace, event: number): Extent {
  const { address, length1 } = events.at(event)
  return [address, address + alignUp(length1, pageSize)]
}

/** Lengths of MAP_HUGETLB are rounded up to the huge page (mm/mmap.c), 2 MiB unless the flags say. */
function mappedLength({ events, pageSize }: AddressSpace, event: number): number {
  const { flags, length1 } = events.at(event)
  if ((flags & MAP_HUGETLB) === 0) return alignUp(length1, pageSize)
  const shift = (flags / 2 ** 26) & 0x3f
  return alignUp(length1, 2 ** (shift || 21))
}

/** What mmap gave. */
function mapped(space: AddressSpace, event: number): Extent {
  const start = space.events.result(event)
  return [start, start + mappedLength(space, event)]
}

function mmap(space: AddressSpace, event: number): void {
  const { flags, result: start, protection } = space.events.at(event)
  const end = start + mappedLength(space, event)
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

function munmap(space: AddressSpace, event: number): void {
  const { address, length1 } = space.events.at(event)
  space.release(event, address, address + alignUp(length1, space.pageSize))
}

/** Taking access away is a release, giving it an acquisition. */
function mprotect(space: AddressSpace, event: number, phase: Phase): void {
  const protection = space.events.at(event).protection & 7
  if ((protection === 0) !== (phase === ENTRY)) return
  const [start, end] = argument(space, event)
  const whole = space.map.at(start)
  if (whole !== null && whole.end >= end) space.protect(event, start, end, whole.owner, whole.tag, protection)
  else
    for (const piece of space.map.pieces(start, end))
      space.protect(event, piece.start, piece.end, piece.owner, piece.tag, protection)
}

function madvise(space: AddressSpace, event: number): void {
  const { flags: advice, address, length1 } = space.events.at(event)
  if (advice !== MADV_DONTNEED && advice !== MADV_FREE && advice !== MADV_REMOVE) return
  space.keeper.advise(event, address, address + alignUp(length1, space.pageSize))
}

function segment(space: AddressSpace, event: number): Extent {
  const start = space.events.result(event)
  const size = space.segments.get(space.events.extra(event))
  return [start, size === undefined ? space.attachedEnd(start) : start + alignUp(size, space.pageSize)]
}

function shmat(space: AddressSpace, event: number): void {
  const [start, end] = segment(space, event)
  if (!(end > start)) {
    space.untold += 1
    return
  }
  const readOnly = (space.events.flags(event) & SHM_RDONLY) !== 0
  space.attached.set(start, end)
  space.acquire(event, start, end, SHARED_TAG | PROT_READ | (readOnly ? 0 : PROT_WRITE), true)
}

function detached(space: AddressSpace, event: number): Extent {
  const start = space.events.address(event)
  return [start, space.attached.get(start) ?? space.attachedEnd(start)]
}

function shmdt(space: AddressSpace, event: number): void {
  const [start, end] = detached(space, event)
  space.attached.delete(start)
  if (end > start) space.release(event, start, end)
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
  apply: ({ segments, events }, event) => void segments.set(events.result(event), events.length1(event)),
  extent: () => NOTHING,
}
CALLS[CALL.execve] = {
  apply: (space) => space.empty(),
  extent: () => [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
}
CALLS[CALL.map_shadow_stack] = {
  apply: (space, event) => space.acquire(event, ...mapped(space, event), PROT_READ | PROT_WRITE, false),
  extent: mapped,
}
