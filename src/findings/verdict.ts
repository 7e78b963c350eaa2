/**
 * The verdict of each process and of the whole. `leak` needs both: snapshots that show lasting growth, and calls of the
 * same time that take what grows and do not give it back. Lasting growth alone is `growth`; a judged process without
 * either is `healthy`; what cannot be judged is `inconclusive`.
 */
import { greatest } from '../base/extremes.ts'
import { formatBytes, formatDated } from '../base/format.ts'
import { groupedBy } from '../base/grouped.ts'
import { type Pid, pid } from '../base/units.ts'
import type { Facts } from '../model/facts.ts'
import type { Finding, RuleResult, Verdict, VerdictStatus } from '../model/finding.ts'
import type { Sentence } from '../model/sentence.ts'
import type { ProcessTimeline, Segment, Trend } from '../model/timeline.ts'
import { mallocInstead } from './claims.ts'
import { type Doubt, NOT_TRACED, sureness } from './confidence.ts'
import { judgedSegments, usableIn, usableSamples } from './coverage.ts'
import { type EarlierRise, earlierRise } from './earlier-rise.ts'
import { judgedTrend } from './growth.ts'
import { callsProve } from './growth-finding.ts'
import { latestLife } from './latest-life.ts'
import { UNTRACED } from './no-account.ts'
import { nothingWords } from './nothing-words.ts'
import {
  inconclusiveWords,
  mayGoOnWords,
  nobodysWords,
  noisyWords,
  outOfSightWords,
  unsettledWords,
} from './open-words.ts'
import { outOfSight } from './out-of-sight.ts'
import { saidOf } from './said.ts'
import { unsettledIn } from './unsettled.ts'
import { healthyWords, loudNumbers, loudSummary } from './verdict-words.ts'
import { paragraph, plural, say } from './words/say.ts'

export interface Verdicts {
  readonly whole: Verdict
  readonly byPid: Map<Pid, Verdict>
}

const RANK: Readonly<Record<VerdictStatus, number>> = { leak: 3, growth: 2, inconclusive: 1, healthy: 0 }

/** Verdicts from facts and the results of the rules; every process that the evidence knows has one. */
export function judge(facts: Facts, results: readonly RuleResult[]): Verdicts {
  const findings = results.flatMap((result) => (result.outcome === 'found' ? result.findings : []))
  const findingsOf = groupedBy(findings, ({ pid }) => pid)
  const processOf = new Map(facts.timeline.processes.map((process) => [process.pid, process]))
  const byPid = new Map<Pid, Verdict>()
  for (const id of pidsOf(facts))
    byPid.set(id, judgeProcess(facts, findingsOf.get(id) ?? [], processOf.get(id) ?? null, id))
  return { whole: wholeOf(facts, byPid, processOf), byPid }
}

/** Processes of snapshots and of traces, ascending. */
function pidsOf(facts: Facts): Pid[] {
  const known = [
    ...facts.timeline.processes.map((process) => process.pid),
    ...facts.attribution.windows.flatMap((window) => window.pids),
  ]
  return [...new Set(known)].sort((a, b) => a - b).map(pid)
}

/** `findings` are those of this process. */
function judgeProcess(
  facts: Facts,
  findings: readonly Finding[],
  process: ProcessTimeline | null,
  id: Pid,
): Verdict {
  const program = process?.program ?? null
  const loud = findings.filter(({ severity }) => severity !== 'info').sort(louder)
  const speaker = loud[0]
  if (speaker) {
    const leak = mostlyLeak(loud, mallocInstead(facts.attribution, id) !== null)
    return {
      status: leak ? 'leak' : 'growth',
      confidence: speaker.confidence,
      summary: loudSummary(speaker, leak),
      reason: paragraph(speaker.summary, untold(speaker), alsoFound(loud.length - 1)),
      numbers: loudNumbers(speaker),
      next: speaker.capture && { command: speaker.capture.command, text: speaker.capture.settles },
    }
  }
  const segment = process ? longest(judgedSince(process, findings)) : null
  if (!process || !segment) return inconclusive(process, id, program, facts)
  const open = unsettledIn(process, segment, findings)
  if (open) return { status: 'inconclusive', confidence: OPEN, ...unsettledWords(process, segment, open) }
  const limit = buried(process, segment)
  if (limit !== null)
    return { status: 'inconclusive', confidence: OPEN, ...noisyWords(process, segment, limit) }
  const unseen = outOfSight(facts.attribution, process, segment)
  if (unseen)
    return { status: 'inconclusive', confidence: OPEN, ...outOfSightWords(process, segment, unseen) }
  const rise = earlierRise(process, segment)
  if (rise?.mayGoOn)
    return { status: 'inconclusive', confidence: OPEN, ...mayGoOnWords(process, segment, rise) }
  return healthy(facts, process, segment, rise, findings)
}

/** The detection limit where it exceeds the process itself: then not even its doubling would have been seen. */
function buried(process: ProcessTimeline, segment: Segment): number | null {
  const trend = judgedTrend(segment)
  if (!trend) return null
  return trend.detectionLimit > highestLevel(process, segment, trend) ? trend.detectionLimit : null
}

const highestLevel = (process: ProcessTimeline, segment: Segment, { quantity }: Trend): number =>
  greatest(usableIn(process, segment).map(({ total }) => total[quantity] ?? 0))

/** Whether what grows is for the larger part proven to be kept: one small leak beside a growing store is not the story. */
function mostlyLeak(loud: readonly Finding[], heapHoldsChunks: boolean): boolean {
  const rate = (findings: readonly Finding[]) =>
    findings.reduce((sum, { measures }) => sum + (measures.bytesPerHour ?? 0), 0)
  const alike = loud.filter(({ measures }) => measures.quantity === loud[0]?.measures.quantity)
  const proven = alike.filter(
    (finding) => provesLeak(finding) && !(heapHoldsChunks && finding.mechanism === 'main-heap-brk'),
  )
  return proven.length > 0 && rate(proven) * 2 >= rate(alike)
}

/** Snapshots show it lasting, calls show it kept for good, and no allocator of its own stands between. */
const provesLeak = (finding: Finding): boolean =>
  finding.mechanism !== 'managed-heap' &&
  finding.measures.more.samplesCount != null &&
  finding.measures.more.notYetReleasedCount == null &&
  callsProve(
    finding.measures.more.callsExplainShare ?? null,
    finding.measures.more.neverReleasedCount ?? null,
  )

const alsoFound = (others: number) =>
  others > 0
    ? say(`${others} more ${plural(others, 'finding')} about this process.`, `该进程另有 ${others} 项发现。`)
    : null

const louder = (a: Finding, b: Finding): number =>
  (a.severity === b.severity ? 0 : a.severity === 'problem' ? -1 : 1) ||
  (b.measures.bytesPerHour ?? 0) - (a.measures.bytesPerHour ?? 0) ||
  (a.ruleId < b.ruleId ? -1 : 1)

/** What came after growth that did not go on, which tells that there is none; all where none of that can be judged. */
function judgedSince(process: ProcessTimeline, findings: readonly Finding[]): readonly Segment[] {
  const judged = judgedSegments(process)
  const until = grewUntil(findings)
  const since = judged.filter(({ from }) => from > until)
  return since.length > 0 ? since : judged
}

/** When growth that did not go on was seen last; minus infinity where there was none. */
function grewUntil(findings: readonly Finding[]): number {
  const ended = findings.filter(({ measures }) => measures.more.gapRoseBytes != null)
  return greatest(ended.map(({ measures }) => measures.to ?? 0))
}

/** Who reads of no leak learns that there was growth. */
function grewBefore(findings: readonly Finding[], { from }: Segment): Sentence | null {
  const until = grewUntil(findings)
  if (until === Number.NEGATIVE_INFINITY || until >= from) return null
  const moment = formatDated(until)
  return say(
    `Growth that was seen until ${moment} did not go on in this time: see the findings.`,
    `此前到 ${moment} 为止的增长，在这段时间内没有继续：见各项发现。`,
  )
}

function longest(segments: readonly Segment[]): Segment | null {
  return segments.reduce<Segment | null>(
    (best, segment) => (best && best.to - best.from >= segment.to - segment.from ? best : segment),
    null,
  )
}

/** Sure of health only as far as the capture reaches. */
const HEALTHY_AT_BEST = 95
/** From this part of the process on, what could have grown unseen makes "no leak seen" say little. */
const MUCH_UNSEEN = 1 / 3

/** What a leak just below the stated limit would have added in the judged time, where that is much of the process. */
function unseenDoubt(process: ProcessTimeline, segment: Segment): Doubt[] {
  const trend = judgedTrend(segment)
  if (!trend || trend.to <= trend.from) return []
  const unseen = trend.detectionLimit
  if (unseen <= MUCH_UNSEEN * highestLevel(process, segment, trend)) return []
  return [
    {
      ceiling: 65,
      because: say(
        `Up to ${formatBytes(unseen)} could have grown unseen in the judged time, more than a third of the process.`,
        `在所判定的时间内至多可能有 ${formatBytes(unseen)} 的增长未被发现，超过进程的三分之一。`,
      ),
    },
  ]
}

function healthy(
  facts: Facts,
  process: ProcessTimeline,
  segment: Segment,
  rise: EarlierRise | null,
  findings: readonly Finding[],
): Verdict {
  const usable = usableSamples(process, segment)
  // What comes after a warm-up or a fall is judged alone.
  const samples = judgedTrend(segment)?.samples ?? usable
  const doubts: Doubt[] = []
  if (samples < 20)
    doubts.push({
      ceiling: samples < 12 ? 65 : 85,
      because:
        samples < usable
          ? say(
              `Only the last ${samples} snapshots could be judged, those after the last change.`,
              `只有最后一次变化之后的 ${samples} 个快照可以参与判断。`,
            )
          : say(`Only ${samples} snapshots were judged.`, `只有 ${samples} 个快照参与判断。`),
    })
  if (saidOf(facts.attribution, process.pid).windows.length === 0)
    doubts.push({ ceiling: 85, because: NOT_TRACED })
  doubts.push(...unseenDoubt(process, segment))
  const { confidence, cap } = sureness(HEALTHY_AT_BEST, doubts)
  const words = healthyWords(process, segment, rise, facts, findings)
  return {
    status: 'healthy',
    confidence,
    ...words,
    reason: paragraph(words.reason, grewBefore(findings, segment), cap === NOT_TRACED ? null : cap),
  }
}

/** What limits the confidence, where the summary does not say it already. */
const untold = ({ culpritReason, cap, summary }: Finding): Sentence | null =>
  cap === null || (cap === NOT_TRACED && culpritReason === UNTRACED) || summary.en.includes(cap.en)
    ? null
    : cap

/** How sure "cannot tell" is says nothing; the number shows that the question is open. */
const OPEN = 20

function inconclusive(
  process: ProcessTimeline | null,
  id: Pid,
  program: string | null,
  facts: Facts,
): Verdict {
  const samples = process
    ? Math.max(0, ...process.segments.map((segment) => usableSamples(process, segment)))
    : 0
  return { status: 'inconclusive', confidence: OPEN, ...inconclusiveWords(id, program, samples, facts) }
}

/** The worst speaks for the whole; between healthy and open the process that was watched longest does. */
function wholeOf(
  facts: Facts,
  byPid: ReadonlyMap<Pid, Verdict>,
  processOf: ReadonlyMap<Pid, ProcessTimeline>,
): Verdict {
  const verdicts = [...byPid]
  if (verdicts.length === 0) return nothingWords(facts)
  const bad = verdicts.filter(([, verdict]) => RANK[verdict.status] >= RANK.growth)
  if (bad.length > 0) {
    const worst = ofLatestLife(
      facts,
      byPid,
      bad.reduce((a, b) => (worse(b[1], a[1]) ? b : a)),
    )
    return bad.length === 1 ? worst : alsoOthers(worst, bad.length)
  }
  const watched = (id: Pid): number => {
    const process = processOf.get(id)
    return process ? Math.max(0, ...process.segments.map((segment) => segment.to - segment.from)) : -1
  }
  const [, verdict] = verdicts.reduce((a, b) => (watched(b[0]) > watched(a[0]) ? b : a))
  const nobodys = facts.timeline.untimed.filter((snapshot) => snapshot.pid === null)
  return verdict.status === 'healthy' && nobodys.length > A_STRAY
    ? { ...verdict, status: 'inconclusive', confidence: OPEN, ...nobodysWords(verdict, nobodys[0]!.file) }
    : verdict
}

/** One snapshot without time and process is a copy that somebody left; several may be those of another process. */
const A_STRAY = 1

/** Of a process that was followed by another of its program which does the same, that one's verdict: it can still be asked. */
function ofLatestLife(
  { timeline }: Facts,
  byPid: ReadonlyMap<Pid, Verdict>,
  [id, verdict]: readonly [Pid, Verdict],
): Verdict {
  const latest = byPid.get(latestLife(timeline, id))
  return latest?.status === verdict.status ? latest : verdict
}

const worse = (a: Verdict, b: Verdict): boolean =>
  RANK[a.status] - RANK[b.status] > 0 || (a.status === b.status && a.confidence > b.confidence)

const alsoOthers = (verdict: Verdict, count: number): Verdict => ({
  ...verdict,
  reason: paragraph(
    verdict.reason,
    say(`${count} processes of this capture grow.`, `本次采集中有 ${count} 个进程在增长。`),
  ),
})
