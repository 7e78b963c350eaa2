import { DAY, SECOND } from '../base/units.ts'
import type { MemoryTable } from './memory-table.ts'

/**
 * Times of day of the files of one -ff run on one line of time: a file that begins after midnight knows nothing of
 * the day before. A thread begins after the clone that made it; threads without a known maker are placed so that the
 * longest stretch of the day in which no file has a line lies outside the run.
 *
 *   00:00                     23:50 24:00
 *   |##b##|      nothing         |##a##|    →  a, then b on the next day
 */

/** One file: its thread, and its first and last time since the midnight before its own first line. */
export interface FileSpan {
  readonly tid: number
  readonly first: number
  readonly last: number
  /** Rows of memory events that it added. */
  readonly events: number
  readonly eventsEnd: number
}

/** A run that crosses midnight between two files is short, and leaves most of the day empty. */
const CLEAR_GAP = DAY / 2
const SHORT_NIGHT = DAY / 4
/** Stamps are cut to their resolution, and entry is not effect. */
const SLACK = 2 * SECOND

/** Microseconds to add to each file's times. */
export function alignDays(
  spans: readonly FileSpan[],
  events: MemoryTable,
  makerRows: readonly number[],
): number[] {
  const shifts = spans.map(() => Number.NaN)
  const start = runStart(spans)
  const makers = findMakers(spans, events, makerRows)
  const place = (index: number, depth: number): number => {
    const known = shifts[index]!
    if (!Number.isNaN(known)) return known
    const span = spans[index]!
    const maker = makers.get(span.tid)
    let shift = span.first < start ? DAY : 0
    if (maker !== undefined && maker.file !== index && depth < spans.length) {
      shifts[index] = shift
      const made = maker.time + place(maker.file, depth + 1)
      shift = Math.max(0, Math.ceil((made - SLACK - span.first) / DAY)) * DAY
    }
    shifts[index] = shift
    return shift
  }
  return spans.map((span, index) => (Number.isNaN(span.first) ? 0 : place(index, 0)))
}

/** Which file's call made a thread, and when on that file's own clock; the last call counts (numbers are reused). */
function findMakers(
  spans: readonly FileSpan[],
  events: MemoryTable,
  rows: readonly number[],
): Map<number, { file: number; time: number }> {
  const makers = new Map<number, { file: number; time: number }>()
  for (const row of rows) {
    const file = spans.findIndex((span) => row >= span.events && row < span.eventsEnd)
    if (events.result(row) > 0) makers.set(events.result(row), { file, time: events.time(row) })
  }
  return makers
}

/** Time of day at which the run begins; 0 when nothing says that it crossed midnight between two files. */
function runStart(spans: readonly FileSpan[]): number {
  const covered = spans
    .filter((span) => !Number.isNaN(span.first))
    .flatMap(({ first, last }) =>
      last >= DAY
        ? [[first, DAY] as const, [0, Math.min(last - DAY, DAY)] as const]
        : [[first, last] as const],
    )
    .sort((a, b) => a[0] - b[0])
  let until = 0
  let gap = 0
  let start = 0
  for (const [from, to] of covered) {
    // The stretch before the first file of the day is no gap between two files.
    if (until > 0 && from - until > gap) {
      gap = from - until
      start = from
    }
    until = Math.max(until, to)
  }
  const overnight = (covered[0]?.[0] ?? 0) + DAY - until
  return gap >= CLEAR_GAP && overnight < SHORT_NIGHT ? start : 0
}
