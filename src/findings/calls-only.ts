/**
 * What calls alone can say, where no snapshot trend can be judged: mappings that nobody released although they are
 * far older than those that were. Address space, never resident memory, and never more than a warning.
 */
import { formatBytes, formatDuration } from '../base/format.ts'
import type { Pid } from '../base/units.ts'
import type { Activity, Mechanism, ThreadAttribution } from '../model/attribution.ts'
import { chargeOf } from './accounts.ts'
import { captureHint } from './capture-questions.ts'
import { type GrowthRule, RULE_MECHANISMS } from './claims.ts'
import { sureness } from './confidence.ts'
import { hasJudgedTrend } from './coverage.ts'
import type { GrowthFacts } from './growth-finding.ts'
import type { FindingDraft } from './rule.ts'
import { who } from './words/growth-words.ts'
import { paragraph, say } from './words/say.ts'

/** Ten times the longest life of one that was released: not late, forgotten. */
const TIMES_LONGEST_LIFE = 10
/** The oldest must reach back over half of the traced time, or the releases may simply lie ahead. */
const PART_OF_WINDOW = 0.5
/** Fewer than eight survivors are as likely a table, a pool or a cache being set up. */
const SURVIVORS = 8
/** Calls without snapshots: sure of the address space, not of its use. */
const CEILING = 50

/** Forgotten mappings of these mechanisms in processes that no snapshot trend can judge. */
export function forgottenMappings(
  facts: GrowthFacts,
  rule: GrowthRule,
  mechanism: Mechanism,
): FindingDraft[] {
  const pids = [...new Set(facts.attribution.accounts.map((account) => account.pid))].sort((a, b) => a - b)
  return pids.flatMap((pid) => {
    if (hasJudgedTrend(facts.timeline, pid)) return []
    const finding = forgottenIn(facts, pid, rule, mechanism)
    return finding ? [finding] : []
  })
}

function forgottenIn(
  facts: GrowthFacts,
  pid: Pid,
  rule: GrowthRule,
  mechanism: Mechanism,
): FindingDraft | null {
  const mechanisms = RULE_MECHANISMS[rule].filter((name) => name === mechanism)
  const charge = chargeOf(facts.attribution, pid, mechanisms, null)
  if (charge.netBytes <= 0 || charge.culprit === null) return null
  const { tid } = charge.culprit
  const thread = facts.attribution.threads.find((entry) => entry.pid === pid && entry.tid === tid)
  const activity = thread?.activities.find(
    (entry) => entry.mechanism === mechanism && isForgotten(entry, charge.span),
  )
  if (!thread || !activity || !keepsRising(thread)) return null
  const program = facts.timeline.processes.find((process) => process.pid === pid)?.program ?? null
  const account = charge.accounts[0]!
  const { confidence, cap } = sureness(CEILING + 1, [
    {
      ceiling: CEILING,
      because: say(
        'No trend of snapshots: whether this memory is resident, and whether it goes on, is not in the evidence.',
        '没有快照趋势：这些内存是否常驻、是否持续增长，证据中都没有。',
      ),
    },
  ])
  return {
    program,
    subject: rule,
    severity: 'warning',
    confidence,
    cap,
    pid,
    mechanism,
    summary: paragraph(
      say(
        `By system calls alone, ${formatBytes(charge.netBytes)} of address space stayed mapped in ${formatDuration(charge.span).en}.`,
        `仅从系统调用看，${formatDuration(charge.span).zh} 内有 ${formatBytes(charge.netBytes)} 地址空间保持映射。`,
      ),
      who(charge, facts.attribution, pid, mechanism, mechanisms),
    ),
    sharperAction: null,
    capture: captureHint('more-snapshots', { pid, program }),
    measures: {
      quantity: 'address-space',
      grownBytes: charge.netBytes,
      bytesPerHour: account.bytesPerHour === null ? null : Math.round(account.bytesPerHour),
      bytesPerHourLow: null,
      bytesPerHourHigh: null,
      onset: null,
      from: account.from,
      to: account.to,
      limitBytes: null,
      limitAt: null,
      limitAtLow: null,
      limitAtHigh: null,
      more: {
        tracedSeconds: charge.span / 1_000_000,
        neverReleasedBytes: activity.neverBytes,
        neverReleasedCount: activity.never,
      },
    },
    threads: charge.threads,
    culprit: charge.culprit,
    culpritReason: charge.culpritReason,
    regions: account.regions.slice(0, 16).map((region) => ({ ...region, kind: 'anonymous', name: '' })),
    lineages: [],
    evidence: charge.references,
  }
}

/** Some are released soon, these are not: the two populations do not overlap. */
function isForgotten(activity: Activity, span: number): boolean {
  if (activity.never < SURVIVORS || activity.oldestAge === null) return false
  if (activity.oldestAge < span * PART_OF_WINDOW) return false
  return (
    activity.longestLifetime === null || activity.oldestAge >= activity.longestLifetime * TIMES_LONGEST_LIFE
  )
}

/** What the thread holds is higher at the end of each third of the traced time than at the end of the one before. */
function keepsRising(thread: ThreadAttribution): boolean {
  const levels = thread.liveOverTime.map(({ bytes }) => bytes)
  if (levels.length < 3) return false
  const third = levels[Math.floor(levels.length / 3) - 1]!
  const second = levels[Math.floor((2 * levels.length) / 3) - 1]!
  const last = levels[levels.length - 1]!
  return third > 0 && second > third && last > second
}
