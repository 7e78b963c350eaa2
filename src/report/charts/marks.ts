/** What charts over time mark: onset, restarts, gaps, the windows in which strace ran. */
import type { ReportTrend } from '../document.ts'
import type { FigureMark } from './drawing.ts'
import { type ChartSubject, milliseconds } from './subject.ts'

const EVENT_MARKS: Readonly<Record<string, 'restart' | 'gap'>> = {
  restart: 'restart',
  kill: 'restart',
  gap: 'gap',
  absent: 'gap',
}

/** More would hide the line they explain; the list of events has them all. */
const MARKS_PER_CHART = 24

/** The limit is drawn while it is near enough that the growth below it can still be seen. */
const LIMIT_WITHIN = 2

export function limitMark(subject: ChartSubject, most: number): FigureMark[] {
  const { limitBytes } = subject.document.capture
  return limitBytes !== null && limitBytes <= most * LIMIT_WITHIN
    ? [{ kind: 'limit', from: limitBytes, to: null, label: subject.words.chart.limit }]
    : []
}

/** After a step or a rise that ended the level begins there, not the growth. */
const isOnset = ({ shape }: ReportTrend): boolean => shape === 'growing' || shape === 'saturating'

/** Spans first, so that lines are drawn over them. */
export function marksOf(
  subject: ChartSubject,
  trend: ReportTrend | null,
  times: readonly number[],
): FigureMark[] {
  const { document, process, words } = subject
  const windows: FigureMark[] = document.traces
    .filter((trace) => trace.pids.includes(process.pid))
    .flatMap((trace) =>
      trace.from !== null && trace.to !== null
        ? [
            {
              kind: 'traced',
              from: milliseconds(trace.from),
              to: milliseconds(trace.to),
              label: words.chart.traced,
            },
          ]
        : [],
    )
  const events: FigureMark[] = document.events
    .filter((event) => event.pid === null || event.pid === process.pid)
    .flatMap((event) => {
      const kind = EVENT_MARKS[event.kind]
      if (!kind || event.from === null) return []
      const from = milliseconds(event.from)
      const to = milliseconds(event.to ?? event.from)
      return [{ kind, from, to: to > from ? to : null, label: words.chart[kind] }]
    })
  const onset: FigureMark[] =
    trend?.onset != null && isOnset(trend) && trend.onset > (process.firstSample ?? '')
      ? [{ kind: 'onset', from: milliseconds(trend.onset), to: null, label: words.chart.onset }]
      : []
  const first = times[0] ?? 0
  const last = times.at(-1) ?? 0
  // What lies wholly before the first or after the last point would be drawn on the edge, where it was not.
  return [...windows, ...events, ...onset]
    .filter((mark) => mark.from < last && (mark.to ?? mark.from) > first)
    .slice(0, MARKS_PER_CHART)
}
