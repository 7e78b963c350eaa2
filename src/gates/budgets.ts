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
  'mapping-count': (document, process) =>
    count(
      largest(document, process, (snapshot) => snapshot.vmaCount),
      'no snapshot',
    ),
  'peak-rss': (document, process) => {
    const value = largest(document, process, (snapshot) => snapshot.rssBytes)
    return { value, text: value === null ? 'not measured: no snapshot with Rss' : formatBytes(value) }
  },
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
    return processes.map((process) => gate(budget, process, MEASURES[budget.name](document, process)))
  })
}

function gate(budget: Budget, process: Process | null, measured: Measured): Gate {
  return {
    name: process ? `${budget.name} of ${process.program ?? 'pid'} ${process.pid}` : budget.name,
    expected: `at most ${write(budget.name, budget.most)}`,
    found: measured.text,
    passed: measured.value !== null && measured.value <= budget.most,
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

function largest(
  document: ReportDocument,
  process: Process,
  value: (snapshot: ReportDocument['snapshots'][number]) => number | null,
): number | null {
  let most: number | null = null
  for (const snapshot of document.snapshots) {
    if (snapshot.pid !== process.pid) continue
    const one = value(snapshot)
    if (one !== null && (most === null || one > most)) most = one
  }
  return most
}

const count = (value: number | null, reason: string): Measured => ({
  value,
  text: value === null ? `not measured: ${reason}` : formatCount(value),
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

/** Share of the observed change that no traced call explains. */
function unexplained(document: ReportDocument, process: Process): Measured {
  const windows = document.reconciliation.filter((window) => window.pid === process.pid)
  if (windows.length === 0) return { value: null, text: 'not measured: no two snapshots inside a trace' }
  const missing = windows.reduce((sum, window) => sum + window.unexplainedBytes, 0)
  const owned = windows.reduce((sum, window) => sum + window.ownedBytes, 0)
  const share = missing === 0 ? 0 : missing / (missing + owned)
  return { value: share, text: `${formatShare(share)} (${formatBytes(missing)})` }
}
