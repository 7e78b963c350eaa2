/** Rss, Pss, USS and swap of one process over time, with the trend and its interval. */

import { parseTime } from '../../base/clock-text.ts'
import { greatest } from '../../base/extremes.ts'
import { formatBytes, formatDuration, formatMoment } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import type { ReportTrend } from '../document.ts'
import { keepIndices, spread } from '../sampling.ts'
import type { Drawing, FigureSeries } from './drawing.ts'
import { growsInAddressSpace } from './growth.ts'
import { limitMark, marksOf } from './marks.ts'
import { type ChartSubject, lastTrend, milliseconds, shapeWords } from './subject.ts'
import { trendSeries } from './trend-series.ts'

const QUANTITIES = [
  { key: 'rssBytes', word: 'rss', tone: 0 },
  { key: 'pssBytes', word: 'pss', tone: 1 },
  { key: 'ussBytes', word: 'uss', tone: 2 },
  { key: 'swapBytes', word: 'swap', tone: 3 },
] as const

/** What there is without Rss (maps, plain pmap), and what grows where addresses run out and not memory. */
const SIZE = { key: 'sizeBytes', word: 'size', tone: 5 } as const

const TABLE_ROWS = 24

export function memoryFigure(subject: ChartSubject): Drawing | null {
  const { snapshots, words } = subject
  if (snapshots.length === 0) return null
  const known = QUANTITIES.filter(({ key }) => snapshots.some((snapshot) => (snapshot[key] ?? 0) > 0))
  const bySize = known.length === 0 || growsInAddressSpace(subject)
  const drawn = bySize ? [SIZE, ...known.slice(0, 1)] : known
  const kept = keepIndices(
    snapshots.map((snapshot) => snapshot[drawn[0]!.key]),
    subject.points,
  ).map((index) => snapshots[index]!)
  const times = kept.map((snapshot) => milliseconds(snapshot.time))
  const trend = lastTrend(subject.process, bySize ? 'size' : 'rss')
  return {
    title: fill(bySize ? words.chart.sizeTitle : words.chart.memoryTitle, { process: subject.name }),
    reading: reading(subject, trend, bySize),
    form: 'line',
    stacked: false,
    x: { unit: 'time', title: words.chart.axisTime, values: times },
    y: { unit: 'bytes', title: words.chart.axisBytes, fromZero: true },
    series: [
      ...drawn.map(
        ({ key, word, tone }): FigureSeries => ({
          label: words.chart[word],
          tone,
          role: 'series',
          values: kept.map((snapshot) => (snapshot.truncated ? null : snapshot[key])),
        }),
      ),
      ...(trend
        ? trendSeries(
            trend,
            times,
            kept.map((snapshot) => snapshot[drawn[0]!.key]),
            subject,
          )
        : []),
    ],
    marks: [
      ...marksOf(subject, trend, times),
      ...limitMark(subject, greatest(kept.map((snapshot) => snapshot[drawn[0]!.key] ?? 0))),
    ],
    table: table(subject, drawn),
  }
}

function reading(subject: ChartSubject, trend: ReportTrend | null, bySize: boolean): string {
  const { snapshots, words, language } = subject
  const usable = snapshots.filter((snapshot) => !snapshot.truncated)
  const first = usable[0]
  const last = usable.at(-1)
  if (!first || !last || last.rssBytes === null)
    return fill(words.chart.memoryUnknown, { last: formatBytes((last ?? snapshots.at(-1)!).sizeBytes) })
  if (first === last && !bySize) return fill(words.chart.memoryOnce, { last: formatBytes(last.rssBytes) })
  const amount = (snapshot: typeof first) => (bySize ? snapshot.sizeBytes : (snapshot.rssBytes ?? 0))
  return fill(bySize ? words.chart.sizeReading : words.chart.memoryReading, {
    first: formatBytes(amount(first)),
    last: formatBytes(amount(last)),
    span: formatDuration(parseTime(last.time) - parseTime(first.time))[language],
    shape: shapeWords(trend, first.time, words),
    rss: formatBytes(last.rssBytes),
  })
}

function table(
  subject: ChartSubject,
  drawn: readonly {
    key: 'rssBytes' | 'pssBytes' | 'ussBytes' | 'swapBytes' | 'sizeBytes'
    word: 'rss' | 'pss' | 'uss' | 'swap' | 'size'
  }[],
): Drawing['table'] {
  const start = parseTime(subject.snapshots[0]!.time)
  const { kept, omitted } = spread(subject.snapshots, TABLE_ROWS)
  return {
    head: [subject.words.table.time, ...drawn.map(({ word }) => subject.words.chart[word])],
    rows: kept.map((snapshot) => [
      formatMoment(parseTime(snapshot.time), start),
      ...drawn.map(({ key }) => {
        const value = snapshot[key]
        return value === null ? '–' : formatBytes(value)
      }),
    ]),
    omitted,
  }
}
