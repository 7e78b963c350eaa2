/**
 * Pages that were given back by madvise(MADV_FREE): they stay in Rss until the kernel needs memory, and smaps tells them
 * as LazyFree (mm/madvise.c). Allocators that free this way (Go 1.12 to 1.15, jemalloc, Chrome's) look like leaks by Rss.
 */
import { formatBytes } from '../base/format.ts'
import type { Sentence } from '../model/sentence.ts'
import type { Growth } from './growth.ts'
import { say } from './words/say.ts'

/** The rest may be what was in use at the last snapshot and given back a moment later. */
const NEARLY_ALL = 0.9
/** Less does not change what is said. */
const WORTH_SAYING = 0.1

/** How far LazyFree rose in the time of a growth of resident memory; 0 where it is not known. */
function lazilyFreed({ process, segment, quantity, onset, from }: Growth): number {
  if (quantity !== 'rss') return 0
  const since = process.snapshots
    .slice(segment.first, segment.last + 1)
    .filter(({ usable, time }) => usable && time >= (onset ?? from))
  return Math.max(0, (since.at(-1)?.lazyFree ?? 0) - (since[0]?.lazyFree ?? 0))
}

/** Whether what grows was given back, so that the kernel can take it at any time. */
export const isGivenBack = (growth: Growth): boolean => lazilyFreed(growth) >= NEARLY_ALL * growth.grown

export function lazyFreeWords(growth: Growth): Sentence | null {
  const freed = lazilyFreed(growth)
  if (freed < WORTH_SAYING * growth.grown) return null
  return say(
    `${formatBytes(freed)} more are LazyFree: given back by madvise(MADV_FREE), counted as resident until the kernel needs memory and takes them.`,
    `其中新增 ${formatBytes(freed)} 为 LazyFree：已通过 madvise(MADV_FREE) 归还，在内核需要内存并收回之前仍计为常驻。`,
  )
}
