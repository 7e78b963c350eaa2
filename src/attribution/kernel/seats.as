// Where the calls of threads belong: which space they are in, and who they are among its makers.

import { Space } from './space'

/** By thread: its space (0 for none that is known here), and its number among the makers of that, -1 for none yet. */
let seats: usize = 0
/** The threads that have a seat. */
let seated: usize = 0
let seatedCount: i32 = 0

export function makeSeats(threads: i32): void {
  seats = heap.alloc(<usize>threads << 3)
  memory.fill(seats, 0, <usize>threads << 3)
  seated = heap.alloc(<usize>threads << 2)
}

/** The tree of processes has changed: who sits where has to be told again. */
export function leaveSeats(): void {
  for (let k = 0; k < seatedCount; k++) store<usize>(placeOf(load<i32>(seated + (<usize>k << 2))), 0)
  seatedCount = 0
}

/** Where the calls of a thread belong. */
export function seat(thread: i32, space: Space, maker: i32): void {
  const place = placeOf(thread)
  if (load<usize>(place) == 0) {
    store<i32>(seated + (<usize>seatedCount << 2), thread)
    seatedCount++
  }
  store<usize>(place, changetype<usize>(space))
  store<i32>(place, maker, 4)
}

/** A thread that sits in this space is known as a maker now. */
export function knowMaker(space: Space, thread: i32, maker: i32): void {
  const place = placeOf(thread)
  if (load<usize>(place) == changetype<usize>(space)) store<i32>(place, maker, 4)
}

/** The thread's space; null when it has no seat. */
// @ts-ignore: decorator
@inline
export function spaceOf(thread: i32): Space | null { return changetype<Space | null>(load<usize>(placeOf(thread))) }

/** The thread's number among the makers of this space; -1 when it has none, or no seat here. */
// @ts-ignore: decorator
@inline
export function makerIn(space: Space, thread: i32): i32 {
  const place = placeOf(thread)
  return load<usize>(place) == changetype<usize>(space) ? load<i32>(place, 4) : -1
}

// @ts-ignore: decorator
@inline
function placeOf(thread: i32): usize { return seats + (<usize>thread << 3) }
