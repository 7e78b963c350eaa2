import { LEAST_SAMPLES, type Quantity, type Trend } from '../../model/timeline.ts'
import { judgeByChange } from './by-change.ts'
import { judgeAfterFall, judgeByTroughs } from './by-troughs.ts'
import { floorOf, roughGate } from './gates.ts'
import { reasonOf } from './reasons.ts'
import { part, rangeOf, type Series, spanOf, timeOf } from './series.ts'
import type { Finding } from './straight.ts'
import { teethOf } from './teeth.ts'
import { tooShort } from './too-short.ts'

/**
 * Judges one series: its shape, its rate with a 95 % interval, since when, and how small a growth would have been
 * seen. The series is in ascending time; `Trend.perHour` is in the unit of the values per hour. `from` and `to` bound
 * the part that was judged: a warm-up before it is cut off.
 */
export function judge(series: Series, quantity: Quantity): Trend {
  const samples = series.values.length
  if (samples < LEAST_SAMPLES || spanOf(series) <= 0) return tooShort(series, quantity)
  if (isConstant(series.values)) return constantTrend(series, quantity)
  return trendOf(series, quantity, decide(series, floorOf(quantity)))
}

function trendOf(series: Series, quantity: Quantity, finding: Finding): Trend {
  const samples = series.values.length
  const { shape, from, gate, reason, onset } = finding
  return {
    quantity,
    shape,
    samples: samples - from,
    from: timeOf(series, from),
    to: timeOf(series, samples - 1),
    perHour: gate.perHour,
    low: gate.low,
    high: gate.high,
    grown: gate.grown,
    onset: onset === null ? null : timeOf(series, onset),
    noise: gate.noise,
    detectionLimit: gate.detectionLimit,
    reason: reasonOf(reason, quantity, gate, spanOf(part(series, from, samples)), samples - from),
  }
}

function decide(series: Series, least: number): Finding {
  if (rangeOf(series) < least)
    return { shape: 'plateau', from: 0, gate: roughGate(series, least), reason: 'flat', onset: null }
  const teeth = teethOf(series)
  if (teeth.troughs.length >= 2) return judgeByTroughs(series, teeth, least)
  if (teeth.troughs.length === 1) return judgeAfterFall(series, teeth, least)
  return judgeByChange(series, least)
}

function isConstant(values: Float64Array): boolean {
  for (let at = 1; at < values.length; at++) if (values[at] !== values[0]) return false
  return true
}

/** Of constant series, by their hours: most mappings never change, and many are there for as long. */
const CONSTANT = new WeakMap<Float64Array, Map<Quantity, Trend>>()

function constantTrend(series: Series, quantity: Quantity): Trend {
  const known = CONSTANT.get(series.hours) ?? new Map<Quantity, Trend>()
  CONSTANT.set(series.hours, known)
  const trend = known.get(quantity) ?? trendOf(series, quantity, constant(floorOf(quantity)))
  known.set(quantity, trend)
  return trend
}

const constant = (least: number): Finding => ({
  shape: 'plateau',
  from: 0,
  gate: { grown: 0, perHour: 0, low: 0, high: 0, noise: 0, threshold: least, detectionLimit: least },
  reason: 'constant',
  onset: null,
})
