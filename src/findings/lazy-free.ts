/**
 * Pages that were given back by madvise(MADV_FREE): they stay in Rss until the kernel needs memory, and smaps tells them
 * as LazyFree (mm/madvise.c). Allocators that free this way (Go 1.12 to 1.15, jemalloc, Chrome's) look like leaks by Rss.
 */
import { formatBytes } from '../base/format.ts'
import type { MappingKind } from '../model/mapping-kind.ts'
import type { Sentence } from '../model/sentence.ts'
import type { Amounts, SnapshotSummary } from '../model/timeline.ts'
import { seriesOf } from '../timeline/trend/series.ts'
import { riseOf } from '../timeline/trend/theil-sen.ts'
import { type Growth, levelOf, snapshotsOf } from './growth.ts'
import { say } from './words/say.ts'

/** The rest may be what was in use at the last snapshot and given back a moment later. */
const NEARLY_ALL = 0.9
/** Less does not change what is said. */
const WORTH_SAYING = 0.1

export interface GivenBack {
  /** How far LazyFree of the growing kinds rose in the time of the growth, and no further than what grew. */
  readonly freed: number
  /** How far the rest of their resident memory rose. */
  readonly kept: number
}

/** What of a growth is LazyFree; `null` where nothing is known to be. */
export function givenBackOf(growth: Growth): GivenBack | null {
  const since = snapshotsOf(growth)
  if (growth.quantity !== 'rss' || since.every(({ lazyFree }) => !lazyFree)) return null
  const lazy = since.map((snapshot) => lazyFreeIn(snapshot, growth.kinds))
  const kept = since.map((snapshot, at) => levelOf(snapshot, growth.kinds, 'rss') - lazy[at]!)
  const times = since.map(({ time }) => time)
  const rise = (values: readonly number[]): number => riseOf(seriesOf(times, values))
  return { freed: Math.min(growth.grown, Math.round(rise(lazy))), kept: rise(kept) }
}

/** What is LazyFree in these kinds at the least: the sum is known of the whole process, and where it can lie. */
function lazyFreeIn({ lazyFree, byKind }: SnapshotSummary, kinds: readonly MappingKind[]): number {
  let own = 0
  let elsewhere = 0
  for (const [kind, amounts] of byKind) {
    const most = cleanOf(amounts)
    if (kinds.includes(kind)) own += most ?? 0
    else elsewhere += most ?? Number.POSITIVE_INFINITY
  }
  return Math.max(0, Math.min(own, (lazyFree ?? 0) - elsewhere))
}

/** Only anonymous pages that nobody wrote to since can be LazyFree; `null` where the text does not tell them. */
const cleanOf = ({ anonymous, rss, privateDirty }: Amounts): number | null =>
  anonymous === null || rss === null || privateDirty === null
    ? null
    : Math.max(0, Math.min(anonymous, rss - privateDirty))

/** Whether what grows was given back, so that the kernel can take it at any time. */
export const isGivenBack = ({ freed, kept }: GivenBack, { grown }: Growth): boolean =>
  freed >= NEARLY_ALL * grown && kept <= (1 - NEARLY_ALL) * grown

export function lazyFreeWords({ freed }: GivenBack, { grown }: Growth): Sentence | null {
  if (freed <= 0 || freed < WORTH_SAYING * grown) return null
  return say(
    `${formatBytes(freed)} more are LazyFree: given back by madvise(MADV_FREE), counted as resident until the kernel needs memory and takes them.`,
    `其中新增 ${formatBytes(freed)} 为 LazyFree：已通过 madvise(MADV_FREE) 归还，在内核需要内存并收回之前仍计为常驻。`,
  )
}
