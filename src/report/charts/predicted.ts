/** Replay against snapshots: of the pages that changed between two snapshots, how many are as the calls predict. */
import { parseTime } from '../../base/clock-text.ts'
import { formatCount, formatMoment, formatShare } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import { agreementOf } from '../../model/attribution.ts'
import { keepIndices, spread } from '../sampling.ts'
import type { Drawing } from './drawing.ts'
import { type ChartSubject, milliseconds } from './subject.ts'

const TABLE_ROWS = 16

/** Share of the changed pages on which replay and snapshots agree, over all windows; `null` without any change. */
export function overallAgreement(
  windows: readonly { readonly changedPages: number; readonly differingPages: number }[],
): number | null {
  const changed = windows.reduce((sum, window) => sum + window.changedPages, 0)
  const differing = windows.reduce((sum, window) => sum + window.differingPages, 0)
  return changed === 0 ? null : agreementOf(differing, changed)
}

export function predictedFigure(subject: ChartSubject): Drawing | null {
  const { words, process, document } = subject
  const windows = document.reconciliation.filter((window) => window.pid === process.pid)
  const agreement = overallAgreement(windows)
  if (agreement === null) return null
  const kept = keepIndices(
    windows.map((window) => window.differingPages),
    subject.points,
  ).map((index) => windows[index]!)
  const { kept: rows, omitted } = spread(windows, TABLE_ROWS)
  const start = parseTime(windows[0]!.from)
  const explained = (window: (typeof windows)[number]) =>
    Math.max(0, window.changedPages - window.differingPages)
  return {
    title: fill(words.chart.predictedTitle, { process: subject.name }),
    reading: fill(words.chart.predictedReading, { share: formatShare(agreement), n: windows.length }),
    form: 'area',
    stacked: true,
    x: { unit: 'time', title: words.chart.axisTime, values: kept.map((window) => milliseconds(window.to)) },
    y: { unit: 'count', title: words.chart.axisPages, fromZero: true },
    series: [
      { label: words.chart.asPredicted, tone: 0, role: 'series', values: kept.map(explained) },
      {
        label: words.chart.differing,
        tone: 1,
        role: 'series',
        values: kept.map((window) => window.differingPages),
      },
    ],
    marks: [],
    table: {
      head: [
        words.table.until,
        words.chart.asPredicted,
        words.chart.differing,
        words.table.agreement,
        words.table.conflicts,
      ],
      rows: rows.map((window) => [
        formatMoment(parseTime(window.to), start),
        formatCount(explained(window)),
        formatCount(window.differingPages),
        formatShare(window.agreement),
        formatCount(window.conflicts),
      ]),
      omitted,
    },
  }
}
