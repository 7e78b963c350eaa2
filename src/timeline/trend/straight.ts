import type { Shape } from '../../model/timeline.ts'
import { stepsAgainstLine } from './change-point.ts'
import { type Gate, gateOf, undecided } from './gates.ts'
import { Fits } from './least-squares.ts'
import type { Reason } from './reasons.ts'
import { bendOf } from './saturation.ts'
import { part, type Series } from './series.ts'

/** A verdict before it is put into words: which samples were judged, and why. */
export interface Finding {
  readonly shape: Shape
  /** First sample that was judged. */
  readonly from: number
  readonly gate: Gate
  readonly reason: Reason
  /** Sample from which the growth is dated; `null` when there is none to date. */
  readonly onset: number | null
}

/** Curvature this many standard errors off a straight line is real … */
const BENT = -3
/** … and ends the growth when the rate at the end is at most this share of that at the start. */
const SLOWED_TO = 0.5
/** One or two steps must fit this much better than a line to be believed. */
const STAIRCASE = 0.8

/** Judges a series without looking for changes in it: one line, and what speaks against it. */
export function judgeStraight(series: Series, least: number): Finding {
  const gate = gateOf(series, least)
  const plain = { from: 0, gate, onset: null }
  if (gate.grown < -gate.threshold && gate.high < 0)
    return { ...plain, shape: 'shrinking', reason: 'shrinking' }
  if (gate.grown <= gate.threshold || gate.low <= 0)
    return { ...plain, shape: 'plateau', reason: gate.grown > least ? 'within-noise' : 'flat' }
  const bend = bendOf(series)
  if (bend.strength < BENT && bend.ratio < SLOWED_TO && slowsDown(series))
    return { ...plain, gate: undecided(gate), shape: 'saturating', reason: 'saturating', onset: 0 }
  if (stepsAgainstLine(series) < STAIRCASE) return { ...plain, shape: 'step', reason: 'staircase', onset: 0 }
  return { ...plain, shape: 'growing', reason: 'growing', onset: 0 }
}

/** A later third may be this share of the first one's rate faster than the third before it: that much is noise. */
const UNEVEN = 0.15

/** Whether the thirds rise ever less: a wave on top of steady growth bends a parabola too, but not in this order. */
function slowsDown(series: Series): boolean {
  const n = series.values.length
  const [first, second, third] = [0, 1, 2].map((at) => {
    const third = part(series, Math.floor((at * n) / 3), Math.floor(((at + 1) * n) / 3))
    return new Fits(third).line(0, third.values.length).slope
  }) as [number, number, number]
  const allowed = UNEVEN * first
  return second <= first + allowed && third <= second + allowed && third <= SLOWED_TO * first + allowed
}
