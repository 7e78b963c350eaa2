/** From a growth to a draft finding: numbers, people, words, limits and the capture that would settle the rest. */
import { DAY } from '../base/units.ts'
import type { Mechanism } from '../model/attribution.ts'
import type { Facts } from '../model/facts.ts'
import type { Measures, Severity } from '../model/finding.ts'
import type { Sentence } from '../model/sentence.ts'
import type { Timeline } from '../model/timeline.ts'
import { CALLS_PROVE, type Charge, chargeOf } from './accounts.ts'
import { captureHint, type QuestionName } from './capture-questions.ts'
import { type GrowthRule, RULE_MECHANISMS } from './claims.ts'
import { growthSureness } from './confidence.ts'
import { regionsOf, snapshotEvidence } from './evidence.ts'
import { type Forecast, forecast } from './forecast.ts'
import type { Growth } from './growth.ts'
import { askedAs, type LastSeen, lastSeenMeasures, lastSeenOf, lastSeenWords } from './last-seen.ts'
import { latestLife, nextLifeOf } from './latest-life.ts'
import { givenBackOf, givenBackWords, isGivenBack, lazyFreeWords } from './lazy-free.ts'
import { rounded } from './measures.ts'
import { otherProgramWords, targetIn } from './other-program.ts'
import { type Paused, pausedOf, pausedWords, settledWords } from './paused-growth.ts'
import { proofOf } from './proof.ts'
import type { FindingDraft } from './rule.ts'
import { seenGrowth } from './seen-growth.ts'
import { sharperActionOf } from './stacks.ts'
import { type TracedPart, tracedPartOf } from './traced-part.ts'
import { fillingWords } from './words/filling-words.ts'
import { howMuch, limitSentence, who } from './words/growth-words.ts'
import { paragraph } from './words/say.ts'

export type GrowthFacts = Pick<Facts, 'timeline' | 'attribution' | 'traces' | 'limit' | 'side'>

export interface GrowthFindingInput {
  readonly rule: GrowthRule
  readonly growth: Growth
  readonly mechanism: Mechanism
  readonly question: QuestionName
  /** The rule's remedy, which stacks in the evidence can sharpen. */
  readonly action: Sentence
  /** One more sentence that only this rule knows. */
  readonly remark?: Sentence | null
  readonly more?: Measures['more']
  /** Title and meaning where the rule's own would not be true of this growth. */
  readonly instead?: NonNullable<FindingDraft['instead']>
  /** How many bytes more it can grow, where the rule has shown that it is bounded. */
  readonly room?: number | null
  /** `info` where the rule has shown that the growth is bounded. */
  readonly severity?: Severity
}

/** The biggest growers stand for the rest; a list for each of thousands of mappings serves nobody. */
const LINEAGES_KEPT = 256

/** A growth as a draft finding. Severity: problem when calls prove it or a limit is met within a day, else warning. */
export function growthFinding(facts: GrowthFacts, input: GrowthFindingInput): FindingDraft {
  const { growth, mechanism, rule } = input
  const { pid } = growth.process
  const lastSeen = lastSeenOf(facts, growth.process, growth.segment)
  const target = targetIn(growth.process, growth.segment)
  const seen = seenGrowth(growth, facts.attribution)
  const charged = chargeOf(facts.attribution, pid, RULE_MECHANISMS[rule], seen)
  const part = tracedPartOf(growth, charged.accounts)
  const { charge, words, doubts } = proofOf(charged, part)
  const paused = pausedOf(growth, facts.timeline)
  const next = nextLifeOf(facts.timeline, growth.segment)
  const room = input.room ?? null
  const given = givenBackOf(growth)
  const isBack = given !== null && isGivenBack(given, growth)
  const ahead = paused || isBack ? null : limitOf(facts, growth, room)
  const tellsOfNext = next !== null && ahead?.at != null && ahead.at > growth.to
  // What calls show to be kept does not end with the load.
  const mayHaveEnded = paused !== null && !callsProve(charge.explains, charge.liveCount)
  const action = isBack ? givenBackWords.action : input.action
  const other = isBack ? givenBackWords : input.instead
  const instead = paused?.settled ? settledWords(action) : other
  const { confidence, cap } = growthSureness(growth, charge, facts, mayHaveEnded, doubts)
  return {
    program: target.program,
    subject: growth.body,
    severity:
      paused?.settled || isBack ? 'info' : (input.severity ?? severityOf(charge, ahead, growth, room)),
    confidence,
    cap,
    pid,
    mechanism,
    summary: paragraph(
      howMuch(growth),
      otherProgramWords(growth.process, growth.segment),
      paused && pausedWords(paused, growth),
      isBack ? null : (input.remark ?? null),
      given && lazyFreeWords(given, growth),
      who(charge, facts.attribution, pid, mechanism, RULE_MECHANISMS[rule], words),
      // What keeps chunks for others to fill has said so.
      callsProve(charge.explains, charge.liveCount) && mechanism !== 'managed-heap'
        ? fillingWords(charge, facts.attribution, pid, RULE_MECHANISMS[rule])
        : null,
      lastSeen && !tellsOfNext ? lastSeenWords(lastSeen) : null,
      limitSentence(ahead, growth, lastSeen, next),
    ),
    sharperAction: sharperActionOf(
      facts.attribution,
      pid,
      charge.culprit?.tid ?? null,
      mechanism,
      action,
      facts.side.stacks,
    ),
    capture: captureOf(facts.timeline, input.question, target, lastSeen),
    measures: measuresOf(growth, charge, ahead, {
      ...(part ? partMeasures(part) : {}),
      ...(paused ? pausedMeasures(paused) : {}),
      ...(lastSeen ? lastSeenMeasures(lastSeen) : {}),
      ...input.more,
    }),
    threads: charge.threads,
    culprit: charge.culprit,
    culpritReason: charge.culpritReason,
    ...regionsOf(growth.lineages),
    lineages: growth.lineages.slice(0, LINEAGES_KEPT).map((lineage) => lineage.id),
    evidence: [...snapshotEvidence(growth), ...charge.references],
    ...(instead ? { instead } : {}),
  }
}

/** Where another of its program followed, that one can be asked. */
function captureOf(
  timeline: Timeline,
  question: QuestionName,
  target: ReturnType<typeof targetIn>,
  lastSeen: LastSeen | null,
): ReturnType<typeof captureHint> {
  const latest = latestLife(timeline, target.pid)
  return latest === target.pid
    ? captureHint(question, askedAs(target, lastSeen))
    : captureHint(question, target, latest)
}

/** One or two calls are a table or a buffer that was enlarged; from three on they are a habit. */
const HABIT = 3

/** Whether the calls of the traced time prove the growth: they add what the snapshots show and do not give it back. */
export const callsProve = (explains: number | null, kept: number | null): boolean =>
  explains !== null && explains >= CALLS_PROVE && kept !== null && kept >= HABIT

/** Calls that open a bounded range further prove nothing. */
function severityOf(charge: Charge, ahead: Forecast | null, growth: Growth, room: number | null): Severity {
  if (room === null && !charge.isInTurn && callsProve(charge.explains, charge.liveCount)) return 'problem'
  return ahead?.at != null && ahead.at - growth.to < DAY ? 'problem' : 'warning'
}

const NO_RATE = { perHour: null, low: null, high: null }

/** Resident growth meets the memory limit unless it ends before, address space meets RLIMIT_AS. */
function limitOf(facts: GrowthFacts, growth: Growth, room: number | null): Forecast | null {
  const last = growth.process.snapshots[growth.segment.last]
  if (!last) return null
  const rate = { perHour: growth.perHour, low: growth.low, high: growth.high }
  if (growth.quantity === 'rss') {
    if (!facts.limit || last.total.rss === null) return null
    const { bytes } = facts.limit
    const ends = room !== null && last.total.rss < bytes && last.total.rss + room < bytes
    return forecast(last.total.rss, growth.to, bytes, ends ? NO_RATE : rate)
  }
  const space = facts.side.limits.find(
    (entry) => entry.kind === 'address-space' && (entry.pid ?? growth.process.pid) === growth.process.pid,
  )
  return space?.value != null ? forecast(last.total.size, growth.to, space.value, rate) : null
}

/** What came in the time without snapshots after the growth, and what its rate lets expect. */
const pausedMeasures = ({ rose, expected }: Paused): Measures['more'] => ({
  gapRoseBytes: Math.round(rose),
  gapExpectedBytes: Math.round(expected),
})

/** What of the growth the trace can speak of. */
const partMeasures = ({ span, grown }: TracedPart): Measures['more'] => ({
  tracedGrowthSeconds: span / 1_000_000,
  tracedGrownBytes: Math.round(grown),
})

function measuresOf(
  growth: Growth,
  charge: Charge,
  ahead: Forecast | null,
  more: Measures['more'],
): Measures {
  const traced = charge.accounts.length > 0
  return {
    quantity: growth.quantity === 'rss' ? 'resident' : 'address-space',
    grownBytes: Math.round(growth.grown),
    bytesPerHour: rounded(growth.perHour),
    bytesPerHourLow: rounded(growth.low),
    bytesPerHourHigh: rounded(growth.high),
    onset: growth.onset,
    from: growth.from,
    to: growth.to,
    limitBytes: ahead?.limit ?? null,
    limitAt: ahead?.at ?? null,
    limitAtLow: ahead?.earliest ?? null,
    limitAtHigh: ahead?.latest ?? null,
    more: {
      samplesCount: growth.samples,
      detectionLimitBytes: Math.round(growth.detectionLimit),
      tracedSeconds: traced ? charge.span / 1_000_000 : null,
      tracedNetBytes: traced ? charge.netBytes : null,
      neverReleasedBytes: traced ? charge.liveBytes : null,
      neverReleasedCount: traced ? charge.liveCount : null,
      // The others are of all threads that made some.
      ...(charge.culprit ? { threadNeverReleasedCount: charge.culprit.kept } : {}),
      ...(charge.isInTurn ? { notYetReleasedCount: charge.liveCount } : {}),
      callsExplainShare: charge.explains === null ? null : Math.round(charge.explains * 1000) / 1000,
      ...more,
    },
  }
}
