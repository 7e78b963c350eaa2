/** The mappings that grew most, each over time; none where growth is mostly mappings that came and stayed as they were. */

import { parseTime } from '../../base/clock-text.ts'
import { formatBytes, formatMoment, formatSignedBytes } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import type { ReportDocument } from '../document.ts'
import type { Drawing } from './drawing.ts'
import { growthOfMappings, isDrawn } from './growth.ts'
import { regionLabel } from './region-label.ts'
import { keepIndices, spread } from './sampling.ts'
import { type ChartSubject, milliseconds } from './subject.ts'

type Lineage = ReportDocument['lineages'][number]

const SHOWN = 6
const TABLE_ROWS = 12

/** What it holds at `time`: the last point at or before it; `null` before it appeared and after it went. */
function amountAt(
  lineage: Lineage,
  time: number,
  amount: (region: Lineage['regions'][number]) => number,
): number | null {
  let found: number | null = null
  for (const region of lineage.regions) {
    if (milliseconds(region.time) > time) break
    found = amount(region)
  }
  return time > milliseconds(lineage.regions.at(-1)!.time) ? null : found
}

export function lineagesFigure(subject: ChartSubject): Drawing | null {
  const { words, document } = subject
  const { gained, amount, bySize } = growthOfMappings(subject)
  const grown = document.lineages
    .filter((lineage) => isDrawn(lineage.kind, bySize) && gained(lineage) > 0)
    .sort((a, b) => gained(b) - gained(a) || (a.id < b.id ? -1 : 1))
  const drawable = grown.filter(({ regions }) => new Set(regions.map(amount)).size > 1)
  const sum = (lineages: readonly Lineage[]) => lineages.reduce((total, one) => total + gained(one), 0)
  // Mappings that came whole and stay are level lines over one another: where they are most of it, the strip tells.
  if (sum(drawable) * 2 < sum(grown)) return null
  const shown = drawable.slice(0, SHOWN)
  const amountThen = (lineage: Lineage, time: number) => amountAt(lineage, time, amount)
  const top = shown[0]
  if (!top) return null
  const moments = [
    ...new Set(shown.flatMap((lineage) => lineage.regions.map((region) => region.time))),
  ].sort()
  const kept = keepIndices(
    moments.map((time) => amountThen(top, milliseconds(time))),
    subject.points,
  ).map((index) => moments[index]!)
  const times = kept.map(milliseconds)
  const label = (lineage: Lineage) =>
    `${lineage.id} ${regionLabel({ ...lineage, start: lineage.regions.at(-1)!.start }, words)}`
  const { kept: rows, omitted } = spread(moments, TABLE_ROWS)
  return {
    title: fill(bySize ? words.chart.lineagesTitleSize : words.chart.lineagesTitle, {
      process: subject.name,
    }),
    reading: fill(grown.length === 1 ? words.chart.lineagesOnly : words.chart.lineagesReading, {
      name: label(top),
      delta: formatSignedBytes(gained(top)),
      all: formatBytes(sum(grown)),
      n: grown.length,
    }),
    form: 'line',
    stacked: false,
    x: { unit: 'time', title: words.chart.axisTime, values: times },
    y: { unit: 'bytes', title: words.chart.axisBytes, fromZero: true },
    series: shown.map((lineage, tone) => ({
      label: label(lineage),
      tone,
      role: 'series',
      values: times.map((time) => amountThen(lineage, time)),
    })),
    marks: [],
    table: {
      head: [words.table.time, ...shown.map(label)],
      rows: rows.map((time) => [
        formatMoment(parseTime(time), parseTime(moments[0]!)),
        ...shown.map((lineage) => {
          const value = amountThen(lineage, milliseconds(time))
          return value === null ? '–' : formatBytes(value)
        }),
      ]),
      omitted,
    },
  }
}
