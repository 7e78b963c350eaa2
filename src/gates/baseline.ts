import { formatByteRange, formatRateShort } from '../base/format.ts'
import { fill } from '../language/fill.ts'
import { wordsIn } from '../language/words.ts'
import type { FurtherFinding, ReportDocument, ReportFinding } from '../report/document.ts'
import type { Gate } from './gate-options.ts'

/** Findings by fingerprint: what is new, what is gone, what stayed. Info findings claim nothing and stand apart. */
export function compareWithBaseline(
  document: ReportDocument,
  baseline: ReportDocument,
  file: string,
): NonNullable<ReportDocument['baseline']> {
  const now = claimedIn(document)
  const then = claimedIn(baseline)
  const all = new Set(allFindings(baseline).map(({ fingerprint }) => fingerprint))
  const informing = document.findings.filter((finding) => !claims(finding) && !all.has(finding.fingerprint))
  const addedInfo = [...new Set(informing.map(({ fingerprint }) => fingerprint))].sort()
  return {
    file,
    added: [...now].filter((print) => !then.has(print)).sort(),
    fixed: [...then].filter((print) => !now.has(print)).sort(),
    persisting: [...now].filter((print) => then.has(print)).sort(),
    ...(addedInfo.length > 0 ? { addedInfo } : {}),
  }
}

const claims = (finding: FurtherFinding): boolean => finding.severity !== 'info'

/** Those too that the report has no room to tell. */
export const allFindings = ({ findings, furtherFindings }: ReportDocument): readonly FurtherFinding[] =>
  furtherFindings ? [...findings, ...furtherFindings] : findings

/** Fingerprints of the findings that claim growth. */
export const claimedIn = (document: ReportDocument): Set<string> =>
  new Set(
    allFindings(document)
      .filter(claims)
      .map((finding) => finding.fingerprint),
  )

/** A persisting finding that now grows faster than the interval of the baseline allows. */
export function growthGates(document: ReportDocument, baseline: ReportDocument): Gate[] {
  const before = fastestIn(baseline)
  return document.findings.filter(claims).flatMap((finding) => {
    const was = before.get(finding.fingerprint)
    const is = finding.measures
    if (!was || is.bytesPerHour === null) return []
    const most = mostOf(was)
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

type Measures = ReportFinding['measures']

/** Measures by fingerprint: processes of one program share it, and a pid of then is none of now. */
function fastestIn({ findings }: ReportDocument): Map<string, Measures> {
  const fastest = new Map<string, Measures>()
  for (const { fingerprint, measures } of findings.filter(claims)) {
    if (measures.bytesPerHour === null) continue
    const other = fastest.get(fingerprint)
    if (!other || mostOf(measures) > mostOf(other)) fastest.set(fingerprint, measures)
  }
  return fastest
}

const mostOf = (measures: Measures): number => measures.bytesPerHourHigh ?? measures.bytesPerHour!

function rate(measures: Measures): string {
  const { bytesPerHour, bytesPerHourLow: low, bytesPerHourHigh: high } = measures
  const interval = low === null || high === null ? '' : ` (${formatByteRange(low, high)})`
  return `${formatRateShort(bytesPerHour!)}${interval}`
}
