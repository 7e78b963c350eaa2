import { micros } from '../base/units.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { ClockKind, Trace, TraceClock } from '../model/trace.ts'
import { alignDays } from './align-days.ts'
import { coverageOf, wasAttached } from './coverage.ts'
import { STAMP_RELATIVE, STAMP_TIME_OF_DAY, STAMP_UNIX } from './line-prefix.ts'
import type { ReadFile } from './read-share.ts'
import type { TraceBuilder } from './trace-builder.ts'

const PAGE = 4096
const CLOCKS: Readonly<Record<number, ClockKind>> = {
  [STAMP_TIME_OF_DAY]: 'time-of-day',
  [STAMP_UNIX]: 'unix',
  [STAMP_RELATIVE]: 'relative',
}

/** Turns what was read of one run into a Trace; `null` when none of its lines was strace's. */
export function finishTrace(
  name: string,
  perThread: boolean,
  builder: TraceBuilder,
  read: readonly ReadFile[],
  diagnostics: Diagnostics,
): Trace | null {
  const { threads, strings } = builder
  if (threads.length === 0) {
    // What rotation has emptied tells nothing, and is told by its older parts.
    if (read.some(({ file }) => file.bytes > 0)) diagnostics.report('strace-nothing-read', name)
    return null
  }
  if (builder.pageOffsets) {
    builder.events.scaleOffsets(builder.pageOffsetRows, PAGE)
    diagnostics.report('strace-page-offsets', name, null, null, builder.pageOffsetRows.length)
  }
  if (threads.some((thread) => thread.tid === 0)) diagnostics.report('strace-tid-unknown', name)
  const clock = clockOf(read)
  if (perThread && clock.kind === 'time-of-day') joinDays(builder, read)
  if (read.some(({ stamps }) => stamps.relativeUnusable && stamps.kind === STAMP_RELATIVE))
    diagnostics.report('strace-relative-only', name)
  const prefixed = read.reduce((sum, file) => sum + file.prefixed, 0)
  const tids = threads.map((thread) => thread.tid)
  const names = builder.names.texts()
  const { contexts, renumbered } = builder.contexts.finish(names, (row) => builder.statistics.describe(row))
  const events = builder.events.finish(tids, renumbered)
  const ids = names.map((text) => strings.intern(text))
  const statistics = builder.statistics.finish(tids, names, ids)
  const made = new Set(builder.makerRows.map((row) => events.result(row)))
  const coverage = coverageOf(threads, names)
  return {
    name,
    form: perThread ? 'per-thread' : prefixed > 0 || threads.length > 1 ? 'interleaved' : 'single',
    files: read.map(({ file }) => file),
    clock,
    hasDurations: builder.hasDurations,
    hasStacks: builder.hasStacks,
    hasDescriptorNames: builder.hasDescriptorNames,
    coverage,
    firstTime: least(threads.map((thread) => thread.firstTime)),
    lastTime: most(threads.map((thread) => thread.lastTime)),
    threads: new Map(
      threads.map((thread) => [thread.tid, thread.finish()] as const).sort((a, b) => a[0] - b[0]),
    ),
    attached: wasAttached(threads, made, coverage),
    events,
    contexts,
    statistics,
    descriptors: builder.descriptors.finish(tids),
    strings,
    wordBits: builder.wordBits,
    signals: builder.signals.map(({ thread, time, text, reference }) => ({
      tid: tids[thread]!,
      time,
      text,
      reference,
    })),
  }
}

/** Moves the files that begin after the run's midnight to the next day. */
function joinDays(builder: TraceBuilder, read: readonly ReadFile[]): void {
  const spans = read.map(({ file, stamps: { first, last }, events, eventsEnd }) => ({
    tid: file.tid ?? 0,
    ...{ first, last, events, eventsEnd },
  }))
  const shifts = alignDays(spans, builder.events, builder.makerRows)
  shifts.forEach((shift, index) => {
    if (shift === 0) return
    const { file, events, eventsEnd, descriptors, descriptorsEnd } = read[index]!
    builder.events.shiftTimes(events, eventsEnd, shift)
    builder.descriptors.shiftTimes(descriptors, descriptorsEnd, shift)
    const thread = builder.thread(spans[index]!.tid)
    thread.firstTime += shift
    thread.lastTime += shift
    for (const signal of builder.signals) if (signal.reference.file === file.path) signal.time += shift
  })
}

function clockOf(read: readonly ReadFile[]): TraceClock {
  const stamps = read.map((file) => file.stamps)
  const kind = stamps.find((each) => each.kind !== 0)?.kind ?? 0
  const usable = kind !== STAMP_RELATIVE || !stamps.some((each) => each.relativeUnusable)
  const digits = Math.min(6, Math.max(0, ...stamps.map((each) => each.digits)))
  return { kind: usable ? (CLOCKS[kind] ?? 'none') : 'none', resolution: micros(10 ** (6 - digits)) }
}

const least = (values: readonly number[]): number =>
  values.reduce((best, value) => (value < best || Number.isNaN(best) ? value : best), Number.NaN)
const most = (values: readonly number[]): number =>
  values.reduce((best, value) => (value > best || Number.isNaN(best) ? value : best), Number.NaN)
