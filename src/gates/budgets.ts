import { formatBytes, formatCount, formatRateInterval, formatRateShort, formatShare } from '../base/format.ts'
import { groupedBy } from '../base/grouped.ts'
import { fill } from '../language/fill.ts'
import { type Words, wordsIn } from '../language/words.ts'
import { LEAST_SAMPLES } from '../model/timeline.ts'
import { shapeLabel } from '../report/charts/subject.ts'
import type { ReportDocument, ReportTrend } from '../report/document.ts'
import { BUDGET_UNITS, type Budget, type BudgetName, type Gate } from './gate-options.ts'

type Process = ReportDocument['processes'][number]
type GateWords = Words['gate']

const wordsOf = (document: ReportDocument): GateWords => wordsIn(document.language).gate

/** What was measured for one process; `value` is `null` when the evidence does not say. */
interface Measured {
  readonly value: number | null
  readonly text: string
}

const MEASURES: Readonly<Record<BudgetName, (document: ReportDocument, process: Process) => Measured>> = {
  'rss-growth': (document, process) => steepest(document, process, (segment) => segment.trends, 'rss'),
  'heap-growth': (document, process) =>
    steepest(document, process, (segment) => trendsOf(segment, 'main-heap'), 'rss'),
  'anonymous-growth': (document, process) =>
    steepest(document, process, (segment) => segment.trends, 'anonymous'),
  'mapping-count': (document, { totals, samples }) =>
    known(document, totals.highest.ranges, formatCount, samples > 0 ? 'noMappings' : 'noSnapshot'),
  'peak-rss': (document, { totals }) =>
    known(document, totals.highest.rssBytes, formatBytes, 'noSnapshotWithRss'),
  'thread-count': threadCount,
  unexplained,
}

/** A gate, and the budget it is of. */
interface Judged {
  readonly gate: Gate
  readonly budget: Budget
}

/** A gate for every budget and process it speaks about. What could not be measured does not pass. */
export function budgetGates(document: ReportDocument, budgets: readonly Budget[]): Gate[] {
  const gates = budgets.flatMap((budget) => {
    const processes = document.processes.filter(
      (process) => budget.program === null || process.program === budget.program,
    )
    if (processes.length === 0) return [gate(document, budget, null, noProcess(document, budget))]
    return [
      ...processes.map((process) =>
        gate(document, budget, process, MEASURES[budget.name](document, process)),
      ),
      ...leftOut(document, budget),
    ]
  })
  const times = groupedBy(gates, ({ gate }) => gate.name)
  return gates.map(({ gate, budget }) =>
    times.get(gate.name)!.length > 1 ? { ...gate, name: `${gate.name} (${budget.text})` } : gate,
  )
}

const unmeasured = (document: ReportDocument, reason: string): Measured => ({
  value: null,
  text: fill(wordsOf(document).notMeasured, { reason }),
})

function noProcess(document: ReportDocument, { program }: Budget): Measured {
  const words = wordsOf(document)
  return unmeasured(document, program === null ? words.noProcessAtAll : fill(words.noProcess, { program }))
}

/** One gate for the processes that report.json has no room for: nothing is known of them here. */
function leftOut(document: ReportDocument, budget: Budget): Judged[] {
  const { processes } = document.omitted
  if (!processes) return []
  const reason = fill(wordsOf(document).moreProcesses, { count: formatCount(processes) })
  return [gate(document, budget, null, unmeasured(document, reason))]
}

function gate(
  document: ReportDocument,
  budget: Budget,
  process: Process | null,
  { value, text }: Measured,
): Judged {
  const words = wordsOf(document)
  const most = write(budget.name, budget.most)
  const passed = value !== null && value <= budget.most
  // Rounded, the two can look alike.
  const isClose = !passed && text === most && BUDGET_UNITS[budget.name] === 'size'
  const whole = budget.program === null ? budget.name : `${budget.name}@${budget.program}`
  const judged = {
    name: process ? `${budget.name} of ${process.program ?? 'pid'} ${process.pid}` : whole,
    expected: fill(words.atMost, {
      most: isClose ? fill(words.bytes, { n: formatCount(budget.most) }) : most,
    }),
    found: isClose ? fill(words.bytes, { n: formatCount(value!) }) : text,
    passed,
  }
  return { gate: judged, budget }
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

/**
 * The segment that grows fastest. A restart does not hide what was before it, and one whose trends report.json has no room
 * for may be the fastest.
 */
function steepest(
  document: ReportDocument,
  process: Process,
  trends: (segment: Segment) => readonly ReportTrend[],
  quantity: string,
): Measured {
  if (
    document.omitted['processes.trends'] &&
    process.segments.some((segment) => trends(segment).length === 0 && isLeftOut(segment))
  )
    return unmeasured(document, wordsOf(document).trendsLeftOut)
  const judged = process.segments
    .flatMap((segment) => trends(segment).filter((trend) => trend.quantity === quantity))
    .filter((trend) => trend.bytesPerHour !== null)
    .sort((a, b) => b.bytesPerHour! - a.bytesPerHour!)
  const trend = judged[0]
  if (!trend) return unmeasured(document, fill(wordsOf(document).noTrend, { quantity }))
  return {
    value: trend.bytesPerHour,
    text: `${formatRateInterval(trend.bytesPerHour!, trend.low, trend.high)}, ${shapeLabel(trend, wordsIn(document.language))}`,
  }
}

/** Whether there were trends to tell of, and some are not told. */
const isLeftOut = ({ samples, trends, byKind }: Segment): boolean =>
  samples >= LEAST_SAMPLES && (trends.length === 0 || byKind.length === 0)

const known = (
  document: ReportDocument,
  value: number | null,
  write: (value: number) => string,
  reason: keyof GateWords,
): Measured =>
  value === null ? unmeasured(document, wordsOf(document)[reason]) : { value, text: write(value) }

/** Threads in the traces; a trace that may have missed some gives no number to pass with. */
function threadCount(document: ReportDocument, process: Process): Measured {
  const traces = document.traces.filter((trace) => trace.pids.includes(process.pid))
  const words = wordsOf(document)
  if (traces.length === 0) return unmeasured(document, words.noTrace)
  let most = 0
  let complete = !document.omitted.traces
  for (const trace of traces) {
    most = Math.max(most, trace.threads + (trace.untracedThreads ?? 0))
    if (trace.untracedThreads === null) complete = false
  }
  return complete
    ? { value: most, text: formatCount(most) }
    : { value: null, text: fill(words.atLeast, { least: formatCount(most) }) }
}

/** Share of the observed change that no traced call explains; a part of the windows gives no number to pass with. */
function unexplained(document: ReportDocument, process: Process): Measured {
  const more = document.omitted.reconciliation ?? 0
  if (more > 0)
    return unmeasured(document, fill(wordsOf(document).windowsLeftOut, { n: more, count: formatCount(more) }))
  const windows = document.reconciliation.filter((window) => window.pid === process.pid)
  if (windows.length === 0) return unmeasured(document, wordsOf(document).noWindow)
  const missing = windows.reduce((sum, window) => sum + window.unexplainedBytes, 0)
  const owned = windows.reduce((sum, window) => sum + window.ownedBytes, 0)
  const share = missing === 0 ? 0 : missing / (missing + owned)
  return { value: share, text: `${formatShare(share)} (${formatBytes(missing)})` }
}
