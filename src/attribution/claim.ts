import type { Tid } from '../base/units.ts'
import type { Culprit } from '../model/attribution.ts'
import type { Sentence } from '../model/sentence.ts'

/** Whom one mechanism's calls accuse, and why; or why nobody. */
export interface Claim {
  readonly culprit: Culprit | null
  readonly reason: Sentence
}

export const nobody = (reason: Sentence): Claim => ({ culprit: null, reason })

export const accuse = (tid: number, certainty: Culprit['certainty'], reason: Sentence): Claim => ({
  culprit: { tid: tid as Tid, certainty },
  reason,
})
