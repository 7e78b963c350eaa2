import { parseTime } from '../base/clock-text.ts'
import { DAY, HOUR, MINUTE, type Micros, micros, SECOND } from '../base/units.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { Sentence } from '../model/sentence.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { ClockChoice } from '../model/timeline.ts'
import type { Trace } from '../model/trace.ts'
import type { Dated } from './clock/agreement.ts'
import { ClaimReader } from './clock/claims.ts'
import {
  agrees,
  glance,
  isFarBetter,
  isWellFounded,
  type Ranked,
  rankAll,
  winnerOf,
} from './clock/ranking.ts'
import { clockReason } from './clock/reasons.ts'
import { zoneOffset } from './clock/time-zone.ts'

export interface ClockOptions {
  /** `--strace-date`: the day on which a time-of-day log begins, `YYYY-MM-DD`. */
  readonly straceDate: string | null
  /** `--time-zone`: the zone of the captured host, for logs in seconds since 1970. */
  readonly timeZone: string | null
}

/**
 * Places every trace on the host's wall clock, which is what snapshot names carry. `-tt` has no day, `-ttt` is UTC:
 * the shift is whole days for the one and whole quarter hours for the other, so that only few candidates exist. The
 * one is taken under which log and snapshots agree about the address space. One choice for every trace, in order.
 */
export function chooseClocks(
  traces: readonly Trace[],
  snapshots: readonly Snapshot[],
  options: ClockOptions,
  diagnostics: Diagnostics,
): ClockChoice[] {
  const dated = snapshots
    .filter((snapshot): snapshot is Snapshot & { time: Micros } => snapshot.time !== null && !snapshot.empty)
    .map((snapshot) => ({ snapshot, time: snapshot.time }))
    .sort((a, b) => a.time - b.time)
  return traces.map((trace) => {
    reportSetBacks(trace, diagnostics)
    const choice = byOption(trace, options, diagnostics) ?? byEvidence(trace, dated)
    if (choice.offset === null) diagnostics.report('trace-clock-unknown', trace.files[0]?.path ?? trace.name)
    return choice
  })
}

/** Places at which one thread's own times run backwards: someone set the clock, or summer time ended. */
function reportSetBacks({ name, files, events }: Trace, diagnostics: Diagnostics): void {
  for (const { event, by, times } of events.survey.setBacks) {
    const file = files[events.file(event)]?.path ?? name
    const line = events.line(event)
    diagnostics.report('trace-clock-set-back', file, line, `${Math.round(by / SECOND)} s`, times)
  }
}

const choiceOf = (
  trace: Trace,
  offset: Micros | null,
  basis: ClockChoice['basis'],
  reason: Sentence,
): ClockChoice => ({ trace: trace.name, offset, basis, reason })

function byOption(trace: Trace, options: ClockOptions, diagnostics: Diagnostics): ClockChoice | null {
  if (Number.isNaN(trace.firstTime)) return null
  const bad = (text: string): null => {
    diagnostics.report('option-not-understood', trace.files[0]?.path ?? trace.name, null, text)
    return null
  }
  if (trace.clock.kind === 'time-of-day' && options.straceDate !== null) {
    const day = parseTime(`${options.straceDate}T00:00:00`)
    if (Number.isNaN(day)) return bad(`--strace-date ${options.straceDate}`)
    return choiceOf(trace, micros(day), 'option', clockReason('date-option', { date: options.straceDate }))
  }
  if (trace.clock.kind === 'unix' && options.timeZone !== null) {
    const offset = zoneOffset(options.timeZone, micros(trace.firstTime))
    if (offset === null) return bad(`--time-zone ${options.timeZone}`)
    return choiceOf(trace, offset, 'option', clockReason('zone-option', { zone: options.timeZone, offset }))
  }
  return null
}

function byEvidence(trace: Trace, dated: readonly Dated[]): ClockChoice {
  const { kind } = trace.clock
  if (kind === 'none' || kind === 'relative' || Number.isNaN(trace.firstTime))
    return choiceOf(trace, null, 'none', clockReason(kind === 'relative' ? 'relative' : 'no-stamps', {}))
  if (dated.length === 0) return choiceOf(trace, null, 'none', clockReason('no-snapshots', {}))
  const own = ownSnapshots(trace, dated)
  const offsets = candidates(trace, own, kind === 'unix' ? QUARTER : DAY)
  const reader = new ClaimReader(trace, new Set(own.map(({ snapshot }) => snapshot.pid)))
  let plain = offsets.length === 1 ? [glance(reader, trace, own, offsets[0]!)] : rankAll(reader, own, offsets)
  const decided = decide(trace, plain)
  if (decided) return decided
  if (kind === 'unix') return withoutAgreement(trace, own, plain)
  if (!reader.whole) plain = rankAll(reader, own, offsets)
  // strace may have run under another TZ than the collector: whole quarter hours besides whole days.
  const shifted = decideShifted(trace, plain, rankAll(reader, own, candidates(trace, own, QUARTER)))
  return shifted ?? withoutAgreement(trace, own, plain)
}

const QUARTER = 15 * MINUTE
/** Zones lie between UTC−12:00 and UTC+14:00. */
const WEST = -12 * HOUR
const EAST = 14 * HOUR
/** Candidates tried at most: a quarter-hour grid over four days. */
const MOST_CANDIDATES = 400

/** Snapshots of the processes whose threads are in the log; all when none is. */
function ownSnapshots(trace: Trace, dated: readonly Dated[]): readonly Dated[] {
  const own = dated.filter(({ snapshot }) => snapshot.pid !== null && trace.threads.has(snapshot.pid))
  return own.length > 0 ? own : dated
}

/** Shifts, multiples of `step`, under which log and snapshots overlap. */
function candidates(trace: Trace, dated: readonly Dated[], step: number): Micros[] {
  const begin = dated[0]!.time
  const last = dated[dated.length - 1]!
  const end = last.time + last.snapshot.timeWidth
  let low = Math.ceil((begin - trace.lastTime) / step)
  let high = Math.floor((end - trace.firstTime) / step)
  if (trace.clock.kind === 'unix') {
    low = Math.max(low, WEST / step)
    high = Math.min(high, EAST / step)
  }
  const list: Micros[] = []
  for (let k = low; k <= high && list.length < MOST_CANDIDATES; k++) list.push(micros(k * step + 0))
  return list
}

/** The candidate that agrees and leaves the others behind; `null` when the logs do not decide. */
function decide(trace: Trace, ranked: readonly Ranked[]): ClockChoice | null {
  const winner = winnerOf(ranked)
  if (winner === null) return null
  const { best, rival } = winner
  return choiceOf(
    trace,
    best.offset,
    'agreement',
    clockReason(ranked.length > 1 ? 'agreement' : 'agreement-only', {
      ...best,
      candidates: ranked.length,
      rival,
    }),
  )
}

/** A quarter-hour shift of a time-of-day log needs strong words: whole days must fail and it must fit far better. */
function decideShifted(
  trace: Trace,
  plain: readonly Ranked[],
  shifted: readonly Ranked[],
): ClockChoice | null {
  const day = plain.find((candidate) => !Number.isNaN(candidate.share))
  const best = shifted[0]
  if (!best || !isWellFounded(best)) return null
  if (day && !isFarBetter(best, day)) return null
  return decide(trace, shifted)
}

/** Agreement does not decide: what is left are the overlap in time and, for days, the only day there is. */
function withoutAgreement(trace: Trace, own: readonly Dated[], ranked: readonly Ranked[]): ClockChoice {
  if (ranked.length === 1)
    return choiceOf(trace, ranked[0]!.offset, 'overlap', clockReason('only-overlap', { ...ranked[0]! }))
  if (ranked.length > 1) {
    const agreeing = ranked.filter(agrees)
    const utc = trace.clock.kind === 'unix' ? ranked.find((candidate) => candidate.offset === 0) : undefined
    if (utc && (agreeing.length === 0 || agreeing.includes(utc)))
      return choiceOf(trace, utc.offset, 'overlap', clockReason('utc-assumed', { candidates: ranked.length }))
    return choiceOf(trace, null, 'none', clockReason('undecided', { candidates: ranked.length }))
  }
  const days = new Set(own.map(({ time }) => Math.floor(time / DAY)))
  if (trace.clock.kind === 'time-of-day' && days.size === 1)
    return choiceOf(trace, micros([...days][0]! * DAY), 'only-day', clockReason('only-day', {}))
  return choiceOf(trace, null, 'none', clockReason('no-overlap', {}))
}
