/** The address space as a strip, lowest address left, the gaps between mappings left out. */
import { formatBytes, formatShare, formatSignedBytes } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import type { Words } from '../../language/words.ts'
import type { MappingKind } from '../../model/mapping-kind.ts'
import type { ReportDocument } from '../document.ts'
import type { Figure, FigureSeries } from './figure.ts'
import { regionLabel } from './region-label.ts'
import type { ChartSubject } from './subject.ts'

type Lineage = ReportDocument['lineages'][number]

/** Reservations are gigabytes of nothing: on a scale with them the memory in use is a hair. */
const NOT_SHOWN: ReadonlySet<MappingKind> = new Set([
  'malloc-arena-reserve',
  'anonymous-reserve',
  'stack-guard',
  'kernel',
])
const REGIONS = 60
const TABLE_ROWS = 16

export function stripFigure(subject: ChartSubject): Figure | null {
  const { words, document, process } = subject
  const last = subject.snapshots.at(-1)
  if (!last) return null
  const living = document.lineages.filter(
    (lineage) =>
      lineage.pid === process.pid &&
      !NOT_SHOWN.has(lineage.kind) &&
      lineage.regions.at(-1)?.time === last.time,
  )
  const biggest = [...living]
    .sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1))
    .slice(0, REGIONS)
  const regions = biggest.sort((a, b) => startOf(a) - startOf(b))
  if (regions.length < 2) return null
  const grown = regions.filter((lineage) => lineage.trend.grownBytes > 0)
  const growth = grown.reduce((sum, lineage) => sum + lineage.trend.grownBytes, 0)
  if (growth === 0) return null
  const top = [...grown].sort((a, b) => b.trend.grownBytes - a.trend.grownBytes)[0]!
  const { kinds, growing, end } = layout(regions)
  return {
    id: `strip-${process.pid}`,
    subject: 'strip',
    pid: process.pid,
    title: fill(words.chart.stripTitle, { process: subject.name }),
    reading: fill(words.chart.stripReading, {
      share: formatShare(top.trend.grownBytes / growth),
      region: labelOf(top, subject),
    }),
    form: 'strip',
    stacked: false,
    x: { unit: 'bytes', title: words.chart.axisAddress, values: [0, end] },
    y: { unit: 'category', title: words.chart.axisStrip, fromZero: true },
    series: [
      ...kindSeries(kinds, words),
      { label: words.chart.grew, tone: 1, role: 'trend', values: growing },
    ],
    marks: [],
    table: {
      head: [words.table.mapping, words.table.size, words.table.grown],
      rows: [...regions]
        .sort((a, b) => b.trend.grownBytes - a.trend.grownBytes)
        .slice(0, TABLE_ROWS)
        .map((lineage) => [
          labelOf(lineage, subject),
          formatBytes(lineage.regions.at(-1)!.sizeBytes),
          formatSignedBytes(lineage.trend.grownBytes),
        ]),
      omitted: Math.max(0, regions.length - TABLE_ROWS),
    },
  }
}

/** Tones of the kinds that take most room; the tone of what grew is not among them. */
const KIND_TONES = [0, 2, 3, 4, 5] as const
const OTHERS_TONE = 6

type Interval = [number, number]

function kindSeries(kinds: readonly (readonly [MappingKind, Interval[]])[], words: Words): FigureSeries[] {
  const room = (intervals: readonly Interval[]) => intervals.reduce((sum, [from, to]) => sum + to - from, 0)
  const sorted = [...kinds].sort((a, b) => room(b[1]) - room(a[1]))
  const shown = KIND_TONES.flatMap((tone, index): FigureSeries[] => {
    const entry = sorted[index]
    return entry ? [{ label: words.kind[entry[0]], tone, role: 'series', values: entry[1] }] : []
  })
  const rest = sorted.slice(KIND_TONES.length).flatMap(([, intervals]) => intervals)
  return rest.length === 0
    ? shown
    : [...shown, { label: words.chart.others, tone: OTHERS_TONE, role: 'series', values: rest }]
}

const startOf = (lineage: Lineage): number => Number(lineage.regions.at(-1)!.start)
const sizeOf = (lineage: Lineage): number => lineage.regions.at(-1)!.sizeBytes
const weight = (lineage: Lineage): number => Math.max(sizeOf(lineage), lineage.trend.grownBytes)

const labelOf = (lineage: Lineage, subject: ChartSubject): string =>
  regionLabel({ ...lineage, start: lineage.regions.at(-1)!.start }, subject.words)

/** Every mapping side by side, by kind, and the part of each that was not there at first. */
function layout(regions: readonly Lineage[]) {
  const byKind = new Map<MappingKind, Interval[]>()
  const growing: Interval[] = []
  let position = 0
  for (const lineage of regions) {
    const size = sizeOf(lineage)
    const intervals = byKind.get(lineage.kind) ?? []
    byKind.set(lineage.kind, intervals)
    intervals.push([position, position + size])
    const grown = Math.min(size, Math.max(0, lineage.trend.grownBytes))
    if (grown > 0) growing.push([position + size - grown, position + size])
    position += size
  }
  return { kinds: [...byKind], growing, end: position }
}
