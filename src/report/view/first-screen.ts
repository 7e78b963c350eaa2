/** What a reader sees first: the verdict, its numbers, who, how fast, until when, what next, and what is missing. */
import { parseTime } from '../../base/clock-text.ts'
import { formatDuration, formatShare } from '../../base/format.ts'
import { overallAgreement } from '../charts/predicted.ts'
import { verdictConfidence } from '../confidence-text.ts'
import type { ReportDocument, ReportFinding } from '../document.ts'
import { gateName } from '../gate-name.ts'
import { byImportance, leadFinding } from '../lead.ts'
import { dayOf, type ViewContext } from './context.ts'
import { type Fact, findingFacts } from './finding-facts.ts'
import { amount, cell, figures, type Table, table, words } from './table.ts'

export interface FirstScreen {
  readonly capture: string
  readonly status: ReportDocument['verdict']['status']
  readonly statusWord: string
  readonly heading: string
  readonly confidence: string
  readonly reason: string
  readonly numbers: ReportDocument['verdict']['numbers']
  readonly facts: readonly Fact[]
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
    confidence: verdictConfidence(document),
    reason: verdict.reason,
    numbers: verdict.numbers,
    facts: top ? findingFacts(top, context, `#finding-${document.findings.indexOf(top) + 1}`) : [],
    failedGates: failed.map(({ name, expected, found }) =>
      context.fill(w.page.gateFailed, { name: gateName(name, document.language), expected, found }),
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
  return context.fill(capture.from === capture.to ? page.captureOnce : page.capture, {
    name: capture.name,
    from: `${dayOf(capture.from)} ${context.moment(capture.from)}`,
    to: context.moment(capture.to),
  })
}

/** How many there are, with those that report.json has no room for. */
const whole = (list: readonly unknown[], omitted = 0): number => list.length + omitted

function dataLine(context: ViewContext): FirstScreen['data'] {
  const { document, words: w } = context
  const { omitted } = document
  const { page } = w
  const say = (text: string, href: string | null = null, loud = false) => ({ text, href, loud })
  const damage = document.diagnostics.filter((entry) => entry.severity !== 'info')
  const agreement = overallAgreement(document.reconciliation)
  const passed = document.gates.filter((gate) => gate.passed).length
  return [
    say(context.fill(page.dataSnapshots, { n: whole(document.snapshots, omitted.snapshots) })),
    say(tracesText(context)),
    ...(agreement === null ? [] : [say(explainedText(agreement, context))]),
    document.skipped.length === 0
      ? say(page.dataNothingSkipped)
      : say(
          context.fill(page.dataSkipped, { n: whole(document.skipped, omitted.skipped) }),
          '#quality',
          true,
        ),
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
  const { traces, summaries, omitted } = context.document
  const { page } = context.words
  if (traces.length === 0) return summaries.length > 0 ? page.dataOnlyCounts : page.dataNoTraces
  const n = whole(traces, omitted.traces)
  const timed = traces.filter((trace) => trace.from !== null && trace.to !== null)
  if (timed.length === 0) return context.fill(page.dataTracesUntimed, { n })
  const span = timed.reduce((sum, trace) => sum + parseTime(trace.to!) - parseTime(trace.from!), 0)
  return context.fill(page.dataTraces, {
    n,
    span: formatDuration(span)[context.language],
    threads: threadsText(context),
  })
}

/** Two traces of one process have its threads in common: they count once, where each of them is told. */
function threadsText(context: ViewContext): string {
  const { threads, traces, omitted } = context.document
  const { page, gate } = context.words
  const told = threads.filter((thread) => thread.traced).length
  const isOne = whole(traces, omitted.traces) === 1
  const n = omitted.threads ? Math.max(told, ...traces.map((trace) => trace.threads)) : told
  const said = context.fill(page.dataThreads, { n })
  return omitted.threads && !isOne ? context.fill(gate.atLeast, { least: said }) : said
}

/** Of all windows, or of those that report.json has room for. */
export function explainedText(agreement: number, { document, words: { page }, fill }: ViewContext): string {
  const said = document.omitted.reconciliation ? page.dataExplainedPart : page.dataExplained
  return fill(said, { share: formatShare(agreement), n: document.reconciliation.length })
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
    { rows: 300, lost: context.document.omitted.processes ?? 0 },
  )
}
