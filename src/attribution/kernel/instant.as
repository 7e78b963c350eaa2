// What is done with effects that wait for a snapshot, as far as they are plain: a search for the instant at which it was
// taken, and then their application.

import { formAt } from '../../strace/effects/kernel/lanes'
import { Ranges } from '../../base/kernel/ranges'
import { applyPlain, tryPlain } from './plain'
import { makerIn } from './seats'
import { Space } from './space'

/** What the last search came to: bytes that differ behind the last effect tried; the fewest, and behind how many effects. */
let differs: f64 = 0
let least: f64 = 0
let best: i32 = 0

export function differsNow(): f64 { return differs }
export function leastFound(): f64 { return least }
export function bestFound(): i32 { return best }

/**
 * Tries the waiting effects `[from, count)` on a copy of the ranges, which differs from what was observed by `differing`
 * bytes now, and by `fewest` behind the first `bestBefore` of them. Returns where it stops: at the first that is not plain
 * where nothing was observed, or where nothing differs any more, unless the `last` instant is wanted among equal ones.
 */
export function searchWaiting(
  space: Space, copy: Ranges, observed: Ranges, from: i32, count: i32, differing: f64, fewest: f64, bestBefore: i32, last: bool,
): i32 {
  differs = differing
  least = fewest
  best = bestBefore
  const list = space.waiting
  for (let at = from; at < count; at++) {
    if (least <= 0 && !last) return at
    const waiting = list.at(list.from + at)
    const change = tryPlain(copy, observed, formAt(waiting.form), waiting.place, waiting.length, space.pageSize)
    if (change != change) return at
    // All that a call changes differs where nothing was observed.
    differs += change
    if (differs < least || (last && differs == least)) {
      least = differs
      best = at + 1
    }
  }
  return count
}

/** Applies the waiting effects `[from, end)` up to the first that is not plain, or not before `until`; returns where it stops. */
export function applyWaiting(space: Space, from: i32, end: i32, until: f64): i32 {
  const list = space.waiting
  for (let at = from; at < end; at++) {
    const waiting = list.at(list.from + at)
    if (waiting.time >= until) return at
    const maker = makerIn(space, waiting.thread)
    const form = formAt(waiting.form)
    if (!applyPlain(space, form, maker, waiting.call, waiting.place, waiting.length, waiting.context, waiting.time)) return at
  }
  return end
}
