import { configure } from 'safe-stable-stringify'
import { z } from 'zod'
import type { RedactionCount } from '../redaction/policy.ts'
import type { LedgerEntry } from './evidence-ledger.ts'

const stringify = configure({ circularValue: Error, bigint: false })
const content = z.object({ bytes: z.int(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
const counts = z.array(z.object({ rule: z.string(), count: z.int() }))

/** redaction-report.json: what was replaced, by rule and file; never what it was. */
export const redactionReport = z.object({
  policy: z.enum(['standard', 'strict', 'none']),
  files: z.array(
    z.object({ path: z.string(), format: z.string(), original: content, stored: content, rules: counts }),
  ),
  /** Over all files of the evidence. */
  total: counts,
  /** In the report itself: names, paths and cited lines. */
  shown: counts,
})
export type RedactionReport = z.infer<typeof redactionReport>

export function redactionReportText(
  policy: string,
  ledger: readonly LedgerEntry[],
  shown: readonly RedactionCount[],
): string {
  const total = new Map<string, number>()
  for (const { rules } of ledger)
    for (const { rule, count } of rules) total.set(rule, (total.get(rule) ?? 0) + count)
  const report = {
    policy,
    files: ledger,
    total: [...total].sort(([a], [b]) => (a < b ? -1 : 1)).map(([rule, count]) => ({ rule, count })),
    shown,
  }
  return `${stringify(report, null, 1)}\n`
}
