/**
 * What calls alone can say, where no snapshot trend can be judged: mappings that nobody released although they are
 * far older than those that were. Address space, never resident memory, and never more than a warning.
 */
import { formatBytes, formatDuration } from '../base/format.ts'
import { HOUR, type Pid } from '../base/units.ts'
import type { Activity, Mechanism, ThreadAttribution } from '../model/attribution.ts'
import type { MappingKind } from '../model/mapping-kind.ts'
import { CALLS_PROVE, type Charge, chargeOf } from './accounts.ts'
import { captureHint } from './capture-questions.ts'
import { sureness } from './confidence.ts'
import { hasJudgedTrend } from './coverage.ts'
import { firstRegions } from './evidence.ts'
import type { GrowthFacts } from './growth-finding.ts'
import { measured, rounded } from './measures.ts'
import { proofOf } from './proof.ts'
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

const NO_TREND = say(
  'No trend of snapshots: whether this memory is resident, and whether it goes on, is not in the evidence.',
  '没有快照趋势：这些内存是否常驻、是否持续增长，证据中都没有。',
)

/** What a mapping made this way is called where no snapshot shows it. */
const KIND_OF: Partial<Record<Mechanism, MappingKind>> = {
  'thread-stack': 'thread-stack',
  'file-mapping': 'file-shared',
  'shared-memory': 'shared-memory',
}

/** Forgotten mappings of these mechanisms in processes that no snapshot trend can judge; `least` bytes of them. */
export function forgottenMappings(
  facts: GrowthFacts,
  mechanisms: readonly Mechanism[],
  least: number,
): FindingDraft[] {
  const pids = [...new Set(facts.attribution.accounts.map((account) => account.pid))].sort((a, b) => a - b)
  return pids.flatMap((pid) => {
    if (hasJudgedTrend(facts.timeline, pid)) return []
    const forgotten = forgottenIn(facts, pid, mechanisms, least)
    return forgotten ? [draftOf(facts, forgotten, mechanisms)] : []
  })
}

/** Calls that make a mapping; mprotect and brk only open what was there. */
const MAKES_MAPPING = new Set(['mmap', 'mmap2', 'mremap', 'shmat'])

interface Forgotten {
  readonly pid: Pid
  readonly charge: Charge
  /** Biggest first; at least one. */
  readonly activities: readonly [Activity, ...Activity[]]
  readonly bytes: number
  readonly count: number
}

function forgottenIn(
  facts: GrowthFacts,
  pid: Pid,
  mechanisms: readonly Mechanism[],
  least: number,
): Forgotten | null {
  const charge = chargeOf(facts.attribution, pid, mechanisms, null)
  if (charge.netBytes < least || charge.culprit === null) return null
  const { tid } = charge.culprit
  const thread = facts.attribution.threads.find((entry) => entry.pid === pid && entry.tid === tid)
  const [first, ...rest] = (thread?.activities ?? [])
    .filter((entry) => mechanisms.includes(entry.mechanism) && isForgotten(entry, charge.span))
    .sort((a, b) => b.neverBytes - a.neverBytes)
  if (!thread || !first || !keepsRising(thread)) return null
  const activities = [first, ...rest] as const
  const bytes = activities.reduce((sum, entry) => sum + entry.neverBytes, 0)
  const count = activities.reduce((sum, entry) => sum + entry.never, 0)
  return bytes < least ? null : { pid, charge, activities: [first, ...rest], bytes, count }
}

function draftOf(facts: GrowthFacts, forgotten: Forgotten, mechanisms: readonly Mechanism[]): FindingDraft {
  const { pid, charge } = forgotten
  const { mechanism } = forgotten.activities[0]
  const program = facts.timeline.processes.find((process) => process.pid === pid)?.program ?? null
  const span = formatDuration(charge.span)
  const rates = charge.accounts.map(({ bytesPerHour }) => bytesPerHour)
  const known = rates.filter((rate) => rate !== null)
  // What others took in the same time, and may give back as before, is not of this habit.
  const isMost = forgotten.bytes >= CALLS_PROVE * charge.netBytes
  const grown = isMost ? charge.netBytes : forgotten.bytes
  const perHour = isMost ? known.reduce((sum, rate) => sum + rate, 0) : (grown / charge.span) * HOUR
  const regions = charge.accounts
    .flatMap((account) => account.regions)
    .map((region) => ({ ...region, kind: KIND_OF[mechanism] ?? 'anonymous', name: '' }))
  return {
    program,
    subject: 'calls',
    severity: 'warning',
    ...sureness(CEILING + 1, [{ ceiling: CEILING, because: NO_TREND }]),
    pid,
    mechanism,
    summary: paragraph(
      say(
        `By system calls alone, ${formatBytes(grown)} of address space stayed mapped in ${span.en}.`,
        `仅从系统调用看，${span.zh}内有 ${formatBytes(grown)} 地址空间保持映射。`,
      ),
      who(charge, facts.attribution, pid, mechanism, mechanisms, proofOf(charge, null).words),
    ),
    sharperAction: null,
    capture: captureHint('more-snapshots', { pid, program }),
    measures: measured({
      quantity: 'address-space',
      grownBytes: grown,
      bytesPerHour: known.length < rates.length ? null : rounded(perHour),
      from: charge.accounts[0]?.from ?? null,
      to: charge.accounts[0]?.to ?? null,
      more: {
        tracedSeconds: charge.span / 1_000_000,
        neverReleasedBytes: forgotten.bytes,
        neverReleasedCount: forgotten.count,
      },
    }),
    threads: charge.threads,
    culprit: charge.culprit,
    culpritReason: charge.culpritReason,
    ...firstRegions(regions, regions.length),
    lineages: [],
    evidence: charge.references,
  }
}

/** Some are released soon, these are not: the two populations do not overlap. */
export function isForgotten(activity: Activity, span: number): boolean {
  const last = activity.sequence[activity.sequence.length - 1] ?? ''
  if (!MAKES_MAPPING.has(last)) return false
  if (activity.never < SURVIVORS || activity.oldestAge === null) return false
  if (activity.oldestAge < span * PART_OF_WINDOW) return false
  return (
    activity.longestLifetime === null || activity.oldestAge >= activity.longestLifetime * TIMES_LONGEST_LIFE
  )
}

/** What the thread holds is higher at the end of each third of the traced time than at the end of the one before. */
export function keepsRising(thread: ThreadAttribution): boolean {
  const levels = thread.liveOverTime.map(({ bytes }) => bytes)
  if (levels.length < 3) return false
  const third = levels[Math.floor(levels.length / 3) - 1]!
  const second = levels[Math.floor((2 * levels.length) / 3) - 1]!
  const last = levels[levels.length - 1]!
  return third > 0 && second > third && last > second
}
