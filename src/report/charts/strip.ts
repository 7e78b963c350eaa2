/** The address space as a strip, lowest address left, the gaps between mappings left out. */
import { formatBytes, formatShare, formatSignedBytes } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import type { Words } from '../../language/words.ts'
import type { MappingKind } from '../../model/mapping-kind.ts'
import type { ReportDocument } from '../document.ts'
import type { Drawing, FigureSeries } from './drawing.ts'
import { type GrowthOfMappings, growthOfMappings, isDrawn } from './growth.ts'
import { regionLabel } from './region-label.ts'
import type { ChartSubject } from './subject.ts'

type Lineage = ReportDocument['lineages'][number]

const REGIONS = 60
const TABLE_ROWS = 16

export function stripFigure(subject: ChartSubject): Drawing | null {
  const { words, document, process } = subject
  const last = subject.snapshots.at(-1)
  if (!last) return null
  const growth = growthOfMappings(subject)
  const living = document.lineages.filter(
    (lineage) =>
      lineage.pid === process.pid &&
      isDrawn(lineage.kind, growth.bySize) &&
      lineage.regions.at(-1)?.time === last.time,
  )
  const weight = (lineage: Lineage) => Math.max(sizeOf(lineage), growth.gained(lineage))
  const biggest = [...living].sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1))
  const grown = living
    .filter((lineage) => growth.gained(lineage) > 0)
    .sort((a, b) => growth.gained(b) - growth.gained(a) || (a.id < b.id ? -1 : 1))
  // What grew is what the strip is about: it comes before what is only large.
  const regions = [...new Set([...grown.slice(0, REGIONS / 2), ...biggest])]
    .slice(0, REGIONS)
    .sort((a, b) => startOf(a) - startOf(b))
  if (regions.length < 2 || grown.length === 0) return null
  const { kinds, growing, end } = layout(regions, growth)
  return {
    title: fill(words.chart.stripTitle, { process: subject.name }),
    reading: reading(grown, growth, subject),
    form: 'strip',
    stacked: false,
    x: { unit: 'bytes', title: across(regions.length, living.length, words), values: [0, end] },
    y: { unit: 'category', title: words.chart.axisStrip, fromZero: true },
    series: [
      ...kindSeries(kinds, words),
      { label: words.chart.grew, tone: 1, role: 'trend', values: growing },
    ],
    marks: [],
    table: {
      head: [words.table.mapping, words.table.size, words.table.grown],
      rows: grown
        .slice(0, TABLE_ROWS)
        .map((lineage) => [
          labelOf(lineage, subject),
          formatBytes(sizeOf(lineage)),
          formatSignedBytes(growth.gained(lineage)),
        ]),
      omitted: Math.max(0, grown.length - TABLE_ROWS),
    },
  }
}

/** Of more there may be some that report.json has no room for, so that their number is not told. */
const across = (drawn: number, known: number, { chart }: Words): string =>
  drawn === known ? chart.axisAddress : fill(chart.axisAddressPart, { n: drawn })

/** The kind in which most of the growth lies, and the mapping of it that has most. */
function reading(grown: readonly Lineage[], growth: GrowthOfMappings, subject: ChartSubject): string {
  const { chart, kind } = subject.words
  const sum = (lineages: readonly Lineage[]) =>
    lineages.reduce((total, lineage) => total + growth.gained(lineage), 0)
  const kinds = [...new Set(grown.map((lineage) => lineage.kind))]
  const [most, ...others] = kinds
    .map((one) => grown.filter((lineage) => lineage.kind === one))
    .sort((a, b) => sum(b) - sum(a))[0]!
  const all = sum(grown)
  const shares = {
    share: formatShare(sum([most!, ...others]) / all),
    delta: formatBytes(all),
    region: labelOf(most!, subject),
  }
  return others.length === 0
    ? fill(chart.stripReading, shares)
    : fill(chart.stripReadingMany, {
        ...shares,
        kind: kind[most!.kind],
        n: others.length + 1,
        own: formatShare(growth.gained(most!) / all),
      })
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

const labelOf = (lineage: Lineage, subject: ChartSubject): string =>
  regionLabel({ ...lineage, start: lineage.regions.at(-1)!.start }, subject.words)

/** Every mapping side by side, by kind, and the part of each that was not there at first. */
function layout(regions: readonly Lineage[], growth: GrowthOfMappings) {
  const byKind = new Map<MappingKind, Interval[]>()
  const growing: Interval[] = []
  let position = 0
  for (const lineage of regions) {
    const size = sizeOf(lineage)
    const intervals = byKind.get(lineage.kind) ?? []
    byKind.set(lineage.kind, intervals)
    intervals.push([position, position + size])
    const grown = Math.min(size, growth.gained(lineage))
    if (grown > 0) growing.push([position + size - grown, position + size])
    position += size
  }
  return { kinds: [...byKind], growing, end: position }
}
