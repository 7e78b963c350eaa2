/** Tables as plain data: one partial draws them all. */

import type { ViewContext } from './context.ts'

/** Most rows of one table; the rest is in report.json (2,000 rows cost the browser a second). */
const ROWS_PER_TABLE = 300

export interface Column {
  readonly label: string
  /** Right-aligned, sorted as numbers. */
  readonly numeric: boolean
}

export interface Cell {
  readonly text: string
  /** What sorting compares; `null` sorts by the text. */
  readonly sort: string | null
  /** Addresses, paths, calls: monospaced, direction kept apart. */
  readonly code: boolean
  /** Not to be broken into lines. */
  readonly tight: boolean
  readonly href: string | null
  /** The full text when `text` is a short form of it. */
  readonly title: string | null
}

interface Row {
  readonly pid: number | null
  /** Milliseconds of the host's clock, for the shared time filter. */
  readonly at: number | null
  readonly head: Cell
  readonly cells: readonly (Cell & { readonly numeric: boolean })[]
}

/** Times and short names keep to one line; longer text may break anywhere. */
const isTight = (text: string, code: boolean): boolean =>
  (code && text.length <= 30) || text.length <= 12 || /^[\d:.,\- T+–−%]{1,24}$/.test(text)

export interface Table {
  readonly id: string
  readonly caption: string
  readonly head: readonly (Column & { readonly sortMethod: string })[]
  readonly rows: readonly Row[]
  /** Says how many rows are only in report.json; empty when none are. */
  readonly omittedText: string
  readonly filterable: boolean
}

export const cell = (text: string, over: Partial<Omit<Cell, 'tight'>> = {}): Cell => ({
  text,
  sort: null,
  code: false,
  tight: isTight(text, over.code ?? false),
  href: null,
  title: null,
  ...over,
})

export const code = (text: string, over: Partial<Omit<Cell, 'tight'>> = {}): Cell =>
  cell(text, { code: true, ...over })

/** A number with its sort key; `null` sorts below everything. */
export const amount = (value: number | null, text: string): Cell =>
  cell(text, { sort: value === null ? '-1e300' : String(value) })

export const words = (label: string): Column => ({ label, numeric: false })
export const figures = (label: string): Column => ({ label, numeric: true })

export interface RowSource {
  readonly pid?: number | null
  readonly at?: number | null
  readonly cells: readonly Cell[]
}

const FILTER_FROM = 12

interface RowBudget {
  readonly rows: number
  /** Entries of report.json that are no rows. */
  readonly more?: number
  /** Entries that report.json itself left out. */
  readonly lost?: number
  readonly sortable?: boolean
}

/** Builds a table; rows beyond the budget are counted. */
export function table(
  context: ViewContext,
  id: string,
  caption: string,
  columns: readonly Column[],
  rows: readonly RowSource[],
  budget: RowBudget = { rows: ROWS_PER_TABLE },
): Table {
  const kept = rows.slice(0, Math.min(budget.rows, context.maxRows))
  const omitted = rows.length - kept.length + (budget.more ?? 0)
  const shown = columns.flatMap((column, index) => (isNeeded(column, index, context) ? [index] : []))
  const pick = <T>(entries: readonly T[]): T[] => shown.map((index) => entries[index]!)
  return {
    id,
    caption,
    head: pick(columns).map((column) => ({
      ...column,
      sortMethod: budget.sortable === false ? 'none' : column.numeric ? 'number' : 'text',
    })),
    rows: kept.map((row) => ({
      pid: row.pid ?? null,
      at: row.at ?? null,
      head: row.cells[0]!,
      cells: pick(row.cells.map((entry, index) => ({ ...entry, numeric: columns[index]!.numeric }))).slice(1),
    })),
    omittedText: omittedText(omitted, budget.lost ?? 0, context),
    filterable: kept.length >= FILTER_FROM,
  }
}

/** How many more there are in report.json, and how many not even there; empty when none are. */
export function omittedText(more: number, lost: number, { fill, words }: ViewContext): string {
  return [
    ...(more > 0 ? [fill(words.page.omittedRows, { n: more })] : []),
    ...(lost > 0 ? [fill(words.page.omittedEntries, { n: lost })] : []),
  ].join(' ')
}

/** With one process in the whole capture, a column that repeats its name only takes room. */
const isNeeded = (column: Column, index: number, context: ViewContext): boolean =>
  index === 0 || column.label !== context.words.table.process || context.document.processes.length > 1
