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
import type { FindingDraft } from './rule.ts'
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
    `At least ${formatBytes(freed)} of it are LazyFree: given back by madvise(MADV_FREE), counted as resident until the kernel needs memory and takes them.`,
    `其中至少 ${formatBytes(freed)} 为 LazyFree：已通过 madvise(MADV_FREE) 归还，在内核需要内存并收回之前仍计为常驻。`,
  )
}

/** The words for growth of pages that were given back: neither a bound nor a limit is met by it. */
export const givenBackWords: NonNullable<FindingDraft['instead']> = {
  title: say('Pages that were given back still count as resident', '已归还的页仍计为常驻'),
  why: say(
    'What is given back by madvise(MADV_FREE) stays in place until the kernel needs memory; then it takes these pages without writing anything. Until then they count as resident, and a program that gives all back looks like one that leaks.',
    '通过 madvise(MADV_FREE) 归还的页会留在原处，直到内核需要内存；届时内核无需写出任何内容即可收回。在此之前它们仍计为常驻，因此全部归还的程序看起来也像在泄漏。',
  ),
  action: say(
    'Nothing has to be done. To see what is in use, take LazyFree from Rss, or let the allocator give pages back at once: GODEBUG=madvdontneed=1 for Go 1.12 to 1.15, muzzy_decay_ms:0 in MALLOC_CONF for jemalloc.',
    '无需处理。要看实际使用量，可从 Rss 中减去 LazyFree，或让分配器立即归还：Go 1.12 至 1.15 用 GODEBUG=madvdontneed=1，jemalloc 在 MALLOC_CONF 中设 muzzy_decay_ms:0。',
  ),
}
