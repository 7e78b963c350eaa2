/** The fitted line of a judged series, with the lines of its interval. */
import type { ReportTrend } from '../document.ts'
import type { FigureSeries } from './drawing.ts'
import { type ChartSubject, milliseconds } from './subject.ts'

const HOUR_IN_MS = 3_600_000

/** All through the median of what the slope leaves over; none where the shape is not a slope. */
export function trendSeries(
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
