/** Replay against snapshots: how much memory the calls predict, and how much the snapshots show. */

import { parseTime } from '../../base/clock-text.ts'
import { formatBytes, formatMoment, formatShare } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import type { Figure } from './figure.ts'
import { keepIndices, spread } from './sampling.ts'
import { type ChartSubject, milliseconds } from './subject.ts'

const TABLE_ROWS = 16

/** Share of the changed pages on which replay and snapshots agree, over all windows; `null` without any change. */
export function overallAgreement(
  windows: readonly { readonly changedPages: number; readonly differingPages: number }[],
): number | null {
  const changed = windows.reduce((sum, window) => sum + window.changedPages, 0)
  const differing = windows.reduce((sum, window) => sum + window.differingPages, 0)
  return changed === 0 ? null : Math.max(0, 1 - differing / changed)
}

export function predictedFigure(subject: ChartSubject): Figure | null {
  const { words, process, document } = subject
  const windows = document.reconciliation.filter((window) => window.pid === process.pid)
  if (windows.length === 0) return null
  // Running sums: the two lines run together as long as the calls explain what the snapshots show.
  let predicted = 0
  let found = 0
  const points = windows.map((window) => {
    predicted += window.tracedBytes
    found += window.tracedBytes + window.unexplainedBytes - window.absentBytes
    return {
      time: window.to,
      predicted,
      found,
      differing: window.unexplainedBytes + window.absentBytes,
      window,
    }
  })
  const kept = keepIndices(
    points.map((point) => point.differing),
    subject.points,
  ).map((index) => points[index]!)
  const { kept: rows, omitted } = spread(points, TABLE_ROWS)
  const start = parseTime(windows[0]!.from)
  return {
    id: `predicted-${process.pid}`,
    subject: 'predicted',
    pid: process.pid,
    title: fill(words.chart.predictedTitle, { process: subject.name }),
    reading: fill(words.chart.predictedReading, {
      share: formatShare(overallAgreement(windows) ?? 1),
      n: windows.length,
    }),
    form: 'line',
    stacked: false,
    x: { unit: 'time', title: words.chart.axisTime, values: kept.map((point) => milliseconds(point.time)) },
    y: { unit: 'bytes', title: words.chart.axisBytes, fromZero: true },
    series: [
      {
        label: words.chart.traceBytes,
        tone: 0,
        role: 'series',
        values: kept.map((point) => point.predicted),
      },
      { label: words.chart.foundBytes, tone: 1, role: 'series', values: kept.map((point) => point.found) },
      { label: words.chart.differing, tone: 3, role: 'series', values: kept.map((point) => point.differing) },
    ],
    marks: [],
    table: {
      head: [
        words.table.until,
        words.table.traced,
        words.table.unexplained,
        words.table.absent,
        words.table.agreement,
      ],
      rows: rows.map(({ window }) => [
        formatMoment(parseTime(window.to), start),
        formatBytes(window.tracedBytes),
        formatBytes(window.unexplainedBytes),
        formatBytes(window.absentBytes),
        formatShare(window.agreement),
      ]),
      omitted,
    },
  }
}
