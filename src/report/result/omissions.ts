/** Lists are cut to a budget, biggest first, and what was left out is counted: never a silent cut. */

/**
 * Entries a list of report.json may hold. Together they keep the document far below 50 MB: the largest, the
 * regions of lineages, are about 130 bytes each.
 */
export const LIST_BUDGETS = {
  processes: 2_000,
  'processes.trends': 20_000,
  snapshots: 10_000,
  timeline: 10_000,
  'timeline.changes': 20_000,
  firstToLast: 2_000,
  'firstToLast.changes': 2_000,
  lineages: 600,
  'lineages.regions': 60_000,
  threads: 2_000,
  'threads.doing': 12,
  'threads.syscalls': 80,
  'threads.stack': 64,
  traces: 2_000,
  'traces.files': 5_000,
  accounts: 600,
  'accounts.shares': 200,
  owners: 5_000,
  reconciliation: 5_000,
  descriptors: 4_000,
  events: 2_000,
  findings: 300,
  furtherFindings: 2_000,
  furtherGrowth: 2_000,
  'findings.threads': 200,
  'findings.regions': 60,
  'findings.evidence': 24,
  diagnostics: 3_000,
  inputs: 20_000,
  skipped: 5_000,
  summaries: 50,
} as const
export type BudgetedList = keyof typeof LIST_BUDGETS

export class Omissions {
  readonly #left = new Map<BudgetedList, number>()

  /** The first entries of `list` that its budget holds. The caller has put the most telling first. */
  cut<T>(name: BudgetedList, list: readonly T[], budget: number = LIST_BUDGETS[name]): T[] {
    if (list.length > budget) this.count(name, list.length - budget)
    return list.slice(0, budget)
  }

  /** As many entries of `list` as its budget holds, in their order; where not all have room, the first of `ranked()` do. */
  keep<T>(name: BudgetedList, list: readonly T[], ranked: () => readonly T[]): readonly T[] {
    if (list.length <= LIST_BUDGETS[name]) return list
    const kept = new Set(this.cut(name, ranked()))
    return list.filter((entry) => kept.has(entry))
  }

  count(name: BudgetedList, entries: number): void {
    if (entries > 0) this.#left.set(name, (this.#left.get(name) ?? 0) + entries)
  }

  /** By list, only those that lost entries. */
  toRecord(): Record<string, number> {
    return Object.fromEntries([...this.#left].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  }
}
