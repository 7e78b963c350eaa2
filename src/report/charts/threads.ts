/** What threads did inside the traced time: bytes held, memory calls a second, ages of what nobody released. */

import { parseTime } from '../../base/clock-text.ts'
import { greatest } from '../../base/extremes.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment,
  formatNumber,
  formatShare,
} from '../../base/format.ts'
import { SECOND } from '../../base/units.ts'
import { fill } from '../../language/fill.ts'
import type { ReportThread } from '../document.ts'
import { spread } from '../sampling.ts'
import type { Drawing, FigureSeries } from './drawing.ts'
import { type ChartSubject, milliseconds, threadLabel } from './subject.ts'

const SHOWN = 6
const TABLE_ROWS = 16

/** The values of several threads on the union of their times; a thread has no value where it has no slice. */
function onCommonTimes(
  threads: readonly ReportThread[],
  points: (thread: ReportThread) => readonly { readonly time: string; readonly value: number }[],
): { times: string[]; values: (number | null)[][] } {
  const times = [...new Set(threads.flatMap((thread) => points(thread).map(({ time }) => time)))].sort()
  const values = threads.map((thread) => {
    const known = new Map(points(thread).map(({ time, value }) => [time, value]))
    return times.map((time) => known.get(time) ?? null)
  })
  return { times, values }
}

/** Whether the trace has a place on the host's clock, so that its slices can be drawn over time. */
const isPlaced = ({ callsOverTime, liveOverTime }: ReportThread): boolean =>
  callsOverTime.every(({ from }) => from !== null) && liveOverTime.every(({ at }) => at !== null)

export function heldFigure(subject: ChartSubject): Drawing | null {
  const { words } = subject
  const threads = subject.threads.filter((thread) => thread.liveOverTime.length > 1 && isPlaced(thread))
  if (threads.length === 0) return null
  const final = (thread: ReportThread) => thread.liveOverTime.at(-1)!.bytes
  const peak = (thread: ReportThread) => greatest(thread.liveOverTime.map(({ bytes }) => bytes))
  const shown = [...threads]
    .filter((thread) => peak(thread) > 0)
    .sort((a, b) => final(b) - final(a) || peak(b) - peak(a) || a.tid - b.tid)
    .slice(0, SHOWN)
  const top = shown[0]
  if (!top) return null
  const { times, values } = onCommonTimes(shown, (thread) =>
    thread.liveOverTime.map(({ at, bytes }) => ({ time: at!, value: bytes })),
  )
  const all = threads.reduce((sum, thread) => sum + final(thread), 0)
  return {
    title: fill(words.chart.heldTitle, { process: subject.name }),
    reading:
      all === 0
        ? words.chart.heldNothing
        : fill(words.chart.heldReading, {
            thread: threadLabel(top, words),
            bytes: formatBytes(final(top)),
            share: formatShare(final(top) / all),
          }),
    form: 'line',
    stacked: false,
    x: { unit: 'time', title: words.chart.axisTime, values: times.map(milliseconds) },
    y: { unit: 'bytes', title: words.chart.axisBytes, fromZero: true },
    series: seriesOf(shown, values, subject),
    marks: [],
    table: tableOf(subject, shown, times, values, (value) => formatBytes(value)),
  }
}

export function callsFigure(subject: ChartSubject): Drawing | null {
  const { words } = subject
  const sum = (thread: ReportThread) => thread.callsOverTime.reduce((total, slice) => total + slice.calls, 0)
  const threads = subject.threads.filter(
    (thread) => thread.callsOverTime.length > 1 && sum(thread) > 0 && isPlaced(thread),
  )
  const shown = [...threads].sort((a, b) => sum(b) - sum(a) || a.tid - b.tid).slice(0, SHOWN)
  const top = shown[0]
  if (!top) return null
  const width = milliseconds(top.callsOverTime[1]!.from!) - milliseconds(top.callsOverTime[0]!.from!)
  const { times, values } = onCommonTimes(shown, (thread) =>
    thread.callsOverTime.map(({ from, calls }) => ({ time: from!, value: (calls * 1000) / width })),
  )
  return {
    title: fill(words.chart.callsTitle, { process: subject.name }),
    reading: fill(words.chart.callsReading, {
      thread: threadLabel(top, words),
      calls: formatCount(sum(top)),
      all: formatCount(threads.reduce((total, thread) => total + sum(thread), 0)),
    }),
    form: 'line',
    stacked: false,
    x: { unit: 'time', title: words.chart.axisTime, values: times.map(milliseconds) },
    y: { unit: 'per-second', title: words.chart.axisPerSecond, fromZero: true },
    series: seriesOf(shown, values, subject),
    marks: [],
    table: tableOf(subject, shown, times, values, formatNumber),
  }
}

const seriesOf = (
  threads: readonly ReportThread[],
  values: readonly (number | null)[][],
  subject: ChartSubject,
): FigureSeries[] =>
  threads.map((thread, index) => ({
    label: threadLabel(thread, subject.words),
    tone: index,
    role: 'series',
    values: values[index]!.map((value) => (value === null ? null : Math.round(value * 1000) / 1000)),
  }))

function tableOf(
  subject: ChartSubject,
  threads: readonly ReportThread[],
  times: readonly string[],
  values: readonly (number | null)[][],
  format: (value: number) => string,
): Drawing['table'] {
  const { kept, omitted } = spread(
    times.map((time, index) => ({ time, index })),
    TABLE_ROWS,
  )
  return {
    head: [subject.words.table.time, ...threads.map((thread) => threadLabel(thread, subject.words))],
    rows: kept.map(({ time, index }) => [
      formatMoment(parseTime(time), parseTime(times[0]!)),
      ...values.map((row) => {
        const value = row[index]
        return value == null ? '–' : format(value)
      }),
    ]),
    omitted,
  }
}

export function agesFigure(subject: ChartSubject): Drawing | null {
  const { words, language } = subject
  const threads = subject.threads.filter((thread) => thread.ages.some((age) => age.count > 0))
  const shown = [...threads].sort((a, b) => held(b) - held(a) || a.tid - b.tid).slice(0, SHOWN)
  if (shown.length === 0) return null
  const decades = [...new Set(shown.flatMap((thread) => thread.ages.map((age) => age.upToSeconds)))].sort(
    (a, b) => a - b,
  )
  // Every class ends at ten times the end of the one before; in seconds throughout, so that they can be told apart.
  const label = (upTo: number) =>
    upTo <= 1
      ? fill(words.chart.upTo, { to: formatCount(upTo) })
      : fill(words.chart.ageSpan, { from: formatCount(upTo / 10), to: formatCount(upTo) })
  const categories = decades.map(label)
  const bytesOf = (thread: ReportThread, upTo: number) =>
    thread.ages.filter((age) => age.upToSeconds === upTo).reduce((sum, age) => sum + age.bytes, 0)
  const counts = shown.flatMap((thread) => thread.ages).reduce((sum, age) => sum + age.count, 0)
  const all = shown.reduce((sum, thread) => sum + held(thread), 0)
  const old = shown.flatMap((thread) => thread.ages).filter((age) => age.upToSeconds > 10)
  return {
    title: fill(words.chart.agesTitle, { process: subject.name }),
    reading: fill(words.chart.agesReading, {
      n: counts,
      bytes: formatBytes(all),
      old: formatBytes(old.reduce((sum, age) => sum + age.bytes, 0)),
      age: formatDuration(10 * SECOND)[language],
    }),
    form: 'bar',
    stacked: true,
    x: { unit: 'category', title: words.chart.axisAge, values: categories },
    y: { unit: 'bytes', title: words.chart.axisBytes, fromZero: true },
    series: shown.map((thread, tone) => ({
      label: threadLabel(thread, words),
      tone,
      role: 'series',
      values: decades.map((upTo) => bytesOf(thread, upTo)),
    })),
    marks: [],
    table: {
      head: [words.table.age, ...shown.map((thread) => threadLabel(thread, words))],
      rows: decades.map((upTo, index) => [
        categories[index]!,
        ...shown.map((thread) => formatBytes(bytesOf(thread, upTo))),
      ]),
      omitted: 0,
    },
  }
}

const held = (thread: ReportThread): number => thread.ages.reduce((sum, age) => sum + age.bytes, 0)
