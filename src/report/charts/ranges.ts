/** How many mappings a process has, over time: the how-to's `grep -E "^[0-9a-f]" | wc -l` for every snapshot. */

import { parseTime } from '../../base/clock-text.ts'
import { formatCount, formatMoment } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import { keepIndices, spread } from '../sampling.ts'
import type { Drawing } from './drawing.ts'
import { marksOf } from './marks.ts'
import { type ChartSubject, milliseconds } from './subject.ts'

const TABLE_ROWS = 24

export function rangesFigure(subject: ChartSubject): Drawing | null {
  const { words } = subject
  const usable = subject.snapshots.filter((snapshot) => !snapshot.truncated && snapshot.vmaCount > 0)
  const first = usable[0]
  const last = usable.at(-1)
  if (!first || !last) return null
  const kept = keepIndices(
    usable.map((row) => row.vmaCount),
    subject.points,
  ).map((index) => usable[index]!)
  const times = kept.map((row) => milliseconds(row.time))
  const { kept: rows, omitted } = spread(usable, TABLE_ROWS)
  const start = parseTime(first.time)
  return {
    title: fill(words.chart.rangesTitle, { process: subject.name }),
    reading: fill(words.chart.rangesReading, {
      first: formatCount(first.vmaCount),
      last: formatCount(last.vmaCount),
      anonymous: formatCount(last.anonymousVmaCount),
    }),
    form: 'line',
    stacked: false,
    x: { unit: 'time', title: words.chart.axisTime, values: times },
    y: { unit: 'count', title: words.chart.axisCount, fromZero: true },
    series: [
      { label: words.chart.rangesAll, tone: 0, role: 'series', values: kept.map((row) => row.vmaCount) },
      {
        label: words.chart.rangesAnonymous,
        tone: 1,
        role: 'series',
        values: kept.map((row) => row.anonymousVmaCount),
      },
    ],
    marks: marksOf(subject, null, times),
    table: {
      head: [words.table.time, words.chart.rangesAll, words.chart.rangesAnonymous],
      rows: rows.map((row) => [
        formatMoment(parseTime(row.time), start),
        formatCount(row.vmaCount),
        formatCount(row.anonymousVmaCount),
      ]),
      omitted,
    },
  }
}
