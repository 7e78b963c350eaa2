/** The mappings that grew most, each over time. */

import { parseTime } from '../../base/clock-text.ts'
import { formatBytes, formatMoment, formatSignedBytes } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import type { ReportDocument } from '../document.ts'
import type { Figure } from './figure.ts'
import { regionLabel } from './region-label.ts'
import { keepIndices, spread } from './sampling.ts'
import { type ChartSubject, milliseconds } from './subject.ts'

type Lineage = ReportDocument['lineages'][number]

const SHOWN = 6
const TABLE_ROWS = 12

const amount = (region: Lineage['regions'][number]): number => region.rssBytes ?? region.sizeBytes

/** What it holds at `time`: the last point at or before it; `null` before it appeared and after it went. */
function amountAt(lineage: Lineage, time: number): number | null {
  let found: number | null = null
  for (const region of lineage.regions) {
    if (milliseconds(region.time) > time) break
    found = amount(region)
  }
  return time > milliseconds(lineage.regions.at(-1)!.time) ? null : found
}

export function lineagesFigure(subject: ChartSubject): Figure | null {
  const { words, document, process } = subject
  const all = document.lineages
    .filter(
      (lineage) => lineage.pid === process.pid && lineage.regions.length > 1 && lineage.trend.grownBytes > 0,
    )
    .sort((a, b) => b.trend.grownBytes - a.trend.grownBytes || (a.id < b.id ? -1 : 1))
  const shown = all.slice(0, SHOWN)
  const top = shown[0]
  if (!top) return null
  const moments = [
    ...new Set(shown.flatMap((lineage) => lineage.regions.map((region) => region.time))),
  ].sort()
  const kept = keepIndices(
    moments.map((time) => amountAt(top, milliseconds(time))),
    subject.points,
  ).map((index) => moments[index]!)
  const times = kept.map(milliseconds)
  const label = (lineage: Lineage) =>
    `${lineage.id} ${regionLabel({ ...lineage, start: lineage.regions.at(-1)!.start }, words)}`
  const { kept: rows, omitted } = spread(moments, TABLE_ROWS)
  return {
    id: `lineages-${process.pid}`,
    subject: 'lineages',
    pid: process.pid,
    title: fill(words.chart.lineagesTitle, { process: subject.name }),
    reading: fill(words.chart.lineagesReading, {
      name: label(top),
      delta: formatSignedBytes(top.trend.grownBytes),
      all: formatBytes(shown.reduce((sum, lineage) => sum + lineage.trend.grownBytes, 0)),
    }),
    form: 'line',
    stacked: false,
    x: { unit: 'time', title: words.chart.axisTime, values: times },
    y: { unit: 'bytes', title: words.chart.axisBytes, fromZero: true },
    series: shown.map((lineage, tone) => ({
      label: label(lineage),
      tone,
      role: 'series',
      values: times.map((time) => amountAt(lineage, time)),
    })),
    marks: [],
    table: {
      head: [words.table.time, ...shown.map(label)],
      rows: rows.map((time) => [
        formatMoment(parseTime(time), parseTime(moments[0]!)),
        ...shown.map((lineage) => {
          const value = amountAt(lineage, milliseconds(time))
          return value === null ? '–' : formatBytes(value)
        }),
      ]),
      omitted,
    },
  }
}
