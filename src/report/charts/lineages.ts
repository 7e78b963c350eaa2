/** The mappings that grew most, each over time; none where growth is mostly mappings that came and stayed as they were. */

import { parseTime } from '../../base/clock-text.ts'
import { firstAbove } from '../../base/first-above.ts'
import { formatBytes, formatMoment, formatSignedBytes } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import type { ReportDocument } from '../document.ts'
import { keepIndices, spread } from '../sampling.ts'
import type { Drawing } from './drawing.ts'
import { growthOfMappings, isDrawn } from './growth.ts'
import { regionLabel } from './region-label.ts'
import { type ChartSubject, milliseconds } from './subject.ts'

type Lineage = ReportDocument['lineages'][number]

const SHOWN = 6
const TABLE_ROWS = 12

/** What a lineage held at a time, milliseconds; `null` before it appeared and after it went. */
type Held = (time: number) => number | null

/** What it holds at a time: the last point at or before that. */
function heldBy({ regions }: Lineage, amount: (region: Lineage['regions'][number]) => number): Held {
  const times = Float64Array.from(regions, ({ time }) => milliseconds(time))
  return (time) => {
    const behind = firstAbove(times, time)
    return behind === 0 || time > times[times.length - 1]! ? null : amount(regions[behind - 1]!)
  }
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
  const held = shown.map((lineage) => heldBy(lineage, amount))
  const [top] = shown
  const [topHeld] = held
  if (!top || !topHeld) return null
  const moments = [
    ...new Set(shown.flatMap((lineage) => lineage.regions.map((region) => region.time))),
  ].sort()
  const kept = keepIndices(
    moments.map((time) => topHeld(milliseconds(time))),
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
      values: times.map(held[tone]!),
    })),
    marks: [],
    table: {
      head: [words.table.time, ...shown.map(label)],
      rows: rows.map((time) => [
        formatMoment(parseTime(time), parseTime(moments[0]!)),
        ...held.map((heldAt) => {
          const value = heldAt(milliseconds(time))
          return value === null ? '–' : formatBytes(value)
        }),
      ]),
      omitted,
    },
  }
}
