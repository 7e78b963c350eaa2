/** What the rules said: findings worst first, and every rule with its outcome. */
import { type Finding, type Measures, type RuleResult, SEVERITIES } from '../../model/finding.ts'
import type { FurtherGrowth, ReportDocument, ReportFinding } from '../document.ts'
import type { ReportInput } from '../input.ts'
import { LIST_BUDGETS } from './omissions.ts'
import { finite, type Writer, whole, wholeOrZero } from './writer.ts'

/** Worst first: severity, then confidence, then growth. */
export function worstFirst(results: readonly RuleResult[]): Finding[] {
  return results
    .flatMap((result) => (result.outcome === 'found' ? [...result.findings] : []))
    .sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        b.confidence - a.confidence ||
        (b.measures.grownBytes ?? 0) - (a.measures.grownBytes ?? 0) ||
        a.pid - b.pid ||
        compare(a.ruleId, b.ruleId) ||
        compare(a.fingerprint, b.fingerprint),
    )
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function measuresOf(measures: Measures, write: Writer): ReportFinding['measures'] {
  const more = Object.fromEntries(Object.entries(measures.more).map(([name, value]) => [name, finite(value)]))
  return {
    ...more,
    quantity: measures.quantity,
    grownBytes: whole(measures.grownBytes),
    bytesPerHour: finite(measures.bytesPerHour),
    bytesPerHourLow: finite(measures.bytesPerHourLow),
    bytesPerHourHigh: finite(measures.bytesPerHourHigh),
    onset: write.timeOrNull(measures.onset),
    from: write.timeOrNull(measures.from),
    to: write.timeOrNull(measures.to),
    limitBytes: whole(measures.limitBytes),
    limitAt: write.timeOrNull(measures.limitAt),
    limitAtEarliest: write.timeOrNull(measures.limitAtLow),
    limitAtLatest: write.timeOrNull(measures.limitAtHigh),
  }
}

/** What is left of the findings that the budget leaves out, so that no gate and no baseline takes them for gone. */
export function furtherFindingsOf(
  input: ReportInput,
  write: Writer,
): Pick<ReportDocument, 'furtherFindings'> {
  const all = worstFirst(input.results)
  const known = new Set(all.slice(0, LIST_BUDGETS.findings).map(({ fingerprint }) => fingerprint))
  const further = all
    .filter(({ severity }) => severity !== 'info')
    .filter(({ fingerprint }) => !known.has(fingerprint) && known.add(fingerprint))
  if (further.length === 0) return {}
  return {
    furtherFindings: write.omissions
      .cut('furtherFindings', further)
      .map(({ ruleId, fingerprint, severity, pid, program }) => ({
        ruleId,
        fingerprint,
        severity,
        pid,
        program: write.nameOrNull(program),
      })),
  }
}

/** How fast those grow that the budget leaves out: their fastest process lies between the greatest of their bounds. */
export function furtherGrowthOf(input: ReportInput, write: Writer): Pick<ReportDocument, 'furtherGrowth'> {
  const byPrint = new Map<string, FurtherGrowth>()
  for (const finding of worstFirst(input.results).slice(LIST_BUDGETS.findings)) {
    const { ruleId, fingerprint, measures } = finding
    const rate = finite(measures.bytesPerHour)
    if (finding.severity === 'info' || rate === null) continue
    const low = finite(measures.bytesPerHourLow) ?? rate
    const high = finite(measures.bytesPerHourHigh) ?? rate
    const other = byPrint.get(fingerprint)
    byPrint.set(fingerprint, {
      ruleId,
      fingerprint,
      bytesPerHour: Math.max(rate, other?.bytesPerHour ?? rate),
      bytesPerHourLow: Math.max(low, other?.bytesPerHourLow ?? low),
      bytesPerHourHigh: Math.max(high, other?.bytesPerHourHigh ?? high),
    })
  }
  if (byPrint.size === 0) return {}
  return { furtherGrowth: write.omissions.cut('furtherGrowth', [...byPrint.values()]) }
}

export function findingsOf(input: ReportInput, write: Writer): ReportFinding[] {
  return write.omissions.cut('findings', worstFirst(input.results)).map((finding) => ({
    ruleId: finding.ruleId,
    fingerprint: finding.fingerprint,
    severity: finding.severity,
    confidence: Math.round(finding.confidence),
    confidenceCap: write.sayOrNull(finding.cap),
    pid: finding.pid,
    program: write.nameOrNull(finding.program),
    mechanism: finding.mechanism,
    title: write.say(finding.title),
    summary: write.say(finding.summary),
    why: write.say(finding.why),
    action: write.say(finding.action),
    captureHint: finding.capture?.command ?? null,
    captureSettles: finding.capture ? write.say(finding.capture.settles) : null,
    measures: measuresOf(finding.measures, write),
    threads: write.omissions.cut('findings.threads', finding.threads).map((thread) => ({
      tid: thread.tid,
      name: write.nameOrNull(thread.name),
      bytes: wholeOrZero(thread.bytes),
      share: Math.min(1, Math.max(0, thread.share)),
    })),
    culprit: finding.culprit
      ? {
          tid: finding.culprit.tid,
          name: write.nameOrNull(finding.culprit.name),
          certainty: finding.culprit.certainty,
        }
      : null,
    culpritReason: write.say(finding.culpritReason),
    regions: write.omissions
      .cut('findings.regions', finding.regions)
      .map((region) => write.region(region, region.kind)),
    regionsOmitted: finding.regionsOmitted,
    lineages: [...finding.lineages],
    evidence: write.evidence(write.omissions.cut('findings.evidence', finding.evidence)),
  }))
}

export function rulesOf(input: ReportInput, write: Writer): ReportDocument['rules'] {
  const described = new Map(input.rules.map((rule) => [rule.id, rule]))
  return input.results.map((result) => {
    const rule = described.get(result.id)
    return {
      id: result.id,
      title: rule ? write.say(rule.title) : result.id,
      outcome: result.outcome,
      reason: write.say(result.reason),
      thresholds: (rule?.thresholds ?? []).map(({ name, value, because }) => ({
        name,
        value,
        because: write.say(because),
      })),
    }
  })
}
