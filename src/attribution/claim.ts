import type { Tid } from '../base/units.ts'
import type { Culprit } from '../model/attribution.ts'
import type { Sentence } from '../model/sentence.ts'

/** Whom one mechanism's calls accuse, and why; or why nobody. */
export interface Claim {
  readonly culprit: Culprit | null
  readonly reason: Sentence
  /** Whether what stays may be released in its turn, though it is older than what was released. */
  readonly inTurn?: true
}

export const nobody = (reason: Sentence): Claim => ({ culprit: null, reason })

export const inTurn = (reason: Sentence): Claim => ({ culprit: null, reason, inTurn: true })

export const accuse = (tid: number, certainty: Culprit['certainty'], reason: Sentence): Claim => ({
  culprit: { tid: tid as Tid, certainty },
  reason,
})
