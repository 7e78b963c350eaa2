import { formatShare } from '../base/format.ts'
import { type Bytes, formatAddress, HOUR, type Micros, SECOND, type Tid } from '../base/units.ts'
import { MECHANISMS, type MechanismAccount, type ThreadShare } from '../model/attribution.ts'
import type { Sentence } from '../model/sentence.ts'
import type { SideEvidence } from '../model/side-evidence.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { cite } from './activity-words.ts'
import type { AllocatorReading } from './allocator.ts'
import type { Claim } from './claim.ts'
import { nobody } from './claim.ts'
import { claimDirect } from './claim-direct.ts'
import { claimArena, claimArenas, claimMainHeap } from './claim-heap.ts'
import { claimStacks, type StackEvidence, stackEvidence } from './claim-stack.ts'
import type { Living } from './living.ts'
import { ARENA, MAIN_HEAP, MANAGED, type MechanismCode, OTHER, STACK } from './mechanism.ts'
import type { ProcessReplay } from './process-replay.ts'
import type { TraceReplay } from './trace-replay.ts'
import { type ArenaUsers, arenaUsers } from './users.ts'

const REGIONS = 16
const CITED = 8
/** Warm-up of threads that nobody traced may be this much of the growth; beyond it they take part. */
const LITTLE = 0.1
/** A rate needs a few events over some seconds: fewer are chance, not pace. */
const LEAST_CALLS = 3
const LEAST_SPAN = 10 * SECOND

/** Everything the accounts of one process in one trace are made from. */
export interface AccountInput {
  readonly replay: ProcessReplay
  readonly traced: TraceReplay
  readonly living: readonly (readonly Living[])[]
  readonly snapshots: readonly Snapshot[]
  readonly allocator: AllocatorReading | null
  readonly side: SideEvidence
}

/** One account a mechanism that calls moved bytes by, and one an arena where several grew. */
export function accountsOf(input: AccountInput): MechanismAccount[] {
  const { replay, traced } = input
  const users = arenaUsers(replay, traced, input.snapshots, input.side)
  const stacks = stackEvidence(replay)
  const proven = isProven(replay, traced, users)
  const regions = regionsByMechanism(replay)
  const accounts: MechanismAccount[] = []
  for (let mechanism: MechanismCode = 0; mechanism < MECHANISMS.length; mechanism += 1) {
    const shares = mechanism === STACK ? stackShares(input, stacks) : threadShares(input, mechanism, users)
    if (shares.every((share) => share.acquiredBytes === 0 && share.releasedBytes === 0)) continue
    const claim = claimOf(input, mechanism, users, stacks, proven)
    const overdue = mechanism === STACK ? stacks.lost.length : overdueCalls(input.living[mechanism]!)
    accounts.push(
      account(input, mechanism, '', shares, claim, claim.inTurn ? 0 : overdue, regions[mechanism]!),
    )
  }
  if (users.arenas.length > 1)
    for (const arena of users.arenas) {
      const shares = rank(
        [...arena.growth].map(([tid, bytes]) => ({
          tid,
          acquired: bytes,
          released: 0,
          calls: 0,
          live: bytes,
          count: 0,
        })),
      )
      const subject = `arena at ${formatAddress(arena.heap)}`
      const claim = claimArena(replay.pid, arena, users)
      accounts.push(account(input, ARENA, subject, shares, claim, overdueCalls(input.living[ARENA]!), []))
    }
  return accounts
}

/** Whether the replay is evidence beyond doubt: agreeing everywhere, in the right order, with all threads in it. */
function isProven(replay: ProcessReplay, traced: TraceReplay, users: ArenaUsers): boolean {
  return (
    traced.trace.hasDurations &&
    replay.windows.length > 0 &&
    replay.space.conflicts === 0 &&
    replay.windows.every((window) => window.agreement >= 0.999) &&
    traced.reused.length === 0 &&
    traced.homeless.length === 0 &&
    users.untraced === 0
  )
}

function claimOf(
  input: AccountInput,
  mechanism: MechanismCode,
  users: ArenaUsers,
  stacks: StackEvidence,
  proven: boolean,
): Claim {
  const { replay, allocator } = input
  const span = input.traced.span.to - input.traced.span.from
  if (Number.isNaN(span)) return nobody(timeless)
  if (span < LEAST_SPAN) return nobody(tooShort)
  const share = unexplainedShare(replay, mechanism)
  if (share > LITTLE) return nobody(otherThreads(share))
  if (mechanism === MAIN_HEAP) return claimMainHeap(replay.pid, users, proven)
  if (mechanism === ARENA) return claimArenas(replay.pid, users)
  if (mechanism === STACK) return claimStacks(stacks, proven)
  if (mechanism === MANAGED || mechanism === OTHER) return nobody(runtimeHeap)
  return claimDirect({
    mechanism,
    living: input.living[mechanism]!,
    span,
    shares: replay.ledger.sharesOf(mechanism),
    users,
    purgedByOthers: replay.ledger.purgedByOthers,
    activitiesOf: (tid) => replay.ledger.activities.recordsOf(tid, mechanism),
    startedBy: (tid) => input.traced.lives.get(tid)?.createdBy ?? null,
    proven,
    chunkAllocator: allocator?.chunks ? allocator : null,
    plainMalloc: allocator !== null && !allocator.chunks,
    isOrdered: input.traced.trace.hasDurations,
  })
}

/** Growth that snapshots show and no traced call made, as part of all growth of the mechanism. */
function unexplainedShare(replay: ProcessReplay, mechanism: MechanismCode): number {
  const seen = replay.ledger.unexplained[mechanism]!
  let acquired = 0
  for (const share of replay.ledger.sharesOf(mechanism).values()) acquired += share.acquired
  return seen === 0 ? 0 : seen / (seen + acquired)
}

const tooShort: Sentence = {
  en: 'The trace is shorter than 10 seconds: too short to tell a habit from a start.',
  zh: '跟踪不足 10 秒：太短，无法区分习惯性行为与启动过程。',
}

const timeless: Sentence = {
  en: 'The log carries no time stamps: how long it took, and whether this is a habit, it does not tell.',
  zh: '日志没有时间戳：无法得知它持续了多久，也无法判断这是否为习惯性行为。',
}

const otherThreads = (share: number): Sentence => ({
  en: `${formatShare(share)} of what appeared in the traced time was made by no traced call: threads that are not in the trace take part, so nobody is named. Trace all threads of the process (strace -f -p).`,
  zh: `跟踪时段内出现的内存有 ${formatShare(share)} 不来自任何被跟踪的调用：有未被跟踪的线程参与，因此不指认任何线程。请跟踪该进程的所有线程（strace -f -p）。`,
})

const runtimeHeap = {
  en: 'A runtime reserves this memory and opens it piece by piece for all its threads: the thread that makes the call is not the one that fills it. A heap dump or allocation profile of the runtime would settle it.',
  zh: '这部分内存由运行时预留并逐块开放给所有线程：发出调用的线程并非填充它的线程。运行时的堆转储或分配剖析可以确定。',
}

interface Sum {
  readonly tid: number
  readonly acquired: number
  readonly released: number
  readonly calls: number
  readonly live: number
  readonly count: number
}

function threadShares(input: AccountInput, mechanism: MechanismCode, users: ArenaUsers): ThreadShare[] {
  const shares = input.replay.ledger.sharesOf(mechanism)
  const sums = new Map<number, Sum>()
  for (const [tid, share] of shares)
    sums.set(tid, {
      tid,
      acquired: share.acquired,
      released: share.released,
      calls: share.calls,
      live: 0,
      count: 0,
    })
  for (const one of input.living[mechanism]!) {
    const sum = sums.get(one.tid)
    if (sum) sums.set(one.tid, { ...sum, live: sum.live + one.bytes, count: sum.count + one.calls })
  }
  // Everyone who may live on the same arena is involved, with or without a call.
  if (mechanism === MAIN_HEAP && users.arenaCount === 0 && sums.size > 0)
    for (const tid of users.active)
      if (!sums.has(tid)) sums.set(tid, { tid, acquired: 0, released: 0, calls: 0, live: 0, count: 0 })
  return rank([...sums.values()])
}

/** Stacks by who keeps them: the thread that started the last thread on each. */
function stackShares(input: AccountInput, stacks: StackEvidence): ThreadShare[] {
  const sums = new Map<number, Sum>()
  const add = (tid: number, more: Partial<Omit<Sum, 'tid'>>): void => {
    const sum = sums.get(tid) ?? { tid, acquired: 0, released: 0, calls: 0, live: 0, count: 0 }
    sums.set(tid, {
      tid,
      acquired: sum.acquired + (more.acquired ?? 0),
      released: sum.released + (more.released ?? 0),
      calls: sum.calls + (more.calls ?? 0),
      live: sum.live + (more.live ?? 0),
      count: sum.count + (more.count ?? 0),
    })
  }
  for (const [tid, share] of input.replay.ledger.sharesOf(STACK))
    add(tid, { acquired: share.acquired, released: share.released, calls: share.calls })
  const kept = stacks.lost.length > 0 ? stacks.lost : stacks.standing
  for (const run of kept) add(run.creator, { live: run.bytes, count: 1 })
  return rank([...sums.values()])
}

function rank(sums: readonly Sum[]): ThreadShare[] {
  const total = sums.reduce((all, sum) => all + Math.max(0, sum.live), 0)
  return [...sums]
    .sort((a, b) => b.live - a.live || b.acquired - a.acquired || a.tid - b.tid)
    .map((sum) => ({
      tid: sum.tid as Tid,
      acquiredBytes: sum.acquired as Bytes,
      releasedBytes: sum.released as Bytes,
      liveBytes: sum.live as Bytes,
      calls: sum.calls,
      liveCount: sum.count,
      share: total > 0 ? Math.max(0, sum.live) / total : 0,
    }))
}

function account(
  input: AccountInput,
  mechanism: MechanismCode,
  subject: string,
  shares: readonly ThreadShare[],
  claim: Claim,
  overdueCount: number,
  regions: readonly { readonly start: number; readonly end: number }[],
): MechanismAccount {
  const { replay, traced } = input
  const total = (pick: (share: ThreadShare) => number): number =>
    shares.reduce((sum, share) => sum + pick(share), 0)
  const acquired = total((share) => share.acquiredBytes)
  const released = total((share) => share.releasedBytes)
  const span = traced.span.to - traced.span.from
  const calls = total((share) => share.calls)
  return {
    pid: replay.pid,
    trace: traced.trace.name,
    mechanism: MECHANISMS[mechanism]!,
    subject,
    from: traced.placed ? (traced.span.from as Micros) : null,
    to: traced.placed ? (traced.span.to as Micros) : null,
    span: Number.isNaN(span) ? null : (span as Micros),
    shares,
    acquiredBytes: acquired as Bytes,
    releasedBytes: released as Bytes,
    liveBytes: total((share) => share.liveBytes) as Bytes,
    overdueCount,
    bytesPerHour: span >= LEAST_SPAN && calls >= LEAST_CALLS ? ((acquired - released) / span) * HOUR : null,
    culprit: claim.culprit,
    culpritReason: claim.reason,
    regions,
    references:
      subject === ''
        ? cite(preferOverdue(input.living[mechanism]!, claim.culprit?.tid ?? null), traced.trace, CITED)
        : [],
  }
}

const overdueCalls = (living: readonly Living[]): number =>
  living.reduce((count, one) => count + (one.overdue ? one.calls : 0), 0)

/** What the accused thread left, if there is one; else what is overdue; else whatever is alive. */
function preferOverdue(living: readonly Living[], tid: number | null): readonly Living[] {
  const own = tid === null ? [] : living.filter((one) => one.tid === tid && one.overdue)
  if (own.length > 0) return own
  const overdue = living.filter((one) => one.overdue)
  return overdue.length > 0 ? overdue : living
}

/** Where the live bytes of each mechanism lie, neighbours joined, biggest first. */
function regionsByMechanism(replay: ProcessReplay): { start: number; end: number }[][] {
  const regions: { start: number; end: number }[][] = MECHANISMS.map(() => [])
  const { records } = replay.ledger
  replay.space.map.forEach((start, end, owner) => {
    if (records.event(owner) < 0) return
    const list = regions[records.mechanism(owner)]
    const last = list?.at(-1)
    if (last !== undefined && last.end === start) last.end = end
    else list?.push({ start, end })
  })
  return regions.map((list) =>
    list.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start).slice(0, REGIONS),
  )
}
