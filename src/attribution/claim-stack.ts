/**
 * Whom thread stacks accuse: the thread that starts threads whose stacks never come back. glibc keeps the stack of a
 * joined or detached thread that ended in a cache and gives it to the next pthread_create, without any call
 * (nptl/allocatestack.c, `get_cached_stack`); only when none fits it maps a new one. So a stack whose thread had ended
 * before a new one of that size was mapped was not in the cache: nobody had joined or detached its thread.
 *
 *     stack A   |== job runs ==|                        (ended, still mapped)
 *     stack B                        mmap |== next job ==|     A was not free, or it would have been taken
 */
import { formatBytes, formatCount } from '../base/format.ts'
import type { Sentence } from '../model/sentence.ts'
import { accuse, type Claim, nobody } from './claim.ts'
import type { ProcessReplay } from './process-replay.ts'
import type { StackRun } from './stack-runs.ts'

/** One stack may be joined late, two may overlap; from three on nobody joins. */
const HABIT = 3
/** glibc takes a cached stack up to four times as large as asked for. */
const FITS = 4
const NEARLY_ALL = 0.9
/** The kernel clears the thread's number, and the starter may join, a moment after the thread's exit. */
const SETTLE = 100_000

export interface StackEvidence {
  readonly standing: readonly StackRun[]
  /** Proven not to have gone back to the cache. */
  readonly lost: readonly StackRun[]
}

export function stackEvidence(replay: ProcessReplay): StackEvidence {
  const standing = replay.stacks.standing(replay.space.map, replay.ledger)
  const lost = standing.filter((run) => {
    const ended = run.endedAt
    return (
      ended !== null &&
      replay.ledger.newStacks.some(
        (made) => made.at > ended + SETTLE && made.bytes <= run.bytes && run.bytes <= FITS * made.bytes,
      )
    )
  })
  return { standing, lost }
}

/** Bytes of stacks by the thread that started the last thread on each, biggest first. */
function bytesByCreator(runs: readonly StackRun[]): [tid: number, bytes: number][] {
  const sums = new Map<number, number>()
  for (const run of runs) sums.set(run.creator, (sums.get(run.creator) ?? 0) + run.bytes)
  return [...sums].sort(([tidA, a], [tidB, b]) => b - a || tidA - tidB)
}

export function claimStacks(evidence: StackEvidence, proven: boolean): Claim {
  const { lost, standing } = evidence
  if (lost.length === 0) return claimRunning(standing)
  const ranked = bytesByCreator(lost)
  const [tid, bytes] = ranked[0]!
  const own = lost.filter((run) => run.creator === tid)
  if (own.length < HABIT) return nobody(tooFew(own.length))
  const total = ranked.reduce((sum, [, each]) => sum + each, 0)
  if (bytes < NEARLY_ALL * total) return nobody(several(ranked.length))
  return accuse(tid, proven ? 'certain' : 'likely', neverJoined(tid, own.length, bytes))
}

/**
 * Threads that were started and go on running need their stacks: they are growth, not a leak. Who starts ever more of them
 * is seen all the same; only likely, because they may be a pool that is still filling up.
 */
function claimRunning(standing: readonly StackRun[]): Claim {
  if (standing.length === 0) return nobody(noStacks)
  const running = standing.filter((run) => run.endedAt === null)
  const [first] = bytesByCreator(running)
  const own = running.filter((run) => run.creator === first?.[0])
  if (first === undefined || own.length < HABIT || own.length < NEARLY_ALL * standing.length)
    return nobody(noneLost(standing.length))
  return accuse(first[0], 'likely', stillRunning(first[0], own.length, first[1]))
}

const stillRunning = (tid: number, count: number, bytes: number): Sentence => ({
  en: `Thread ${tid} started ${formatCount(count)} threads in the traced time that still run at its end (stacks of ${formatBytes(bytes)}). A thread that runs needs its stack: whether there are too many of them, or a pool is filling up, or each serves an open connection, calls do not tell.`,
  zh: `线程 ${tid} 在跟踪时段内启动的 ${formatCount(count)} 个线程到结束时仍在运行（栈共 ${formatBytes(bytes)}）。运行中的线程需要自己的栈：是线程过多、线程池正在填充，还是每个线程服务一个打开的连接，系统调用无法说明。`,
})

const noStacks: Sentence = {
  en: 'No thread that was started in the traced time left its stack behind.',
  zh: '跟踪时段内启动的线程均未留下线程栈。',
}

const noneLost = (count: number): Sentence => ({
  en: `${formatCount(count)} stacks of threads started in the traced time are mapped, but none of them is proven lost: their threads run, or they wait in the cache of the C library for the next thread.`,
  zh: `跟踪时段内启动的线程有 ${formatCount(count)} 个栈仍映射，但均未证明丢失：其线程仍在运行，或在 C 库缓存中等待下一个线程使用。`,
})

const tooFew = (count: number): Sentence => ({
  en: `Only ${formatCount(count)} stacks did not come back: too few to tell a leak from a late join.`,
  zh: `只有 ${formatCount(count)} 个栈没有归还：不足以区分泄漏与较晚的 join。`,
})

const several = (count: number): Sentence => ({
  en: `The stacks that did not come back belong to threads started by ${formatCount(count)} threads, so no single one is named.`,
  zh: `未归还的栈属于由 ${formatCount(count)} 个线程启动的线程，因此不指认单个线程。`,
})

const neverJoined = (tid: number, count: number, bytes: number): Sentence => ({
  en: `Thread ${tid} started ${formatCount(count)} threads that ended and whose stacks (${formatBytes(bytes)}) were never used again, while new stacks had to be mapped: those threads were neither joined nor detached.`,
  zh: `线程 ${tid} 启动的 ${formatCount(count)} 个线程已结束，其栈（${formatBytes(bytes)}）再未被使用，而新栈不得不另行映射：这些线程既未被 join 也未被 detach。`,
})
