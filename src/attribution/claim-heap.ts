/**
 * Whom growing malloc heaps accuse. The call that extends an arena says who met its end, not who keeps the memory:
 * where two threads share an arena, one may live on what the other has just freed and never call at all. So a thread
 * is named only where no other thread can have used the arena.
 *
 *     main arena   feed-in  keeps a block … keeps a block … keeps a block
 *                  janitor  frees 60 blocks … asks for 60, finds none free → brk
 */
import { formatCount, formatShare } from '../base/format.ts'
import type { Sentence } from '../model/sentence.ts'
import { accuse, type Claim, nobody } from './claim.ts'
import type { Arena, ArenaUsers } from './users.ts'

/** Other arenas may grow by what their threads warm up with; a quarter and more is a second one that grows. */
const MOST = 0.75

/** The main heap, extended by brk. */
export function claimMainHeap(pid: number, users: ArenaUsers, proven: boolean): Claim {
  const [only] = users.mainHeap
  if (only === undefined) return nobody(noExtension)
  if (users.mainHeap.length > 1) return nobody(shared(users.mainHeap, users.active.length))
  const open = users.active.filter((tid) => tid !== only && !users.arenasOf.has(tid))
  if (users.untraced > 0) return nobody(untraced(users.untraced))
  if (mostlyByOthers(users.mainHeapReleased, only)) return nobody(freedByOthers(only))
  if (open.length + users.unclaimedCallers === 0) {
    // A thread that computes without a call leaves no line in a log of all threads, only its stack.
    const alone = users.active.length === 1 && users.silent.length === 0 && users.unclaimedStacks === 0
    return accuse(
      only,
      alone && proven ? 'certain' : 'likely',
      alone ? ranAlone(only) : othersElsewhere(only),
    )
  }
  // glibc gives the main arena to the main thread, and a new one to every other thread while the limit allows.
  const taken = users.arenas.filter((arena) => [...arena.growth.keys()].some((tid) => tid !== only)).length
  const needed = arenasNeeded(pid, open, users)
  return only === pid
    ? whereEnough(only, users.arenaCount - taken, needed, users)
    : nobody(mayShare(only, needed, users))
}

/** Arenas beside the main one, extended by mprotect. */
export function claimArenas(pid: number, users: ArenaUsers): Claim {
  const biggest = users.arenas[0]
  if (biggest === undefined) return nobody(noExtension)
  const total = users.arenas.reduce((sum, arena) => sum + arena.bytes, 0)
  if (biggest.bytes < MOST * total) return nobody(severalArenas(users.arenas, total))
  return claimArena(pid, biggest, users)
}

export function claimArena(pid: number, arena: Arena, users: ArenaUsers): Claim {
  const extenders = [...arena.growth.keys()].sort((a, b) => a - b)
  const [only] = extenders
  if (only === undefined) return nobody(noExtension)
  if (extenders.length > 1) return nobody(shared(extenders, users.active.length))
  if (users.untraced > 0) return nobody(untraced(users.untraced))
  const isElsewhere = (tid: number): boolean =>
    users.mainHeap.includes(tid) || (users.arenasOf.get(tid) ?? 0) > (arena.growth.has(tid) ? 1 : 0)
  // The main thread keeps to the main arena (malloc/arena.c, ptmalloc_init).
  const open = users.active.filter((tid) => tid !== only && tid !== pid && !isElsewhere(tid))
  if (isElsewhere(only)) return nobody(moved(only))
  if (mostlyByOthers(arena.trims, only)) return nobody(freedByOthers(only))
  if (open.length + users.unclaimedCallers === 0) return accuse(only, 'likely', othersElsewhere(only))
  const needed = arenasNeeded(pid, open, users)
  return whereEnough(only, users.arenaCount - users.arenas.length, needed, users)
}

/** Accuses the only one who extends an arena where `free` ones are enough for whoever else needs one. */
function whereEnough(only: number, free: number, needed: number, users: ArenaUsers): Claim {
  if (free < needed) return nobody(mayShare(only, needed, users))
  if (mayHaveMetBound(users)) return nobody(bounded(only, users))
  return accuse(only, 'likely', arenaForEach(only, users))
}

/** MALLOC_ARENA_MAX as services set it; with 1 there is no arena beside the main one. */
const SET_BY_HAND = [2, 4]

/**
 * Arenas that these threads need to have one each, and whoever may have made calls on the stacks of no traced thread.
 * malloc gives each thread one of its own until there are as many as it may make: from then on also those count that
 * slept through the trace. They used none in it, but each has had one since its first allocation.
 */
function arenasNeeded(pid: number, open: readonly number[], users: ArenaUsers): number {
  const bounded = SET_BY_HAND.includes(users.arenaCount + 1)
  const idle = bounded ? users.asleep.filter((tid) => tid !== pid) : []
  return users.atOnce([...open, ...idle]) + users.unclaimedCallers
}

/** From the bound on, malloc gives new threads the arenas of others; those others may have ended since. */
const mayHaveMetBound = ({ arenaCount, arenasPerProcessor }: ArenaUsers): boolean =>
  (arenaCount + 1) % arenasPerProcessor === 0

/** Who trims the top frees there: where that is mostly another thread, blocks are handed over. */
function mostlyByOthers(released: ReadonlyMap<number, number>, tid: number): boolean {
  const total = [...released.values()].reduce((sum, bytes) => sum + bytes, 0)
  return (total - (released.get(tid) ?? 0)) * 2 > total
}

const freedByOthers = (tid: number): Sentence => ({
  en: `Thread ${tid} extends this malloc arena, but what is given back is given back by other threads: blocks are handed over, and calls cannot tell which side forgets some. ${PROFILE.en}`,
  zh: `线程 ${tid} 扩展该 malloc arena，但归还的部分由其他线程归还：内存块被移交，系统调用无法说明是哪一方遗漏。${PROFILE.zh}`,
})

const PROFILE = {
  en: 'Stacks at malloc would settle it (a heap profiler, or an uprobe on malloc and free).',
  zh: 'malloc 处的调用栈可以确定（堆分析器，或 malloc 与 free 上的 uprobe）。',
}

const noExtension: Sentence = {
  en: 'No call of the traced time extended it.',
  zh: '跟踪时段内没有调用扩展它。',
}

const shared = (extenders: readonly number[], active: number): Sentence => ({
  en: `${formatCount(extenders.length)} threads extend the same malloc arena, of ${formatCount(active)} that ran: whoever meets the end of the free memory makes the call, so calls alone cannot tell who keeps it. ${PROFILE.en}`,
  zh: `在运行的 ${formatCount(active)} 个线程中，有 ${formatCount(extenders.length)} 个扩展同一个 malloc arena：谁遇到空闲内存耗尽，谁就发出调用，因此仅凭系统调用无法判断是谁占用。${PROFILE.zh}`,
})

const mayShare = (tid: number, open: number, users: ArenaUsers): Sentence => ({
  en: `Thread ${tid} made every extension, but ${open === 1 ? 'one other thread' : `${formatCount(open)} other threads`} may use the same malloc arena (other arenas: ${formatCount(users.arenaCount)}): the thread that extends it is not always the one that keeps the memory. ${PROFILE.en}`,
  zh: `所有扩展都由线程 ${tid} 发出，但另有 ${formatCount(open)} 个线程可能使用同一个 malloc arena（此外只有 ${formatCount(users.arenaCount)} 个 arena）：扩展它的线程不一定是占用内存的线程。${PROFILE.zh}`,
})

const untraced = (count: number): Sentence => ({
  en: `The trace does not cover at least ${count === 1 ? 'one thread' : `${formatCount(count)} threads`} of the process, which may use the same malloc arena. A trace with -f of all threads would settle more.`,
  zh: `跟踪未覆盖该进程的至少 ${formatCount(count)} 个线程，它们可能使用同一个 malloc arena。用 -f 跟踪所有线程可以确定更多。`,
})

const ranAlone = (tid: number): Sentence => ({
  en: `Thread ${tid} made every extension, and no other thread of the process ran in the traced time.`,
  zh: `所有扩展都由线程 ${tid} 发出，且跟踪时段内该进程没有其他线程运行。`,
})

const othersElsewhere = (tid: number): Sentence => ({
  en: `Thread ${tid} made every extension of this malloc arena, and every other thread that ran was seen to extend another one: it is the only user. It allocates what stays; who should have freed it, calls cannot tell.`,
  zh: `该 malloc arena 的所有扩展都由线程 ${tid} 发出，且其他在运行的线程都扩展了别的 arena：它是唯一的使用者。留存的内存由它分配；本应由谁释放，系统调用无法说明。`,
})

const arenaForEach = (tid: number, users: ArenaUsers): Sentence => ({
  en: `Thread ${tid} made every extension of this malloc arena, and there are arenas enough (${formatCount(users.arenaCount)} beside the main one) for every other thread that ran to have its own. It allocates what stays; who should have freed it, calls cannot tell.`,
  zh: `该 malloc arena 的所有扩展都由线程 ${tid} 发出，且 arena 足够多（主 arena 之外有 ${formatCount(users.arenaCount)} 个），其他在运行的线程可各有一个。留存的内存由它分配；本应由谁释放，系统调用无法说明。`,
})

const bounded = (tid: number, users: ArenaUsers): Sentence => ({
  en: `Thread ${tid} made every extension of this malloc arena, but with ${formatCount(users.arenaCount)} beside the main one there may be as many as malloc makes (${formatCount(users.arenasPerProcessor)} for each processor): threads that started from then on share an arena with others, even where most have ended since. ${PROFILE.en}`,
  zh: `该 malloc arena 的所有扩展都由线程 ${tid} 发出，但主 arena 之外已有 ${formatCount(users.arenaCount)} 个，总数可能已达 malloc 的上限（每个处理器 ${formatCount(users.arenasPerProcessor)} 个）：此后启动的线程会与其他线程共用 arena，即使多数线程后来已结束。${PROFILE.zh}`,
})

function severalArenas(arenas: readonly Arena[], total: number): Sentence {
  const shares = arenas.slice(0, 3).map(({ growth, bytes }) => ({
    tids: [...growth.keys()].sort((a, b) => a - b).slice(0, 3),
    share: formatShare(bytes / total),
  }))
  const en = shares.map(({ tids, share }) => `${share} in that of thread ${tids.join(', ')}`).join(', ')
  const zh = shares.map(({ tids, share }) => `线程 ${tids.join('、')} 的占 ${share}`).join('，')
  return {
    en: `Several malloc arenas grew (${formatCount(arenas.length)}: ${en}), so no single thread is named.`,
    zh: `有 ${formatCount(arenas.length)} 个 malloc arena 在增长（${zh}），因此不指认单个线程。`,
  }
}

const moved = (tid: number): Sentence => ({
  en: `Thread ${tid} extended more than one malloc arena, so arenas change hands here and nobody is named. ${PROFILE.en}`,
  zh: `线程 ${tid} 扩展了不止一个 malloc arena，说明这里的 arena 会易手，因此不指认任何线程。${PROFILE.zh}`,
})
