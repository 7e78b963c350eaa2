// A trace, replayed as far as its calls are plain: merged in the order of their effects, counted by slices, and applied
// to the address space of their process. AssemblyScript; `npm run build:kernels` compiles it into
// replay-kernel.wasm.ts, and a test holds the two together.
//
// The caller opens spaces and seats threads in them. `replay` stops at the first effect that is not plain: the caller
// applies that one to the same ranges and books.

import { advance, EFFECT, phase, row, thread, time } from '../../strace/effects/kernel/merge'
import { ENTRY, formAt } from '../../strace/effects/kernel/lanes'
import { Ranges } from '../../base/kernel/ranges'
import { applyPlain, tryPlain } from './plain'
import { countInSlice, makeSlices } from './slices'
import { Space } from './space'
export * from '../../base/kernel/range-calls'
export * from '../../strace/effects/kernel/merge'
export { slicesOf } from './slices'
export * from './space-calls'

/** What `replay` came to beside what `advance` may: so many effects as were asked for. */
const ENOUGH: i32 = 3

/** By thread: its space (0 for none that is known here), and its number among the makers of that. */
let seats: usize = 0
/** The threads that have a seat. */
let seated: usize = 0
let seatedCount: i32 = 0
let offset: f64 = 0
/** What the last `replay` saw. */
let effects: i32 = 0
let calls: i32 = 0

export function effectsSeen(): i32 { return effects }
export function callsSeen(): i32 { return calls }

/** `offset` is added to the trace's times; slices as in `makeSlices`. */
export function prepare(threads: i32, added: f64, from: f64, width: f64): void {
  offset = added
  seats = heap.alloc(<usize>threads << 3)
  memory.fill(seats, 0, <usize>threads << 3)
  seated = heap.alloc(<usize>threads << 2)
  makeSlices(threads, from, width)
}

/** The tree of processes has changed: who sits where has to be told again. */
export function leaveSeats(): void {
  for (let k = 0; k < seatedCount; k++) store<usize>(seats + (load<usize>(seated + (<usize>k << 2)) << 3), 0)
  seatedCount = 0
}

/** Where the calls of a thread belong. */
export function seat(thread: i32, space: Space, maker: i32): void {
  const place = seats + (<usize>thread << 3)
  if (load<usize>(place) == 0) {
    store<i32>(seated + (<usize>seatedCount << 2), thread)
    seatedCount++
  }
  store<usize>(place, changetype<usize>(space))
  store<i32>(place, maker, 4)
}

/** Applies a call that the caller had kept, as far as `applyPlain` does. */
export function applyKept(
  space: Space, form: i32, maker: i32, call: i32, place: f64, length: f64, context: i32, time: f64,
): bool {
  return applyPlain(space, formAt(form), maker, call, place, length, context, time)
}

/** As `tryPlain`, for a call that the caller had kept. */
export function tryKept(copy: Ranges, observed: Ranges, form: i32, place: f64, length: f64, pageSize: f64): f64 {
  return tryPlain(copy, observed, formAt(form), place, length, pageSize)
}

/** Replays at most so many effects. */
export function replay(most: i32): i32 {
  effects = 0
  calls = 0
  while (effects < most) {
    const came = advance()
    if (came != EFFECT) return came
    effects++
    const at = time + offset
    if (phase == ENTRY || formAt(row.form).countsAtExit) {
      calls++
      countInSlice(thread, at)
    }
    const space = changetype<Space>(load<usize>(seats + (<usize>thread << 3)))
    if (changetype<usize>(space) == 0 || at >= space.until) return EFFECT
    const maker = load<i32>(seats + (<usize>thread << 3), 4)
    if (!applyPlain(space, formAt(row.form), maker, row.call, row.place, row.length, row.context, at)) return EFFECT
  }
  return ENOUGH
}
