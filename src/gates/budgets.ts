import { formatBytes, formatCount, formatRateInterval, formatRateShort, formatShare } from '../base/format.ts'
import type { ReportDocument, ReportTrend } from '../report/document.ts'
import { BUDGET_UNITS, type Budget, type BudgetName, type Gate } from './gate-options.ts'

type Process = ReportDocument['processes'][number]
/** What was measured for one process; `value` is `null` when the evidence does not say. */
interface Measured {
  readonly value: number | null
  readonly text: string
}

const MEASURES: Readonly<Record<BudgetName, (document: ReportDocument, process: Process) => Measured>> = {
  'rss-growth': (_, process) => steepest(process, (segment) => segment.trends, 'rss'),
  'heap-growth': (_, process) => steepest(process, (segment) => trendsOf(segment, 'main-heap'), 'rss'),
  'anonymous-growth': (_, process) => steepest(process, (segment) => segment.trends, 'anonymous'),
  'mapping-count': (_, { totals, samples }) =>
    known(totals.highest.ranges, formatCount, samples > 0 ? 'smaps_rollup has no mappings' : 'no snapshot'),
  'peak-rss': (_, { totals }) => known(totals.highest.rssBytes, formatBytes, 'no snapshot with Rss'),
  'thread-count': threadCount,
  unexplained,
}

/** A gate for every budget and process it speaks about. What could not be measured does not pass. */
export function budgetGates(document: ReportDocument, budgets: readonly Budget[]): Gate[] {
  return budgets.flatMap((budget) => {
    const processes = document.processes.filter(
      (process) => budget.program === null || process.program === budget.program,
    )
    if (processes.length === 0)
      return [
        gate(budget, null, { value: null, text: `not measured: no process ${budget.program ?? ''}`.trim() }),
      ]
    return [
      ...processes.map((process) => gate(budget, process, MEASURES[budget.name](document, process))),
      ...leftOut(document, budget),
    ]
  })
}

/** One gate for the processes that report.json has no room for: nothing is known of them here. */
function leftOut(document: ReportDocument, budget: Budget): Gate[] {
  const { processes } = document.omitted
  if (!processes) return []
  const text = `not measured: ${formatCount(processes)} more processes are not in this report; --pid chooses`
  return [gate(budget, null, { value: null, text })]
}

function gate(budget: Budget, process: Process | null, { value, text }: Measured): Gate {
  const most = write(budget.name, budget.most)
  const passed = value !== null && value <= budget.most
  // Rounded, the two can look alike.
  const isClose = !passed && text === most && BUDGET_UNITS[budget.name] === 'size'
  return {
    name: process ? `${budget.name} of ${process.program ?? 'pid'} ${process.pid}` : budget.name,
    expected: `at most ${isClose ? `${formatCount(budget.most)} bytes` : most}`,
    found: isClose ? `${formatCount(value!)} bytes` : text,
    passed,
  }
}

function write(name: BudgetName, value: number): string {
  switch (BUDGET_UNITS[name]) {
    case 'rate':
      return formatRateShort(value)
    case 'size':
      return formatBytes(value)
    case 'share':
      return formatShare(value)
    case 'count':
      return formatCount(value)
  }
}

type Segment = Process['segments'][number]

const trendsOf = (segment: Segment, kind: string): readonly ReportTrend[] =>
  segment.byKind.find((row) => row.kind === kind)?.trends ?? []

/** The segment that grows fastest. A restart does not hide what was before it. */
function steepest(
  process: Process,
  trends: (segment: Segment) => readonly ReportTrend[],
  quantity: string,
): Measured {
  const judged = process.segments
    .flatMap((segment) => trends(segment).filter((trend) => trend.quantity === quantity))
    .filter((trend) => trend.bytesPerHour !== null)
    .sort((a, b) => b.bytesPerHour! - a.bytesPerHour!)
  const trend = judged[0]
  if (!trend) return { value: null, text: `not measured: no trend of ${quantity} in this evidence` }
  return {
    value: trend.bytesPerHour,
    text: `${formatRateInterval(trend.bytesPerHour!, trend.low, trend.high)}, ${trend.shape}`,
  }
}

const known = (value: number | null, write: (value: number) => string, reason: string): Measured => ({
  value,
  text: value === null ? `not measured: ${reason}` : write(value),
})

/** Threads in the traces; a trace that may have missed some gives no number to pass with. */
function threadCount(document: ReportDocument, process: Process): Measured {
  const traces = document.traces.filter((trace) => trace.pids.includes(process.pid))
  if (traces.length === 0) return { value: null, text: 'not measured: no trace of this process' }
  let most = 0
  let complete = true
  for (const trace of traces) {
    most = Math.max(most, trace.threads + (trace.untracedThreads ?? 0))
    if (trace.untracedThreads === null) complete = false
  }
  return { value: most, text: complete ? formatCount(most) : `at least ${formatCount(most)}` }
}

/** Share of the observed change that no traced call explains; a part of the windows gives no number to pass with. */
function unexplained(document: ReportDocument, process: Process): Measured {
  const more = document.omitted.reconciliation ?? 0
  if (more > 0)
    return { value: null, text: `not measured: ${formatCount(more)} more windows are not in this report` }
  const windows = document.reconciliation.filter((window) => window.pid === process.pid)
  if (windows.length === 0) return { value: null, text: 'not measured: no two snapshots inside a trace' }
  const missing = windows.reduce((sum, window) => sum + window.unexplainedBytes, 0)
  const owned = windows.reduce((sum, window) => sum + window.ownedBytes, 0)
  const share = missing === 0 ? 0 : missing / (missing + owned)
  return { value: share, text: `${formatShare(share)} (${formatBytes(missing)})` }
}
