/**
 * Which part of a growth the traced calls can speak of: a trace often covers minutes of hours, and what the replay proves
 * of them it does not prove of the rest.
 */
import type { MechanismAccount } from '../model/attribution.ts'
import { gateOf } from '../timeline/trend/gates.ts'
import { type Series, seriesOf } from '../timeline/trend/series.ts'
import { type Growth, levelOf, snapshotsOf } from './growth.ts'

export interface TracedPart {
  /** Traced time inside the growth, microseconds, and how long the growth took. */
  readonly span: number
  readonly ofSpan: number
  /** What snapshots show to have come in the traced time, and in all. */
  readonly grown: number
  readonly ofGrown: number
  /** Bytes an hour inside and outside the traced time, where they differ by more than scatter allows; else `null`. */
  readonly uneven: { readonly inside: number; readonly outside: number } | null
}

/** With half of its 95 % interval. */
interface Rate {
  readonly perHour: number
  readonly reach: number
}

/**
 * Rates differ that lie so many times further apart than both intervals together reach. strace slows what it traces: leaks
 * that go on all the time were found up to 1.9 times as far apart, by 2 to 6 %.
 */
const APART = 2

/** Fewer snapshots in one stretch tell no rate. */
const FEWEST = 8

interface Span {
  readonly from: number
  readonly to: number
}

/** `null` where nothing was traced, or no one knows when. */
export function tracedPartOf(growth: Growth, accounts: readonly MechanismAccount[]): TracedPart | null {
  const whole = { from: growth.onset ?? growth.from, to: growth.to }
  const traced = tracedSpans(accounts, whole)
  const snapshots = snapshotsOf(growth)
  if (traced === null || snapshots.length < 2) return null
  const times = snapshots.map(({ time }) => time as number)
  const levels = snapshots.map((snapshot) => levelOf(snapshot, growth.kinds, growth.quantity))
  const at = (time: number): number => levelAt(times, levels, time)
  const rate = (spans: readonly Span[]): Rate | null =>
    rateOf(
      spans.flatMap(({ from, to }) => {
        const within = times.flatMap((time, index) => (time >= from && time <= to ? [index] : []))
        return within.length < FEWEST
          ? []
          : [
              seriesOf(
                within.map((index) => times[index]!),
                within.map((index) => levels[index]!),
              ),
            ]
      }),
    )
  return {
    span: traced.reduce((sum, { from, to }) => sum + to - from, 0),
    ofSpan: whole.to - whole.from,
    grown: Math.min(
      growth.grown,
      Math.max(
        0,
        traced.reduce((sum, { from, to }) => sum + at(to) - at(from), 0),
      ),
    ),
    ofGrown: growth.grown,
    uneven: unevenOf(rate(traced), rate(between(traced, whole))),
  }
}

function unevenOf(inside: Rate | null, outside: Rate | null): TracedPart['uneven'] {
  if (!inside || !outside) return null
  const apart = Math.abs(inside.perHour - outside.perHour)
  return apart > APART * Math.hypot(inside.reach, outside.reach)
    ? { inside: inside.perHour, outside: outside.perHour }
    : null
}

/** Traced times inside the growth, those that overlap as one, in order. */
function tracedSpans(accounts: readonly MechanismAccount[], whole: Span): Span[] | null {
  const spans: Span[] = []
  const all = accounts.map(({ from, to }) => ({ from, to }))
  if (all.length === 0) return null
  const known = all.flatMap(({ from, to }) =>
    from === null || to === null ? [] : [{ from: Math.max(from, whole.from), to: Math.min(to, whole.to) }],
  )
  if (known.length < all.length) return null
  for (const span of known.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from)) {
    const last = spans.at(-1)
    if (last && span.from <= last.to)
      spans[spans.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
    else spans.push(span)
  }
  return spans
}

/** What of `whole` lies before, between and after `spans`. */
function between(spans: readonly Span[], whole: Span): Span[] {
  const ends = [whole.from, ...spans.flatMap(({ from, to }) => [from, to]), whole.to]
  return Array.from({ length: ends.length / 2 }, (_, index) => ({
    from: ends[2 * index]!,
    to: ends[2 * index + 1]!,
  }))
}

/** On the straight line between two snapshots. */
function levelAt(times: readonly number[], levels: readonly number[], time: number): number {
  const next = times.findIndex((one) => one >= time)
  if (next < 0) return levels.at(-1)!
  if (next === 0) return levels[0]!
  const part = (time - times[next - 1]!) / (times[next]! - times[next - 1]!)
  return levels[next - 1]! + part * (levels[next]! - levels[next - 1]!)
}

/** Of several stretches, each by its own line, weighted by their time. */
function rateOf(stretches: readonly Series[]): Rate | null {
  const weights = stretches.map(({ hours }) => hours[hours.length - 1]! - hours[0]!)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  if (all <= 0) return null
  const gates = stretches.map((series) => gateOf(series, 0))
  return {
    perHour: gates.reduce((sum, { perHour }, index) => sum + (perHour * weights[index]!) / all, 0),
    reach: Math.hypot(...gates.map(({ low, high }, index) => ((high - low) / 2) * (weights[index]! / all))),
  }
}

/** Less is an edge of a trace that covers the growth. */
const COVERED = 0.9

/** Whether a part of the growth worth speaking of was not traced. */
export const isPartly = ({ span, ofSpan }: TracedPart): boolean => span < COVERED * ofSpan
