/** Rss, Pss, USS and swap of one process over time, with the trend and its interval. */

import { parseTime } from '../../base/clock-text.ts'
import { formatBytes, formatDuration, formatMoment } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import type { ReportTrend } from '../document.ts'
import type { Figure, FigureSeries } from './figure.ts'
import { marksOf } from './marks.ts'
import { keepIndices, spread } from './sampling.ts'
import { type ChartSubject, lastTrend, milliseconds, shapeWords } from './subject.ts'

const QUANTITIES = [
  { key: 'rssBytes', word: 'rss', tone: 0 },
  { key: 'pssBytes', word: 'pss', tone: 1 },
  { key: 'ussBytes', word: 'uss', tone: 2 },
  { key: 'swapBytes', word: 'swap', tone: 3 },
] as const

const TABLE_ROWS = 24
const HOUR_IN_MS = 3_600_000

export function memoryFigure(subject: ChartSubject): Figure | null {
  const { snapshots, words } = subject
  if (snapshots.length === 0) return null
  // Without Rss (maps, plain pmap) the size of the address space is all there is to draw.
  const known = QUANTITIES.filter(({ key }) => snapshots.some((snapshot) => (snapshot[key] ?? 0) > 0))
  const drawn = known.length > 0 ? known : [{ key: 'sizeBytes', word: 'size', tone: 0 } as const]
  const kept = keepIndices(
    snapshots.map((snapshot) => snapshot[drawn[0]!.key]),
    subject.points,
  ).map((index) => snapshots[index]!)
  const times = kept.map((snapshot) => milliseconds(snapshot.time))
  const trend = lastTrend(subject.process, known.length > 0 ? 'rss' : 'size')
  return {
    id: `memory-${subject.process.pid}`,
    subject: 'memory',
    pid: subject.process.pid,
    title: fill(words.chart.memoryTitle, { process: subject.name }),
    reading: reading(subject, trend),
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
    marks: marksOf(subject, trend, times),
    table: table(subject, drawn),
  }
}

function reading(subject: ChartSubject, trend: ReportTrend | null): string {
  const { snapshots, words, language } = subject
  const usable = snapshots.filter((snapshot) => !snapshot.truncated)
  const first = usable[0]
  const last = usable.at(-1)
  if (!first || !last || first.rssBytes === null || last.rssBytes === null)
    return fill(words.chart.memoryUnknown, { last: formatBytes((last ?? snapshots.at(-1)!).sizeBytes) })
  return fill(words.chart.memoryReading, {
    first: formatBytes(first.rssBytes),
    last: formatBytes(last.rssBytes),
    span: formatDuration(parseTime(last.time) - parseTime(first.time))[language],
    shape: shapeWords(trend?.shape ?? 'too-short', words),
  })
}

/** The fitted line and the two lines of its interval, all through the median of what the slope leaves over. */
function trendSeries(
  trend: ReportTrend,
  times: readonly number[],
  values: readonly (number | null)[],
  subject: ChartSubject,
): FigureSeries[] {
  const { bytesPerHour, low, high } = trend
  if (bytesPerHour === null || trend.shape === 'sawtooth' || trend.shape === 'too-short') return []
  const from = milliseconds(trend.onset ?? trend.from)
  const to = milliseconds(trend.to)
  const middle = (from + to) / 2
  const slope = bytesPerHour / HOUR_IN_MS
  const rest = times
    .flatMap((time, index) => {
      const value = values[index]
      return time >= from && time <= to && value != null ? [value - slope * (time - middle)] : []
    })
    .sort((a, b) => a - b)
  if (rest.length < 3) return []
  const level = rest[Math.floor(rest.length / 2)]!
  const line = (perHour: number) =>
    times.map((time) =>
      time >= from && time <= to
        ? Math.max(0, Math.round(level + (perHour / HOUR_IN_MS) * (time - middle)))
        : null,
    )
  const { chart } = subject.words
  return [
    ...(low !== null && high !== null
      ? [
          { label: chart.trendLow, tone: 4, role: 'low' as const, values: line(low) },
          { label: chart.trendHigh, tone: 4, role: 'high' as const, values: line(high) },
        ]
      : []),
    { label: chart.trend, tone: 4, role: 'trend', values: line(bytesPerHour) },
  ]
}

function table(
  subject: ChartSubject,
  drawn: readonly {
    key: 'rssBytes' | 'pssBytes' | 'ussBytes' | 'swapBytes' | 'sizeBytes'
    word: 'rss' | 'pss' | 'uss' | 'swap' | 'size'
  }[],
): Figure['table'] {
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
