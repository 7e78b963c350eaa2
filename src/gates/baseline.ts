import { formatByteRange, formatRateShort } from '../base/format.ts'
import { fill } from '../language/fill.ts'
import { wordsIn } from '../language/words.ts'
import type { FurtherFinding, FurtherGrowth, ReportDocument } from '../report/document.ts'
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
  return growthIn(document).flatMap((is) => {
    const was = before.get(is.fingerprint)
    if (!was) return []
    return [
      {
        name: `growth of ${is.ruleId} ${is.fingerprint} against the baseline`,
        expected: fill(wordsIn(document.language).gate.atMost, { most: rate(was) }),
        found: rate(is),
        passed: (is.bytesPerHourLow ?? is.bytesPerHour) <= mostOf(was),
      },
    ]
  })
}

/** How fast a finding grows; a bound is `null` when it is not known. */
type Growth = Pick<FurtherGrowth, 'ruleId' | 'fingerprint' | 'bytesPerHour'> & {
  readonly [Bound in 'bytesPerHourLow' | 'bytesPerHourHigh']: number | null
}

/** Of every finding that claims growth, those too that the report has no room to tell. */
function growthIn({ findings, furtherGrowth = [] }: ReportDocument): readonly Growth[] {
  const told = findings.filter(claims).flatMap(({ ruleId, fingerprint, measures }) => {
    const { bytesPerHour, bytesPerHourLow, bytesPerHourHigh } = measures
    return bytesPerHour === null
      ? []
      : [{ ruleId, fingerprint, bytesPerHour, bytesPerHourLow, bytesPerHourHigh }]
  })
  return [...told, ...furtherGrowth]
}

/** By fingerprint: processes of one program share it, and a pid of then is none of now. */
function fastestIn(document: ReportDocument): Map<string, Growth> {
  const fastest = new Map<string, Growth>()
  for (const growth of growthIn(document)) {
    const other = fastest.get(growth.fingerprint)
    if (!other || mostOf(growth) > mostOf(other)) fastest.set(growth.fingerprint, growth)
  }
  return fastest
}

const mostOf = (growth: Growth): number => growth.bytesPerHourHigh ?? growth.bytesPerHour

function rate({ bytesPerHour, bytesPerHourLow: low, bytesPerHourHigh: high }: Growth): string {
  const interval = low === null || high === null ? '' : ` (${formatByteRange(low, high)})`
  return `${formatRateShort(bytesPerHour)}${interval}`
}
