/**
 * Which rule speaks about the growth of a body: every body belongs to exactly one rule at a time, so that no two
 * findings report the same bytes. Anonymous memory can have grown in several ways; the calls and the allocator tell.
 */
import { MIB } from '../base/units.ts'
import type { Attribution, Mechanism } from '../model/attribution.ts'
import type { Facts } from '../model/facts.ts'
import type { ProcessTimeline, Segment } from '../model/timeline.ts'
import { accountsOf } from './accounts.ts'
import { type BodyName, type Growth, growthOf } from './growth.ts'
import { netOf } from './said.ts'

export type GrowthRule =
  | 'main-heap-growth'
  | 'malloc-arena-growth'
  | 'thread-stack-growth'
  | 'mremap-growth'
  | 'managed-heap-growth'
  | 'anonymous-mapping-growth'
  | 'file-mapping-growth'
  | 'shared-memory-growth'
  | 'address-space-growth'
  | 'copy-on-write-growth'

/** Mechanisms whose accounts speak about the growth that a rule claims. */
export const RULE_MECHANISMS: Readonly<Record<GrowthRule, readonly Mechanism[]>> = {
  'main-heap-growth': ['main-heap-brk'],
  'malloc-arena-growth': ['malloc-arena'],
  'thread-stack-growth': ['thread-stack'],
  'mremap-growth': ['mremap'],
  'managed-heap-growth': ['managed-heap', 'mmap-anon', 'other'],
  'anonymous-mapping-growth': ['mmap-anon', 'other'],
  'file-mapping-growth': ['file-mapping', 'shared-memory'],
  'shared-memory-growth': ['shared-memory', 'file-mapping'],
  'address-space-growth': ['reservation', 'mmap-anon', 'other'],
  'copy-on-write-growth': [],
}

/** malloc of these libraries maps large blocks one by one; every other allocator takes chunks for many blocks. */
const PLAIN_MALLOC = /^(glibc|musl)/

/** The program's allocator when it is not the C library's, by what attribution read from calls and mappings. */
export const chunkAllocator = (attribution: Attribution, pid: number): string | null =>
  attribution.allocator.find((entry) => entry.pid === pid && !PLAIN_MALLOC.test(entry.name))?.name ?? null

/** Others extend [heap] only where mmap fails, and may stand beside the malloc of the C library. */
const TAKES_FROM_HEAP = /^tcmalloc/

/** The allocator that serves malloc in place of the C library's and takes chunks from [heap]. */
export function mallocInstead(attribution: Attribution, pid: number): string | null {
  const name = chunkAllocator(attribution, pid)
  return name !== null && TAKES_FROM_HEAP.test(name) ? name : null
}

type ClaimFacts = Pick<Facts, 'timeline' | 'attribution'>

/** All growths that `rule` speaks about, growing or not. */
export function claimed(facts: ClaimFacts, rule: GrowthRule): Growth[] {
  return CLAIMS[rule](facts)
}

const CLAIMS: Readonly<Record<GrowthRule, (facts: ClaimFacts) => Growth[]>> = {
  'main-heap-growth': (facts) => resident(facts, 'main-heap'),
  'malloc-arena-growth': (facts) => resident(facts, 'malloc-arenas'),
  'thread-stack-growth': (facts) =>
    bySegment(facts, (process, segment) => [growthOf(process, segment, 'thread-stacks', 'size')]),
  'mremap-growth': (facts) => anonymous(facts, 'mremap-growth'),
  'managed-heap-growth': (facts) => [
    ...resident(facts, 'managed-heap'),
    ...anonymous(facts, 'managed-heap-growth'),
  ],
  'anonymous-mapping-growth': (facts) => anonymous(facts, 'anonymous-mapping-growth'),
  'file-mapping-growth': accumulating,
  'shared-memory-growth': (facts) => touched(facts, 'shared-objects'),
  'copy-on-write-growth': (facts) => touched(facts, 'private-files'),
  'address-space-growth': reservations,
}

/** By Rss where the snapshots carry it, else by Size. */
const resident = (facts: ClaimFacts, body: BodyName): Growth[] =>
  bySegment(facts, (process, segment) => [
    growthOf(process, segment, body, 'rss') ?? growthOf(process, segment, body, 'size'),
  ])

/** Programs that use what they map touch most of it; of stacks and oversized buffers a page in many. */
const TOUCHED = 1 / 8
/** One heap of a malloc arena; less address space than that is nobody's concern, the touched part of it may be. */
const MUCH_SPACE = 64 * MIB

/** Mapped size grows, and what of it is touched is too little to be the matter. */
function hardlyTouched(process: ProcessTimeline, segment: Segment): Growth | null {
  const rss = growthOf(process, segment, 'anonymous', 'rss')
  const size = growthOf(process, segment, 'anonymous', 'size')
  if (!size?.growing || rss === null) return null
  if (!rss.growing) return size
  return size.grown >= MUCH_SPACE && rss.grown < TOUCHED * size.grown ? size : null
}

function anonymous(facts: ClaimFacts, rule: GrowthRule): Growth[] {
  return resident(facts, 'anonymous').filter(
    (growth) =>
      hardlyTouched(growth.process, growth.segment) === null &&
      anonymousRule(facts.attribution, growth) === rule,
  )
}

/**
 * mremap when most of what the calls added came by mremap; the allocator's heap when the program brings its own
 * allocator; plain mappings otherwise.
 */
function anonymousRule(attribution: Attribution, growth: Growth): GrowthRule {
  const { pid } = growth.process
  const byMremap = Math.max(0, netOf(accountsOf(attribution, pid, ['mremap'])))
  const byMmap = Math.max(0, netOf(accountsOf(attribution, pid, ['mmap-anon'])))
  if (byMremap > byMmap) return 'mremap-growth'
  return chunkAllocator(attribution, pid) ? 'managed-heap-growth' : 'anonymous-mapping-growth'
}

const FILE_BODIES = ['shared-objects', 'private-files'] as const

/** Objects that accumulate: mapped size grows. By Rss where that grows with it, else by Size. */
function accumulating(facts: ClaimFacts): Growth[] {
  return bySegment(facts, (process, segment) =>
    FILE_BODIES.map((body) => {
      const size = growthOf(process, segment, body, 'size')
      const rss = growthOf(process, segment, body, 'rss')
      return size?.growing && rss?.growing ? rss : size
    }),
  )
}

/** Objects that are only touched ever further: Rss grows, mapped size does not. */
function touched(facts: ClaimFacts, body: (typeof FILE_BODIES)[number]): Growth[] {
  return bySegment(facts, (process, segment) => [
    growthOf(process, segment, body, 'size')?.growing ? null : growthOf(process, segment, body, 'rss'),
  ])
}

/** Size without Rss: reservations, and anonymous mappings that nobody touches. */
function reservations(facts: ClaimFacts): Growth[] {
  return bySegment(facts, (process, segment) => [
    growthOf(process, segment, 'reservations', 'size'),
    hardlyTouched(process, segment),
  ])
}

function bySegment(
  facts: Pick<Facts, 'timeline'>,
  pick: (process: ProcessTimeline, segment: Segment) => readonly (Growth | null)[],
): Growth[] {
  return facts.timeline.processes.flatMap((process) =>
    process.segments.flatMap((segment) => pick(process, segment).filter((growth) => growth !== null)),
  )
}
