/** Numbers of a finding: everything unknown until a rule knows it. */
import type { Measures } from '../model/finding.ts'

/** Measures with `known` filled in and `null` elsewhere. */
export const measured = (
  known: Partial<Measures> & { readonly quantity: Measures['quantity'] },
): Measures => ({
  grownBytes: null,
  bytesPerHour: null,
  bytesPerHourLow: null,
  bytesPerHourHigh: null,
  onset: null,
  from: null,
  to: null,
  limitBytes: null,
  limitAt: null,
  limitAtLow: null,
  limitAtHigh: null,
  more: {},
  ...known,
})

/** Whole bytes, `null` stays `null`. */
export const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value))
