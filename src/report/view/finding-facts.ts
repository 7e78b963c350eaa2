/** The answers a finding gives: which mapping, which thread, how fast, when the limit is hit. */
import { parseTime } from '../../base/clock-text.ts'
import { formatBytes, formatForecast, formatMoment, formatRateInterval } from '../../base/format.ts'
import { type NextLife, nextLifeSeen } from '../../model/next-life.ts'
import { PROCESSES_WITH_CHARTS } from '../charts/figures.ts'
import { regionLabel } from '../charts/region-label.ts'
import type { ReportFinding } from '../document.ts'
import { byImportance } from '../lead.ts'
import type { ViewContext } from './context.ts'
import { threadLinks } from './thread-pages.ts'

/** A question and its answer; `href` leads to what is behind it. */
export interface Fact {
  readonly label: string
  readonly value: string
  readonly href: string | null
}

export const fact = (label: string, value: string): Fact => ({ label, value, href: null })

/** Mapping, thread, rate, limit: the questions a reader has; `mapping` is where the first answer leads to. */
export function findingFacts(
  finding: ReportFinding,
  context: ViewContext,
  mapping: string | null = null,
): Fact[] {
  const { page } = context.words
  const charted = byImportance(context.document)
    .slice(0, PROCESSES_WITH_CHARTS)
    .some(({ pid }) => pid === finding.pid)
  return [
    { label: page.factMapping, value: mappingFact(finding, context), href: mapping },
    {
      label: page.factThread,
      value: shortThreadFact(finding, context),
      href: threadPageOf(finding, context),
    },
    {
      label: page.factRate,
      value: rateFact(finding, context),
      href: charted ? `#memory-${finding.pid}` : null,
    },
    { label: page.factLimit, value: limitFact(finding, context), href: null },
  ]
}

function mappingFact(finding: ReportFinding, context: ViewContext): string {
  const { words } = context
  const first = finding.regions[0]
  if (!first) return words.mechanism[finding.mechanism]
  const label = regionLabel(first, words)
  const span = label.includes(first.start) ? `${label}–${first.end}` : `${label} ${first.start}–${first.end}`
  const more = finding.regions.length - 1 + finding.regionsOmitted
  return more > 0 ? `${span} ${context.fill(words.page.moreMappings, { n: more })}` : span
}

export function threadFact(finding: ReportFinding, context: ViewContext): string {
  const { page } = context.words
  const { culprit } = finding
  if (!culprit) return context.fill(page.threadOpen, { reason: finding.culpritReason })
  const certainty = page[culprit.certainty]
  return culprit.name === null
    ? context.fill(page.threadAccusedUnnamed, { tid: culprit.tid, certainty })
    : context.fill(page.threadAccused, { tid: culprit.tid, name: culprit.name, certainty })
}

/** The summary has just said why it is open: no need to say it twice on one screen. */
const shortThreadFact = (finding: ReportFinding, context: ViewContext): string =>
  finding.culprit === null && finding.summary.includes(finding.culpritReason)
    ? context.words.page.threadOpenAbove
    : threadFact(finding, context)

function rateFact(finding: ReportFinding, context: ViewContext): string {
  const { page } = context.words
  const { bytesPerHour, bytesPerHourLow, bytesPerHourHigh, onset } = finding.measures
  if (bytesPerHour === null) return page.rateUnknown
  const rate = formatRateInterval(bytesPerHour, bytesPerHourLow, bytesPerHourHigh)
  if (onset === null) return rate
  // An onset at the first sample is where the evidence begins, not where the growth does.
  const words = growsFromTheStart(finding, context) ? page.factSinceFirst : page.factSince
  return `${rate}, ${context.fill(words, { time: context.moment(onset) })}`
}

function growsFromTheStart(finding: ReportFinding, context: ViewContext): boolean {
  const process = context.document.processes.find(({ pid }) => pid === finding.pid)
  const { onset } = finding.measures
  return onset !== null && process?.firstSample != null && onset <= process.firstSample
}

function limitFact(finding: ReportFinding, context: ViewContext): string {
  const { page } = context.words
  const { limitBytes, limitAt, limitAtEarliest, limitAtLatest, to } = finding.measures
  const limit = limitBytes ?? context.document.capture.limitBytes
  if (limit === null) return page.limitNone
  if (limitAt === null) {
    const words = isPaused(finding) ? page.limitNotKnown : page.limitNotReached
    return context.fill(words, { bytes: formatBytes(limit) })
  }
  if (to !== null && limitAt <= to) return context.fill(page.limitMet, { bytes: formatBytes(limit) })
  const beside = parseTime(to ?? limitAt)
  const at = (time: string) => formatForecast(parseTime(time), beside, parseTime(limitAt))
  const next = nextLifeOf(finding, context)
  if (next !== null)
    return context.fill(next.pid === finding.pid ? page.limitThenInPlace : page.limitThenOther, {
      bytes: formatBytes(limit),
      time: at(limitAt),
      pid: next.pid,
      seen: formatMoment(parseTime(next.seen), beside),
    })
  if (finding.measures.notSeenSeconds != null)
    return context.fill(page.limitNotSeen, { bytes: formatBytes(limit), time: at(limitAt) })
  const told = limitAtEarliest !== null && limitAtLatest !== null
  // To the minute, as forecasts are told, a narrow interval has the same two ends: then it says nothing.
  if (!told || at(limitAtEarliest) === at(limitAtLatest))
    return context.fill(page.limitAtOnly, { bytes: formatBytes(limit), time: at(limitAt) })
  return context.fill(page.limitAt, {
    bytes: formatBytes(limit),
    time: at(limitAt),
    from: at(limitAtEarliest),
    to: at(limitAtLatest),
  })
}

/** Whether a time without snapshots stopped it for a while at least, and nothing tells that it does not go on. */
const isPaused = ({ severity, measures }: ReportFinding): boolean =>
  severity !== 'info' && measures.gapRoseBytes != null

function nextLifeOf({ pid, measures }: ReportFinding, { document }: ViewContext): NextLife<string> | null {
  const successors = document.processes.filter(({ restartOf }) => restartOf === pid)
  return nextLifeSeen(
    successors.map((process) => ({ pid: process.pid, seen: process.firstSample })),
    document.events,
    pid,
    measures.to,
  )
}

function threadPageOf(finding: ReportFinding, context: ViewContext): string | null {
  const { culprit, pid } = finding
  return culprit && threadLinks(context.document)(pid, culprit.tid)
}
