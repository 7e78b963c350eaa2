import type { Verdict } from '../../model/finding.ts'
import type { ReportVerdict } from '../document.ts'
import type { Writer } from './writer.ts'

export const verdictOf = (verdict: Verdict, write: Writer): ReportVerdict => ({
  status: verdict.status,
  confidence: Math.round(verdict.confidence),
  summary: write.say(verdict.summary),
  reason: write.say(verdict.reason),
  numbers: verdict.numbers.map(({ value, label }) => ({ value: write.say(value), label: write.say(label) })),
  next: verdict.next ? { command: verdict.next.command, text: write.say(verdict.next.text) } : null,
})
