// A trace, replayed as far as its calls are plain: merged in the order of their effects, counted by slices, and applied
// to the address space of their process. AssemblyScript; `npm run build:kernels` compiles it into
// replay-kernel.wasm.ts, and a test holds the two together.
//
// The caller opens spaces and seats threads in them. `replay` stops at the first effect that is not plain: the caller
// applies that one to the same ranges and books.

import { advance, EFFECT, phase, row, thread, time } from '../../strace/effects/kernel/merge'
import { ENTRY, formAt } from '../../strace/effects/kernel/lanes'
import { applyPlain } from './plain'
import { makerIn, makeSeats, spaceOf } from './seats'
import { countInSlice, makeSlices } from './slices'
import { Space } from './space'
export * from '../../base/kernel/range-calls'
export * from '../../strace/effects/kernel/merge'
export * from './instant'
export { knowMaker, leaveSeats, seat } from './seats'
export { slicesOf } from './slices'
export * from './space-calls'

/** What `replay` came to beside what `advance` may: so many effects as were asked for. */
const ENOUGH: i32 = 3

let offset: f64 = 0
/** What the last `replay` saw. */
let effects: i32 = 0
let calls: i32 = 0

export function effectsSeen(): i32 { return effects }
export function callsSeen(): i32 { return calls }

/** `offset` is added to the trace's times; slices as in `makeSlices`. */
export function prepare(threads: i32, added: f64, from: f64, width: f64): void {
  offset = added
  makeSeats(threads)
  makeSlices(threads, from, width)
}

/** Applies a call that the caller had kept, as far as `applyPlain` does. */
export function applyKept(
  space: Space, form: i32, maker: i32, call: i32, place: f64, length: f64, context: i32, time: f64,
): bool {
  return applyPlain(space, formAt(form), maker, call, place, length, context, time)
}

/** The effect that was come to last waits in a space. */
export function wait(space: Space): void { space.waiting.add(row, thread, phase, time + offset) }

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
    const space = spaceOf(thread)
    if (space === null) return EFFECT
    const form = formAt(row.form)
    if (!(at >= space.until)) {
      if (!applyPlain(space, form, makerIn(space, thread), row.call, row.place, row.length, row.context, at)) return EFFECT
    } else if (at >= space.waitsFrom && at < space.waitsBy && !form.isOfTree) {
      space.waiting.add(row, thread, phase, at)
    } else return EFFECT
  }
  return ENOUGH
}
