import { LEAST_SAMPLES } from '../../model/timeline.ts'
import { changePoint, type Split } from './change-point.ts'
import { fillsUp } from './filling.ts'
import { undecided } from './gates.ts'
import { stepNoise } from './robust.ts'
import { part, rangeOf, type Series, spanOf } from './series.ts'
import { type Finding, judgeStraight } from './straight.ts'

/** After a change the rest must hold enough samples to be judged alone. */
const LEAST_REST = 6
/** Changes looked for behind the first one. */
const DEPTH = 2
/** A rate this much smaller than before the change ends a warm-up. */
const FLATTER = 0.4
/** After a warm-up, growth below this share of it is taken for its tail. */
const TAIL_SHARE = 0.1
/** A jump above this share of the growth is no part of a steady leak: the rate after it counts. */
const JUMP_SHARE = 1 / 3

/** Judges a series that has no falls: looks for the one change that matters and judges what comes after it. */
export function judgeByChange(series: Series, least: number, depth = 0): Finding {
  const whole = judgeStraight(series, least)
  const n = series.values.length
  const split = depth < DEPTH ? changePoint(series) : null
  if (!split || n - split.at < LEAST_REST || !matters(split, series)) return whole
  const tail = part(series, split.at, n)
  const rest = judgeByChange(tail, least, depth + 1)
  const moved = {
    ...rest,
    from: rest.from + split.at,
    onset: rest.onset === null ? null : rest.onset + split.at,
  }
  if (rest.shape === 'growing') return growingAfter(series, split, whole, moved, least)
  if (whole.shape === 'growing' && couldHide(whole, moved, spanOf(tail))) return whole
  return named(series, split.at, moved, least)
}

/** A change that alters the rate by half, or a jump of an eighth of the range; less is no other behaviour. */
function matters({ slopeBefore, slopeAfter, jump }: Split, series: Series): boolean {
  const faster = Math.max(Math.abs(slopeBefore), Math.abs(slopeAfter))
  return Math.abs(slopeBefore - slopeAfter) > 0.5 * faster || Math.abs(jump) > rangeOf(series) / 8
}

/** The part after the change grows: is it the leak's own beginning, the tail of a warm-up, or just another stretch? */
function growingAfter(series: Series, split: Split, whole: Finding, rest: Finding, least: number): Finding {
  const before = part(series, 0, split.at)
  if (split.slopeAfter < FLATTER * split.slopeBefore) {
    const rise = series.values[split.at]! - series.values[0]!
    if (fillsUp(series, split))
      return { ...rest, gate: undecided(rest.gate), shape: 'saturating', reason: 'filling', onset: 0 }
    if (series.values.length - split.at < LEAST_SAMPLES) return tooFew(rest)
    return raised(rest, Math.max(least, TAIL_SHARE * Math.abs(rise)), 'warm-up')
  }
  if (
    whole.shape === 'growing' &&
    Math.abs(split.jump) < JUMP_SHARE * whole.gate.grown &&
    split.slopeBefore > 0
  )
    return whole
  if (series.values.length - split.at < LEAST_SAMPLES) return whole.shape === 'growing' ? whole : tooFew(rest)
  const found = raised(rest, Math.max(least, rangeOf(before)), 'within-earlier')
  return found.shape === 'growing' || whole.shape !== 'growing' ? found : whole
}

/** It rises behind the change, but on fewer samples than are ever judged. */
const tooFew = (rest: Finding): Finding => ({
  ...rest,
  gate: undecided(rest.gate),
  shape: 'plateau',
  reason: 'too-few-after',
  onset: null,
})

/** The same finding under a higher threshold. */
function raised(found: Finding, threshold: number, otherwise: Finding['reason']): Finding {
  if (threshold <= found.gate.threshold) return found
  const gate = {
    ...found.gate,
    threshold,
    detectionLimit: found.gate.detectionLimit + threshold - found.gate.threshold,
  }
  if (gate.grown > threshold) return { ...found, gate }
  return { ...found, gate, shape: 'plateau', reason: otherwise, onset: null }
}

/** Whether the rest is too short or too noisy to show the growth of the whole, and does not speak against it. */
function couldHide(whole: Finding, rest: Finding, hours: number): boolean {
  return whole.gate.perHour * hours < rest.gate.detectionLimit && rest.gate.high >= whole.gate.perHour / 2
}

/** Samples within which a step is sudden, as a share of all and at least. */
const SUDDEN_SHARE = 0.05
const SUDDEN_LEAST = 2
/** Share of the rise that must be sudden. */
const SUDDEN_PART = 0.85

/** Names the whole by what comes after the change, when that does not grow: a step, or a warm-up that is over. */
function named(series: Series, at: number, rest: Finding, least: number): Finding {
  if (rest.shape !== 'plateau') return rest
  const { values } = series
  const rise = values[at]! - values[0]!
  const noise = Math.max(rest.gate.noise, stepNoise(values))
  if (rise <= Math.max(least, 4 * noise)) return rest
  const window = Math.max(SUDDEN_LEAST, Math.floor(values.length * SUDDEN_SHARE))
  let sudden = 0
  for (let to = window; to < values.length; to++)
    sudden = Math.max(sudden, values[to]! - values[to - window]!)
  if (sudden < SUDDEN_PART * rise) return { ...rest, reason: 'warm-up' }
  return { ...rest, shape: 'step', reason: 'step', onset: at }
}
