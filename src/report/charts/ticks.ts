/** Round numbers on axes: binary sizes, and clock times at steps that people read. */
import { formatBytes, formatClock, formatCount, formatDay, formatNumber } from '../../base/format.ts'
import type { AxisUnit } from './drawing.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const TIME_STEPS = [
  1,
  2,
  5,
  10,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 60, 120, 365].map((n) => n * DAY),
]

/** Times between `from` and `to` (milliseconds), at most `most`, all multiples of one step. */
export function timeTicks(from: number, to: number, most: number): number[] {
  const step =
    TIME_STEPS.find((candidate) => (to - from) / candidate <= Math.max(1, most)) ?? TIME_STEPS.at(-1)!
  const ticks: number[] = []
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick)
  return ticks
}

/** Clock, with seconds only where ticks are closer than a minute, and the day where they span more than one. */
export function timeLabel(value: number, from: number, to: number): string {
  const at = value * 1000
  const clock = formatClock(at)
  if (to - from >= 3 * DAY) return formatDay(at).slice(5)
  const short = to - from >= 10 * MINUTE ? clock.slice(0, 5) : clock
  return to - from >= DAY ? `${formatDay(at).slice(5)} ${short}` : short
}

/** From 256 on four or two steps make the next unit: five of 200 end below it, three of 500 would end at 1.46 of it. */
const BINARY_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 256, 512]
const DECIMAL_STEPS = [1, 2, 2.5, 5]

/** The step that gives four to eight ticks up to `most`. */
export function niceStep(most: number, unit: AxisUnit): number {
  if (most <= 0) return 1
  const target = most / 5
  if (unit === 'bytes') {
    const scale = 1024 ** Math.max(0, Math.floor(Math.log(target) / Math.log(1024)))
    const factor = BINARY_STEPS.find((candidate) => candidate * scale >= target)
    return factor === undefined ? 1024 * scale : factor * scale
  }
  const scale = 10 ** Math.floor(Math.log10(target))
  const factor = DECIMAL_STEPS.find((candidate) => candidate * scale >= target) ?? 10
  const step = factor * scale
  return unit === 'count' ? Math.max(1, Math.round(step)) : step
}

export const amountLabel = (value: number, unit: AxisUnit): string =>
  unit === 'bytes' ? formatBytes(value) : unit === 'count' ? formatCount(value) : formatNumber(value)
