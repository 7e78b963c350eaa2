import type { Quantity, Shape, Trend } from '../../model/timeline.ts'
import { changePoint, type Split, stepsAgainstLine } from './change-point.ts'
import { floorOf, type Gate, gateOf, LEAST_SAMPLES } from './gates.ts'
import { type Reason, reasonOf } from './reasons.ts'
import { stepNoise } from './robust.ts'
import { bendOf } from './saturation.ts'
import { part, type Series, spanOf, timeOf } from './series.ts'
import { type Teeth, teethOf } from './teeth.ts'

/** A verdict before it is put into words: which samples were judged, and why. */
interface Finding {
  readonly shape: Shape
  readonly from: number
  readonly gate: Gate
  readonly reason: Reason
  /** Sample index from which the growth is dated; `null` when there is none to date. */
  readonly onset: number | null
}

/**
 * Judges one series: its shape, its rate with a 95 % interval, since when, and how small a growth would have been
 * seen. The series is in ascending time; `Trend.perHour` is in the unit of the values per hour.
 */
export function judge(series: Series, quantity: Quantity): Trend {
  const samples = series.values.length
  if (samples < LEAST_SAMPLES || spanOf(series) <= 0) return tooShort(series, quantity)
  const floor = floorOf(quantity)
  const found = isConstant(series) ? constant(floor) : decide(series, floor)
  const { gate } = found
  return {
    quantity,
    shape: found.shape,
    samples,
    from: timeOf(series, 0),
    to: timeOf(series, samples - 1),
    perHour: gate.perHour,
    low: gate.low,
    high: gate.high,
    grown: gate.grown,
    onset: found.onset === null ? null : timeOf(series, found.onset),
    noise: gate.noise,
    detectionLimit: gate.detectionLimit,
    reason: reasonOf(found.reason, quantity, gate, spanOf(part(series, found.from, samples)), samples),
  }
}

/** Fewer samples than any shape can be told from. The limit is the level itself: only a doubling would stand out. */
function tooShort(series: Series, quantity: Quantity): Trend {
  const { values } = series
  const last = values.length - 1
  const grown = values.length > 0 ? values[last]! - values[0]! : 0
  const limit = Math.max(floorOf(quantity), ...Array.from(values, Math.abs))
  return {
    quantity,
    shape: 'too-short',
    samples: values.length,
    from: timeOf(series, 0),
    to: timeOf(series, Math.max(0, last)),
    perHour: null,
    low: null,
    high: null,
    grown,
    onset: null,
    noise: stepNoise(values),
    detectionLimit: limit,
    reason: reasonOf('too-short', quantity, null, spanOf(series), values.length),
  }
}

const isConstant = ({ values }: Series): boolean => values.every((value) => value === values[0])

const constant = (floor: number): Finding => ({
  shape: 'plateau',
  from: 0,
  gate: { grown: 0, perHour: 0, low: 0, high: 0, noise: 0, threshold: floor, detectionLimit: floor },
  reason: 'constant',
  onset: null,
})

function decide(series: Series, floor: number): Finding {
  const teeth = teethOf(series)
  if (teeth.troughs.length >= 2) return byTroughs(series, teeth, floor)
  if (teeth.troughs.length === 1) return afterFall(series, teeth, floor)
  return withoutTeeth(series, floor, 0)
}

/** Troughs needed to fit a line through them. */
const TROUGHS_FOR_LINE = 6

/** A sawtooth grows when what its falls leave behind grows. */
function byTroughs(series: Series, teeth: Teeth, floor: number): Finding {
  const whole = gateOf(series, floor)
  const troughs: Series = {
    origin: series.origin,
    hours: Float64Array.from(teeth.troughs, (at) => series.hours[at]!),
    values: Float64Array.from(teeth.troughs, (at) => series.values[at]!),
  }
  if (teeth.troughs.length < TROUGHS_FOR_LINE) {
    const peaks = teeth.peaks.map((at) => series.values[at]!)
    const beyond = Math.min(...troughs.values.slice(1)) - peaks[0]!
    const rising = troughs.values.every((value, at) => at === 0 || value > troughs.values[at - 1]!)
    const grows = rising && beyond > 0 && whole.grown > whole.threshold
    return {
      shape: grows ? 'growing' : 'sawtooth',
      from: 0,
      gate: whole,
      reason: grows ? 'few-troughs-grow' : 'few-troughs',
      onset: grows ? 0 : null,
    }
  }
  const gate = gateOf(troughs, floor)
  if (gate.grown > gate.threshold && bendOf(troughs).ratio > 0.2 && stepsAgainstLine(troughs) > 0.8)
    return {
      shape: 'growing',
      from: teeth.troughs[0]!,
      gate,
      reason: 'troughs-grow',
      onset: teeth.troughs[0]!,
    }
  return { shape: 'sawtooth', from: teeth.troughs[0]!, gate, reason: 'troughs-flat', onset: null }
}

/** One fall: only what came after it is judged, and only growth beyond what was there before it counts. */
function afterFall(series: Series, teeth: Teeth, floor: number): Finding {
  const trough = teeth.troughs[0]!
  const rest = part(series, trough, series.values.length)
  const relief = teeth.deepest
  if (rest.values.length >= LEAST_SAMPLES && spanOf(rest) > 0) {
    const found = withoutTeeth(rest, Math.max(floor, 2 * relief), 0)
    return { ...found, from: trough + found.from, onset: found.onset === null ? null : found.onset + trough }
  }
  const gate = gateOf(series, Math.max(floor, 2 * relief))
  return { shape: 'plateau', from: 0, gate, reason: 'fell-back', onset: null }
}

/** After a change the rest must hold enough samples to be judged alone. */
const LEAST_REST = 6
/** A slope this much flatter than before the change ends a warm-up. */
const FLATTER = 0.4
/** After a warm-up, growth below this share of it is taken for its tail. */
const TAIL_SHARE = 0.1

function withoutTeeth(series: Series, floor: number, depth: number): Finding {
  const n = series.values.length
  const split = depth < 2 ? changePoint(series) : null
  if (split && n - split.at >= LEAST_REST && matters(split, series)) {
    const before = part(series, 0, split.at)
    const rest = part(series, split.at, n)
    const rise = series.values[split.at]! - series.values[0]!
    const spread = scatterRange(before)
    const least =
      split.slopeAfter < FLATTER * split.slopeBefore
        ? Math.max(floor, TAIL_SHARE * Math.abs(rise))
        : Math.max(floor, spread)
    const found = withoutTeeth(rest, least, depth + 1)
    return relate(series, split.at, found, rise, floor)
  }
  return straight(series, floor)
}

/** A change that alters the rate by half, or a jump of an eighth of the range; less is no other behaviour. */
function matters(split: Split, series: Series): boolean {
  const { slopeBefore, slopeAfter, jump } = split
  const faster = Math.max(Math.abs(slopeBefore), Math.abs(slopeAfter))
  return Math.abs(slopeBefore - slopeAfter) > 0.5 * faster || Math.abs(jump) > scatterRange(series) / 8
}

const scatterRange = ({ values }: Series): number => {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return high - low
}

/** Names the whole from what the part after the change-point does. */
function relate(series: Series, at: number, rest: Finding, rise: number, floor: number): Finding {
  const moved = { ...rest, from: rest.from + at, onset: rest.onset === null ? null : rest.onset + at }
  if (rest.shape === 'growing') return moved
  if (rest.shape !== 'plateau') return moved
  const noise = Math.max(rest.gate.noise, stepNoise(series.values))
  if (rise <= Math.max(floor, 4 * noise)) return moved
  // Sudden: most of the rise lies between two neighbouring samples or three.
  const window = Math.max(2, Math.floor(series.values.length * 0.05))
  let sudden = 0
  for (let to = window; to < series.values.length; to++)
    sudden = Math.max(sudden, series.values[to]! - series.values[to - window]!)
  const step = sudden >= 0.85 * rise
  return {
    ...moved,
    shape: step ? 'step' : 'plateau',
    reason: step ? 'step' : 'warm-up',
    onset: step ? at : null,
  }
}

function straight(series: Series, floor: number): Finding {
  const gate = gateOf(series, floor)
  const plain = { from: 0, gate, onset: null }
  if (gate.grown < -gate.threshold && gate.high < 0)
    return { ...plain, shape: 'shrinking', reason: 'shrinking' }
  if (gate.grown <= gate.threshold || gate.low <= 0)
    return { ...plain, shape: 'plateau', reason: gate.grown > floor ? 'within-noise' : 'flat' }
  const bend = bendOf(series)
  if (bend.strength < -3 && bend.ratio < 0.5)
    return { ...plain, shape: 'saturating', reason: 'saturating', onset: 0 }
  if (stepsAgainstLine(series) < 0.8) return { ...plain, shape: 'step', reason: 'staircase', onset: 0 }
  return { ...plain, shape: 'growing', reason: 'growing', onset: 0 }
}
