import type { RangeMap } from '../base/range-map.ts'
import { CALL } from '../strace/effects/phases.ts'
import type { AddressSpace } from './address-space.ts'
import { applyCall, extentOf } from './apply-call.ts'
import { addDifference, type Difference, differing, noDifference } from './compare.ts'
import { eventOf, phaseOf } from './effect-buffer.ts'
import { MAP_GROWSDOWN } from './kernel.ts'

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
    const [start, end] = extentOf(sketch, event, phase)
    if (!(start < end)) applyCall(sketch, event, phase)
    else if (difference.faulted === 0 && isPlain(sketch, event) && observed.isFree(start, end)) {
      const { bytes } = sketch.map
      applyCall(sketch, event, phase)
      difference.absent += sketch.map.bytes - bytes
    } else {
      addDifference(difference, sketch.map, observed, start, end, -1)
      applyCall(sketch, event, phase)
      addDifference(difference, sketch.map, observed, start, end)
    }
    const now = differing(difference)
    if (now < least || (last && now === least)) {
      least = now
      best = count + 1
    }
  }
  return { happened: best, least }
}

/**
 * Whether a call maps or unmaps nothing that page faults make grow, as most do: where nothing was observed, all that it
 * changes differs, and need not be compared.
 */
function isPlain({ events }: AddressSpace, event: number): boolean {
  const { call, flags } = events.at(event)
  return call === CALL.munmap || (call === CALL.mmap && (flags & MAP_GROWSDOWN) === 0)
}
