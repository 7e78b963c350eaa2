/** What every view needs: the document (already visible), its words, and how it writes values. */
import { parseTime } from '../../base/clock-text.ts'
import {
  formatByteRange,
  formatBytes,
  formatDay,
  formatMoment,
  formatRateInterval,
  formatRateShort,
  formatThread,
} from '../../base/format.ts'
import { SECOND } from '../../base/units.ts'
import { fill } from '../../language/fill.ts'
import { type Words, wordsIn } from '../../language/words.ts'
import type { Language } from '../../model/sentence.ts'
import { processName } from '../charts/subject.ts'
import type { ReportDocument } from '../document.ts'

export interface ViewContext {
  readonly document: ReportDocument
  readonly language: Language
  readonly words: Words
  /** `19:47:46`, with the day when the capture spans more than one. */
  moment(time: string): string
  momentOrDash(time: string | null): string
  bytes(value: number | null): string
  process(pid: number): string
  /** `thread 9797 (decode)` or `thread 9797`. */
  threadName(pid: number, tid: number): string
  fill: typeof fill
  /** Most rows of any table of this page. */
  readonly maxRows: number
}

export const DASH = '–'

export function createContext(document: ReportDocument, maxRows = Number.POSITIVE_INFINITY): ViewContext {
  const words = wordsIn(document.language)
  const processes = new Map(document.processes.map((process) => [process.pid, processName(process)]))
  const names = new Map(document.threads.map((thread) => [`${thread.pid}/${thread.tid}`, thread.name]))
  const start = document.capture.from === null ? Number.NaN : parseTime(document.capture.from)
  const moment = (time: string) => formatMoment(Math.floor(parseTime(time) / SECOND) * SECOND, start)
  return {
    document,
    language: document.language,
    words,
    moment,
    momentOrDash: (time) => (time === null ? DASH : moment(time)),
    bytes: (value) => (value === null ? DASH : formatBytes(value)),
    process: (pid) => processes.get(pid) ?? `pid ${pid}`,
    threadName: (pid, tid) => formatThread(tid, names.get(`${pid}/${tid}`)),
    fill,
    maxRows,
  }
}

/** A rate with its interval; the interval brings its own unit where the rate is about zero. */
export function rateText(rate: {
  readonly bytesPerHour: number | null
  readonly low: number | null
  readonly high: number | null
}): string {
  const { bytesPerHour, low, high } = rate
  if (bytesPerHour === null) return DASH
  if (bytesPerHour === 0 && low === 0 && high === 0) return formatRateShort(0)
  if (low !== null && high !== null && Math.abs(bytesPerHour) < 1024 && Math.max(-low, high) >= 1024)
    return `${formatRateShort(bytesPerHour)} (${formatByteRange(low, high)})`
  return formatRateInterval(bytesPerHour, low, high)
}

/** `2026-11-22`. */
export const dayOf = (time: string): string => formatDay(parseTime(time))
