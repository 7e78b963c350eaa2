/** Findings, worst first: each with why, evidence, remedy and the capture that would settle what is open. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatRateShort,
  formatShare,
} from '../../base/format.ts'
import { processName } from '../charts/subject.ts'
import { confidenceText } from '../confidence-text.ts'
import type { ReportFinding } from '../document.ts'
import { severityWord } from '../severity-word.ts'
import type { ViewContext } from './context.ts'
import { type EvidenceView, evidenceViews } from './evidence.ts'
import { type Fact, findingFacts, threadFact } from './finding-facts.ts'
import { amount, cell, code, figures, type Table, table, words } from './table.ts'
import { threadLinks } from './thread-pages.ts'

export interface FindingView {
  readonly id: string
  readonly severity: ReportFinding['severity']
  readonly severityWord: string
  readonly title: string
  readonly process: string
  readonly pid: number
  readonly confidence: string
  readonly cap: string | null
  readonly summary: string
  readonly facts: readonly Fact[]
  readonly why: string
  readonly who: string
  readonly culpritReason: string
  readonly action: string
  readonly settles: string | null
  readonly command: string | null
  readonly evidence: readonly EvidenceView[]
  /** How many of the calls in question are quoted, where that is not all of them. */
  readonly moreCalls: string | null
  readonly measures: Table
  readonly threads: Table | null
  readonly regions: Table | null
  readonly rule: string
}

/** Findings told in full; the rest are rows of a table. */
const TOLD_IN_FULL = 24

export const findingsView = (context: ViewContext): { told: FindingView[]; rest: Table | null } => {
  const { findings } = context.document
  const rest = findings.slice(TOLD_IN_FULL)
  return {
    told: findings.slice(0, TOLD_IN_FULL).map((finding, index) => findingView(finding, index, context)),
    rest: rest.length > 0 ? restTable(rest, context) : null,
  }
}

function restTable(rest: readonly ReportFinding[], context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'findings-rest',
    section.findingsRest,
    [words(t.finding), words(t.severity), words(t.process), figures(t.confidence), words(t.what)],
    rest.map((finding) => ({
      pid: finding.pid,
      cells: [
        cell(finding.title, { title: finding.ruleId }),
        cell(severityWord(finding.severity, context.words)),
        cell(processName(finding)),
        amount(finding.confidence, String(finding.confidence)),
        cell(finding.summary),
      ],
    })),
    { rows: 100, lost: context.document.omitted.findings ?? 0 },
  )
}

function findingView(finding: ReportFinding, index: number, context: ViewContext): FindingView {
  const id = `finding-${index + 1}`
  return {
    id,
    severity: finding.severity,
    severityWord: severityWord(finding.severity, context.words),
    title: finding.title,
    process: processName(finding),
    pid: finding.pid,
    confidence: confidenceText(finding.confidence, finding.culprit, context),
    cap: finding.confidenceCap,
    summary: finding.summary,
    facts: finding.severity === 'info' ? [] : findingFacts(finding, context, '#mappings'),
    why: finding.why,
    who: threadFact(finding, context),
    culpritReason: finding.culprit === null ? '' : finding.culpritReason,
    action: finding.action,
    settles: finding.captureSettles,
    command: finding.captureHint,
    evidence: evidenceViews(finding.evidence, context),
    moreCalls: moreCalls(finding, context),
    measures: measuresTable(id, finding, context),
    // Where nothing stayed of what any of them made, who and how we know has said so.
    threads: finding.threads.some(({ bytes }) => bytes !== 0) ? threadsTable(id, finding, context) : null,
    regions: finding.regions.length === 0 ? null : regionsTable(id, finding, context),
    rule: finding.ruleId,
  }
}

/** The quoted calls are a sample: the list of makers has the others, each with file and line. */
function moreCalls(finding: ReportFinding, context: ViewContext): string | null {
  const { document, words } = context
  const logs = new Set(document.traces.flatMap(({ files }) => files.map(({ path }) => path)))
  const quoted = finding.evidence.filter(({ file }) => logs.has(file)).length
  const all = finding.measures.neverReleasedCount
  const listed = document.owners.some(({ pid }) => pid === finding.pid)
  return listed && quoted > 0 && typeof all === 'number' && all > quoted
    ? context.fill(words.section.moreCalls, { quoted, n: all })
    : null
}

/** A measure's unit is the end of its name; that is the rule for whoever adds one. */
const UNITS: readonly (readonly [RegExp, (value: number, context: ViewContext) => string])[] = [
  [/bytesPerHour/i, (value) => formatRateShort(value)],
  [/Bytes$/, (value) => formatBytes(value)],
  [/Seconds$/, (value, context) => formatDuration(value * 1_000_000)[context.language]],
  [/Share$/, (value) => formatShare(value)],
  [/PerSecond$/, (value) => `${formatNumber(value)}/s`],
  [/Count$/, (value) => formatCount(value)],
]

function measureText(name: string, value: string | number, context: ViewContext): string {
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) ? context.moment(value) : value
  return UNITS.find(([pattern]) => pattern.test(name))?.[1](value, context) ?? formatNumber(value)
}

function measuresTable(id: string, finding: ReportFinding, context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    `${id}-measures`,
    section.measures,
    [words(t.quantity), words(t.value)],
    Object.entries(finding.measures)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      // A limit that nobody gave and a rate of what has none are no measures of this finding.
      .flatMap(([name, value]) =>
        value == null ? [] : [{ cells: [code(name), cell(measureText(name, value, context))] }],
      ),
  )
}

/** Who is involved shows in the first; hundreds of rows hide the lines of evidence below them. */
const THREADS_TOLD = 24

function threadsTable(id: string, finding: ReportFinding, context: ViewContext): Table {
  const { table: t, section } = context.words
  const linkTo = threadLinks(context.document)
  return table(
    context,
    `${id}-threads`,
    section.threadsInvolved,
    [words(t.thread), words(t.name), figures(t.bytes), figures(t.share)],
    finding.threads.map((thread) => ({
      cells: [
        cell(String(thread.tid), { sort: String(thread.tid), href: linkTo(finding.pid, thread.tid) }),
        cell(thread.name ?? context.words.page.unknown),
        amount(thread.bytes, formatBytes(thread.bytes)),
        amount(thread.share, formatShare(thread.share)),
      ],
    })),
    { rows: THREADS_TOLD },
  )
}

function regionsTable(id: string, finding: ReportFinding, context: ViewContext): Table {
  const { table: t, section, kind } = context.words
  return table(
    context,
    `${id}-regions`,
    section.regions,
    [words(t.addresses), words(t.kind), words(t.name)],
    finding.regions.map((region) => ({
      cells: [code(`${region.start}–${region.end}`), cell(kind[region.kind]), code(region.name || '–')],
    })),
    { rows: finding.regions.length, lost: finding.regionsOmitted },
  )
}
