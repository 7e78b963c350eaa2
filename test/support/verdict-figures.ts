/** Judges synthetic series by the thousand and counts the verdicts. */
import type { Shape, Trend } from '../../src/model/timeline.ts'
import { judge } from '../../src/timeline/trend/judge.ts'
import { seriesOf } from '../../src/timeline/trend/series.ts'
import {
  healthySeries,
  leakedFrom,
  leakingSeries,
  plainLeak,
  type SyntheticSeries,
  TOO_BRIEF,
} from './synthetic-series.ts'

export const SHAPES: readonly Shape[] = [
  'growing',
  'saturating',
  'step',
  'sawtooth',
  'plateau',
  'shrinking',
  'too-short',
]

/** Verdicts on one kind of series. */
export interface VerdictRow {
  readonly shape: string
  count: number
  readonly verdicts: Record<Shape, number>
  /** Leaks above the limit that the judge itself states, and how many of them it found. */
  aboveLimit: number
  foundAboveLimit: number
}

export interface VerdictFigures {
  readonly healthy: readonly VerdictRow[]
  readonly leaking: readonly VerdictRow[]
  readonly falseAlarms: number
  readonly healthyCount: number
  readonly aboveLimit: number
  readonly foundAboveLimit: number
  /** Of the leaks found: rate within 15 % of the truth, and truth inside the 95 % interval. */
  readonly found: number
  readonly ratesClose: number
  readonly ratesCovered: number
}

const trendOf = (series: SyntheticSeries): Trend => judge(seriesOf(series.times, series.values), 'rss')

const rowFor = (rows: Map<string, VerdictRow>, shape: string): VerdictRow => {
  let row = rows.get(shape)
  if (!row) {
    const verdicts = Object.fromEntries(SHAPES.map((name) => [name, 0])) as Record<Shape, number>
    row = { shape, count: 0, verdicts, aboveLimit: 0, foundAboveLimit: 0 }
    rows.set(shape, row)
  }
  return row
}

/** Judges `count` healthy and `count` leaking series of a seed. */
export function verdictFigures(seed: number, count: number): VerdictFigures {
  const healthy = new Map<string, VerdictRow>()
  const leaking = new Map<string, VerdictRow>()
  let ratesClose = 0
  let ratesCovered = 0
  for (let index = 0; index < count; index++) {
    const quiet = healthySeries(seed, index)
    const row = rowFor(healthy, quiet.shape)
    row.count++
    row.verdicts[trendOf(quiet).shape]++
    const series = leakingSeries(seed, index)
    const trend = trendOf(series)
    const found = trend.shape === 'growing'
    const own = rowFor(leaking, series.shape.replace(', late', ''))
    own.count++
    own.verdicts[trend.shape]++
    if (leakedFrom(series, trend.from) >= trend.detectionLimit) {
      own.aboveLimit++
      if (found) own.foundAboveLimit++
    }
    if (!found) continue
    if (Math.abs(trend.perHour! / series.perHour - 1) <= 0.15) ratesClose++
    if (trend.low! <= series.perHour && series.perHour <= trend.high!) ratesCovered++
  }
  const sum = (rows: Iterable<VerdictRow>, pick: (row: VerdictRow) => number): number =>
    [...rows].reduce((total, row) => total + pick(row), 0)
  return {
    healthy: [...healthy.values()],
    leaking: [...leaking.values()].sort((a, b) => (a.shape < b.shape ? -1 : 1)),
    falseAlarms: sum(healthy.values(), (row) => row.verdicts.growing),
    healthyCount: count,
    aboveLimit: sum(leaking.values(), (row) => row.aboveLimit),
    foundAboveLimit: sum(leaking.values(), (row) => row.foundAboveLimit),
    found: sum(leaking.values(), (row) => row.verdicts.growing),
    ratesClose,
    ratesCovered,
  }
}

/** Verdicts on healthy programs that were watched for too short a time. */
export function briefFigures(seed: number, count: number): VerdictRow[] {
  const rows = new Map<string, VerdictRow>()
  for (let index = 0; index < count; index++) {
    const series = healthySeries(seed, index, TOO_BRIEF)
    const row = rowFor(rows, series.shape)
    row.count++
    row.verdicts[trendOf(series).shape]++
  }
  return [...rows.values()]
}

export const CURVE_SAMPLES = [8, 12, 16, 32, 64, 128, 256, 512, 1024, 2000]
export const CURVE_RATIOS = [0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16]

/** Share of plain leaks found, by number of samples and by growth as a multiple of the noise. */
export function detectionCurve(seed: number, each: number, memory: number): number[][] {
  return CURVE_SAMPLES.map((samples, row) =>
    CURVE_RATIOS.map((ratio, column) => {
      let found = 0
      for (let at = 0; at < each; at++) {
        const series = plainLeak(seed + row * 1_000_003 + column * 10_007 + at, samples, ratio, memory)
        if (trendOf(series).shape === 'growing') found++
      }
      return found / each
    }),
  )
}
