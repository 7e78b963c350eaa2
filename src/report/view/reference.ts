/** The back of the report: rules that found nothing, method and thresholds, provenance, glossary. */
import { formatBytes, formatCount, formatSignedBytes } from '../../base/format.ts'
import { shapeLabel } from '../charts/subject.ts'
import { rateText, type ViewContext } from './context.ts'
import { amount, cell, code, figures, type Table, table, words } from './table.ts'

const OUTCOME_WORDS = {
  found: 'outcomeFound',
  clear: 'outcomeClear',
  'not-applicable': 'outcomeNotApplicable',
  failed: 'outcomeFailed',
} as const

export function rulesTable(context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'rules-table',
    section.rules,
    [words(t.rule), words(t.outcome), words(t.reason)],
    context.document.rules
      .filter((rule) => rule.outcome !== 'found')
      .map((rule) => ({
        cells: [
          cell(rule.title, { title: rule.id }),
          cell(section[OUTCOME_WORDS[rule.outcome]]),
          cell(rule.reason),
        ],
      })),
  )
}

export function methodTables(context: ViewContext): Table[] {
  return [trendsTable(context), thresholdsTable(context), clocksTable(context)].filter(
    (entry) => entry.rows.length > 0,
  )
}

/** Ranges are a count; everything else is bytes. */
const isCount = (quantity: string): boolean => quantity === 'ranges'

function trendsTable(context: ViewContext): Table {
  const { table: t, section } = context.words
  const rows = context.document.processes.flatMap((process) =>
    process.segments.flatMap((segment) => segment.trends.map((trend) => ({ process, trend }))),
  )
  return table(
    context,
    'trends',
    section.trends,
    [
      words(t.quantity),
      words(t.process),
      words(t.shape),
      figures(t.grown),
      figures(t.rate),
      figures(t.noise),
      figures(t.detection),
      figures(t.samples),
      words(t.onset),
      words(t.because),
    ],
    rows.map(({ process, trend }) => {
      const count = isCount(trend.quantity)
      const size = (value: number) => (count ? formatCount(value) : formatBytes(value))
      const rate =
        count && trend.bytesPerHour !== null ? `${formatCount(trend.bytesPerHour)}/h` : rateText(trend)
      return {
        pid: process.pid,
        cells: [
          code(trend.quantity),
          cell(context.process(process.pid)),
          cell(shapeLabel(trend, context.words)),
          amount(
            trend.grownBytes,
            count ? formatCount(trend.grownBytes) : formatSignedBytes(trend.grownBytes),
          ),
          amount(trend.bytesPerHour, rate),
          amount(trend.noiseBytes, size(trend.noiseBytes)),
          amount(trend.detectionLimitBytes, size(trend.detectionLimitBytes)),
          amount(trend.samples, formatCount(trend.samples)),
          cell(context.momentOrDash(trend.onset)),
          cell(trend.reason),
        ],
      }
    }),
    { rows: 120 },
  )
}

function thresholdsTable(context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'thresholds',
    section.thresholds,
    [words(t.rule), words(t.threshold), words(t.value), words(t.because)],
    context.document.rules.flatMap((rule) =>
      rule.thresholds.map((threshold) => ({
        cells: [code(rule.id), code(threshold.name), cell(threshold.value), cell(threshold.because)],
      })),
    ),
  )
}

function clocksTable(context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'clocks',
    section.clocks,
    [words(t.trace), words(t.basis), words(t.reason)],
    context.document.traces.map((trace) => ({
      cells: [code(trace.name), cell(trace.clock.basis), cell(trace.clock.reason)],
    })),
    { rows: 60, lost: context.document.omitted.traces ?? 0 },
  )
}

export interface ProvenanceView {
  readonly redaction: string
  readonly tables: readonly Table[]
}

export function provenanceView(context: ViewContext): ProvenanceView {
  const { document, words: w } = context
  const { policy } = document.redaction
  return {
    redaction:
      policy === 'none' ? w.section.redactionNone : context.fill(w.section.redactionIntro, { policy }),
    tables: [redactionsTable(context), inputsTable(context), omittedTable(context)].filter(
      (entry) => entry.rows.length > 0,
    ),
  }
}

function redactionsTable(context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'redactions',
    section.redactions,
    [words(t.rule), figures(t.count)],
    context.document.redaction.rules.map(({ rule, count }) => ({
      cells: [code(rule), amount(count, formatCount(count))],
    })),
  )
}

function inputsTable(context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'inputs',
    section.inputs,
    [words(t.file), words(t.kind), figures(t.bytes), words(t.sha256)],
    context.document.inputs.map((input) => ({
      cells: [
        code(input.path),
        cell(input.kind),
        amount(input.bytes, formatCount(input.bytes)),
        code(input.sha256),
      ],
    })),
    { rows: 100, lost: context.document.omitted.inputs ?? 0 },
  )
}

function omittedTable(context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'omitted',
    section.omitted,
    [words(t.list), figures(t.leftOut)],
    Object.entries(context.document.omitted).map(([list, count]) => ({
      cells: [code(list), amount(count, formatCount(count))],
    })),
  )
}

export const glossaryView = (context: ViewContext): { term: string; text: string }[] =>
  Object.entries(context.words.glossary).map(([term, text]) => ({ term, text }))
