/** What a reader sees first: the verdict, its numbers, who, how fast, until when, what next, and what is missing. */
import { parseTime } from '../../base/clock-text.ts'
import {
  formatBytes,
  formatDuration,
  formatForecast,
  formatRateInterval,
  formatShare,
} from '../../base/format.ts'
import { overallAgreement } from '../charts/predicted.ts'
import { regionLabel } from '../charts/region-label.ts'
import type { ReportDocument, ReportFinding } from '../document.ts'
import { byImportance, leadFinding } from '../lead.ts'
import { dayOf, type ViewContext } from './context.ts'
import { amount, cell, figures, type Table, table, words } from './table.ts'

export interface FirstScreen {
  readonly capture: string
  readonly status: ReportDocument['verdict']['status']
  readonly statusWord: string
  readonly heading: string
  readonly confidence: string
  readonly reason: string
  readonly numbers: ReportDocument['verdict']['numbers']
  readonly facts: readonly { readonly label: string; readonly value: string }[]
  readonly failedGates: readonly string[]
  readonly next: { readonly text: string; readonly command: string | null } | null
  readonly data: readonly { readonly text: string; readonly href: string | null; readonly loud: boolean }[]
  readonly processes: Table | null
  /** More than a reader wants to scroll past. */
  readonly manyProcesses: boolean
}

const STATUS_WORDS = {
  leak: 'statusLeak',
  growth: 'statusGrowth',
  healthy: 'statusHealthy',
  inconclusive: 'statusInconclusive',
} as const

export const statusWord = (status: ReportDocument['verdict']['status'], context: ViewContext): string =>
  context.words.page[STATUS_WORDS[status]]

export function firstScreen(context: ViewContext): FirstScreen {
  const { document, words: w } = context
  const { verdict } = document
  const top = leadFinding(document)
  const failed = document.gates.filter((gate) => !gate.passed)
  return {
    capture: captureLine(context),
    status: verdict.status,
    statusWord: statusWord(verdict.status, context),
    heading: verdict.summary,
    confidence: context.fill(w.page.confidence, { n: verdict.confidence }),
    reason: verdict.reason,
    numbers: verdict.numbers,
    facts: top ? findingFacts(top, context) : [],
    failedGates: failed.map(({ name, expected, found }) =>
      context.fill(w.page.gateFailed, { name, expected, found }),
    ),
    next: nextStep(document, top),
    data: dataLine(context),
    manyProcesses: document.processes.length > 6,
    processes: document.processes.length > 1 ? processTable(context) : null,
  }
}

/** Whether a finding repeats these words: the first screen then needs only the first of its sentences. */
const toldBelow = (text: string, document: ReportDocument): boolean =>
  document.findings.some((finding) => finding.captureSettles?.includes(text))

const firstSentence = (text: string): string => /^.+?(?:[.。](?=\s|$)|。)/u.exec(text)?.[0] ?? text

function nextStep(document: ReportDocument, top: ReportFinding | null): FirstScreen['next'] {
  const { verdict } = document
  if (verdict.next) {
    const { command, text } = verdict.next
    return { command, text: toldBelow(text, document) ? firstSentence(text) : text }
  }
  if (top?.captureHint) return { text: firstSentence(top.captureSettles ?? ''), command: top.captureHint }
  return null
}

function captureLine(context: ViewContext): string {
  const { capture } = context.document
  const { page } = context.words
  if (capture.from === null || capture.to === null)
    return context.fill(page.captureUntimed, { name: capture.name })
  return context.fill(page.capture, {
    name: capture.name,
    from: `${dayOf(capture.from)} ${context.moment(capture.from)}`,
    to: context.moment(capture.to),
  })
}

/** Mapping, thread, rate, limit: the questions a reader has, each with its own line. */
export function findingFacts(finding: ReportFinding, context: ViewContext): FirstScreen['facts'] {
  const { page } = context.words
  return [
    { label: page.factMapping, value: mappingFact(finding, context) },
    { label: page.factThread, value: shortThreadFact(finding, context) },
    { label: page.factRate, value: rateFact(finding, context) },
    { label: page.factLimit, value: limitFact(finding, context) },
  ]
}

function mappingFact(finding: ReportFinding, context: ViewContext): string {
  const { words } = context
  const first = finding.regions[0]
  if (!first) return words.mechanism[finding.mechanism]
  const label = regionLabel(first, words)
  const span = label.includes(first.start) ? `${label}–${first.end}` : `${label} ${first.start}–${first.end}`
  const more = finding.regions.length - 1
  return more > 0 ? `${span} ${context.fill(words.page.moreMappings, { n: more })}` : span
}

export function threadFact(finding: ReportFinding, context: ViewContext): string {
  const { page } = context.words
  const { culprit } = finding
  if (!culprit) return context.fill(page.threadOpen, { reason: finding.culpritReason })
  const certainty = page[culprit.certainty]
  return culprit.name === null
    ? context.fill(page.threadAccusedUnnamed, { tid: culprit.tid, certainty })
    : context.fill(page.threadAccused, { tid: culprit.tid, name: culprit.name, certainty })
}

/** The summary has just said why it is open: no need to say it twice on one screen. */
const shortThreadFact = (finding: ReportFinding, context: ViewContext): string =>
  finding.culprit === null && finding.summary.includes(finding.culpritReason)
    ? context.words.page.threadOpenAbove
    : threadFact(finding, context)

function rateFact(finding: ReportFinding, context: ViewContext): string {
  const { page } = context.words
  const { bytesPerHour, bytesPerHourLow, bytesPerHourHigh, onset } = finding.measures
  if (bytesPerHour === null) return page.rateUnknown
  const rate = formatRateInterval(bytesPerHour, bytesPerHourLow, bytesPerHourHigh)
  if (onset === null) return rate
  // An onset at the first sample is where the evidence begins, not where the growth does.
  const words = growsFromTheStart(finding, context) ? page.factSinceFirst : page.factSince
  return `${rate}, ${context.fill(words, { time: context.moment(onset) })}`
}

function growsFromTheStart(finding: ReportFinding, context: ViewContext): boolean {
  const process = context.document.processes.find(({ pid }) => pid === finding.pid)
  const { onset } = finding.measures
  return onset !== null && process?.firstSample != null && onset <= process.firstSample
}

function limitFact(finding: ReportFinding, context: ViewContext): string {
  const { page } = context.words
  const { limitBytes, limitAt, limitAtEarliest, limitAtLatest, to } = finding.measures
  const limit = limitBytes ?? context.document.capture.limitBytes
  if (limit === null) return page.limitNone
  if (limitAt === null) return context.fill(page.limitNotReached, { bytes: formatBytes(limit) })
  const beside = parseTime(to ?? limitAt)
  const at = (time: string) => formatForecast(parseTime(time), beside)
  if (limitAtEarliest === null || limitAtLatest === null)
    return context.fill(page.limitAtOnly, { bytes: formatBytes(limit), time: at(limitAt) })
  return context.fill(page.limitAt, {
    bytes: formatBytes(limit),
    time: at(limitAt),
    from: at(limitAtEarliest),
    to: at(limitAtLatest),
  })
}

function dataLine(context: ViewContext): FirstScreen['data'] {
  const { document, words: w } = context
  const { page } = w
  const say = (text: string, href: string | null = null, loud = false) => ({ text, href, loud })
  const damage = document.diagnostics.filter((entry) => entry.severity !== 'info')
  const agreement = overallAgreement(document.reconciliation)
  const passed = document.gates.filter((gate) => gate.passed).length
  return [
    say(context.fill(page.dataSnapshots, { n: document.snapshots.length })),
    say(tracesText(context)),
    ...(agreement === null ? [] : [say(context.fill(page.dataExplained, { share: formatShare(agreement) }))]),
    document.skipped.length === 0
      ? say(page.dataNothingSkipped)
      : say(context.fill(page.dataSkipped, { n: document.skipped.length }), '#quality', true),
    ...(damage.length === 0
      ? []
      : [
          say(
            context.fill(page.dataDamaged, { n: new Set(damage.map(({ code }) => code)).size }),
            '#quality',
            true,
          ),
        ]),
    document.redaction.policy === 'none'
      ? say(page.dataRedactedNone)
      : say(context.fill(page.dataRedacted, { policy: document.redaction.policy }), '#provenance'),
    ...(document.gates.length > 0 && passed === document.gates.length
      ? [say(context.fill(page.gatesPassed, { n: passed }), '#gates')]
      : []),
  ]
}

function tracesText(context: ViewContext): string {
  const { traces } = context.document
  const { page } = context.words
  if (traces.length === 0) return page.dataNoTraces
  const timed = traces.filter((trace) => trace.from !== null && trace.to !== null)
  // Two traces of one process have its threads in common: they count once.
  const threads = context.document.threads.filter((thread) => thread.traced).length
  if (timed.length === 0) return context.fill(page.dataTracesUntimed, { n: traces.length })
  const span = timed.reduce((sum, trace) => sum + parseTime(trace.to!) - parseTime(trace.from!), 0)
  return context.fill(page.dataTraces, {
    n: traces.length,
    span: formatDuration(span)[context.language],
    threads,
  })
}

function processTable(context: ViewContext): Table {
  const { table: t, page } = context.words
  const processes = byImportance(context.document)
  return table(
    context,
    'processes',
    page.otherProcesses,
    [words(t.process), words(t.verdict), figures(t.confidence), figures(t.snapshots), figures(t.rss)],
    processes.map((process) => ({
      pid: process.pid,
      cells: [
        cell(context.process(process.pid)),
        cell(process.verdict.summary || statusWord(process.verdict.status, context)),
        amount(process.verdict.confidence, String(process.verdict.confidence)),
        amount(process.samples, String(process.samples)),
        amount(process.totals.last?.rssBytes ?? null, context.bytes(process.totals.last?.rssBytes ?? null)),
      ],
    })),
  )
}
