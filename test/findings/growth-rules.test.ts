/** The growth rules: each fires, stays silent, is not applicable, and turns at its threshold. */
import { describe, expect, it } from 'vitest'
import { bytes, GIB, KIB, MIB, type Micros, micros, pid, SECOND, tid } from '../../src/base/units.ts'
import { claimed } from '../../src/findings/claims.ts'
import { heapReservation } from '../../src/findings/heap-reservation.ts'
import { runRules } from '../../src/findings/run-rules.ts'
import type { Mechanism } from '../../src/model/attribution.ts'
import type { Facts } from '../../src/model/facts.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { MappingKind } from '../../src/model/mapping-kind.ts'
import { verbatim } from '../../src/model/sentence.ts'
import type { Segment, TimelineEvent } from '../../src/model/timeline.ts'
import {
  aLineage,
  amounts,
  anAccount,
  anActivity,
  anAttribution,
  aProcess,
  aReplay,
  aSnapshot,
  aThread,
  aTimeline,
  aWindow,
  NO_ATTRIBUTION,
  PID,
  SAMPLES,
  STEP,
  T0,
  TID,
  theFacts,
} from '../support/facts.ts'

const outcomeOf = (facts: Facts, id: string) => runRules(facts).find((result) => result.id === id)!
const findingsOf = (facts: Facts, id: string): readonly Finding[] => {
  const result = outcomeOf(facts, id)
  return result.outcome === 'found' ? result.findings : []
}
const growing = (grown: number) => ({ shape: 'growing', grown }) as const

interface Case {
  readonly id: string
  readonly kind: MappingKind
  readonly mechanism: Mechanism
  readonly by: 'rss' | 'size'
  /** Growth just at the threshold. */
  readonly edge: number
  /** Accounts or allocator that make the rule the one that speaks. */
  readonly facts?: (grown: number) => Partial<Parameters<typeof theFacts>[0]>
}

const accountFacts = (mechanism: Mechanism) => () => ({
  attribution: anAttribution({ accounts: [anAccount({ mechanism })] }),
})

const CASES: readonly Case[] = [
  { id: 'main-heap-growth', kind: 'main-heap', mechanism: 'main-heap-brk', by: 'rss', edge: 4 * 132 * KIB },
  { id: 'malloc-arena-growth', kind: 'malloc-arena', mechanism: 'malloc-arena', by: 'rss', edge: MIB },
  { id: 'anonymous-mapping-growth', kind: 'anonymous', mechanism: 'mmap-anon', by: 'rss', edge: MIB },
  { id: 'managed-heap-growth', kind: 'managed-heap', mechanism: 'managed-heap', by: 'rss', edge: 4 * MIB },
  { id: 'thread-stack-growth', kind: 'thread-stack', mechanism: 'thread-stack', by: 'size', edge: 40 * MIB },
  {
    id: 'mremap-growth',
    kind: 'anonymous',
    mechanism: 'mremap',
    by: 'rss',
    edge: MIB,
    facts: accountFacts('mremap'),
  },
  { id: 'file-mapping-growth', kind: 'file-shared', mechanism: 'file-mapping', by: 'size', edge: 512 * KIB },
  { id: 'shared-memory-growth', kind: 'shared-memory', mechanism: 'shared-memory', by: 'rss', edge: MIB },
  { id: 'address-space-growth', kind: 'anonymous-reserve', mechanism: 'other', by: 'size', edge: 64 * MIB },
]

/** One process whose only growing kind grows by `grown`. */
function factsFor({ kind, by, facts }: Case, grown: number): Facts {
  const trend = growing(grown)
  // File mappings qualify by their number or by one that grows; shared memory is mapped at constant size.
  const lineage = aLineage({
    kind,
    rss: by === 'rss' ? trend : {},
    size: by === 'size' ? trend : { grown: 4 * GIB },
  })
  return theFacts({
    timeline: aTimeline([
      aProcess({
        kinds: [{ kind, [by]: trend }],
        lineages: [by === 'rss' ? roomy(lineage) : kind === 'thread-stack' ? stacks(lineage) : lineage],
      }),
    ]),
    ...facts?.(grown),
  })
}

type Lineage = ReturnType<typeof aLineage>
/** The mapped size leaves room for the resident part to grow. */
const roomy = (lineage: Lineage): Lineage => ({
  ...lineage,
  points: lineage.points.map((point) => ({ ...point, size: 4 * GIB })),
})
/** As many ranges as stacks of this size make. */
const stacks = (lineage: Lineage, size = 8 * MIB): Lineage => ({
  ...lineage,
  points: lineage.points.map((point) => ({ ...point, ranges: Math.max(1, Math.round(point.size / size)) })),
})

describe.each(CASES)('$id', (entry) => {
  it('fires on growth that does not level off', () => {
    const [finding, ...others] = findingsOf(factsFor(entry, 10 * entry.edge), entry.id)
    expect(others).toEqual([])
    expect(finding).toMatchObject({ ruleId: entry.id, mechanism: entry.mechanism, pid: PID })
    expect(finding?.severity).not.toBe('info')
    expect(finding?.measures.quantity).toBe(entry.by === 'rss' ? 'resident' : 'address-space')
    expect(finding?.measures.grownBytes).toBe(10 * entry.edge)
    expect(finding?.measures.bytesPerHour).toBeGreaterThan(0)
    expect(finding?.lineages).toEqual(['L1'])
    expect(finding?.evidence.length).toBeGreaterThan(0)
    expect(finding?.fingerprint).toMatch(/^[0-9a-f]{16}$/)
  })

  it('turns at its threshold', () => {
    expect(findingsOf(factsFor(entry, entry.edge), entry.id)).toHaveLength(1)
    expect(findingsOf(factsFor(entry, entry.edge * 0.8), entry.id)).toEqual([])
  })

  it.each(['plateau', 'saturating', 'step', 'sawtooth', 'shrinking', 'too-short'] as const)(
    'is silent on a series that is %s',
    (shape) => {
      const facts = factsFor({ ...entry }, 0)
      const process = aProcess({
        kinds: [{ kind: entry.kind, [entry.by]: { shape, grown: 10 * entry.edge } }],
      })
      expect(findingsOf({ ...facts, timeline: aTimeline([process]) }, entry.id)).toEqual([])
    },
  )

  it('is silent when the interval of the slope reaches zero', () => {
    const trend = { ...growing(10 * entry.edge), low: 0 }
    const process = aProcess({ kinds: [{ kind: entry.kind, [entry.by]: trend }] })
    expect(findingsOf(theFacts({ timeline: aTimeline([process]) }), entry.id)).toEqual([])
  })

  it('is not applicable without such memory', () => {
    const facts = theFacts({ timeline: aTimeline([aProcess({ kinds: [{ kind: 'kernel' }] })]) })
    expect(outcomeOf(facts, entry.id).outcome).toBe('not-applicable')
  })

  it('is not applicable without any evidence', () => {
    expect(outcomeOf(theFacts({ timeline: aTimeline([]) }), entry.id).outcome).toBe('not-applicable')
  })
})

describe('malloc-arena-growth', () => {
  it('asks for more where several arenas come into use', () => {
    const lineages = [0, 1, 2].map((at) =>
      aLineage({ id: `A${at}`, kind: 'malloc-arena', rss: growing(400 * KIB) }),
    )
    const process = aProcess({ kinds: [{ kind: 'malloc-arena', rss: growing(1200 * KIB) }], lineages })
    expect(findingsOf(theFacts({ timeline: aTimeline([process]) }), 'malloc-arena-growth')).toEqual([])
  })
})

describe('managed-heap-growth', () => {
  const process = aProcess({ kinds: [{ kind: 'anonymous', rss: growing(40 * MIB) }] })
  const withAllocator = (name: string) =>
    theFacts({
      timeline: aTimeline([process]),
      attribution: { ...NO_ATTRIBUTION, allocator: [{ pid: PID, name, basis: verbatim('mapped') }] },
    })

  it('takes anonymous growth of a program with an allocator of its own', () => {
    const facts = withAllocator('jemalloc')
    expect(findingsOf(facts, 'managed-heap-growth')).toHaveLength(1)
    expect(findingsOf(facts, 'anonymous-mapping-growth')).toEqual([])
  })

  it('does not call it the heap of a JVM where it was not recognised as one', () => {
    const [finding] = findingsOf(withAllocator('Java heap (HotSpot)'), 'managed-heap-growth')
    expect(finding?.summary.en).toContain('not recognised as its heap: it may be direct buffers')
  })

  it('leaves that of plain malloc to anonymous-mapping-growth', () => {
    const facts = withAllocator('glibc malloc, 2.26–2.36')
    expect(findingsOf(facts, 'managed-heap-growth')).toEqual([])
    expect(findingsOf(facts, 'anonymous-mapping-growth')).toHaveLength(1)
  })
})

describe('the heap of a JVM inside what it reserved for -Xmx', () => {
  const BASE = 0xf000_0000
  const heap = aLineage({ id: 'H', kind: 'managed-heap', start: BASE, rss: growing(190 * MIB) })
  const above = (id: string, kind: MappingKind, from: number, size: number): Lineage => {
    const lineage = aLineage({ id, kind, start: BASE + from, rss: {} })
    const points = lineage.points.map((point) => ({ ...point, end: BASE + from + size, size, rss: 0 }))
    return { ...lineage, points }
  }
  const findingIn = (others: readonly Lineage[], limit: number, name = 'Java heap (HotSpot)') => {
    const process = aProcess({
      kinds: [{ kind: 'managed-heap', rss: growing(190 * MIB), size: growing(190 * MIB) }],
      lineages: [heap, ...others],
      last: { rss: 300 * MIB },
    })
    const facts = theFacts({
      timeline: aTimeline([process]),
      attribution: { ...NO_ATTRIBUTION, allocator: [{ pid: PID, name, basis: verbatim('mapped') }] },
      limit: { bytes: bytes(limit), source: 'option' },
    })
    return findingsOf(facts, 'managed-heap-growth')[0]!
  }
  const reserve = above('R', 'anonymous-reserve', 200 * MIB, 52 * MIB)
  const archive = above('A', 'file-private-dirty', 252 * MIB, 4 * MIB)

  it('is said to be bounded, and reaches no limit beyond the bound', () => {
    const finding = findingIn([reserve, archive], 400 * MIB)
    expect(finding.severity).toBe('warning')
    expect(finding.summary.en).toContain('It belongs to the Java heap (HotSpot)')
    expect(finding.summary.en).toContain(
      'lies in 256 MiB that the JVM reserved, so it is bounded: at most 56 MiB are left.',
    )
    expect(finding.measures).toMatchObject({ limitBytes: 400 * MIB, limitAt: null })
    expect(finding.summary.en).not.toContain('reaches')
  })

  it('reaches a limit that lies before the bound', () => {
    const finding = findingIn([reserve, archive], 350 * MIB)
    expect(finding.measures.limitAt).not.toBeNull()
    expect(finding.severity).toBe('problem')
  })

  it('has no bound that anybody knows in snapshots without resident sizes', () => {
    const timeline = aTimeline([
      aProcess({ kinds: [{ kind: 'managed-heap', rss: growing(190 * MIB) }], lineages: [heap, reserve] }),
    ])
    const [growth] = claimed({ timeline, attribution: NO_ATTRIBUTION }, 'managed-heap-growth')
    const name = 'Java heap (HotSpot)'
    expect(heapReservation(growth!, name)).not.toBeNull()
    expect(heapReservation({ ...growth!, quantity: 'size' }, name)).toBeNull()
  })

  it('has no bound where part of it lies beyond a gap, or where another runtime made it', () => {
    const beyond = above('B', 'managed-heap', 300 * MIB, 4 * MIB)
    expect(findingIn([reserve, beyond], 400 * MIB).measures.limitAt).not.toBeNull()
    expect(findingIn([reserve], 400 * MIB, 'Go runtime').measures.limitAt).not.toBeNull()
  })
})

describe('mremap-growth', () => {
  it('gives the bytes back to mmap where that brought more', () => {
    const attribution = anAttribution({
      accounts: [
        anAccount({ mechanism: 'mremap', live: MIB }),
        anAccount({ mechanism: 'mmap-anon', live: 20 * MIB }),
      ],
    })
    const timeline = aTimeline([aProcess({ kinds: [{ kind: 'anonymous', rss: growing(40 * MIB) }] })])
    expect(findingsOf(theFacts({ timeline, attribution }), 'mremap-growth')).toEqual([])
    expect(findingsOf(theFacts({ timeline, attribution }), 'anonymous-mapping-growth')).toHaveLength(1)
  })
})

describe('thread-stack-growth', () => {
  it('counts stacks of the size the process uses', () => {
    const lineage = aLineage({ kind: 'thread-stack', size: growing(4 * MIB) })
    const small = stacks(lineage, 256 * KIB)
    const process = aProcess({ kinds: [{ kind: 'thread-stack', size: growing(4 * MIB) }], lineages: [small] })
    const [finding] = findingsOf(theFacts({ timeline: aTimeline([process]) }), 'thread-stack-growth')
    expect(finding?.measures.more.stacksCount).toBe(16)
  })
})

describe('file-mapping-growth', () => {
  const late = (id: string): Lineage => {
    const lineage = aLineage({ id, kind: 'shared-memory', name: `/dev/shm/x-${id}` })
    return { ...lineage, points: lineage.points.slice(5) }
  }
  const objects = (count: number) =>
    theFacts({
      timeline: aTimeline([
        aProcess({
          kinds: [{ kind: 'shared-memory', size: growing(9 * MIB), rss: growing(6 * MIB) }],
          lineages: Array.from({ length: count }, (_, index) => late(`S${index}`)),
        }),
      ]),
    })

  it('fires on objects that accumulate one by one, by what is resident', () => {
    const [finding] = findingsOf(objects(8), 'file-mapping-growth')
    expect(finding).toMatchObject({ mechanism: 'shared-memory', measures: { quantity: 'resident' } })
    expect(finding?.measures.more.objectsCount).toBe(8)
  })

  it('speaks of no new mapping where one object is enlarged', () => {
    const one = aLineage({ kind: 'shared-memory', size: growing(9 * MIB), rss: growing(9 * MIB) })
    const kinds = [{ kind: 'shared-memory' as const, size: growing(9 * MIB), rss: growing(9 * MIB) }]
    const facts = theFacts({ timeline: aTimeline([aProcess({ kinds, lineages: [one] })]) })
    const [finding] = findingsOf(facts, 'file-mapping-growth')
    expect(finding?.title.en).toBe('A mapped file or shared object is enlarged ever further')
    expect(finding?.summary.en).not.toContain('new mapping')
  })

  it('is silent on as many mappings as one library brings', () => {
    expect(findingsOf(objects(7), 'file-mapping-growth')).toEqual([])
  })
})

describe('address-space-growth', () => {
  const facts = (size: number, rss: number) =>
    theFacts({
      timeline: aTimeline([
        aProcess({ kinds: [{ kind: 'anonymous', size: growing(size), rss: growing(rss) }] }),
      ]),
    })
  const loud = (given: Facts) =>
    runRules(given).flatMap((result) =>
      result.outcome === 'found' ? result.findings.map(({ ruleId }) => ruleId) : [],
    )

  it('takes anonymous memory of which hardly a page is touched', () => {
    expect(loud(facts(800 * MIB, 99 * MIB))).toEqual(['address-space-growth'])
    expect(loud(facts(800 * MIB, 101 * MIB))).toEqual(['anonymous-mapping-growth'])
  })

  it('leaves little address space to the rule of its touched part', () => {
    expect(loud(facts(63 * MIB, 2 * MIB))).toEqual(['anonymous-mapping-growth'])
    expect(loud(facts(64 * MIB, 2 * MIB))).toEqual(['address-space-growth'])
  })
})

/** Snapshots in which nothing is mapped or unmapped. */
const ofOneSize = (kind: MappingKind, last: Parameters<typeof amounts>[0] = {}) =>
  Array.from({ length: SAMPLES }, (_, index) =>
    aSnapshot(index, {
      byKind: new Map([[kind, amounts()]]),
      total: amounts(index === SAMPLES - 1 ? last : {}),
    }),
  )

describe('growth inside anonymous mappings of one size', () => {
  const findingOf = (left: number, limit: number) => {
    const { points, ...lineage } = aLineage({ rss: growing(40 * MIB) })
    const end = points.at(-1)!
    const ended = [...points.slice(0, -1), { ...end, size: end.rss! + left }]
    const process = aProcess({
      snapshots: ofOneSize('anonymous', { rss: 60 * MIB }),
      kinds: [{ kind: 'anonymous', rss: growing(40 * MIB) }],
      lineages: [{ ...lineage, points: ended }],
    })
    const facts = theFacts({
      timeline: aTimeline([process]),
      limit: { bytes: bytes(limit), source: 'option' },
    })
    return findingsOf(facts, 'anonymous-mapping-growth')[0]!
  }

  it('is not said to meet a limit that lies behind its bound', () => {
    const { summary, measures, severity } = findingOf(30 * MIB, 100 * MIB)
    expect(summary.en).toContain('30 MiB are left')
    expect(summary.en).not.toContain('reaches')
    expect(measures).toMatchObject({ limitBytes: 100 * MIB, limitAt: null, limitAtLow: null })
    expect(severity).toBe('warning')
  })

  it('is said to meet one that lies before it', () => {
    expect(findingOf(50 * MIB, 100 * MIB).measures.limitAt).not.toBeNull()
  })
})

describe('shared-memory-growth', () => {
  it('only informs about page cache of a file on disk', () => {
    const entry = CASES.find(({ id }) => id === 'shared-memory-growth')!
    const [finding] = findingsOf(factsFor({ ...entry, kind: 'file-shared' }, 20 * MIB), entry.id)
    expect(finding).toMatchObject({ severity: 'info', mechanism: 'file-mapping' })
  })

  it('only informs when less room is left than was used', () => {
    const lineage = aLineage({ kind: 'shared-memory', rss: growing(20 * MIB), size: { grown: 22 * MIB } })
    const process = aProcess({
      snapshots: ofOneSize('shared-memory'),
      kinds: [{ kind: 'shared-memory', rss: growing(20 * MIB) }],
      lineages: [lineage],
    })
    const [finding] = findingsOf(theFacts({ timeline: aTimeline([process]) }), 'shared-memory-growth')
    expect(finding?.severity).toBe('info')
    expect(finding?.summary.en).toContain('it is bounded')
  })

  describe('where the share of the process falls meanwhile', () => {
    const findingOf = (pssAt: (index: number) => number | null) => {
      const snapshots = Array.from({ length: SAMPLES }, (_, index) =>
        aSnapshot(index, {
          byKind: new Map([['shared-memory', amounts({ rss: (40 + index) * MIB, pss: pssAt(index) })]]),
        }),
      )
      const process = aProcess({
        snapshots,
        kinds: [{ kind: 'shared-memory', rss: growing((SAMPLES - 1) * MIB) }],
        lineages: [roomy(aLineage({ kind: 'shared-memory', rss: growing((SAMPLES - 1) * MIB) }))],
      })
      return findingsOf(theFacts({ timeline: aTimeline([process]) }), 'shared-memory-growth')[0]!
    }
    const by = (change: number) => (index: number) => 30 * MIB + (change * index) / (SAMPLES - 1)

    it('only informs, as others map the same pages', () => {
      const falling = findingOf((index) => by(-10 * MIB)(index) + (index % 3) * 0.1 * MIB)
      expect(falling).toMatchObject({ severity: 'info' })
      expect(falling.summary.en).toContain(
        'other processes map these pages as well. Whether pages were added',
      )
      expect(findingOf(by(5 * MIB))).toMatchObject({ severity: 'warning' })
    })

    it.each([3, 8, 15, 20, 28])('warns where others began to map only at sample %i what it added', (from) => {
      const joined = findingOf((index) => ((40 + index) * MIB) / (index < from ? 1 : 4))
      expect(joined).toMatchObject({ severity: 'warning' })
      expect(joined.summary.en).not.toContain('Pss')
    })

    it.each([0, null])('warns where a snapshot does not tell it (%s)', (pss) =>
      expect(findingOf((index) => (index === SAMPLES - 1 ? pss : by(-10 * MIB)(index)))).toMatchObject({
        severity: 'warning',
      }),
    )
  })

  it('takes pages in swap for used, so that the bound is one at most', () => {
    const boundOf = (swap: number) => {
      const byKind = new Map([['shared-memory', amounts({ swap })]] as const)
      const process = aProcess({
        snapshots: Array.from({ length: SAMPLES }, (_, index) => aSnapshot(index, { byKind })),
        kinds: [{ kind: 'shared-memory', rss: growing(20 * MIB) }],
        lineages: [aLineage({ kind: 'shared-memory', rss: growing(20 * MIB), size: { grown: 22 * MIB } })],
      })
      return findingsOf(theFacts({ timeline: aTimeline([process]) }), 'shared-memory-growth')[0]!.summary
    }
    expect(boundOf(0).en).toMatch(/ it is bounded: 2 MiB are left, which this rate would use up at /)
    expect(boundOf(MIB).en).toContain(
      'it is bounded: at most 2 MiB are left, of which up to 1 MiB were used before and lie in swap.',
    )
    expect(boundOf(MIB).zh).toContain('最多还剩 2 MiB，其中至多 1 MiB 此前已使用，现位于交换区。')
    expect(boundOf(5 * MIB).en).toContain('at most 2 MiB are left, of which up to 2 MiB were used')
  })

  it('sees no bound in a size that rises along, as of a journal that is mapped a piece at a time', () => {
    const snapshots = Array.from({ length: 30 }, (_, index) =>
      aSnapshot(index, {
        byKind: new Map([['shared-memory', amounts({ size: (100 + 10 * Math.floor(index / 12)) * MIB })]]),
      }),
    )
    const process = aProcess({
      snapshots,
      kinds: [{ kind: 'shared-memory', rss: growing(20 * MIB), size: { shape: 'step', grown: 20 * MIB } }],
      lineages: [aLineage({ kind: 'shared-memory', rss: growing(20 * MIB), size: { grown: 22 * MIB } })],
    })
    const [finding] = findingsOf(theFacts({ timeline: aTimeline([process]) }), 'shared-memory-growth')
    expect(finding?.severity).toBe('warning')
    expect(finding?.summary.en).not.toContain('it is bounded')
  })
})

describe('who is accused', () => {
  const timeline = aTimeline([aProcess({ kinds: [{ kind: 'anonymous', rss: growing(40 * MIB) }] })])
  // 40 MiB in 290 s are 16.5 MiB in the traced 120 s.
  const withAccounts = (...accounts: ReturnType<typeof anAccount>[]) =>
    findingsOf(
      theFacts({ timeline, attribution: anAttribution({ accounts }) }),
      'anonymous-mapping-growth',
    )[0]!

  it('passes on what the account says, no stronger', () => {
    const likely = withAccounts(anAccount({ live: 16 * MIB, culprit: { tid: TID, certainty: 'likely' } }))
    expect(likely.culprit).toMatchObject({ tid: TID, name: 'worker', certainty: 'likely' })
    expect(likely.severity).toBe('problem')
    expect(likely.summary.en).toContain('likely, not proven')
  })

  it('names nobody, and says why, where the account does not', () => {
    const open = withAccounts(
      anAccount({ live: 16 * MIB, culprit: null, culpritReason: verbatim('two share it') }),
    )
    expect(open.culprit).toBeNull()
    expect(open.culpritReason.en).toBe('two share it')
    expect(open.threads.map((thread) => thread.tid)).toEqual([TID])
    expect(open.confidence).toBeLessThanOrEqual(90)
    expect(open.cap?.en).toContain('open')
  })

  it('says nothing of how long a trace without times took', () => {
    const shares = (span: Micros) =>
      withAccounts({ ...anAccount({ live: 16 * MIB, culprit: null }), span }).summary
    expect(shares(micros(0)).en).toContain('In the trace, only thread 4250 (worker)')
    expect(shares(micros(0)).zh).toContain('在跟踪中，只有线程 4250')
    expect(shares(micros(120e6)).en).toContain('In the traced 2 min, only')
  })

  describe('by calls of five times what grew', () => {
    /** Anonymous memory that rose from the 60th second, when the trace begins, to the 100th, and grows since `onset`. */
    const culpritOf = (given: { mapped: number; touched: number; onset?: number; live?: number }) => {
      const { mapped, touched, onset = 100, live = 80 * MIB } = given
      const snapshots = Array.from({ length: SAMPLES }, (_, index) => {
        const part = Math.min(1, Math.max(0, (index * STEP - 60 * SECOND) / (40 * SECOND)))
        const kind = amounts({ size: 100 * MIB + mapped * part, rss: 10 * MIB + touched * part })
        return aSnapshot(index, { byKind: new Map([['anonymous', kind]]) })
      })
      const rss = { ...growing(40 * MIB), onset: micros(T0 + onset * SECOND) }
      const [finding] = findingsOf(
        theFacts({
          timeline: aTimeline([aProcess({ kinds: [{ kind: 'anonymous', rss }], snapshots })]),
          attribution: anAttribution({ accounts: [anAccount({ live })] }),
        }),
        'anonymous-mapping-growth',
      )
      return finding!
    }

    it('accuses nobody where they belong to a rise that was over when it began', () => {
      const { culprit, culpritReason } = culpritOf({ mapped: 60 * MIB, touched: 60 * MIB })
      expect(culprit).toBeNull()
      expect(culpritReason.en).toContain('5 times what grows in such a time')
    })

    it.each([
      ['nothing rose before it: of large buffers only a part is touched', { mapped: 0, touched: 0 }],
      ['what rose before was mapped already', { mapped: 0, touched: 60 * MIB }],
      ['less than half rose before it', { mapped: 30 * MIB, touched: 30 * MIB }],
      ['the rise came after it began', { mapped: 60 * MIB, touched: 60 * MIB, onset: 50 }],
      ['they are as many as grew', { mapped: 60 * MIB, touched: 60 * MIB, live: 16 * MIB }],
    ])('accuses the thread where %s', (_, given) => {
      expect(culpritOf(given).culprit?.tid).toBe(TID)
    })
  })

  it('does not count a thread that made no call among those that made them', () => {
    const { shares } = anAccount({ live: 16 * MIB })
    const idle = { ...shares[0]!, tid: tid(4260), calls: 0, liveCount: 0, share: 0 }
    const none = { acquiredBytes: bytes(0), releasedBytes: bytes(0), liveBytes: bytes(0) }
    const open = withAccounts(
      anAccount({ live: 16 * MIB, culprit: null, shares: [...shares, { ...idle, ...none }] }),
    )
    expect(open.summary.en).toContain('only thread 4250 (worker) made calls of this kind: 90.')
    expect(open.threads).toHaveLength(2)
  })

  it("speaks of nobody's share where nothing of what threads made stayed", () => {
    const { shares } = anAccount({ live: 16 * MIB })
    const gone = shares.map((share) => ({ ...share, liveBytes: bytes(0), liveCount: 0, share: 0 }))
    const two = [...gone, ...gone.map((share) => ({ ...share, tid: tid(4260) }))]
    const open = withAccounts(anAccount({ live: 16 * MIB, culprit: null, liveBytes: bytes(0), shares: two }))
    expect(open.summary.en).toContain('2 threads made 180 calls of this kind.')
    expect(open.summary.en).not.toContain('largest share')
    expect(open.summary.zh).not.toContain('占比最大')
  })

  it('speaks of no share of a thread that released about as much from before the trace as it left', () => {
    const { shares } = anAccount({ live: 16 * MIB })
    const said = (releasedBytes: number) => {
      const ring = { ...shares[0]!, acquiredBytes: bytes(64 * MIB), liveBytes: bytes(64 * MIB), share: 0.8 }
      const others = shares.map((share) => ({ ...share, tid: tid(4260), share: 0.2 }))
      const two = [{ ...ring, releasedBytes: bytes(releasedBytes) }, ...others]
      return withAccounts(anAccount({ live: 16 * MIB, culprit: null, shares: two })).summary
    }
    expect(said(32 * MIB - 1).en).toContain('has the largest share of the mappings that stayed, 80 %')
    expect(said(32 * MIB).en).toContain('2 threads made 180 calls of this kind.')
    expect(said(32 * MIB).en).not.toContain('largest share')
  })

  it('names nobody where the calls explain little of the growth', () => {
    const little = withAccounts(anAccount({ live: 2 * MIB }))
    expect(little.culprit).toBeNull()
    expect(little.severity).toBe('warning')
    expect(little.culpritReason.en).toContain('touched')
  })

  describe('of a growth that was traced in part', () => {
    /** Anonymous memory that grows by `inside` in each snapshot of the traced two minutes and by `outside` in the others. */
    const findingOf = (given: {
      inside?: number
      outside?: number
      jitter?: number
      live?: number
      from?: number
      seconds?: number
    }) => {
      const { inside = 1.4, outside = 1.4, jitter = 0, live = 16, from = 60, seconds = 120 } = given
      let level = 10
      const snapshots = Array.from({ length: SAMPLES }, (_, index) => {
        if (index > 0) level += index > 6 && index <= 18 ? inside : outside
        const rss = (level + (index % 3) * jitter) * MIB
        return aSnapshot(index, { byKind: new Map([['anonymous', amounts({ rss, size: 2 * rss })]]) })
      })
      const span = micros(seconds * SECOND)
      const start = micros(T0 + from * SECOND)
      const account = anAccount({ live: live * MIB, from: start, to: micros(start + span), span })
      const process = aProcess({ kinds: [{ kind: 'anonymous', rss: growing(40 * MIB) }], snapshots })
      return findingsOf(
        theFacts({
          timeline: aTimeline([process]),
          attribution: anAttribution({ accounts: [account] }),
        }),
        'anonymous-mapping-growth',
      )[0]!
    }

    it('is proven for the traced time, and it is said how much of it that is', () => {
      const { culprit, summary, measures } = findingOf({})
      expect(culprit?.certainty).toBe('certain')
      expect(summary.en).toContain(
        'The replay of the calls proves it for the traced 2 min, in which 16.8 MiB of the 40.6 MiB came; the rest was not traced.',
      )
      expect(summary.zh).toContain('其间增长了 40.6 MiB 中的 16.8 MiB；其余部分没有跟踪。')
      expect(measures.more).toMatchObject({
        tracedGrowthSeconds: 120,
        tracedGrownBytes: Math.round(16.8 * MIB),
      })
    })

    it('is only likely where it grew at another rate than the snapshots allow, which is said once', () => {
      const { culprit, summary, confidence, cap } = findingOf({ inside: 2, outside: 0.9 })
      expect(culprit?.certainty).toBe('likely')
      expect(summary.en).toContain(
        'the rest was not traced, and of it this is likely at most. Memory grew by',
      )
      expect(summary.en).not.toContain('likely, not proven')
      expect(confidence).toBe(85)
      expect(summary.en).toContain(cap!.en)
    })

    it('is certain where the scatter of the snapshots may make the difference', () => {
      expect(findingOf({ inside: 1.5, outside: 1.3 }).culprit?.certainty).toBe('likely')
      expect(findingOf({ inside: 1.5, outside: 1.3, jitter: 2 }).culprit?.certainty).toBe('certain')
    })

    // 16.55 MiB are expected in the traced time.
    it.each([
      [10.5, 'likely'],
      [11.5, 'certain'],
      [24, 'certain'],
      [25.5, 'likely'],
    ])('is by calls of %d MiB %s', (live, certainty) => {
      const { culprit, summary } = findingOf({ live })
      expect(culprit?.certainty).toBe(certainty)
      expect(summary.en.includes('of what grows in such a time on average: at other times')).toBe(
        certainty === 'likely',
      )
    })

    it('is proven without more where all of it was traced', () => {
      const { culprit, summary } = findingOf({ from: 0, seconds: 280, live: 38 })
      expect(culprit?.certainty).toBe('certain')
      expect(summary.en).toContain('The replay of the calls proves it.')
    })

    it('is not proven at all by a trace of another time', () => {
      const { culprit, summary } = findingOf({ from: -200 })
      expect(culprit?.certainty).toBe('likely')
      expect(summary.en).toContain('likely, not proven. None of this growth lies in the traced time.')
    })

    it('is said to look like a cache that fills where the thread gave nothing back, and only there', () => {
      expect(findingOf({}).summary.en).not.toContain('still filling')
      const filling = (over: Parameters<typeof anAccount>[0]) =>
        findingsOf(
          theFacts({
            timeline,
            attribution: anAttribution({
              accounts: [anAccount({ live: 16 * MIB, ...over })],
              threads: [
                aThread({
                  activities: [
                    anActivity({ count: 30, released: 0, releasedBytes: bytes(0) }),
                    // What it uses for a moment is another matter.
                    anActivity({ sequence: ['mmap'], count: 60, never: 0, neverBytes: bytes(0) }),
                  ],
                }),
              ],
            }),
          }),
          'anonymous-mapping-growth',
        )[0]!
      const { summary, severity, culprit } = filling({})
      expect(summary.en).toContain(
        'a cache that still fills, or a pool that others draw from, looks the same.',
      )
      expect(summary.zh).toContain('仍在填充的缓存，或供其他线程取用的内存池，看起来也是这样')
      expect(severity).toBe('problem')
      expect(culprit?.certainty).toBe('certain')
      expect(filling({ culprit: null }).summary.en).toContain('a cache that still fills, or a pool')
    })
  })

  it('names somebody only from half of the growth on: else most of it is not theirs', () => {
    // 16.55 MiB are expected in the traced time.
    const [under, over] = [8, 8.5].map((live) => withAccounts(anAccount({ live: live * MIB })))
    expect(under?.culprit).toBeNull()
    expect(under?.culpritReason.en).toContain('added only 48 % of what grows')
    expect(over?.culprit).toMatchObject({ tid: TID })
  })

  it('names nobody where two traces accuse different threads', () => {
    const second = anAccount({
      live: 16 * MIB,
      trace: 'strace/later',
      culprit: { tid: tid(99), certainty: 'certain' },
    })
    expect(withAccounts(anAccount({ live: 16 * MIB }), second).culprit).toBeNull()
  })

  it('is told with its own numbers, not with those of all threads', () => {
    const { shares } = anAccount({ live: 16 * MIB })
    const other = { ...shares[0]!, tid: tid(4260), liveBytes: bytes(MIB), calls: 40, liveCount: 5 }
    const { culprit, measures } = withAccounts(anAccount({ live: 16 * MIB, shares: [...shares, other] }))
    expect(culprit).toMatchObject({ tid: TID, kept: 30 })
    expect(measures.more).toMatchObject({ neverReleasedCount: 35, threadNeverReleasedCount: 30 })
    const open = withAccounts(anAccount({ live: 16 * MIB, culprit: null }))
    expect(open.measures.more).not.toHaveProperty('threadNeverReleasedCount')
  })

  it('does one thing usually only where most of what it keeps comes from there', () => {
    const said = (neverBytes: number) =>
      findingsOf(
        theFacts({
          timeline,
          attribution: anAttribution({
            accounts: [anAccount({ live: 16 * MIB })],
            threads: [aThread({ activities: [anActivity({ never: 6, neverBytes: bytes(neverBytes) })] })],
          }),
        }),
        'anonymous-mapping-growth',
      )[0]!.summary
    const one = said(8 * MIB)
    expect(one.en).toContain(
      'maps anonymous memory, usually after read(5). 6 of its 90 mappings of 256 KiB–1 MiB',
    )
    const several = said(8 * MIB - 1)
    expect(several.en).toContain(
      'maps anonymous memory, after calls of several kinds. 30 of its 90 mappings in the traced 2 min were never released (16 MiB).',
    )
    expect(several.zh).toContain('其 90 次映射中有 30 个从未释放')
  })

  it('adds up what it did in several traces before it says what is usual', () => {
    const part = anActivity({ never: 20, neverBytes: bytes(10 * MIB) })
    const [finding] = findingsOf(
      theFacts({
        timeline,
        attribution: anAttribution({
          accounts: [anAccount({ live: 10 * MIB }), anAccount({ live: 10 * MIB, trace: 'strace/later' })],
          threads: [aThread({ activities: [part, { ...part, largest: bytes(2 * MIB) }] })],
        }),
      }),
      'anonymous-mapping-growth',
    )
    expect(finding!.summary.en).toContain(
      'usually after read(5). 40 of its 180 mappings of 256 KiB–2 MiB in the traced 4 min were never released (20 MiB)',
    )
  })

  describe('made mappings of the same sizes after other calls, too', () => {
    const kept = anActivity({ count: 40, never: 30, neverBytes: bytes(16 * MIB) })
    const other = anActivity({ sequence: ['write(6)', 'mmap'], count: 50, never: 0, neverBytes: bytes(0) })
    const said = (...activities: ReturnType<typeof anActivity>[]) =>
      findingsOf(
        theFacts({
          timeline,
          attribution: anAttribution({
            accounts: [anAccount({ live: 16 * MIB })],
            threads: [aThread({ activities })],
          }),
        }),
        'anonymous-mapping-growth',
      )[0]!.summary

    it('counts them all, and tells after what those that stay were made', () => {
      const { en, zh } = said(kept, other)
      expect(en).toContain(
        'maps anonymous memory. 30 of its 90 mappings of 256 KiB–1 MiB in the traced 2 min were never released (16 MiB), all 30 made after read(5).',
      )
      expect(zh).toContain('中有 30 个从未释放（16 MiB），这 30 个均在 read(5) 之后。')
    })

    it('tells of how many of those that stay it knows it', () => {
      const some = anActivity({ count: 40, never: 20, neverBytes: bytes(12 * MIB) })
      const few = { ...other, never: 10, neverBytes: bytes(4 * MIB) }
      expect(said(some, few).en).toContain('were never released (16 MiB), 20 of them made after read(5).')
    })

    it('says usually where only the last of the calls before is known to be the same', () => {
      const round = { ...kept, sequence: ['read(5)', 'fstat(7)', 'mmap'] }
      expect(said(round, other).en).toContain(', all 30 made usually after read(5) → fstat(7).')
    })

    it('leaves those of other sizes out', () => {
      const small = { ...other, smallest: bytes(4 * KIB), largest: bytes(8 * KIB) }
      expect(said(kept, small).en).toContain('usually after read(5)')
    })

    it('names no sizes where others reach into them, or where not all are known', () => {
      const wider = { ...other, smallest: bytes(4 * KIB) }
      const words =
        '30 of its 90 mappings in the traced 2 min were never released (16 MiB), all 30 made after'
      expect(said(kept, wider).en).toContain(words)
      expect(said(kept, { ...other, count: 49 }).en).toContain(words)
    })
  })

  it('counts under a noun only what that noun names', () => {
    const { shares } = anAccount({ live: 16 * MIB })
    const reservations = anAccount({
      live: 300 * MIB,
      mechanism: 'reservation',
      shares: [{ ...shares[0]!, liveBytes: bytes(300 * MIB), calls: 7, liveCount: 7 }],
    })
    const [finding] = findingsOf(
      theFacts({
        timeline: aTimeline([
          aProcess({ kinds: [{ kind: 'anonymous', size: growing(800 * MIB), rss: growing(90 * MIB) }] }),
        ]),
        attribution: anAttribution({
          accounts: [anAccount({ live: 16 * MIB }), reservations],
          threads: [
            aThread({
              activities: [
                anActivity({ mechanism: 'reservation', never: 2, neverBytes: bytes(80 * MIB), count: 2 }),
              ],
            }),
          ],
        }),
      }),
      'address-space-growth',
    )
    expect(finding!.summary.en).toContain(
      '7 of its 7 reservations in the traced 2 min were never released (300 MiB); with those of its other calls 37 (316 MiB).',
    )
  })

  it.each([
    [
      'another kind that add as much',
      { accounts: [anAccount({ live: 16 * MIB, mechanism: 'thread-stack' })] },
      'may be the same memory',
    ],
    [
      'another kind that add little',
      { accounts: [anAccount({ live: MIB, mechanism: 'thread-stack' })] },
      'holds no call of this kind',
    ],
    [
      'threads whose process nothing tells',
      { windows: [aWindow({ homelessThreads: 3 })] },
      '3 of its threads belong',
    ],
    ['no kind', {}, 'holds no call of this kind'],
  ] as const)('tells why nobody is named where the log has calls of %s', (_, given, words) => {
    const facts = theFacts({ timeline, attribution: anAttribution({ accounts: [], ...given }) })
    const [finding] = findingsOf(facts, 'anonymous-mapping-growth')
    expect(finding!.culprit).toBeNull()
    expect(finding!.culpritReason.en).toContain(words)
  })

  it('tells how many calls of another kind may have made it, and who made most', () => {
    const accounts = [anAccount({ live: 16 * MIB, mechanism: 'thread-stack' })]
    const facts = theFacts({ timeline, attribution: anAttribution({ accounts }) })
    const { en, zh } = findingsOf(facts, 'anonymous-mapping-growth')[0]!.culpritReason
    expect(en).toBe(
      'No traced call was recognised as of this kind. The calls did add 16 MiB otherwise (90 stacks: thread 4250 most), which may be the same memory: what a mapping is used for is told by its shape.',
    )
    expect(zh).toBe(
      '没有被跟踪的调用被识别为此类。但调用以其他方式增加了 16 MiB（90 个线程栈，线程 4250 最多），可能就是同一块内存：映射的用途只能从形状判断。',
    )
  })

  it('speaks of the log where its stamps do not tell how long it took', () => {
    const open = withAccounts(anAccount({ live: 16 * MIB, span: null, culprit: null }))
    expect(open.summary.en).toContain('In the trace, only thread 4250 (worker) made calls of this kind')
  })

  it('does not count the subjects of a mechanism twice', () => {
    const whole = anAccount({ live: 16 * MIB })
    const part = anAccount({ live: 16 * MIB, subject: 'arena at 0x7f0000000000' })
    expect(withAccounts(whole, part).measures.more.neverReleasedBytes).toBe(16 * MIB)
  })
})

describe('limits', () => {
  const timeline = aTimeline([
    aProcess({ kinds: [{ kind: 'anonymous', rss: growing(40 * MIB) }], last: { rss: 60 * MIB } }),
  ])
  const [finding] = findingsOf(
    theFacts({ timeline, limit: { bytes: bytes(100 * MIB), source: 'option' } }),
    'anonymous-mapping-growth',
  )

  it('are met when the growth goes on, with an interval', () => {
    const { limitAt, limitAtLow, limitAtHigh } = finding!.measures
    const end = T0 + (SAMPLES - 1) * 10_000_000
    expect(limitAt).toBe(end + (SAMPLES - 1) * 10_000_000)
    expect(limitAtLow!).toBeLessThan(limitAt!)
    expect(limitAtHigh!).toBeGreaterThan(limitAt!)
  })

  it('are forecast without an interval whose ends are one minute', () => {
    const rss = { ...growing(40 * MIB), low: 499.9 * MIB, high: 500.1 * MIB }
    const process = aProcess({ kinds: [{ kind: 'anonymous', rss }], last: { rss: 60 * MIB } })
    const limit = { bytes: bytes(100 * MIB), source: 'option' as const }
    const [finding] = findingsOf(
      theFacts({ timeline: aTimeline([process]), limit }),
      'anonymous-mapping-growth',
    )
    expect(finding?.summary.en).toContain('At this rate the process reaches 100 MiB at 19:54.')
    expect(finding?.summary.zh).toContain('进程将在 19:54 达到 100 MiB。')
  })

  it('are told to the second where they are less than two minutes away, with both ends', () => {
    const near = theFacts({ timeline, limit: { bytes: bytes(65 * MIB), source: 'option' } })
    const { summary } = findingsOf(near, 'anonymous-mapping-growth')[0]!
    expect(summary.en).toContain('reaches 65 MiB at 19:50:26 (19:50:24–19:50:28).')
    expect(summary.zh).toContain('进程将在 19:50:26（19:50:24–19:50:28）达到 65 MiB。')
  })

  it('are reached by nothing that was gone before, and it is not said to have restarted', () => {
    const kinds = [{ kind: 'anonymous' as const, rss: growing(40 * MIB) }]
    const ended = aProcess({ pid: 30, kinds, last: { rss: 60 * MIB } })
    const next = aProcess({ pid: 31, kinds, last: { rss: 60 * MIB }, restartOf: 30 })
    const limit = { bytes: bytes(100 * MIB), source: 'option' as const }
    const facts = theFacts({ timeline: aTimeline([ended, next]), limit })
    const [past, present] = findingsOf(facts, 'anonymous-mapping-growth')
    expect(past?.summary.en).toContain(
      'it would have reached 100 MiB at 19:54; it was not seen again, and pid 31 of the same program first at 19:45:00.',
    )
    expect(past?.summary.zh).toContain('首次看到同一程序的进程 31')
    expect(past?.summary.en).not.toContain('restart')
    expect(past?.summary.zh).not.toContain('重启')
    expect(past?.severity).toBe('problem')
    expect(present?.summary.en).toContain('At this rate the process reaches 100 MiB at 19:54')
    const text = verbatim('restarted in place')
    const at = micros(T0 + SAMPLES * STEP)
    const inPlace: TimelineEvent = { kind: 'restart', pid: pid(30), from: at, to: at, text, references: [] }
    const [again] = findingsOf(
      theFacts({ timeline: aTimeline([ended], [inPlace]), limit }),
      'anonymous-mapping-growth',
    )
    expect(again?.summary.en).toContain('would have reached')
    const later = { ...inPlace, to: micros(T0 + 60 * SAMPLES * STEP) }
    const [killed] = findingsOf(
      theFacts({ timeline: aTimeline([ended], [later]), limit }),
      'anonymous-mapping-growth',
    )
    expect(killed?.summary.en).toContain(
      'it reaches 100 MiB at 19:54; another address space was first seen under this pid at 2026-11-23 00:45:00.',
    )
    expect(killed?.summary.zh).toContain('首次看到此 pid 呈现另一地址空间')
    expect(killed?.summary.en).not.toContain('would have')
  })

  describe('of a process that is not seen any more', () => {
    const growth = {
      kinds: [{ kind: 'anonymous' as const, rss: growing(40 * MIB) }],
      last: { rss: 60 * MIB },
    }
    const leaver = aProcess({ ...growth, pid: 30 })
    const limit = { bytes: bytes(100 * MIB), source: 'option' as const }
    /** A process that goes on for so many steps after the other. */
    const other = (steps: number) => aProcess({ pid: 31, samples: SAMPLES + steps })
    const found = (facts: Partial<Parameters<typeof theFacts>[0]>): Finding =>
      findingsOf(theFacts({ limit, ...facts }), 'anonymous-mapping-growth')[0]!

    it('are told as what would have been, with when it was seen last; its next one is asked by name', () => {
      const { summary, measures, capture } = found({ timeline: aTimeline([leaver, other(60)]) })
      expect(summary.en).toContain(
        'Nothing shows the process after 19:49:50, while the capture goes on until 19:59:50: it ended, or was not collected any more. At that rate it would have reached 100 MiB at 19:54.',
      )
      expect(summary.zh).toContain('19:49:50 之后再没有该进程的记录，而采集持续到 19:59:50')
      expect(measures.more.notSeenSeconds).toBe(600)
      expect(capture!.command).toContain('"$(pidof -s exampled)"')
      expect(capture!.settles.en).not.toContain('pid 0')
    })

    it('are in the past where the kernel killed it, which is said', () => {
      const kill = (at: number): TimelineEvent => ({
        kind: 'kill',
        pid: pid(30),
        from: micros(at),
        to: micros(at),
        text: verbatim(''),
        references: [],
      })
      const of = (event: TimelineEvent) =>
        found({ timeline: aTimeline([leaver, other(60)], [event]) }).summary
      const { en, zh } = of(kill(T0 + (SAMPLES + 2) * STEP))
      expect(en).toContain('until 19:59:50: the kernel killed it for memory at 19:50:20.')
      expect(zh).toContain('内核于 19:50:20 因内存将其杀死')
      expect(of(kill(T0)).en).toContain('it ended, or was not collected any more')
    })

    it('are told to have been met, where they were', () => {
      const met = aProcess({ ...growth, pid: 30, last: { rss: 100 * MIB } })
      const { summary } = found({ timeline: aTimeline([met, other(60)]) })
      expect(summary.en).toContain('The process was at its limit of 100 MiB or above it.')
      expect(summary.zh).toContain('当时已达到或超过 100 MiB 的限制')
    })

    it('leave the word to when it was seen last where there are none, even if another followed', () => {
      const next = aProcess({ pid: 31, samples: SAMPLES + 60, restartOf: 30 })
      const { summary } = found({ timeline: aTimeline([leaver, next]), limit: null })
      expect(summary.en).toContain('Nothing shows the process after 19:49:50')
    })

    it('are in the past where it grew before a gap and was seen for a while after it', () => {
      const [first] = leaver.segments
      const after = [SAMPLES + 10, SAMPLES + 11].map((at) => aSnapshot(at, { pid: pid(30) }))
      const second: Segment = {
        ...first!,
        index: 1,
        first: SAMPLES,
        last: SAMPLES + 1,
        from: after[0]!.time!,
        to: after[1]!.time!,
        totals: [],
        byKind: [],
      }
      const back = {
        ...leaver,
        snapshots: [...leaver.snapshots, ...after],
        segments: [first!, second],
      }
      expect(found({ timeline: aTimeline([back, other(60)]) }).measures.more.notSeenSeconds).toBe(480)
      const at = second.from
      const inPlace: TimelineEvent = {
        kind: 'restart',
        pid: pid(30),
        from: at,
        to: at,
        text: verbatim(''),
        references: [],
      }
      const restarted = found({ timeline: aTimeline([back, other(60)], [inPlace]) })
      expect(restarted.measures.more.notSeenSeconds).toBeUndefined()
    })

    it('are in the past where the trace that goes on saw its end', () => {
      const windows = [aWindow({ pids: [pid(30)], to: micros(T0 + (SAMPLES + 60) * STEP) })]
      const endedAt = micros(T0 + (SAMPLES + 2) * STEP)
      const timeline = aTimeline([leaver, other(60)])
      const withThreads = (...ends: (Micros | null)[]) => {
        const threads = ends.map((end) => aThread({ pid: pid(30), endedAt: end }))
        return found({ timeline, attribution: anAttribution({ windows, threads }) }).measures.more
      }
      expect(withThreads(endedAt).notSeenSeconds).toBe(580)
      expect(withThreads(endedAt, null).notSeenSeconds).toBeUndefined()
      const alone = anAttribution({ windows, threads: [aThread({ pid: pid(30), endedAt })] })
      const { measures } = found({ timeline: aTimeline([leaver]), attribution: alone })
      expect(measures.more.notSeenSeconds).toBe(580)
    })

    it('are no matter of the past before they are met', () => {
      const { summary } = found({ timeline: aTimeline([leaver, other(6)]) })
      expect(summary.en).toContain('At that rate it reaches 100 MiB at 19:54.')
    })

    it.each([
      ['a snapshot or two were missed', { timeline: aTimeline([leaver, other(3)]) }],
      ['it is alone in the capture', { timeline: aTimeline([leaver]) }],
      [
        'its calls were traced until the end',
        {
          timeline: aTimeline([leaver, other(60)]),
          attribution: anAttribution({
            windows: [aWindow({ pids: [pid(30)], to: micros(T0 + (SAMPLES + 60) * STEP) })],
          }),
        },
      ],
    ])('go on where %s', (_, facts) => {
      const { summary, measures, capture } = found(facts)
      expect(summary.en).toContain('At this rate the process reaches 100 MiB at 19:54')
      expect(summary.en).not.toContain('Nothing shows the process')
      expect(measures.more.notSeenSeconds).toBeUndefined()
      expect(capture!.command).toContain('-p 30')
    })

    it('are in the past where snapshots of it are empty from then on', () => {
      const at = micros(T0 + (SAMPLES + 60) * STEP)
      const empty: TimelineEvent = {
        kind: 'absent',
        pid: pid(30),
        from: at,
        to: at,
        text: verbatim(''),
        references: [],
      }
      expect(found({ timeline: aTimeline([leaver], [empty]) }).measures.more.notSeenSeconds).toBe(610)
    })
  })

  it('within a day make it a problem even without calls', () => expect(finding?.severity).toBe('problem'))
})

describe('calls alone', () => {
  const rising = [4, 8, 12, 16, 20, 24].map((level, at) => ({ at: T0 + at, bytes: bytes(level * MIB) }))
  const facts = (activity: Parameters<typeof anActivity>[0] = {}, live: typeof rising = rising): Facts =>
    theFacts({
      timeline: aTimeline([]),
      attribution: anAttribution({
        accounts: [anAccount({ live: 20 * MIB })],
        threads: [aThread({ activities: [anActivity(activity)], liveOverTime: live as never })],
      }),
    })

  it('show mappings that outlive every released one, and claim no more', () => {
    const [finding] = findingsOf(facts(), 'anonymous-mapping-growth')
    expect(finding).toMatchObject({ severity: 'warning', confidence: 50 })
    expect(finding?.measures.quantity).toBe('address-space')
    expect(finding?.cap).not.toBeNull()
  })

  it('count what was forgotten where most of what stayed is something else', () => {
    const [finding] = findingsOf(facts({ neverBytes: bytes(2 * MIB) }), 'anonymous-mapping-growth')
    expect(finding?.measures.grownBytes).toBe(2 * MIB)
    expect(finding?.summary.en).toContain('By system calls alone, 2 MiB of address space stayed mapped')
    const { tracedSeconds } = finding!.measures.more
    expect(finding?.measures.bytesPerHour).toBe(Math.round((2 * MIB * 3600) / tracedSeconds!))
  })

  it.each([
    ['few of them', { never: 7 }],
    ['young ones', { oldestAge: 20_000_000 as never }],
    ['ones no older than those released', { longestLifetime: 100_000_000 as never }],
    ['less than the rule asks for', { neverBytes: bytes(512 * KIB) }],
    ['pages opened by mprotect', { sequence: ['read(5)', 'mprotect'] }],
  ])('say nothing about %s', (_, activity) => {
    expect(findingsOf(facts(activity), 'anonymous-mapping-growth')).toEqual([])
  })

  it('say nothing about a table that was filled once', () => {
    const filled = rising.map((point) => ({ ...point, bytes: bytes(20 * MIB) }))
    expect(findingsOf(facts({}, filled), 'anonymous-mapping-growth')).toEqual([])
  })

  it('say nothing where snapshots show no growth', () => {
    const timeline = aTimeline([aProcess({ kinds: [{ kind: 'anonymous' }] })])
    expect(findingsOf({ ...facts(), timeline }, 'anonymous-mapping-growth')).toEqual([])
  })
})

describe('confidence', () => {
  const timeline = aTimeline([aProcess({ kinds: [{ kind: 'anonymous', rss: growing(40 * MIB) }] })])
  const finding = (over: Parameters<typeof aWindow>[0]) =>
    findingsOf(
      theFacts({
        timeline,
        attribution: anAttribution({ windows: [aWindow(over)], accounts: [anAccount({ live: 16 * MIB })] }),
      }),
      'anonymous-mapping-growth',
    )[0]!

  it('says how many threads were not traced, at least', () => {
    const one = finding({ untracedThreads: 1 }).cap
    expect(one?.en).toBe('At least one thread of the process was not traced.')
    expect(one?.zh).toBe('进程中至少有 1 个线程没有被跟踪。')
    const more = finding({ untracedThreads: 2 }).cap
    expect(more?.en).toBe('At least 2 threads of the process were not traced.')
  })

  it('is high when snapshots and calls agree', () => {
    expect(finding({})).toMatchObject({ cap: null })
    expect(finding({}).confidence).toBeGreaterThanOrEqual(95)
  })

  it.each([
    ['threads that were not traced', { untracedThreads: 2 }, 85],
    ['calls that contradict each other', { conflicts: 3 }, 85],
    ['no durations', { order: 'entry' as const }, 90],
    ['a clock that cannot be placed', { from: null }, 80],
  ])('is capped by %s, and says so', (_, over, ceiling) => {
    expect(finding(over).confidence).toBe(ceiling)
    expect(finding(over).cap?.zh).toMatch(/\p{Script=Han}/u)
  })

  it('takes a replay that is wrong by more than changed for one that explains nothing, never for less', () => {
    const attributed = (replay: Parameters<typeof aReplay>[0]) =>
      anAttribution({
        windows: [aWindow()],
        accounts: [anAccount({ live: 16 * MIB })],
        replays: [aReplay(replay)],
      })
    const doubted = (replay: Parameters<typeof aReplay>[0]) =>
      findingsOf(theFacts({ timeline, attribution: attributed(replay) }), 'anonymous-mapping-growth')[0]!
    expect(doubted({ changedPages: 100, differingPages: 10 }).cap?.en).toContain('explain 90 % of')
    const none = doubted({ changedPages: 100, differingPages: 730 })
    expect(none.confidence).toBe(70)
    expect(none.cap?.en).toBe('The replayed calls explain none of the mapping changes.')
    expect(doubted({ changedPages: 0, differingPages: 5 }).confidence).toBe(70)
  })

  it('is capped where calls map what grows and hardly did so in the traced time', () => {
    const confidenceOf = (kind: 'anonymous' | 'malloc-arena', live: number, sizeToo: boolean) => {
      const rss = growing(40 * MIB)
      const snapshots = Array.from({ length: SAMPLES }, (_, index) => {
        const level = (100 + (40 * index) / (SAMPLES - 1)) * MIB
        const all = amounts({ rss: level, size: sizeToo ? level : 200 * MIB })
        return aSnapshot(index, { byKind: new Map([[kind, all]]) })
      })
      const mechanism = kind === 'anonymous' ? 'mmap-anon' : 'malloc-arena'
      const facts = theFacts({
        timeline: aTimeline([aProcess({ kinds: [{ kind, rss }], snapshots })]),
        attribution: anAttribution({ accounts: [anAccount({ live, mechanism })] }),
      })
      return findingsOf(facts, kind === 'anonymous' ? 'anonymous-mapping-growth' : 'malloc-arena-growth')[0]!
        .confidence
    }
    expect(confidenceOf('anonymous', MIB, true)).toBe(60)
    expect(confidenceOf('anonymous', 4 * MIB, true)).toBe(85)
    expect(confidenceOf('anonymous', MIB, false)).toBe(85)
    expect(confidenceOf('malloc-arena', MIB, true)).toBe(85)
  })

  it('is capped by few snapshots', () => {
    const process = aProcess({ samples: 9, kinds: [{ kind: 'anonymous', rss: growing(40 * MIB) }] })
    const [few] = findingsOf(theFacts({ timeline: aTimeline([process]) }), 'anonymous-mapping-growth')
    expect(few?.confidence).toBe(70)
    expect(few?.cap?.en).toContain('9 snapshots')
  })
})

describe('several processes', () => {
  it('have a finding each, in order of pid', () => {
    const process = (id: number) =>
      aProcess({ pid: id, kinds: [{ kind: 'main-heap', rss: growing(40 * MIB) }] })
    const found = findingsOf(theFacts({ timeline: aTimeline([process(30), process(4)]) }), 'main-heap-growth')
    expect(found.map((finding) => finding.pid)).toEqual([pid(4), pid(30)])
    expect(found[0]?.fingerprint).toBe(found[1]?.fingerprint)
  })

  it('are asked of the latest that came after, not called its restart, as an ended one cannot be', () => {
    const kinds = [{ kind: 'main-heap' as const, rss: growing(40 * MIB) }]
    const lives = [
      aProcess({ pid: 30, kinds }),
      aProcess({ pid: 40, restartOf: 30, kinds }),
      aProcess({ pid: 50, restartOf: 40, kinds }),
    ]
    const [ended, , latest] = findingsOf(theFacts({ timeline: aTimeline(lives) }), 'main-heap-growth')
    expect(ended?.capture?.command).toContain('-p 50 ')
    expect(ended?.capture?.settles.en).toMatch(
      /^Uprobes .+ not freed \(of pid 50, first seen after pid 30 was last seen\)\. /,
    )
    expect(ended?.capture?.settles.zh).toContain('pid 50')
    expect(latest?.capture?.command).toContain('-p 50 ')
    expect(latest?.capture?.settles.en).not.toContain('restart')
  })
})

describe('anonymous memory that grows inside mappings of one size', () => {
  const snapshots = (sizeAtEnd: number) =>
    Array.from({ length: SAMPLES }, (_, index) => {
      const part = index / (SAMPLES - 1)
      const kind = amounts({ size: 512 * MIB + sizeAtEnd * part, rss: 10 * MIB + 40 * MIB * part, ranges: 1 })
      return aSnapshot(index, { byKind: new Map([['anonymous', kind]]) })
    })
  const titleOf = (sizeAtEnd: number) => {
    const kinds = [{ kind: 'anonymous' as const, rss: growing(40 * MIB) }]
    const process = aProcess({ kinds, snapshots: snapshots(sizeAtEnd) })
    const [finding] = findingsOf(theFacts({ timeline: aTimeline([process]) }), 'anonymous-mapping-growth')
    return finding?.title.en
  }

  it('is not said to be mappings that accumulate', () => {
    expect(titleOf(0)).toBe('Resident memory grows inside anonymous mappings that stay the same size')
    expect(titleOf(40 * MIB)).toBe('Anonymous mappings accumulate')
  })
})

describe('anonymous memory that grows inside mappings after others came to rest', () => {
  /** 2 MiB are touched in every snapshot of a buffer of 512 MiB, and 4 MiB mapped and touched until `rest`. */
  const findingOf = (rest: number, limit: number, { goesOn = true } = {}) => {
    const snapshots = Array.from({ length: SAMPLES }, (_, index) => {
      // A buffer that comes and goes is no growth.
      const table = 4 * MIB * Math.min(index, rest) + (index === SAMPLES - 4 ? MIB : 0)
      const touched = 2 * MIB * (goesOn ? index : Math.min(index, rest))
      const kind = amounts({ size: 512 * MIB + table, rss: 10 * MIB + touched + table, ranges: 2 })
      return aSnapshot(index, { byKind: new Map([['anonymous', kind]]), total: amounts({ rss: kind.rss }) })
    })
    const rss = growing(snapshots.at(-1)!.total.rss! - 10 * MIB)
    const process = aProcess({ kinds: [{ kind: 'anonymous', rss }], snapshots })
    return findingsOf(
      theFacts({
        timeline: aTimeline([process]),
        limit: { bytes: bytes(limit), source: 'option' },
        attribution: anAttribution({ accounts: [anAccount({ live: 40 * MIB })] }),
      }),
      'anonymous-mapping-growth',
    )[0]!
  }
  const END = 10 + 2 * (SAMPLES - 1) + 4 * 15

  it('meets no limit beyond what is mapped, and says since when nothing is added', () => {
    const { summary, measures, severity } = findingOf(15, GIB)
    expect(measures).toMatchObject({ limitBytes: GIB, limitAt: null })
    const left = 512 + 4 * 15 - END
    expect(summary.en).toContain(
      `Since 19:47:30 these mappings became neither more nor larger: what still grows lies inside them, and at most ${left} MiB are left there.`,
    )
    expect(summary.zh).toContain(`自 19:47:30 起这些映射的数量与大小都没有增加`)
    expect(severity).toBe('warning')
  })

  it('meets one that lies before', () => {
    expect(findingOf(15, 300 * MIB).measures.limitAt).not.toBeNull()
  })

  it.each([
    ['mappings still come', SAMPLES, true],
    ['they came to rest a moment ago', 22, true],
    ['nothing grows since', 15, false],
  ])('meets it where %s', (_, rest, goesOn) => {
    const { summary, measures } = findingOf(rest, GIB, { goesOn })
    expect(measures.limitAt).not.toBeNull()
    expect(summary.en).not.toContain('neither more nor larger')
  })
})

describe('the evidence of a finding', () => {
  it('is the own line of a mapping of which no change is kept', () => {
    const process = aProcess({ kinds: [{ kind: 'anonymous', rss: growing(40 * MIB) }] })
    const lineages = process.lineages.map((lineage) => ({ ...lineage, line: 57 }))
    const facts = theFacts({ timeline: aTimeline([{ ...process, pairs: [], lineages }]) })
    const file = process.snapshots.at(-1)!.file
    expect(findingsOf(facts, 'anonymous-mapping-growth')[0]!.evidence).toContainEqual({
      file,
      firstLine: 57,
      lastLine: 57,
    })
  })
})

describe('calls for a managed heap and for other anonymous memory', () => {
  const process = aProcess({
    kinds: [{ kind: 'managed-heap', rss: { shape: 'growing', grown: 40 * MIB } }],
  })
  const reasonOf = (accounts: Parameters<typeof anAttribution>[0]) =>
    findingsOf(
      theFacts({ timeline: aTimeline([process]), attribution: anAttribution(accounts) }),
      'managed-heap-growth',
    )[0]!.culpritReason
  const took = anAccount({ mechanism: 'managed-heap', live: 16 * MIB })
  const gaveBack = anAccount({
    live: 0,
    acquiredBytes: bytes(0),
    releasedBytes: bytes(took.acquiredBytes - took.releasedBytes),
  })

  it('are not said to have added little where what one gave back hides what the other took', () => {
    const { en, zh } = reasonOf({ accounts: [took, gaveBack] })
    expect(en).toContain('less what they gave back of either, came to only 0 %')
    expect(en).toContain('How much of this memory they took, calls do not tell')
    expect(en).not.toContain('added only')
    expect(zh).toContain('减去两者被归还的部分，只占此处平均同期增长的 0 %')
  })

  it('are said to have added little where they are of one kind', () => {
    const little = anAccount({ mechanism: 'managed-heap', live: MIB })
    expect(reasonOf({ accounts: [little] }).en).toMatch(/The calls of the traced 2 min added only \d+ %/)
  })
})
