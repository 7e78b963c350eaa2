/** What looks like a leak for as long as it has not reached its bound. */
import type { Pid } from '../../base/units.ts'
import type { Attribution, Mechanism } from '../../model/attribution.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { Charge } from '../accounts.ts'
import { saidOf } from '../said.ts'
import { say } from './say.ts'

/**
 * Where nothing was given back of what is kept: what looks the same; `null` where something was. Stacks
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
  return FILLING
}

const FILLING = say(
  'Not one made in this way was given back: a cache that still fills, or a pool that others draw from, looks the same.',
  '以这种方式产生的没有一个被归还：仍在填充的缓存，或供其他线程取用的内存池，看起来也是这样。',
)
