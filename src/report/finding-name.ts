import { fill } from '../language/fill.ts'
import { wordsIn } from '../language/words.ts'
import type { FurtherFinding, ReportDocument } from './document.ts'
import { severityWord } from './severity-word.ts'

/** A finding in few words: `main-heap-growth (problem, nscd 1085)`. */
export function findingName(
  { ruleId, severity, program, pid }: FurtherFinding,
  { language }: ReportDocument,
): string {
  const words = wordsIn(language)
  return fill(words.gate.finding, {
    rule: ruleId,
    severity: severityWord(severity, words),
    process: `${program ?? 'pid'} ${pid}`,
  })
}
