import { formatByteRange, formatRateShort } from '../base/format.ts'
import { fill } from '../language/fill.ts'
import { wordsIn } from '../language/words.ts'
import type { ReportDocument, ReportFinding } from '../report/document.ts'
import type { Gate } from './gate-options.ts'

/** Findings by fingerprint: what is new, what is gone, what stayed. Info findings claim nothing and are left out. */
export function compareWithBaseline(
  document: ReportDocument,
  baseline: ReportDocument,
  file: string,
): NonNullable<ReportDocument['baseline']> {
  const now = fingerprints(document)
  const then = fingerprints(baseline)
  return {
    file,
    added: [...now].filter((print) => !then.has(print)).sort(),
    fixed: [...then].filter((print) => !now.has(print)).sort(),
    persisting: [...now].filter((print) => then.has(print)).sort(),
  }
}

const claims = (finding: ReportFinding): boolean => finding.severity !== 'info'

const fingerprints = (document: ReportDocument): Set<string> =>
  new Set(document.findings.filter(claims).map((finding) => finding.fingerprint))

/** A persisting finding that now grows faster than the interval of the baseline allows. */
export function growthGates(document: ReportDocument, baseline: ReportDocument): Gate[] {
  const before = new Map(baseline.findings.map((finding) => [finding.fingerprint, finding]))
  return document.findings.filter(claims).flatMap((finding) => {
    const old = before.get(finding.fingerprint)
    const was = old?.measures
    const is = finding.measures
    if (!was || was.bytesPerHour === null || is.bytesPerHour === null) return []
    const most = was.bytesPerHourHigh ?? was.bytesPerHour
    const least = is.bytesPerHourLow ?? is.bytesPerHour
    return [
      {
        name: `growth of ${finding.ruleId} ${finding.fingerprint} against the baseline`,
        expected: fill(wordsIn(document.language).gate.atMost, { most: rate(was) }),
        found: rate(is),
        passed: least <= most,
      },
    ]
  })
}

function rate(measures: ReportFinding['measures']): string {
  const { bytesPerHour, bytesPerHourLow: low, bytesPerHourHigh: high } = measures
  const interval = low === null || high === null ? '' : ` (${formatByteRange(low, high)})`
  return `${formatRateShort(bytesPerHour!)}${interval}`
}
