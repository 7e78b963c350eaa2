import type { CallAtHand } from '../model/trace.ts'
import { ENTRY, type Phase } from '../strace/effects/phases.ts'
import type { AddressSpace } from './address-space.ts'
import { alignUp, MREMAP_DONTUNMAP, MREMAP_FIXED, PROT_READ, PROT_WRITE } from './kernel.ts'

const READ_WRITE = PROT_READ | PROT_WRITE

/**
 * mremap(2): the old place is given up when the call begins, the new one is there when it returns. Bytes that move keep
 * their maker; what is added belongs to the call.
 *
 *     |aaaaaaaa|              entry        |aaaaaaaa|+++|   exit
 */
export function applyMremap(space: AddressSpace, call: CallAtHand, phase: Phase): void {
  const { events, map, pageSize } = space
  const { event, address: from, result: to, flags } = call
  const before = alignUp(call.length1, pageSize)
  const after = alignUp(events.length2(event), pageSize)
  if (!(after > 0) || Number.isNaN(before)) return
  // An old size of 0 doubles a shared mapping; MREMAP_DONTUNMAP leaves the old range mapped and empty.
  const copies = before === 0 || (flags & MREMAP_DONTUNMAP) !== 0
  const kept = Math.min(before, after)
  if (phase === ENTRY) {
    if (copies) return
    if (before > after) space.release(event, from + after, from + before)
    if (to === from) return
    space.moving.set(event, map.pieces(from, from + kept))
    map.remove(from, from + kept)
  } else if (copies)
    space.acquire(event, to, to + after, map.at(from)?.tag ?? READ_WRITE, (flags & MREMAP_FIXED) !== 0)
  else if (to !== from) putDown(space, call, kept, after)
  else if (after > before) space.acquire(event, to + before, to + after, map.at(to)?.tag ?? READ_WRITE, false)
}

function putDown(
  space: AddressSpace,
  { event, address: from, result: to, flags }: CallAtHand,
  kept: number,
  after: number,
): void {
  const { map } = space
  const shift = to - from
  const fixed = (flags & MREMAP_FIXED) !== 0
  const pieces = space.moving.get(event) ?? []
  space.moving.delete(event)
  space.clear(event, to, to + after, fixed)
  for (const piece of pieces) map.set(piece.start + shift, piece.end + shift, piece.owner, piece.tag)
  const tag = pieces.at(-1)?.tag ?? READ_WRITE
  if (after > kept) space.acquire(event, to + kept, to + after, tag, fixed)
  // The old place was not known to be mapped (no snapshot before): the kernel says that it was.
  if (pieces.length === 0) space.acquire(event, to, to + kept, tag, true)
}

/** Addresses that one half of an mremap call may change. */
export function mremapExtent(
  { events, pageSize }: AddressSpace,
  { event, address, result, length1 }: CallAtHand,
  phase: Phase,
): readonly [start: number, end: number] {
  const start = phase === ENTRY ? address : result
  const length = phase === ENTRY ? length1 : events.length2(event)
  return [start, start + alignUp(length, pageSize)]
}
