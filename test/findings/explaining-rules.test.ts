/** Rules that explain, and those that look at limits, swap and free memory: fires, silent, not applicable, edges. */
import { describe, expect, it } from 'vitest'
import { bytes, KIB, MIB, MINUTE, type Micros, micros, pid, SECOND } from '../../src/base/units.ts'
import { runRules } from '../../src/findings/run-rules.ts'
import type { Facts } from '../../src/model/facts.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { MappingKind } from '../../src/model/mapping-kind.ts'
import { verbatim } from '../../src/model/sentence.ts'
import type { SideEvidence } from '../../src/model/side-evidence.ts'
import type { Shape, TimelineEvent } from '../../src/model/timeline.ts'
import {
  aLineage,
  amounts,
  anAttribution,
  aProcess,
  aSnapshot,
  aThread,
  aTimeline,
  PID,
  SAMPLES,
  STEP,
  T0,
  theFacts,
} from '../support/facts.ts'

const outcomeOf = (facts: Facts, id: string) => runRules(facts).find((result) => result.id === id)!
const findingsOf = (facts: Facts, id: string): readonly Finding[] => {
  const result = outcomeOf(facts, id)
  return result.outcome === 'found' ? result.findings : []
}

const reference = { file: 'side/x', firstLine: 3, lastLine: 3 }

/** A process whose kind has the given level at each snapshot, and this shape. */
function withLevels(kind: MappingKind, shape: Shape, level: (index: number) => number, side = {}): Facts {
  const snapshots = Array.from({ length: SAMPLES }, (_, index) =>
    aSnapshot(index, { byKind: new Map([[kind, amounts({ rss: level(index), size: level(index) })]]) }),
  )
  const process = aProcess({ snapshots, kinds: [{ kind, rss: { shape } }] })
  return theFacts({ timeline: aTimeline([process]), side })
}

const noSnapshots = theFacts({ timeline: aTimeline([]) })

describe('one-time-step', () => {
  const step = (height: number) => (index: number) => 2 * MIB + (index < 10 ? 0 : height)

  it('fires on a rise between two snapshots, and says when', () => {
    const [finding] = findingsOf(withLevels('anonymous', 'step', step(20 * MIB)), 'one-time-step')
    expect(finding).toMatchObject({ severity: 'info', culprit: null, measures: { grownBytes: 20 * MIB } })
    expect(finding?.measures.onset).toBe(T0 + 10 * STEP)
    expect(finding?.summary.en).toContain('19:46:30 and 19:46:40')
  })

  it('turns at its threshold', () => {
    expect(findingsOf(withLevels('anonymous', 'step', step(MIB)), 'one-time-step')).toHaveLength(1)
    expect(findingsOf(withLevels('anonymous', 'step', step(MIB - KIB)), 'one-time-step')).toEqual([])
  })

  it.each(['growing', 'sawtooth', 'plateau', 'too-short'] as const)('is silent on %s', (shape) => {
    expect(findingsOf(withLevels('anonymous', shape, step(20 * MIB)), 'one-time-step')).toEqual([])
  })

  it('is not applicable without snapshots', () => {
    expect(outcomeOf(noSnapshots, 'one-time-step').outcome).toBe('not-applicable')
  })
})

describe('warm-up', () => {
  const rise = (by: number) => (index: number) => 5 * MIB + Math.min(by, index * MIB)

  it.each(['saturating', 'plateau'] as const)('fires on a rise that is %s', (shape) => {
    const [finding] = findingsOf(withLevels('malloc-arena', shape, rise(8 * MIB)), 'warm-up')
    expect(finding).toMatchObject({ severity: 'info', mechanism: 'malloc-arena' })
  })

  it('turns at its threshold', () => {
    expect(findingsOf(withLevels('malloc-arena', 'plateau', rise(MIB)), 'warm-up')).toHaveLength(1)
    expect(findingsOf(withLevels('malloc-arena', 'plateau', rise(MIB - KIB)), 'warm-up')).toEqual([])
  })

  it('is silent on less than a tenth of the level', () => {
    const high = (index: number) => 100 * MIB + Math.min(8, index) * MIB
    expect(findingsOf(withLevels('malloc-arena', 'plateau', high), 'warm-up')).toEqual([])
  })

  it('is silent where the verdict leaves it open whether the rise has ended', () => {
    const until = (last: number) => {
      const level = (index: number) => amounts({ rss: 5 * MIB + Math.min(last, index) * MIB })
      const snapshots = Array.from({ length: SAMPLES }, (_, index) =>
        aSnapshot(index, { total: level(index), byKind: new Map([['malloc-arena', level(index)]]) }),
      )
      const rss = { shape: 'plateau' as const, from: micros(T0 + last * STEP), detectionLimit: MIB }
      const process = aProcess({ snapshots, kinds: [{ kind: 'malloc-arena', rss }], totals: { rss } })
      return findingsOf(theFacts({ timeline: aTimeline([process]) }), 'warm-up')
    }
    expect(until(10)).toHaveLength(1)
    expect(until(20)).toEqual([])
  })

  it('is silent on what fell back from a higher level', () => {
    const fell = (by: number) => (index: number) =>
      5 * MIB + (index === 15 ? 80 : index > 15 ? 80 - by : index) * MIB
    expect(findingsOf(withLevels('malloc-arena', 'plateau', fell(8)), 'warm-up')).toHaveLength(1)
    expect(findingsOf(withLevels('malloc-arena', 'plateau', fell(60)), 'warm-up')).toEqual([])
  })

  it('is silent on growth', () => {
    expect(findingsOf(withLevels('malloc-arena', 'growing', rise(8 * MIB)), 'warm-up')).toEqual([])
  })
})

describe('cache-sawtooth', () => {
  const tooth = (height: number) => (index: number) => 4 * MIB + (index % 5) * (height / 4)

  it('fires on memory that comes back down', () => {
    const [finding] = findingsOf(withLevels('main-heap', 'sawtooth', tooth(20 * MIB)), 'cache-sawtooth')
    expect(finding).toMatchObject({ severity: 'info', measures: { grownBytes: null, bytesPerHour: null } })
    expect(finding?.measures.more).toEqual({ lowestBytes: 4 * MIB, highestBytes: 24 * MIB })
  })

  it('turns at its threshold', () => {
    expect(findingsOf(withLevels('main-heap', 'sawtooth', tooth(MIB)), 'cache-sawtooth')).toHaveLength(1)
    expect(findingsOf(withLevels('main-heap', 'sawtooth', tooth(MIB - KIB)), 'cache-sawtooth')).toEqual([])
  })
})

type Heap = SideEvidence['heaps'][number]
const reading = (free: number, system: number, arenas: number, time: Micros | null = null): Heap => ({
  pid: PID,
  time,
  arenas,
  systemBytes: bytes(system),
  freeBytes: bytes(free),
  mmapBytes: null,
  reference,
})

describe('heap-top-pinned', () => {
  const peak = (index: number) => MIB + (index < 10 ? 0 : 40 * MIB)
  const rule = (facts: Facts) => findingsOf(facts, 'heap-top-pinned')[0]

  it('only supposes it from one step that stays, and says what is missing', () => {
    const finding = rule(withLevels('main-heap', 'step', peak))
    expect(finding).toMatchObject({ severity: 'info', confidence: 45 })
    expect(finding?.cap?.en).toContain('malloc_info')
    expect(finding?.capture?.command).toContain('malloc_info')
  })

  it('takes the bytes from one-time-step', () => {
    expect(findingsOf(withLevels('main-heap', 'step', peak), 'one-time-step')).toEqual([])
  })

  it('knows it from malloc_info, and warns when it lasts', () => {
    const once = { heaps: [reading(30 * MIB, 41 * MIB, 1)] }
    expect(rule(withLevels('main-heap', 'step', peak, once))).toMatchObject({
      severity: 'info',
      confidence: 85,
    })
    const lasting = {
      heaps: [reading(30 * MIB, 41 * MIB, 1, T0), reading(30 * MIB, 41 * MIB, 1, micros(T0 + MINUTE))],
    }
    expect(rule(withLevels('main-heap', 'step', peak, lasting))?.severity).toBe('warning')
  })

  it('is silent where malloc_info counts the heap as used', () => {
    const used = { heaps: [reading(10 * MIB, 41 * MIB, 1)] }
    expect(rule(withLevels('main-heap', 'step', peak, used))).toBeUndefined()
  })

  it('turns at half of the heap and at 4 MiB', () => {
    const to = (base: number, rise: number) => (index: number) => base + (index < 10 ? 0 : rise)
    expect(rule(withLevels('main-heap', 'step', to(4 * MIB, 4 * MIB)))).toBeDefined()
    expect(rule(withLevels('main-heap', 'step', to(4 * MIB, 4 * MIB - KIB)))).toBeUndefined()
    expect(rule(withLevels('main-heap', 'step', to(9 * MIB, 8 * MIB)))).toBeUndefined()
  })

  it('is not applicable without [heap]', () => {
    const facts = theFacts({ timeline: aTimeline([aProcess()]) })
    expect(outcomeOf(facts, 'heap-top-pinned').outcome).toBe('not-applicable')
  })
})

describe('fragmentation', () => {
  const facts = (...heaps: Heap[]) => theFacts({ side: { heaps } })
  const rule = (...heaps: Heap[]) => findingsOf(facts(...heaps), 'fragmentation')[0]

  it('fires on free memory that malloc_info counts in several arenas', () => {
    expect(rule(reading(100 * MIB, 150 * MIB, 4))).toMatchObject({ severity: 'info', evidence: [reference] })
    const twice = [
      reading(100 * MIB, 150 * MIB, 4, T0),
      reading(100 * MIB, 150 * MIB, 4, micros(T0 + MINUTE)),
    ]
    expect(rule(...twice)?.severity).toBe('warning')
  })

  it('turns at half, and at 64 MiB', () => {
    expect(rule(reading(64 * MIB, 128 * MIB, 2))).toBeDefined()
    expect(rule(reading(64 * MIB, 129 * MIB, 2))).toBeUndefined()
    expect(rule(reading(63 * MIB, 70 * MIB, 2))).toBeUndefined()
  })

  it('is silent when a later reading shows it used again', () => {
    expect(rule(reading(100 * MIB, 150 * MIB, 4), reading(10 * MIB, 150 * MIB, 4))).toBeUndefined()
  })

  it('is not applicable without malloc_info', () => {
    expect(outcomeOf(theFacts(), 'fragmentation').outcome).toBe('not-applicable')
  })
})

describe('malloc-arena-count', () => {
  const arenas = (count: number) =>
    theFacts({
      timeline: aTimeline([
        aProcess({
          kinds: [{ kind: 'malloc-arena' }],
          lineages: Array.from({ length: count }, (_, at) =>
            aLineage({ id: `A${at}`, kind: 'malloc-arena' }),
          ),
        }),
      ]),
    })

  it('turns at the bound of one core', () => {
    expect(findingsOf(arenas(8), 'malloc-arena-count')[0]).toMatchObject({
      severity: 'info',
      measures: { more: { arenasCount: 8, newArenasCount: 0 } },
    })
    expect(findingsOf(arenas(7), 'malloc-arena-count')).toEqual([])
  })

  it('is not applicable without arenas', () => {
    expect(outcomeOf(theFacts(), 'malloc-arena-count').outcome).toBe('not-applicable')
  })
})

describe('mapping-count-limit', () => {
  const ranges = (count: number, growing: boolean, side: Partial<SideEvidence> = {}) =>
    theFacts({
      timeline: aTimeline([
        aProcess({
          last: { ranges: count },
          totals: { ranges: { shape: growing ? 'growing' : 'plateau', grown: growing ? 3000 : 0 } },
        }),
      ]),
      side,
    })
  const rule = (facts: Facts) => findingsOf(facts, 'mapping-count-limit')[0]

  it('warns near the limit while the number grows, with the time to it', () => {
    const finding = rule(ranges(60_000, true))
    expect(finding?.severity).toBe('warning')
    expect(finding?.measures.more.limitAtMicros).toBeGreaterThan(T0)
  })

  it('tells a process that is not seen any more in the past', () => {
    const { timeline } = ranges(60_000, true)
    const goesOn = aProcess({ pid: 31, samples: SAMPLES + 60 })
    const { summary } = rule(theFacts({ timeline: aTimeline([...timeline.processes, goesOn]) }))!
    expect(summary.en).toContain('at that rate the limit is reached at')
    expect(summary.en).toContain('Nothing shows the process after')
  })

  it('only informs while it does not', () => expect(rule(ranges(60_000, false))?.severity).toBe('info'))

  it('turns at four fifths of the limit in the evidence', () => {
    const limits = [{ pid: null, kind: 'map-count' as const, value: 1000, reference }]
    expect(rule(ranges(800, false, { limits }))).toBeDefined()
    expect(rule(ranges(799, false, { limits }))).toBeUndefined()
    expect(rule(ranges(52_424, false))).toBeDefined()
    expect(rule(ranges(52_423, false))).toBeUndefined()
  })

  it('warns far below while less than an hour is left at this rate', () => {
    const limits = [{ pid: null, kind: 'map-count' as const, value: 1000, reference }]
    const perHour = { shape: 'growing' as const, grown: 100, perHour: 1200, low: 1100, high: 1300 }
    const growing = (count: number) =>
      theFacts({
        timeline: aTimeline([aProcess({ last: { ranges: count }, totals: { ranges: perHour } })]),
        side: { limits },
      })
    expect(rule(growing(0))?.severity).toBe('warning')
    expect(rule(ranges(0, false, { limits }))).toBeUndefined()
    expect(rule(theFacts({ timeline: growing(0).timeline }))).toBeUndefined()
  })

  it('is not applicable to smaps_rollup, which tells no number', () => {
    const sums = { byKind: new Map([['rollup', amounts({ ranges: 0 })]] as const) }
    const snapshots = Array.from({ length: SAMPLES }, (_, at) => aSnapshot(at, sums))
    const facts = theFacts({ timeline: aTimeline([aProcess({ kinds: [{ kind: 'rollup' }], snapshots })]) })
    expect(outcomeOf(facts, 'mapping-count-limit').outcome).toBe('not-applicable')
    expect(outcomeOf(theFacts(), 'mapping-count-limit').outcome).toBe('clear')
  })
})

describe('swap-growth', () => {
  const swapping = (grown: number, rss: Parameters<typeof aProcess>[0] = {}) =>
    theFacts({ timeline: aTimeline([aProcess({ totals: { swap: { shape: 'growing', grown } }, ...rss })]) })
  const rule = (facts: Facts) => findingsOf(facts, 'swap-growth')[0]

  it('warns when the process grows behind its resident memory', () => {
    const finding = rule(swapping(20 * MIB))
    expect(finding).toMatchObject({ severity: 'warning', measures: { grownBytes: 20 * MIB } })
    expect(finding?.measures.bytesPerHour).toBeGreaterThan(0)
  })

  it('tells a process that is not seen any more in the past', () => {
    const { timeline } = swapping(20 * MIB)
    const goesOn = aProcess({ pid: 31, samples: SAMPLES + 60 })
    const finding = rule(theFacts({ timeline: aTimeline([...timeline.processes, goesOn]) }))
    expect(finding?.measures.more.notSeenSeconds).toBe(600)
  })

  it('only informs when resident memory shrinks as much', () => {
    const totals = {
      swap: { shape: 'growing', grown: 20 * MIB },
      rss: { shape: 'shrinking', grown: -19 * MIB },
    } as const
    expect(rule(theFacts({ timeline: aTimeline([aProcess({ totals })]) }))?.severity).toBe('info')
  })

  it('turns at one swap cluster', () => {
    expect(rule(swapping(MIB))).toBeDefined()
    expect(rule(swapping(MIB - KIB))).toBeUndefined()
  })

  it('is not applicable without the field', () => {
    const process = aProcess()
    const [segment] = process.segments
    const bare = { ...process, segments: [{ ...segment!, totals: [] }] }
    expect(outcomeOf(theFacts({ timeline: aTimeline([bare]) }), 'swap-growth').outcome).toBe('not-applicable')
  })
})

describe('huge-page-bloat', () => {
  const huge = (anonHugePages: number | null, anonymous: number) =>
    theFacts({ timeline: aTimeline([aProcess({ last: { anonHugePages, anonymous } })]) })

  it('turns at sixteen huge pages and at half of the anonymous memory', () => {
    expect(findingsOf(huge(32 * MIB, 64 * MIB), 'huge-page-bloat')[0]).toMatchObject({ severity: 'info' })
    expect(findingsOf(huge(30 * MIB, 40 * MIB), 'huge-page-bloat')).toEqual([])
    expect(findingsOf(huge(32 * MIB, 65 * MIB), 'huge-page-bloat')).toEqual([])
  })

  it('is not applicable without the field', () => {
    expect(outcomeOf(huge(null, 40 * MIB), 'huge-page-bloat').outcome).toBe('not-applicable')
  })
})

describe('copy-on-write-growth', () => {
  const rule = (facts: Facts) => findingsOf(facts, 'copy-on-write-growth')

  it('informs about private copies of file pages', () => {
    const process = aProcess({
      kinds: [{ kind: 'file-private-dirty', rss: { shape: 'growing', grown: 5 * MIB } }],
    })
    expect(rule(theFacts({ timeline: aTimeline([process]) }))[0]).toMatchObject({ severity: 'info' })
  })

  it('informs about private memory that grows while resident memory does not', () => {
    const dirty = (grown: number) =>
      theFacts({
        timeline: aTimeline([aProcess({ totals: { privateDirty: { shape: 'growing', grown } } })]),
      })
    expect(rule(dirty(MIB))[0]).toMatchObject({ severity: 'info', mechanism: 'other' })
    expect(rule(dirty(MIB - KIB))).toEqual([])
  })

  it('is silent where resident memory grows with it', () => {
    const grown = { shape: 'growing', grown: 5 * MIB } as const
    expect(
      rule(theFacts({ timeline: aTimeline([aProcess({ totals: { privateDirty: grown, rss: grown } })]) })),
    ).toEqual([])
  })
})

describe('allocation-churn', () => {
  const busy = (calls: number, seconds: number | null) =>
    theFacts({
      attribution: anAttribution({
        threads: [aThread({ syscalls: [{ name: 'mmap', calls, errors: 0, seconds }] })],
      }),
    })
  const rule = (facts: Facts) => findingsOf(facts, 'allocation-churn')[0]

  it('turns at 500 calls a second', () => {
    // The window is 120 s long.
    expect(rule(busy(60_000, 0.1))).toMatchObject({ severity: 'info', culprit: null })
    expect(rule(busy(59_999, 0.1))).toBeUndefined()
  })

  it('turns at a twentieth of the time', () => {
    expect(rule(busy(1200, 6))).toBeDefined()
    expect(rule(busy(1200, 5.99))).toBeUndefined()
    expect(rule(busy(1200, null))).toBeUndefined()
  })

  it('takes a few calls that waited long for no churn', () => {
    expect(rule(busy(1199, 60))).toBeUndefined()
  })

  it('is not applicable without a trace', () => {
    expect(outcomeOf(theFacts(), 'allocation-churn').outcome).toBe('not-applicable')
  })
})

describe('unexplained-growth', () => {
  const total = (grown: number, kinds: Parameters<typeof aProcess>[0] = {}) =>
    theFacts({ timeline: aTimeline([aProcess({ totals: { rss: { shape: 'growing', grown } }, ...kinds })]) })
  const rule = (facts: Facts) => findingsOf(facts, 'unexplained-growth')

  it('warns when only the sum grows', () => {
    expect(rule(total(4 * MIB))[0]).toMatchObject({ severity: 'warning', mechanism: 'other', culprit: null })
    expect(rule(total(4 * MIB - KIB))).toEqual([])
  })

  it('tells a process that is not seen any more in the past, and asks for it by its name', () => {
    const { timeline } = total(40 * MIB)
    const goesOn = aProcess({ pid: 31, samples: SAMPLES + 60 })
    const [finding] = rule(theFacts({ timeline: aTimeline([...timeline.processes, goesOn]) }))
    expect(finding?.summary.en).toContain('Nothing shows the process after 19:49:50')
    expect(finding?.measures.more.notSeenSeconds).toBe(600)
    expect(finding?.capture?.command).toContain('exampled')
    expect(rule(total(40 * MIB))[0]?.measures.more.notSeenSeconds).toBeUndefined()
  })

  it('leaves the growth to the rule that knows the mapping', () => {
    const kinds = [{ kind: 'main-heap', rss: { shape: 'growing', grown: 40 * MIB } } as const]
    expect(rule(total(40 * MIB, { kinds }))).toEqual([])
  })

  it('speaks where what grows by itself is less than half of it, and says how much that is', () => {
    const kinds = [{ kind: 'main-heap', rss: { shape: 'growing', grown: 15 * MIB } } as const]
    expect(rule(total(30 * MIB, { kinds }))).toEqual([])
    const [finding] = rule(total(200 * MIB, { kinds }))
    expect(finding?.summary.en).toContain('make only 15 MiB of it')
  })
})

describe('restart-loop', () => {
  const restart = (of: number, by: number): TimelineEvent => ({
    kind: 'restart',
    pid: pid(by),
    from: T0,
    to: micros(T0 + 14 * SECOND),
    text: verbatim(`pid ${by} is a restart of pid ${of}`),
    references: [],
  })
  const facts = (count: number, side: Partial<SideEvidence> = {}) =>
    theFacts({
      timeline: aTimeline(
        Array.from({ length: count + 1 }, (_, at) =>
          aProcess({ pid: 100 + at, restartOf: at === 0 ? null : 99 + at, last: { rss: 70 * MIB } }),
        ),
        Array.from({ length: count }, (_, at) => restart(100 + at, 101 + at)),
      ),
      side,
    })
  const rule = (given: Facts) => findingsOf(given, 'restart-loop')

  it('says when, and how big it was', () => {
    const [finding, ...others] = rule(facts(1))
    expect(others).toEqual([])
    expect(finding).toMatchObject({ severity: 'info', pid: 101 })
    expect(finding?.summary.en).toMatch(/between 19:45:00 and 19:45:14.*70 MiB/)
    expect(finding?.summary.en).not.toContain('loop')
  })

  it('calls two of them a loop where they are restarts, and an OOM kill by its name', () => {
    expect(rule(facts(2)).at(-1)?.summary.en).toContain(
      '2 times in this capture: where they are restarts, it is a loop.',
    )
    const kills = [
      { pid: 100, program: 'exampled', time: null, rss: null, text: 'Killed process 100', reference },
    ]
    expect(rule(facts(1, { kills }))[0]?.summary.en).toContain('The kernel killed it for memory')
  })

  it('is told once of a program that was restarted thousands of times, by the first ones and the last', () => {
    const [finding, ...others] = rule(facts(3000))
    expect(others).toEqual([])
    expect(finding?.pid).toBe(3100)
    expect(finding?.summary.en).toMatch(/^pid 101 is a restart of pid 100.*pid 3100 is a restart of pid 3099/)
    expect(finding?.summary.en).not.toContain('pid 103 ')
    expect(finding?.summary.en).toContain('2,997 more came like this in between.')
    expect(finding?.summary.en).toContain('3,000 times in this capture: where they are restarts')
  })

  it('calls workers that came side by side after one no loop', () => {
    const workers = Array.from({ length: 9 }, (_, at) => 101 + at)
    const timeline = aTimeline(
      [aProcess({ pid: 100 }), ...workers.map((worker) => aProcess({ pid: worker, restartOf: 100 }))],
      workers.map((worker) => restart(100, worker)),
    )
    const [finding, ...others] = rule(theFacts({ timeline }))
    expect(others).toEqual([])
    expect(finding?.measures.more.restartsCount).toBe(1)
    expect(finding?.summary.en).not.toContain('loop')
  })

  it.each([
    [41, /Also found 1 more time\.$/],
    [3000, /Also found 2,960 more times\.$/],
  ])('is told of each program, of the first ones of %i in the reason', (programs, reason) => {
    const pids = Array.from({ length: programs }, (_, at) => 100 + 2 * at)
    const timeline = aTimeline(
      pids.flatMap((first) => [aProcess({ pid: first }), aProcess({ pid: first + 1, restartOf: first })]),
      pids.map((first) => restart(first, first + 1)),
    )
    const outcome = outcomeOf(theFacts({ timeline }), 'restart-loop')
    expect(outcome.reason.en).toMatch(reason)
    expect(outcome.reason.en.length).toBeLessThan(10_000)
    expect(rule(theFacts({ timeline }))).toHaveLength(programs)
  })

  it('names those of many that the kernel killed', () => {
    const kills = [100, 102].map((of) => ({
      pid: of,
      program: 'exampled',
      time: null,
      rss: null,
      text: `Killed process ${of}`,
      reference,
    }))
    expect(rule(facts(4, { kills }))[0]?.summary.en).toContain(
      'The kernel killed 2 of them for memory, pid 102 last.',
    )
  })

  it('is silent without a restart', () => expect(outcomeOf(theFacts(), 'restart-loop').outcome).toBe('clear'))
})
