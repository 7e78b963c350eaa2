/** What looks like a leak for as long as it has not reached its bound. */
import type { Pid } from '../../base/units.ts'
import type { Attribution, Mechanism } from '../../model/attribution.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { Charge } from '../accounts.ts'
import { saidOf } from '../said.ts'
import { beforeHan, say } from './say.ts'

/**
 * Where nothing was given back of what is kept: what looks the same, and what would tell; `null` where something was. Stacks
 * of threads that ended are in no cache that others could use: a new one was mapped beside them.
 */
export function fillingWords(
  { culprit, accounts }: Charge,
  attribution: Attribution,
  pid: Pid,
  mechanisms: readonly Mechanism[],
): Sentence | null {
  if (accounts.every(({ mechanism }) => mechanism === 'thread-stack')) return null
  const keeping = saidOf(attribution, pid)
    .threads.filter(({ tid }) => culprit === null || tid === culprit.tid)
    .flatMap(({ activities }) => activities)
    .filter(({ mechanism, never }) => mechanisms.includes(mechanism) && never > 0)
  if (keeping.length === 0 || keeping.some(({ released }) => released > 0)) return null
  return filling(culprit ? say(`thread ${culprit.tid}`, `线程 ${culprit.tid}`) : THESE_CALLS)
}

const THESE_CALLS = say('the threads that make these calls', '发出这些调用的线程')

const filling = (whose: Sentence): Sentence =>
  say(
    `Nothing of it was given back in the trace: a store or a cache that is still filling looks the same. It stops at its bound, so look in the code of ${whose.en} for one, or watch until it should be full.`,
    `跟踪期间没有归还任何部分：仍在填充的存储或缓存看起来也是这样。它到达上限就会停止，因此请在${beforeHan(whose.zh)}的代码中查找上限，或观察到它本应填满之后。`,
  )
