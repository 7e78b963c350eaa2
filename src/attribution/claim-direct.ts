/**
 * Whom direct mappings accuse: blocks that one call makes and one call releases (mmap, shmat, mremap), so that the
 * replay sees each of them come and go.
 *
 * What calls cannot tell: who should have released a block that one thread maps and another usually unmaps; who keeps
 * memory inside a chunk that an allocator maps for all threads.
 */
import { formatBytes, formatCount, formatShare } from '../base/format.ts'
import type { Sentence } from '../model/sentence.ts'
import type { ActivityRecord } from './activity-table.ts'
import { accuse, type Claim, inTurn, nobody } from './claim.ts'
import { bytesByThread, type Living } from './living.ts'
import { ANONYMOUS, type MechanismCode, MREMAP } from './mechanism.ts'
import type { Share } from './thread-ledger.ts'
import type { ArenaUsers } from './users.ts'

/** One or two blocks that stay are a start-up object or a retry; from three on they are a habit. */
const HABIT = 3
/**
 * The rest may be blocks that were not overdue a moment later; below this two threads share the growth. And of what its
 * maker did not release itself, so much must have stayed: below it releasing these blocks is the work of others, however
 * many blocks of the same kind the maker needs for a moment only.
 */
const NEARLY_ALL = 0.9
/** Chance that blocks which are in fact ordinary all outlive every released one; one in a hundred at most. */
const CHANCE = 0.01

/**
 * Where so much of what stayed stands against older blocks that were released, blocks live longer than the trace: a load
 * that rises leaves more than it releases.
 */
const LONG_LIVED = 0.25

/** What was mapped within a smaller part of the traced time is one event: a start, a reload, a batch. */
const PART_OF_SPAN = 0.25

/**
 * jemalloc makes four arenas for each processor, and one where there is only one: how many there are is not in the
 * evidence. With more threads than two processors give arenas, some share one.
 */
const OWN_ARENAS = 8

export interface DirectEvidence {
  readonly mechanism: MechanismCode
  readonly living: readonly Living[]
  /** Traced time, microseconds. */
  readonly span: number
  readonly shares: ReadonlyMap<number, Share>
  readonly users: ArenaUsers
  /** Threads inside whose mappings another thread gave pages back. */
  readonly purgedByOthers: ReadonlySet<number>
  /** All that a thread does by this mechanism, whether something of it stayed or not. */
  readonly activitiesOf: (tid: number) => readonly ActivityRecord[]
  /** Who started a thread inside the trace; `null` = before it. */
  readonly startedBy: (tid: number) => number | null
  /** Replay and snapshots agree, all threads traced, effect order known. */
  readonly proven: boolean
  /** The program's allocator maps chunks for all threads; `null` when blocks are mapped one by one. */
  readonly chunkAllocator: { readonly name: string; readonly perThread: boolean } | null
  /** The C library's malloc and nothing else: it maps blocks one by one. */
  readonly plainMalloc: boolean
  /** Whether the order of effects is known: without -T the calls of threads may stand in another than they were made in. */
  readonly isOrdered: boolean
}

export function claimDirect(evidence: DirectEvidence): Claim {
  const { living } = evidence
  const stays = living.filter((one) => one.overdue)
  if (stays.length === 0) return nobody(nothingStays(living))
  const overdue = withoutReplacing(evidence, stays)
  const total = sum(overdue)
  const [tid, bytes] = bytesByThread(overdue)[0]!
  const own = overdue.filter((one) => one.tid === tid)
  const calls = callsOf(own)
  if (bytes < NEARLY_ALL * total) return nobody(severalThreads(overdue, total, evidence.startedBy))
  if (calls < HABIT && !(evidence.chunkAllocator && calls > 1)) return nobody(tooFew(calls))
  if (spread(own) < PART_OF_SPAN * evidence.span) return nobody(burst(tid, calls))
  const activities = [...new Set(own.map((one) => one.activity))]
  const released = activities.reduce((count, activity) => count + activity.releasedBytes, 0)
  const handed = activities.reduce((count, activity) => count + activity.handedBytes, 0)
  const unseenOf = evidence.isOrdered && evidence.activitiesOf(tid).find(isReleasedUnseen)
  if (unseenOf) return nobody(unseen(tid, unseenOf.displaced))
  if (handed * 2 > released || bytes < NEARLY_ALL * (handed + bytes))
    return nobody(handedOver(tid, handed, bytes))
  const replaced = replacedOlder(evidence.shares, tid, living)
  if (replaced >= bytes) return nobody(steady(tid))
  const older = releasedByOthers(evidence.shares, tid)
  const isNeverReleased = activities.every((activity) => activity.released === 0)
  if (isNeverReleased && bytes < NEARLY_ALL * (older + bytes)) return nobody(backlog(tid, older))
  if (replaced >= LONG_LIVED * bytes) return inTurn(longLived(tid, replaced, bytes))
  const pooled = looksPooled(evidence, activities)
  if (pooled !== null) return claimChunks(evidence, tid, calls, bytes, pooled.perThread)
  const isAll = overdue.length === stays.length
  const certain =
    evidence.proven &&
    isAll &&
    handed === 0 &&
    unlikelyByChance(activities, own) &&
    !(isNeverReleased && mayBePool(evidence, tid, activities))
  return accuse(tid, certain ? 'certain' : 'likely', neverReleased(evidence, tid, activities))
}

/** Chunks tell who keeps what is in them only where the thread has them to itself. */
function claimChunks(
  { users, purgedByOthers }: DirectEvidence,
  tid: number,
  calls: number,
  bytes: number,
  perThread: boolean,
): Claim {
  const others = users.active.filter((other) => other !== tid).length
  if (users.untraced > 0 || (others > 0 && !perThread)) return nobody(pool(tid, others))
  if (others === 0) return accuse(tid, 'likely', chunks(tid, calls, bytes))
  if (calls < HABIT) return nobody(tooFew(calls))
  const threads = users.active.length + users.asleep.length + users.unclaimedStacks
  if (threads > OWN_ARENAS || purgedByOthers.has(tid)) return nobody(pool(tid, others))
  return accuse(tid, 'likely', ownChunks(tid, calls, bytes))
}

/** Time between the first and the last of these. */
const spread = (living: readonly Living[]): number =>
  living.reduce((last, one) => Math.max(last, one.at), Number.NEGATIVE_INFINITY) -
  living.reduce((first, one) => Math.min(first, one.at), Number.POSITIVE_INFINITY)

const sum = (living: readonly Living[]): number => living.reduce((bytes, one) => bytes + one.bytes, 0)
const callsOf = (living: readonly Living[]): number => living.reduce((count, one) => count + one.calls, 0)

/**
 * What stays, without that of threads that replace blocks from before the trace: a ring that is longer than the trace
 * leaves as many as it releases. Only where all calls together add what is left: else those blocks replace nothing.
 */
function withoutReplacing({ shares, living }: DirectEvidence, stays: readonly Living[]): readonly Living[] {
  const replacing = bytesByThread(stays)
    .filter(([tid, bytes]) => (shares.get(tid)?.releasedOlder ?? 0) - ordinaryOf(living, tid) >= bytes)
    .map(([tid]) => tid)
  const others = stays.filter(({ tid }) => !replacing.includes(tid))
  const net = [...shares.values()].reduce((all, share) => all + share.acquired - share.released, 0)
  return others.length > 0 && net >= NEARLY_ALL * sum(others) ? others : stays
}

/** The thread's own blocks that are not overdue stand against older ones of the same habit. */
const ordinaryOf = (living: readonly Living[], tid: number): number =>
  sum(living.filter((one) => one.tid === tid && !one.overdue))

/**
 * Bytes from before the trace that the same thread released, or threads that only release, beyond those that stand against
 * its newest blocks. Where they are as many as stayed, its blocks merely live longer than the trace, and nothing grows.
 */
function replacedOlder(shares: ReadonlyMap<number, Share>, tid: number, living: readonly Living[]): number {
  let older = 0
  for (const [other, share] of shares) if (other === tid || share.acquired === 0) older += share.releasedOlder
  return older - ordinaryOf(living, tid)
}

/** Whether most blocks of an activity that are taken to be released are so only because their place was mapped anew. */
const isReleasedUnseen = ({ displaced, released }: ActivityRecord): boolean =>
  displaced >= HABIT && displaced * 2 >= released

/** What threads that map nothing themselves released of what was there before the trace, bytes. */
function releasedByOthers(shares: ReadonlyMap<number, Share>, tid: number): number {
  let older = 0
  for (const [other, share] of shares) if (other !== tid && share.acquired === 0) older += share.releasedOlder
  return older
}

/** Blocks whose activity never released one, all multiples of 64 KiB, are how allocators take chunks for their pools. */
function looksPooled(
  evidence: DirectEvidence,
  activities: readonly ActivityRecord[],
): { readonly perThread: boolean } | null {
  if (evidence.mechanism !== ANONYMOUS || activities.some((activity) => activity.released > 0)) return null
  if (evidence.chunkAllocator !== null) return evidence.chunkAllocator
  return !evidence.plainMalloc && arePieces(activities) ? { perThread: false } : null
}

function arePieces(activities: readonly ActivityRecord[]): boolean {
  const count = activities.reduce((all, activity) => all + activity.count, 0)
  const pooled = activities.reduce((all, activity) => all + activity.pooled, 0)
  return pooled * 2 > count
}

/**
 * malloc of the C library maps a header with each block, which makes it a page longer than such a piece: the program maps
 * these itself, for one use each or for a pool that other threads fill.
 */
const mayBePool = (
  { mechanism, plainMalloc, users }: DirectEvidence,
  tid: number,
  activities: readonly ActivityRecord[],
): boolean =>
  mechanism === ANONYMOUS &&
  plainMalloc &&
  arePieces(activities) &&
  users.active.some((other) => other !== tid)

/**
 * With n released and k kept, all kept ones outlive all released ones by chance once in C(n + k, k) ways. Without any
 * release, a habit that was never once undone is no chance.
 */
function unlikelyByChance(activities: readonly ActivityRecord[], own: readonly Living[]): boolean {
  const kept = callsOf(own)
  const released = activities.reduce((count, activity) => count + activity.released, 0)
  if (released === 0) return kept >= 2 * HABIT
  let ways = 1
  for (let k = 1; k <= kept && ways * CHANCE < 1; k += 1) ways = (ways * (released + k)) / k
  return ways * CHANCE >= 1
}

const nothingStays = (living: readonly Living[]): Sentence =>
  living.length === 0
    ? {
        en: 'Everything mapped in the traced time was released again.',
        zh: '跟踪时段内映射的内存都已释放。',
      }
    : {
        en: `The ${formatCount(living.length)} still mapped at the end are no older than those that were released: they were simply not released yet.`,
        zh: `结束时仍映射的 ${formatCount(living.length)} 个，其存在时间并不长于已释放的：只是尚未轮到释放。`,
      }

function severalThreads(
  overdue: readonly Living[],
  total: number,
  startedBy: (tid: number) => number | null,
): Sentence {
  const byStarter = new Map<number | null, number>()
  for (const one of overdue) {
    const starter = startedBy(one.tid)
    byStarter.set(starter, (byStarter.get(starter) ?? 0) + one.bytes)
  }
  for (const [starter, bytes] of byStarter)
    if (starter !== null && bytes >= NEARLY_ALL * total)
      return {
        en: `What was never released was mapped by ${formatCount(bytesByThread(overdue).length)} threads that thread ${starter} started, each a little: the code that they run forgets it, and no single thread is named.`,
        zh: `从未释放的内存由线程 ${starter} 启动的 ${formatCount(bytesByThread(overdue).length)} 个线程各映射少许：是它们运行的代码有所遗漏，因此不指认单个线程。`,
      }
  const shares = bytesByThread(overdue).slice(0, 3)
  const en = shares.map(([tid, bytes]) => `thread ${tid} ${formatShare(bytes / total)}`).join(', ')
  const zh = shares.map(([tid, bytes]) => `线程 ${tid} ${formatShare(bytes / total)}`).join('，')
  return {
    en: `What was never released was mapped by several threads (${en}), so no single one is named.`,
    zh: `从未释放的内存由多个线程映射（${zh}），因此不指认单个线程。`,
  }
}

const tooFew = (calls: number): Sentence => ({
  en: `Only ${formatCount(calls)} of these calls left something that was never released: too few to tell a habit from a single object. A longer trace would settle it.`,
  zh: `只有 ${formatCount(calls)} 次此类调用留下从未释放的内存：不足以区分习惯性行为与单个对象。更长时间的跟踪可以确定。`,
})

const burst = (tid: number, calls: number): Sentence => ({
  en: `Thread ${tid} mapped what stayed (${formatCount(calls)} calls) in one burst: a start, a reload or a batch, not a habit. A longer trace would show whether it recurs.`,
  zh: `线程 ${tid} 在一次集中操作中映射了留存的内存（${formatCount(calls)} 次调用）：属于启动、重载或批处理，而非习惯。更长时间的跟踪可显示其是否重复。`,
})

const handedOver = (tid: number, handed: number, kept: number): Sentence => ({
  en: `Thread ${tid} maps these blocks and other threads release them (${formatBytes(handed)} in the traced time, while ${formatBytes(kept)} stayed): calls alone cannot tell which side forgets the ones that stay. Stacks on both sides would (strace -k -e trace=mmap,munmap).`,
  zh: `线程 ${tid} 映射这些内存块，而由其他线程释放（跟踪时段内释放 ${formatBytes(handed)}，留存 ${formatBytes(kept)}）：仅凭系统调用无法判断是哪一方遗漏了留存的部分。两侧的调用栈可以确定（strace -k -e trace=mmap,munmap）。`,
})

const unseen = (tid: number, places: number): Sentence => ({
  en: `Thread ${tid} maps these blocks, and ${formatCount(places)} times a mapping came where a block of its was still there: calls that release them are not in the log, be it of threads that it does not hold or of names that were left out. Who forgets those that stay, the rest does not tell. Trace all threads, with mmap and munmap (strace -f -e trace=memory -p).`,
  zh: `线程 ${tid} 映射这些内存块，而有 ${formatCount(places)} 次新映射落在它的某个仍存在的内存块之处：释放它们的调用不在日志中，可能属于日志未包含的线程，也可能是被过滤掉的调用。仅凭其余调用无法说明是谁遗漏了留存的部分。请跟踪所有线程的 mmap 与 munmap（strace -f -e trace=memory -p）。`,
})

const backlog = (tid: number, older: number): Sentence => ({
  en: `Thread ${tid} maps these blocks and released none of them, but threads that map none released ${formatBytes(older)} from before the trace: if those were such blocks, what stayed may only wait for them. A trace from before the growth on, or stacks on both sides, would settle it (strace -k -e trace=mmap,munmap).`,
  zh: `线程 ${tid} 映射这些内存块且从未释放，但不做映射的线程释放了跟踪开始前的 ${formatBytes(older)}：若那些也是此类内存块，留存的可能只是在等待它们释放。从增长之前开始的跟踪，或两侧的调用栈，可以确定（strace -k -e trace=mmap,munmap）。`,
})

const steady = (tid: number): Sentence => ({
  en: `Thread ${tid} released as much from before the trace as it left behind: its blocks live longer than the trace, and by these calls nothing grows.`,
  zh: `线程 ${tid} 释放的跟踪前内存与其留下的一样多：这些内存块的寿命长于跟踪时段，从调用上看没有增长。`,
})

const longLived = (tid: number, older: number, kept: number): Sentence => ({
  en: `Thread ${tid} left ${formatBytes(kept)}, but ${formatBytes(older)} from before the trace were released: blocks live longer than the trace, and where the load rises more of them stay than go. A trace that is longer than the blocks live would settle it.`,
  zh: `线程 ${tid} 留下 ${formatBytes(kept)}，但跟踪开始前的 ${formatBytes(older)} 被释放：内存块的寿命长于跟踪时段，负载上升时留下的就比释放的多。比内存块寿命更长的跟踪可以确定。`,
})

const pool = (tid: number, others: number): Sentence => ({
  en: `Thread ${tid} made the calls, but the blocks look like chunks that an allocator maps for all threads, and ${others === 1 ? 'one other thread' : `${formatCount(others)} other threads`} ran: the one that asks for a chunk is not always the one that keeps the memory. A heap profiler or an uprobe on malloc would settle it.`,
  zh: `这些调用由线程 ${tid} 发出，但内存块像是分配器为所有线程映射的大块，而且另有 ${formatCount(others)} 个线程在运行：申请大块的线程不一定是占用内存的线程。堆分析器或 malloc 上的 uprobe 可以确定。`,
})

const chunks = (tid: number, calls: number, bytes: number): Sentence => ({
  en: `All ${formatCount(calls)} chunks (${formatBytes(bytes)}) were mapped by thread ${tid} and none was released; no other thread did work that could have filled them.`,
  zh: `全部 ${formatCount(calls)} 个大块（${formatBytes(bytes)}）都由线程 ${tid} 映射且均未释放；没有其他线程做过可能填充它们的工作。`,
})

const ownChunks = (tid: number, calls: number, bytes: number): Sentence => ({
  en: `All ${formatCount(calls)} chunks (${formatBytes(bytes)}) were mapped by thread ${tid} and none was released; on a machine with two processors or more the allocator gives threads chunks of their own, and no other thread was seen to use these. It allocates what stays; who should have freed it, calls cannot tell.`,
  zh: `全部 ${formatCount(calls)} 个大块（${formatBytes(bytes)}）都由线程 ${tid} 映射且均未释放；在有两个或更多处理器的机器上，该分配器为各线程分配各自的大块，未见其他线程使用这些大块。留存的内存由它分配；本应由谁释放，系统调用无法说明。`,
})

/** Of all that the thread mapped this way, as whoever counts its calls finds it: what stayed, and who released the rest. */
function neverReleased(
  evidence: DirectEvidence,
  tid: number,
  activities: readonly ActivityRecord[],
): Sentence {
  const own = evidence.living.filter((one) => one.tid === tid)
  const kept = callsOf(own)
  const size = formatBytes(sum(own))
  if (activities.every((activity) => activity.mechanism === MREMAP))
    return {
      en: `Thread ${tid} made ${formatCount(kept)} mremap calls that grew a mapping by ${size} in all; none of it was given back.`,
      zh: `线程 ${tid} 通过 ${formatCount(kept)} 次 mremap 将映射扩大了共 ${size}，且从未归还。`,
    }
  const made = evidence.shares.get(tid)?.calls ?? kept
  if (made <= kept)
    return {
      en: `Thread ${tid} mapped ${formatCount(kept)} of these (${size}) and nobody released a single one.`,
      zh: `线程 ${tid} 映射了 ${formatCount(kept)} 个（${size}），无人释放过其中任何一个。`,
    }
  const others = othersReleased(evidence.activitiesOf(tid))
  const stayed = longerThanReleased(callsOf(own.filter((one) => one.overdue)), kept, activities)
  return {
    en: `Thread ${tid} mapped ${formatCount(made)} of these${others.en}; ${formatCount(kept)} (${size}) stayed, ${stayed.en}.`,
    zh: `线程 ${tid} 映射了 ${formatCount(made)} 个，${others.zh}；${formatCount(kept)} 个（${size}）留存下来，${stayed.zh}。`,
  }
}

function othersReleased(activities: readonly ActivityRecord[]): Sentence {
  const handed = activities.reduce((bytes, activity) => bytes + activity.handedBytes, 0)
  if (handed === 0) return { en: ' and released the others itself', zh: '其余由其自行释放' }
  const size = formatBytes(handed)
  return {
    en: `, of which other threads released ${size}`,
    zh: `其中 ${size} 由其他线程释放`,
  }
}

/** How those that stayed stand against those of their activity that were released. */
function longerThanReleased(overdue: number, kept: number, activities: readonly ActivityRecord[]): Sentence {
  const all = overdue === kept
  const some = formatCount(overdue)
  if (activities.some(({ released }) => released > 0))
    return {
      en: `${all ? 'all' : some} of them longer than any released one that was mapped after the same calls`,
      zh: `${all ? '全部' : `其中 ${some} 个`}存在得比在相同调用之后映射且已释放的任何一个都久`,
    }
  return all
    ? {
        en: 'and nobody released a single one that was mapped after the same calls',
        zh: '而在相同调用之后映射的，无人释放过其中任何一个',
      }
    : {
        en: `${some} of them mapped after calls after which nobody released a single one`,
        zh: `其中 ${some} 个在某些调用之后映射，而在这些调用之后映射的，无人释放过其中任何一个`,
      }
}
