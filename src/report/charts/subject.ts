/** One process as the chart files see it: the rows of the document that are its own. */

import { parseTime } from '../../base/clock-text.ts'
import { formatBytes, formatMoment, formatThread } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import type { Words } from '../../language/words.ts'
import type { Language } from '../../model/sentence.ts'
import type { ReportDocument, ReportThread, ReportTrend } from '../document.ts'

export interface ChartSubject {
  readonly document: ReportDocument
  readonly words: Words
  readonly language: Language
  readonly process: ReportDocument['processes'][number]
  /** Most points of a series. */
  readonly points: number
  /** `thumbd (9791)`. */
  readonly name: string
  readonly snapshots: ReportDocument['snapshots']
  readonly threads: readonly ReportThread[]
}

export const processName = (process: { pid: number; program: string | null }): string =>
  process.program === null ? `pid ${process.pid}` : `${process.program} (${process.pid})`

/** Milliseconds of the host's wall clock: what charts count time in. */
export const milliseconds = (time: string): number => parseTime(time) / 1000

export const threadLabel = (
  thread: { readonly tid: number; readonly name: string | null },
  words: Words,
): string => words.chart.thread.replace('{thread}', () => formatThread(thread.tid, thread.name))

/** The judged trend of a quantity over the last segment, `null` when there is none. */
export const lastTrend = (process: ChartSubject['process'], quantity: string): ReportTrend | null =>
  process.segments.at(-1)?.trends.find((trend) => trend.quantity === quantity) ?? null

const SHAPE_WORDS = {
  growing: 'shapeGrowing',
  saturating: 'shapeSaturating',
  step: 'shapeStep',
  sawtooth: 'shapeSawtooth',
  plateau: 'shapePlateau',
  shrinking: 'shapeShrinking',
  'too-short': 'shapeTooShort',
} as const satisfies Record<ReportTrend['shape'], keyof Words['chart']>

/** A rise that is surely there and too small to be called growth: "no trend" beside its rate would contradict it. */
const isSlight = ({ shape, low }: Pick<ReportTrend, 'shape' | 'low'>): boolean =>
  shape === 'plateau' && low !== null && low > 0

/** A few words, for tables. */
export const shapeLabel = (trend: Pick<ReportTrend, 'shape' | 'low'>, words: Words): string =>
  words.table[isSlight(trend) ? 'shapeSlight' : SHAPE_WORDS[trend.shape]]

/** The end of a sentence about a series that began at `first`; of a level it says from when on it was judged. */
export function shapeWords(trend: ReportTrend | null, first: string, words: Words): string {
  if (!trend) return words.chart.shapeTooShort
  const [from, start] = [parseTime(trend.from), parseTime(first)]
  const word = trend.shape === 'plateau' && from > start ? 'shapePlateauSince' : SHAPE_WORDS[trend.shape]
  return fill(words.chart[word], {
    limit: formatBytes(trend.detectionLimitBytes),
    time: formatMoment(from, start),
  })
}
