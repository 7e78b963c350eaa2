/** Data quality: what was noticed, what was skipped, how far the calls explain the snapshots. */
import { formatBytes, formatCount, formatShare } from '../../base/format.ts'
import { milliseconds } from '../charts/subject.ts'
import type { ViewContext } from './context.ts'
import { DASH } from './context.ts'
import { amount, cell, code, figures, type Table, table, words } from './table.ts'

export interface QualityView {
  readonly clean: boolean
  readonly tables: readonly Table[]
  /** Long, and its chart says it sooner: under a fold. */
  readonly reconciliation: Table | null
}

type Diagnostic = ViewContext['document']['diagnostics'][number]

const SEVERITY_WORDS = {
  error: 'diagnosticError',
  'data-loss': 'diagnosticLoss',
  info: 'diagnosticInfo',
} as const

export function qualityView(context: ViewContext): QualityView {
  const { document } = context
  const tables = [diagnostics(context), skipped(context), traces(context)]
  return {
    clean: document.diagnostics.length === 0 && document.skipped.length === 0,
    tables: tables.filter((entry) => entry.rows.length > 0),
    reconciliation: document.reconciliation.length > 0 ? reconciliation(context) : null,
  }
}

/** One row for what was noticed in several files alike: the first file, how many more, and the sum. */
function diagnostics(context: ViewContext): Table {
  const { table: t, section, page } = context.words
  const groups = new Map<string, Diagnostic[]>()
  for (const entry of context.document.diagnostics) {
    const key = `${entry.code}\u0000${entry.message}`
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  return table(
    context,
    'diagnostics',
    section.diagnostics,
    [words(t.message), words(t.severity), figures(t.count), words(t.file), words(t.remedy)],
    [...groups.values()].map((group) => {
      const first = group[0]!
      const count = group.reduce((sum, entry) => sum + entry.count, 0)
      const place = first.line === null ? first.file : `${first.file}:${first.line}`
      const more = group.length - 1
      return {
        cells: [
          cell(first.message, { title: first.code }),
          cell(t[SEVERITY_WORDS[first.severity]]),
          amount(count, formatCount(count)),
          code(more > 0 ? `${place} ${context.fill(page.moreFiles, { n: more })}` : place),
          cell(first.remedy),
        ],
      }
    }),
    { rows: 300, lost: context.document.omitted.diagnostics ?? 0 },
  )
}

function skipped(context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'skipped',
    section.skipped,
    [words(t.file), words(t.reason), figures(t.bytes)],
    context.document.skipped.map((entry) => ({
      cells: [code(entry.path), cell(entry.reason), amount(entry.bytes, formatBytes(entry.bytes))],
    })),
    { rows: 300, lost: context.document.omitted.skipped ?? 0 },
  )
}

function traces(context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'traces',
    section.traces,
    [
      words(t.trace),
      words(t.from),
      words(t.to),
      figures(t.threads),
      figures(t.calls),
      figures(t.memoryCalls),
      figures(t.conflicts),
      words(t.notes),
    ],
    context.document.traces.map((trace) => ({
      pid: trace.pids[0] ?? null,
      cells: [
        code(trace.name),
        cell(context.momentOrDash(trace.from)),
        cell(context.momentOrDash(trace.to)),
        amount(trace.threads, formatCount(trace.threads)),
        amount(trace.calls, formatCount(trace.calls)),
        amount(trace.memoryCalls, formatCount(trace.memoryCalls)),
        amount(trace.conflicts, formatCount(trace.conflicts)),
        cell(trace.notes.join(' ') || DASH),
      ],
    })),
    { rows: 300, lost: context.document.omitted.traces ?? 0 },
  )
}

function reconciliation(context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'reconciliation',
    section.reconciliation,
    [
      words(t.from),
      words(t.to),
      words(t.process),
      figures(t.traced),
      figures(t.unexplained),
      figures(t.absent),
      figures(t.agreement),
      words(t.reason),
    ],
    context.document.reconciliation.map((window) => ({
      pid: window.pid,
      at: milliseconds(window.to),
      cells: [
        cell(context.moment(window.from), { sort: window.from }),
        cell(context.moment(window.to), { sort: window.to }),
        cell(context.process(window.pid)),
        amount(window.tracedBytes, formatBytes(window.tracedBytes)),
        amount(window.unexplainedBytes, formatBytes(window.unexplainedBytes)),
        amount(window.absentBytes, formatBytes(window.absentBytes)),
        amount(window.agreement, formatShare(window.agreement)),
        cell(window.reasons.join(' ') || DASH),
      ],
    })),
    { rows: 300, lost: context.document.omitted.reconciliation ?? 0 },
  )
}
