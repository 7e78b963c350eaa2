import type { RangeMap } from '../base/range-map.ts'
import type { Phase } from '../strace/effects/phases.ts'
import type { AddressSpace } from './address-space.ts'
import { applyCall, extentOf } from './apply-call.ts'
import { addDifference, type Difference, differing, noDifference } from './compare.ts'
import type { Search, WaitingEffects } from './waiting-effects.ts'

export interface Instant {
  /** So many of the effects had happened. */
  readonly happened: number
  /** Bytes that differ even then. */
  readonly least: number
}

/**
 * How many of the first `count` effects inside a stamp had happened when the snapshot was taken: the number at which replay
 * and snapshot differ least. Tried on a copy; each effect only re-compares the addresses it may have changed, and the
 * search ends where nothing differs.
 *
 * `last`: among equally good instants take the last one. It is right for a snapshot that is itself the start of the
 * replay: effects before it were applied a second time, which leads back to the same state.
 */
export function findInstant(
  space: AddressSpace,
  effects: WaitingEffects,
  count: number,
  observed: RangeMap,
  last: boolean,
): Instant {
  const difference = noDifference()
  addDifference(difference, space.map, observed)
  const least = differing(difference)
  if (count === 0 || (least === 0 && !last)) return { happened: 0, least }
  return space.onSketch((sketch) => search(sketch, effects, count, observed, last, difference))
}

/** Applies the effects to the sketch, which differs from the observation by `difference` now. */
function search(
  sketch: AddressSpace,
  effects: WaitingEffects,
  count: number,
  observed: RangeMap,
  last: boolean,
  difference: Difference,
): Instant {
  const found: Search = { differing: 0, least: differing(difference), best: 0 }
  for (let at = 0; at < count && (found.least > 0 || last); at += 1) {
    if (difference.faulted === 0) {
      const before = differing(difference)
      found.differing = before
      at = effects.search(sketch.map, observed, at, count, last, found)
      // Where nothing was observed, all that a call changes differs.
      difference.absent += found.differing - before
      if (at === count || (found.least === 0 && !last)) break
    }
    compareAround(sketch, observed, effects.event(at), effects.phase(at), difference)
    const now = differing(difference)
    if (now < found.least || (last && now === found.least)) {
      found.least = now
      found.best = at + 1
    }
  }
  return { happened: found.best, least: found.least }
}

/** Applies an effect and compares anew what it may have changed. */
function compareAround(
  sketch: AddressSpace,
  observed: RangeMap,
  event: number,
  phase: Phase,
  difference: Difference,
): void {
  const [start, end] = extentOf(sketch, event, phase)
  const isSome = start < end
  if (isSome) addDifference(difference, sketch.map, observed, start, end, -1)
  applyCall(sketch, event, phase)
  if (isSome) addDifference(difference, sketch.map, observed, start, end)
}
