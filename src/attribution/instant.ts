import type { RangeMap } from '../base/range-map.ts'
import type { Phase } from '../strace/effects/phases.ts'
import type { AddressSpace } from './address-space.ts'
import { applyCall, extentOf } from './apply-call.ts'
import { addDifference, type Difference, differing, noDifference } from './compare.ts'
import { eventOf, phaseOf } from './effect-buffer.ts'

export interface Instant {
  /** So many of the effects had happened. */
  readonly happened: number
  /** Bytes that differ even then. */
  readonly least: number
}

/**
 * How many of the effects (as codes) inside a stamp had happened when the snapshot was taken: the number at which replay and
 * snapshot differ least. Tried on a copy; each effect only re-compares the addresses it may have changed, and the search
 * ends where nothing differs.
 *
 * `last`: among equally good instants take the last one. It is right for a snapshot that is itself the start of the
 * replay: effects before it were applied a second time, which leads back to the same state.
 */
export function findInstant(
  space: AddressSpace,
  effects: Float64Array,
  observed: RangeMap,
  last: boolean,
): Instant {
  const difference = noDifference()
  addDifference(difference, space.map, observed)
  const least = differing(difference)
  if (effects.length === 0 || (least === 0 && !last)) return { happened: 0, least }
  return space.onSketch((sketch) => search(sketch, effects, observed, last, difference))
}

/** Applies the effects to the sketch, which differs from the observation by `difference` now. */
function search(
  sketch: AddressSpace,
  effects: Float64Array,
  observed: RangeMap,
  last: boolean,
  difference: Difference,
): Instant {
  let best = 0
  let least = differing(difference)
  for (let count = 0; count < effects.length && (least > 0 || last); count += 1) {
    const event = eventOf(effects[count]!)
    const phase = phaseOf(effects[count]!)
    const change =
      difference.faulted === 0 ? sketch.tryPlain(sketch.map, observed, sketch.events.at(event)) : Number.NaN
    if (Number.isNaN(change)) compareAround(sketch, observed, event, phase, difference)
    // Where nothing was observed, all that a call changes differs.
    else difference.absent += change
    const now = differing(difference)
    if (now < least || (last && now === least)) {
      least = now
      best = count + 1
    }
  }
  return { happened: best, least }
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
