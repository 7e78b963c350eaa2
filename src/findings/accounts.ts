/**
 * What the traced calls say about one body of memory: the accounts of its mechanisms added up over the traces of the
 * process, and the culprit they name. Never stronger than they are: where traces disagree, or where the calls explain
 * less than half of what grew, nobody is accused.
 */
import { formatBytes, formatCount, formatDuration, formatShare } from '../base/format.ts'
import { HOUR, type Pid, type Tid } from '../base/units.ts'
import type { Attribution, Culprit, Mechanism, MechanismAccount } from '../model/attribution.ts'
import type { EvidenceReference } from '../model/evidence.ts'
import type { Accused } from '../model/finding.ts'
import type { Sentence } from '../model/sentence.ts'
import { noAccount } from './no-account.ts'
import { type OpenConnections, openConnections } from './open-connections.ts'
import { netOf, saidOf } from './said.ts'
import type { SeenGrowth } from './seen-growth.ts'
import { say } from './words/say.ts'

/**
 * From this part of the growth on, calls themselves show that what is taken is not given back. Below it most of what grows
 * is not theirs, and whoever made them is no answer to who makes it grow.
 */
export const CALLS_PROVE = 0.5
/** From so many times the expected growth on, calls may be mostly of a warm-up before it. */
const CALLS_TELL_MORE = 4
/** The part of what calls left that must have risen in snapshots before the growth: large buffers are not all touched. */
const MOSTLY_BEFORE = 0.5

interface ChargedThread {
  readonly tid: Tid
  readonly name: string | null
  readonly bytes: number
  readonly share: number
  /** Calls of its own; 0 for one that is listed because it may have a part in it. */
  readonly calls: number
}

export interface Charge {
  readonly accounts: readonly MechanismAccount[]
  /** Traced time, microseconds, over all traces of the process. */
  readonly span: number
  readonly acquiredBytes: number
  readonly releasedBytes: number
  readonly netBytes: number
  /** Made in the traced time and still there at its end. */
  readonly liveBytes: number
  readonly liveCount: number
  /** The connections that answer for what the culprit keeps; `null` where none do. */
  readonly openConnections: OpenConnections | null
  /**
   * Whether something is alive, and none of it is older than what was released or it goes with what is still in use: it
   * may be released in its turn.
   */
  readonly isInTurn: boolean
  readonly calls: number
  readonly threads: readonly ChargedThread[]
  readonly culprit: Accused | null
  readonly culpritReason: Sentence
  /** Net bytes of the calls over what the snapshots' rate makes in the same time; `null` = cannot be compared. */
  readonly explains: number | null
  readonly references: readonly EvidenceReference[]
}

/** Accounts of the process by these mechanisms; the whole-mechanism account of a trace stands for its subjects. */
export function accountsOf(
  attribution: Attribution,
  pid: Pid,
  mechanisms: readonly Mechanism[],
): MechanismAccount[] {
  const mine = saidOf(attribution, pid).accounts.filter(({ mechanism }) => mechanisms.includes(mechanism))
  const whole = new Set(
    mine.filter((account) => account.subject === '').map((a) => `${a.trace}\u0000${a.mechanism}`),
  )
  return mine.filter(
    (account) => account.subject === '' || !whole.has(`${account.trace}\u0000${account.mechanism}`),
  )
}

/** The charge for a growth; `null` where snapshots tell of none. */
export function chargeOf(
  attribution: Attribution,
  pid: Pid,
  mechanisms: readonly Mechanism[],
  seen: SeenGrowth | null,
): Charge {
  const accounts = accountsOf(attribution, pid, mechanisms)
  const span = tracedSpan(accounts, seen)
  const netBytes = netOf(accounts)
  const perHour = seen?.perHour ?? null
  const expected = perHour === null || span === 0 ? null : (perHour * span) / HOUR
  const added = expected === null || expected <= 0 ? null : Math.max(0, netBytes) / expected
  const names = new Map<Tid, string | null>()
  for (const thread of saidOf(attribution, pid).threads)
    if (!names.has(thread.tid)) names.set(thread.tid, thread.name)
  const name = (tid: Tid): string | null => names.get(tid) ?? null
  const liveCount = total(accounts, (account) => total(account.shares, (share) => share.liveCount))
  const { culprit, culpritReason, explains } = accuse(attribution, pid, accounts, { added, span, seen })
  const open = culprit && openConnections(attribution, pid, culprit.tid, mechanisms)
  return {
    accounts,
    span,
    acquiredBytes: total(accounts, (account) => account.acquiredBytes),
    releasedBytes: total(accounts, (account) => account.releasedBytes),
    netBytes,
    liveBytes: total(accounts, (account) => account.liveBytes),
    liveCount,
    openConnections: open,
    isInTurn: liveCount > 0 && (open !== null || accounts.every((account) => account.overdueCount === 0)),
    calls: total(accounts, (account) => total(account.shares, (share) => share.calls)),
    threads: chargedThreads(accounts, name),
    culprit: culprit && {
      ...culprit,
      name: name(culprit.tid),
      kept: total(accounts, ({ shares }) => shares.find(({ tid }) => tid === culprit.tid)?.liveCount ?? 0),
    },
    culpritReason,
    explains,
    references: accounts.flatMap((account) => account.references).slice(0, 8),
  }
}

const total = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((sum, item) => sum + value(item), 0)

/** Each trace once. */
const byTrace = (accounts: readonly MechanismAccount[]): MechanismAccount[] => [
  ...new Map(accounts.map((account) => [account.trace, account])).values(),
]

/** Traced time of these accounts, as far as the process was there. */
export function tracedSpan(accounts: readonly MechanismAccount[], seen: SeenGrowth | null): number {
  return total(byTrace(accounts), ({ span, from, to }) => {
    const within = seen && from !== null && to !== null ? seen.timeWithin(from, to) : null
    return Math.max(0, within === null ? (span ?? 0) : Math.min(span ?? 0, within))
  })
}

/** Everyone who made something, biggest live bytes first; then by what they acquired. */
function chargedThreads(
  accounts: readonly MechanismAccount[],
  name: (tid: Tid) => string | null,
): ChargedThread[] {
  const byTid = new Map<Tid, { live: number; acquired: number; calls: number }>()
  for (const share of accounts.flatMap((account) => account.shares)) {
    const sum = byTid.get(share.tid) ?? { live: 0, acquired: 0, calls: 0 }
    byTid.set(share.tid, {
      live: sum.live + share.liveBytes,
      acquired: sum.acquired + share.acquiredBytes,
      calls: sum.calls + share.calls,
    })
  }
  const live = total([...byTid.values()], (sum) => Math.max(0, sum.live))
  return [...byTid]
    .sort(([tidA, a], [tidB, b]) => b.live - a.live || b.acquired - a.acquired || tidA - tidB)
    .map(([tid, sum]) => ({
      tid,
      name: name(tid),
      bytes: sum.live,
      share: live > 0 ? Math.max(0, sum.live) / live : 0,
      calls: sum.calls,
    }))
}

/** What the calls added, over what the snapshots let expect of them. */
interface Expected {
  readonly added: number | null
  readonly span: number
  readonly seen: SeenGrowth | null
}

interface Accusation extends Pick<Charge, 'culpritReason' | 'explains'> {
  readonly culprit: Culprit | null
}

/** As the calls name somebody, who must have mapped what the snapshots show to have come. */
function accuse(
  attribution: Attribution,
  pid: Pid,
  accounts: readonly MechanismAccount[],
  expected: Expected,
): Accusation {
  const { added: explains, seen } = expected
  const accusation = { ...accuseByCalls(attribution, pid, accounts, expected), explains }
  const { culprit } = accusation
  if (culprit === null || seen === null) return accusation
  const [came, there] = cameOf(byTrace(accounts), culprit.tid, seen)
  if (there >= CALLS_PROVE * came) return accusation
  return {
    culprit: null,
    culpritReason: elsewhere(culprit.tid, came, there),
    explains: explains === null ? null : Math.min(explains, there / came),
  }
}

/** What came in the traced time, as far as snapshots show where, and what of it lies where this thread mapped. */
function cameOf(traces: readonly MechanismAccount[], tid: Tid, seen: SeenGrowth): readonly [number, number] {
  const seenIn = traces.flatMap(({ from, to }) =>
    from === null || to === null ? [] : (seen.cameWhereMapped(tid, from, to) ?? []),
  )
  return [total(seenIn, ({ came }) => came), total(seenIn, ({ there }) => there)]
}

function accuseByCalls(
  attribution: Attribution,
  pid: Pid,
  accounts: readonly MechanismAccount[],
  { added, span, seen }: Expected,
): Omit<Accusation, 'explains'> {
  const biggest = [...accounts].sort((a, b) => b.liveBytes - a.liveBytes)[0]
  if (!biggest) return { culprit: null, culpritReason: noAccount(attribution, pid, seen?.perHour ?? null) }
  if (added !== null && added < CALLS_PROVE)
    return { culprit: null, culpritReason: tellLittle(added, span, isPooled(accounts)) }
  if (added !== null && added > CALLS_TELL_MORE && seen && mostlyBefore(accounts, seen))
    return { culprit: null, culpritReason: tellMore(added) }
  const named = accounts.filter((account) => account.culprit !== null)
  const first = [...named].sort((a, b) => b.liveBytes - a.liveBytes)[0]
  if (!first?.culprit) return { culprit: null, culpritReason: biggest.culpritReason }
  if (named.some((account) => account.culprit?.tid !== first.culprit?.tid))
    return {
      culprit: null,
      culpritReason: say(
        'The traced windows point to different threads, so none of them is named.',
        '各个跟踪时段指向不同的线程，因此不指认其中任何一个。',
      ),
    }
  const liveOfNamed = total(named, (account) => account.liveBytes)
  if (liveOfNamed * 2 < total(accounts, (account) => account.liveBytes))
    return { culprit: null, culpritReason: biggest.culpritReason }
  if (first.culprit.tid === UNNAMED)
    return {
      culprit: null,
      culpritReason: say(
        'Neither the log nor its name says which thread made these calls, so none is named.',
        '日志及其文件名都没有说明这些调用由哪个线程发出，因此不指认任何线程。',
      ),
    }
  return { culprit: first.culprit, culpritReason: first.culpritReason }
}

/** What stands for the thread, or for several, of logs that tell no tid. No thread has this one. */
const UNNAMED = 0

/** Whether snapshots inside the traces show that most of what the calls left was there when the growth began. */
function mostlyBefore(accounts: readonly MechanismAccount[], seen: SeenGrowth): boolean {
  const before = total(byTrace(accounts), ({ from, to }) =>
    from === null || to === null ? 0 : seen.roseBefore(from, to),
  )
  return before > 0 && before >= MOSTLY_BEFORE * total(accounts, (account) => account.liveBytes)
}

const tellMore = (explains: number): Sentence =>
  say(
    `The traced time began before this growth did, and its calls added ${formatCount(Math.round(explains))} times what grows in such a time: most of it belongs to the rise before. A trace from now on would tell.`,
    `跟踪开始于此次增长之前，其调用增加的内存是平均同期增长的 ${formatCount(Math.round(explains))} 倍：大部分属于此前的上升。从现在起再做一次跟踪即可确定。`,
  )

const elsewhere = (tid: Tid, came: number, there: number): Sentence =>
  say(
    `Thread ${tid} mapped what stayed, but of the ${formatBytes(came)} that came in the traced time ${formatBytes(there)} lies there: the rest came in mappings that it did not make, as pages touched without a call, and calls do not tell who touched them.`,
    `留存的内存由线程 ${tid} 映射，但跟踪时段内增长的 ${formatBytes(came)} 中只有 ${formatBytes(there)} 位于其中：其余增长在并非由它建立的映射中，来自没有系统调用的缺页，而调用无法说明是谁触碰了这些页。`,
  )

/** Calls of several kinds are one sum: what one kind gave back hides what another took. */
const isPooled = (accounts: readonly MechanismAccount[]): boolean =>
  new Set(accounts.map(({ mechanism }) => mechanism)).size > 1

function tellLittle(explains: number, span: number, pooled: boolean): Sentence {
  const [time, share] = [formatDuration(span), formatShare(explains)]
  return pooled
    ? say(
        `All calls of the traced ${time.en} that may have made this memory or other memory of its like, less what they gave back of either, came to only ${share} of what grows here in such a time on average. How much of this memory they took, calls do not tell: the rest came at other times, is pages touched without a call, or is hidden by what was given back of the other.`,
        `在跟踪的 ${time.zh}内，可能形成此内存或其他同类内存的全部系统调用，减去两者被归还的部分，只占此处平均同期增长的 ${share}。其中有多少属于此内存，调用无法说明：其余增长发生在其他时间，或来自没有系统调用的缺页，或被另一部分的归还所掩盖。`,
      )
    : say(
        `The calls of the traced ${time.en} added only ${share} of what grows in such a time on average: the rest came at other times, or is pages touched without a call, and calls do not tell who touched them.`,
        `在跟踪的 ${time.zh}内，系统调用增加的内存只占平均同期增长的 ${share}：其余增长发生在其他时间，或来自没有系统调用的缺页，而调用无法说明是谁触碰了这些页。`,
      )
}
