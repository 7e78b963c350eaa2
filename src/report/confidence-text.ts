import { fill } from '../language/fill.ts'
import { type Words, wordsIn } from '../language/words.ts'
import type { ReportDocument, ReportFinding } from './document.ts'
import { leadFinding } from './lead.ts'

/** The number speaks of the growth; beside a thread that is only likely it would be taken to speak of the thread. */
export function confidenceText(
  n: number,
  culprit: ReportFinding['culprit'],
  { words: { page } }: { readonly words: Words },
): string {
  return fill(culprit?.certainty === 'likely' ? page.confidenceOfGrowth : page.confidence, { n })
}

/** The confidence of the whole, as every first screen says it. */
export const verdictConfidence = (document: ReportDocument): string =>
  confidenceText(document.verdict.confidence, leadFinding(document)?.culprit ?? null, {
    words: wordsIn(document.language),
  })
