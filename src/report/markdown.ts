/** report.md: the same story for a ticket or a step summary. Under 60 KB, no HTML, every list cut at a stated length. */

import { formatBytes, formatCount, formatSignedBytes } from '../base/format.ts'
import { overallAgreement } from './charts/predicted.ts'
import { regionLabel } from './charts/region-label.ts'
import { processName, shapeLabel } from './charts/subject.ts'
import { confidenceText } from './confidence-text.ts'
import type { ReportDocument, ReportFinding } from './document.ts'
import { gateName } from './gate-name.ts'
import { fenced, inlineCode, tableLines, markdownText as text } from './markdown/text.ts'
import { severityWord } from './severity-word.ts'
import { ticketLines } from './ticket.ts'
import { createContext, DASH, type ViewContext } from './view/context.ts'
import { placeOf } from './view/evidence.ts'
import { findingFacts } from './view/finding-facts.ts'
import { explainedText } from './view/first-screen.ts'
import { seenChange, tellingRate, tellingTrend } from './view/mappings.ts'
import { omittedText } from './view/table.ts'
import { visibleDocument } from './visible-document.ts'

/** Bytes of report.md, far enough below a step summary's megabyte that ten of them fit. */
export const MARKDOWN_BYTES = 60_000

const FINDINGS = 12
const ROWS = 12

/** Renders the Markdown in the document's language. The same document gives the same text. */
export function renderMarkdown(source: ReportDocument): string {
  const document = visibleDocument(source)
  const context = createContext(document)
  const { section } = context.words
  const parts: string[][] = [
    ticketLines(document, (title) => `# ${title}`),
    part(section.quality, quality(context)),
    part(section.gates, gates(context)),
    ...document.findings.slice(0, FINDINGS).map((finding, index) => findingPart(finding, index, context)),
    part(section.timeline, processes(context)),
    part(section.mappings, mappings(context)),
    part(section.threads, threads(context)),
    part(section.rules, rules(context)),
    part(section.provenance, provenance(context)),
  ]
  return withinBudget(parts, context)
}

/** A section with something in it; none without. */
const part = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines]

/** Whole parts from the top until the budget is spent: what comes first matters most. */
function withinBudget(parts: readonly (readonly string[])[], context: ViewContext): string {
  const note = `\n${context.words.page.markdownCut}\n`
  let out = ''
  let left = MARKDOWN_BYTES - Buffer.byteLength(note)
  for (const lines of parts) {
    if (lines.length === 0) continue
    const block = `${lines.join('\n')}\n`
    const size = Buffer.byteLength(block)
    if (size > left) return out + note
    out += block
    left -= size
  }
  return out
}

function quality(context: ViewContext): string[] {
  const { document, words } = context
  const agreement = overallAgreement(document.reconciliation)
  const rows = document.diagnostics
    .slice(0, ROWS)
    .map((entry) => [
      entry.message,
      entry.line === null ? entry.file : `${entry.file}:${entry.line}`,
      formatCount(entry.count),
      entry.remedy,
    ])
  const { table: t } = words
  return [
    ...(agreement === null ? [] : [`- ${explainedText(agreement, context)}`]),
    ...document.skipped
      .slice(0, ROWS)
      .map((entry) => `- ${words.section.skipped}: ${inlineCode(entry.path)}, ${text(entry.reason)}`),
    ...(rows.length > 0 ? ['', ...tableLines([t.message, t.file, t.count, t.remedy], rows)] : []),
    ...more(document.diagnostics.length - ROWS, context, document.omitted.diagnostics),
  ]
}

function more(count: number, context: ViewContext, lost = 0): string[] {
  const said = omittedText(count, lost, context)
  return said === '' ? [] : ['', said]
}

function gates(context: ViewContext): string[] {
  const { table: t } = context.words
  const rows = context.document.gates.map((gate) => [
    gateName(gate.name, context.document.language),
    gate.passed ? t.passed : t.failed,
    gate.expected,
    gate.found,
  ])
  return rows.length > 0 ? tableLines([t.gate, t.result, t.expected, t.found], rows.slice(0, 40)) : []
}

function findingPart(finding: ReportFinding, index: number, context: ViewContext): string[] {
  const { section } = context.words
  const evidence = finding.evidence.slice(0, 4)
  return [
    ...(index === 0 ? ['', `## ${section.findings}`] : []),
    '',
    `### ${severityWord(finding.severity, context.words)}: ${text(finding.title)}`,
    '',
    `${text(processName(finding))}, ${confidenceText(finding.confidence, finding.culprit, context)}, ${inlineCode(finding.ruleId)}`,
    '',
    text(finding.summary),
    ...(finding.confidenceCap ? ['', `${section.confidenceCap}: ${text(finding.confidenceCap)}`] : []),
    ...(finding.severity === 'info'
      ? []
      : ['', ...findingFacts(finding, context).map(({ label, value }) => `- ${label}: ${text(value)}`)]),
    '',
    `**${section.why}.** ${text(finding.why)}`,
    '',
    `**${section.remedy}.** ${text(finding.action)}`,
    ...(finding.captureHint
      ? [
          '',
          `**${section.nextCapture}.** ${text(finding.captureSettles ?? '')}`,
          '',
          ...fenced([finding.captureHint], 'sh'),
        ]
      : []),
    ...evidence.flatMap((entry) => [
      '',
      `${section.evidence}: ${inlineCode(placeOf(entry, context))}`,
      ...(entry.lines?.length ? ['', ...fenced(entry.lines.slice(0, 6))] : []),
    ]),
  ]
}

function processes(context: ViewContext): string[] {
  const { table: t } = context.words
  const rows = context.document.processes
    .slice(0, ROWS)
    .map((process) => [
      processName(process),
      process.verdict.summary,
      formatCount(process.samples),
      context.bytes(process.totals.first?.rssBytes ?? null),
      context.bytes(process.totals.last?.rssBytes ?? null),
    ])
  if (rows.length === 0) return []
  return [
    ...tableLines(
      [
        t.process,
        t.verdict,
        t.samples,
        `${t.rss}, ${context.words.chart.first}`,
        `${t.rss}, ${context.words.chart.last}`,
      ],
      rows,
    ),
    ...more(context.document.processes.length - ROWS, context, context.document.omitted.processes),
    ...(context.document.events.length > 0 ? [''] : []),
    ...context.document.events
      .slice(0, ROWS)
      .map((event) => `- ${context.momentOrDash(event.from)}: ${text(event.text)}`),
    ...more(context.document.events.length - ROWS, context, context.document.omitted.events),
  ]
}

function mappings(context: ViewContext): string[] {
  const { table: t } = context.words
  const changed = (lineage: ReportDocument['lineages'][number], key: 'rssBytes' | 'sizeBytes') => {
    const bytes = seenChange(lineage, key)
    return bytes === null ? DASH : formatSignedBytes(bytes)
  }
  const grown = context.document.lineages.filter(
    (lineage) => seenChange(lineage, 'rssBytes') || seenChange(lineage, 'sizeBytes'),
  )
  const rows = grown.slice(0, ROWS).map((lineage) => {
    const start = lineage.regions.at(-1)?.start ?? ''
    return [
      `${lineage.id} ${regionLabel({ ...lineage, start }, context.words)}`,
      changed(lineage, 'rssBytes'),
      changed(lineage, 'sizeBytes'),
      tellingRate(lineage, context),
      shapeLabel(tellingTrend(lineage).trend, context.words),
    ]
  })
  return rows.length > 0
    ? [
        ...tableLines([t.mapping, t.seenChange, t.seenSize, t.rate, t.shape], rows),
        ...more(grown.length - ROWS, context, context.document.omitted.lineages),
      ]
    : []
}

function threads(context: ViewContext): string[] {
  const { table: t, page } = context.words
  const { document } = context
  const told = ({ traced }: ReportDocument['threads'][number], bytes: number): string =>
    traced ? formatBytes(bytes) : DASH
  const rows = document.threads
    .slice(0, ROWS)
    .map((thread) => [
      String(thread.tid),
      thread.name ?? page.unknown,
      told(thread, thread.memory.liveBytes),
      told(thread, thread.memory.mmapBytes),
      told(thread, thread.memory.munmapBytes),
      told(thread, thread.memory.brkBytes),
      thread.role,
    ])
  return rows.length > 0
    ? [
        ...tableLines([t.thread, t.name, t.live, t.mapped, t.unmapped, t.brk, t.what], rows),
        ...more(document.threads.length - ROWS, context, document.omitted.threads),
      ]
    : []
}

function rules(context: ViewContext): string[] {
  const { section } = context.words
  const outcome = {
    clear: section.outcomeClear,
    'not-applicable': section.outcomeNotApplicable,
    failed: section.outcomeFailed,
  }
  return context.document.rules.flatMap((rule) =>
    rule.outcome === 'found'
      ? []
      : [`- ${inlineCode(rule.id)}: ${outcome[rule.outcome]}. ${text(rule.reason)}`],
  )
}

function provenance(context: ViewContext): string[] {
  const { document, words } = context
  const { policy } = document.redaction
  return [
    policy === 'none' ? words.section.redactionNone : context.fill(words.section.redactionIntro, { policy }),
    '',
    context.fill(words.page.filesRead, {
      n: document.inputs.length,
      bytes: formatBytes(document.inputs.reduce((sum, input) => sum + input.bytes, 0)),
    }),
    ...more(0, context, document.omitted.inputs),
    '',
    text(context.fill(words.page.madeByShort, { version: document.tool.version })),
  ]
}
