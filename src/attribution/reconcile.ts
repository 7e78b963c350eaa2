import type { RangeMap } from '../base/range-map.ts'
import { agreementOf } from '../model/attribution.ts'
import type { AddressSpace } from './address-space.ts'
import { addDifference, changedBytes, type Difference, differing, noDifference, walkBoth } from './compare.ts'
import { accessible } from './kernel.ts'
import type { Ledger } from './ledger.ts'
import { MECHANISM_OF_KIND } from './mechanism.ts'
import { kindAt, type Observed } from './observed.ts'

/** Prediction against observation at one snapshot. */
export interface Reconciled {
  readonly difference: Difference
  /** Bytes that count as differing. */
  readonly differing: number
  /** Bytes that changed since the snapshot before, observed. */
  readonly changed: number
  /** 1 − differing / changed, never below 0; 1 when nothing changed and nothing differs. */
  readonly agreement: number
}

export function reconcile(predicted: RangeMap, observed: Observed, previous: Observed | null): Reconciled {
  const difference = noDifference()
  addDifference(difference, predicted, observed.map)
  const wrong = differing(difference)
  const changed = previous === null ? 0 : changedBytes(previous.map, observed.map)
  return { difference, differing: wrong, changed, agreement: agreementOf(wrong, changed) }
}

/** Makes the replay equal to the snapshot: bytes nobody explained get an unknown maker, absent ones are dropped. */
export function correct(
  space: AddressSpace,
  ledger: Ledger,
  observed: Observed,
  heapEnd: number,
  covered: boolean,
): void {
  const pieces: { start: number; end: number; before: number; after: number }[] = []
  walkBoth(
    space.map,
    observed.map,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    (start, end, before, after) => {
      if (before !== after) pieces.push({ start, end, before, after })
    },
  )
  for (const { start, end, before, after } of pieces) {
    if (after < 0)
      space.map.remove(start, end, (from, to, owner) => {
        ledger.drop(owner, to - from)
      })
    else if (before < 0) {
      const row = observed.map.at(start)!.owner
      const mechanism = MECHANISM_OF_KIND[kindAt(observed.snapshot, row)]
      space.map.set(start, end, ledger.known(mechanism, end - start), after)
      if (covered) ledger.unexplained[mechanism]! += end - start
    } else {
      space.map.retag(start, end, after)
      const mechanism = MECHANISM_OF_KIND[kindAt(observed.snapshot, observed.map.at(start)!.owner)]
      if (covered && !accessible(before) && accessible(after)) ledger.unexplained[mechanism]! += end - start
    }
  }
  if (!Number.isNaN(heapEnd)) space.chain.value = heapEnd
}
