/** report.json from the facts: the one document of which every rendering is a pure function. */
import type { LineMarks } from '../base/line-marks.ts'
import type { EvidenceReference } from '../model/evidence.ts'
import { reasonSentence } from '../model/skip-reasons.ts'
import type { ReportDocument } from './document.ts'
import type { ReportInput } from './input.ts'
import { leadFinding } from './lead.ts'
import { readExcerpts } from './result/excerpts.ts'
import { findingsOf, furtherFindingsOf, furtherGrowthOf, rulesOf, worstFirst } from './result/findings.ts'
import { Omissions } from './result/omissions.ts'
import {
  eventsOf,
  firstToLastOf,
  lineagesOf,
  processesOf,
  snapshotsOf,
  timelineOf,
} from './result/processes.ts'
import {
  accountsOf,
  descriptorsOf,
  ownersOf,
  reconciliationOf,
  summariesOf,
  threadsOf,
  tracesOf,
} from './result/threads.ts'
import { verdictOf } from './result/verdicts.ts'
import { createWriter, type Writer, whole } from './result/writer.ts'

/**
 * Builds the document in one language, redacted, every list inside its budget. Reads the cited lines back from
 * `input.files`; everything else is already in memory. The same input gives the same document.
 */
export async function buildReport(input: ReportInput): Promise<ReportDocument> {
  const omissions = new Omissions()
  const excerpts = await readExcerpts(input.files, citedLines(input), input.redaction, marksOf(input))
  const write = createWriter(input.language, input.redaction, excerpts, omissions)
  const document: ReportDocument = {
    schemaVersion: '1.0',
    tool: { name: 'memdossier', version: input.version },
    language: input.language,
    capture: captureOf(input, write),
    verdict: verdictOf(input.verdicts.whole, write),
    processes: processesOf(input, write),
    events: eventsOf(input, write),
    snapshots: snapshotsOf(input, write),
    timeline: timelineOf(input, write),
    firstToLast: firstToLastOf(input, write),
    lineages: lineagesOf(input, write),
    threads: threadsOf(input, write),
    traces: tracesOf(input, write),
    summaries: summariesOf(input, write),
    descriptors: descriptorsOf(input, write),
    accounts: accountsOf(input, write),
    owners: ownersOf(input, write),
    reconciliation: reconciliationOf(input, write),
    findings: findingsOf(input, write),
    ...furtherFindingsOf(input, write),
    ...furtherGrowthOf(input, write),
    rules: rulesOf(input, write),
    gates: input.gates.map((gate) => ({ ...gate })),
    baseline: input.baseline
      ? {
          file: write.path(input.baseline.file),
          added: [...input.baseline.added],
          fixed: [...input.baseline.fixed],
          persisting: [...input.baseline.persisting],
        }
      : null,
    diagnostics: diagnosticsOf(input, write),
    inputs: omissions
      .cut('inputs', await input.inputs())
      .map(({ path, kind, bytes, sha256 }) => ({ path: write.path(path), kind, bytes, sha256 })),
    skipped: omissions.cut('skipped', input.skipped).map(({ path, reason, bytes }) => ({
      path: write.path(path),
      reason: reasonSentence(reason)[input.language],
      bytes,
    })),
    redaction: {
      policy: input.redaction.policy,
      rules: input.redaction.rules.map(({ rule, count }) => ({ rule, count })),
    },
    omitted: {},
  }
  const lead = leadFinding(document)
  if (lead) document.findings = [lead, ...document.findings.filter((finding) => finding !== lead)]
  // Last, when every list has been cut.
  document.omitted = omissions.toRecord()
  return document
}

function captureOf(input: ReportInput, write: Writer): ReportDocument['capture'] {
  const times = [
    ...input.facts.timeline.processes.flatMap((process) =>
      process.snapshots.map((snapshot) => snapshot.time),
    ),
    ...input.facts.attribution.windows.flatMap((window) =>
      window.from !== null && window.to !== null ? [window.from, window.to] : [],
    ),
  ].filter((time) => Number.isFinite(time))
  let from: number | null = null
  let to: number | null = null
  for (const time of times) {
    if (from === null || time < from) from = time
    if (to === null || time > to) to = time
  }
  return {
    name: write.path(input.captureName),
    from: write.timeOrNull(from),
    to: write.timeOrNull(to),
    limitBytes: whole(input.facts.limit?.bytes),
    limitSource: input.facts.limit?.source ?? null,
  }
}

function diagnosticsOf(input: ReportInput, write: Writer): ReportDocument['diagnostics'] {
  return write.omissions.cut('diagnostics', input.diagnostics).map((diagnostic) => ({
    code: diagnostic.code,
    severity: diagnostic.severity,
    file: write.path(diagnostic.file),
    line: diagnostic.line,
    message: write.say(diagnostic.message),
    remedy: write.say(input.remedy(diagnostic.code)),
    count: diagnostic.count,
  }))
}

/** Where the lines of the logs are, by path. */
const marksOf = ({ facts }: ReportInput): ReadonlyMap<string, LineMarks> =>
  new Map(
    facts.traces.flatMap(({ files }) =>
      files.flatMap(({ path, marks }) => (marks ? [[path, marks] as const] : [])),
    ),
  )

/** References in the order in which their lines matter: findings worst first, then accounts, activities, events. */
function citedLines(input: ReportInput): EvidenceReference[] {
  const { attribution, timeline } = input.facts
  return [
    ...worstFirst(input.results).flatMap((finding) => finding.evidence),
    ...attribution.accounts.flatMap((account) => account.references),
    ...attribution.threads.flatMap((thread) => thread.activities.flatMap((activity) => activity.references)),
    ...timeline.events.flatMap((event) => event.references),
  ]
}
