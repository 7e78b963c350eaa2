import type { ReportDocument } from '../report/document.ts'

/** What a budget limits. Rates are bytes an hour, sizes bytes, `unexplained` a share of 0..1, the rest counts. */
export const BUDGET_UNITS = {
  'rss-growth': 'rate',
  'heap-growth': 'rate',
  'anonymous-growth': 'rate',
  'mapping-count': 'count',
  'peak-rss': 'size',
  'thread-count': 'count',
  unexplained: 'share',
} as const
export type BudgetName = keyof typeof BUDGET_UNITS
export const BUDGET_NAMES = Object.keys(BUDGET_UNITS) as BudgetName[]

/** One row of the report: what was asked, what was found. */
export type Gate = ReportDocument['gates'][number]

export interface Budget {
  readonly name: BudgetName
  /** Only processes of this program; `null` = every process. */
  readonly program: string | null
  readonly most: number
  /** As the user wrote it: `rss-growth@nginx=10MiB/h`. */
  readonly text: string
}

/** A finding that is known and accepted, until a day. */
export interface ExpectedFinding {
  readonly fingerprint: string
  /** Last day on which it is accepted, `2026-12-31`; `null` = no end. */
  readonly until: string | null
  readonly reason: string
}

export interface GateOptions {
  readonly failOn: 'warning' | 'problem' | 'never'
  readonly budgets: readonly Budget[]
  readonly baseline: { readonly file: string; readonly document: ReportDocument } | null
  readonly expected: readonly ExpectedFinding[]
  readonly requireVerdict: boolean
  readonly strict: boolean
}

export const NO_GATES: GateOptions = {
  failOn: 'never',
  budgets: [],
  baseline: null,
  expected: [],
  requireVerdict: false,
  strict: false,
}
