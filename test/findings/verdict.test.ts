import { describe, expect, it } from 'vitest'
import { bytes, KIB, MIB, micros, pid, SECOND } from '../../src/base/units.ts'
import { runRules } from '../../src/findings/run-rules.ts'
import { judge } from '../../src/findings/verdict.ts'
import type { Attribution, Mechanism } from '../../src/model/attribution.ts'
import type { Facts } from '../../src/model/facts.ts'
import type { Verdict } from '../../src/model/finding.ts'
import type { MappingKind } from '../../src/model/mapping-kind.ts'
import { verbatim } from '../../src/model/sentence.ts'
import type { ProcessTimeline, TimelineEvent } from '../../src/model/timeline.ts'
import {
  aLineage,
  amounts,
  anAccount,
  anAttribution,
  aProcess,
  aSnapshot,
  aThread,
  aTimeline,
  aWindow,
  NO_ATTRIBUTION,
  PID,
  type ProcessGiven,
  SAMPLES,
  STEP,
  T0,
  TID,
  theFacts,
} from '../support/facts.ts'

/** The last snapshot. */
const END = micros(T0 + (SAMPLES - 1) * STEP)

const verdictsOf = (facts: Facts) => judge(facts, runRules(facts))
const wholeOf = (facts: Facts): Verdict => verdictsOf(facts).whole

/** Snapshots from `first` on whose memory of a kind rises by 1 MiB each. */
const levels = (kind: MappingKind, first: number, count: number) =>
  Array.from({ length: count }, (_, k) =>
    aSnapshot(first + k, { byKind: new Map([[kind, amounts({ rss: (50 + k) * MIB })]]) }),
  )

const growth = (over: ProcessGiven = {}) =>
  aProcess({ kinds: [{ kind: 'anonymous', rss: { shape: 'growing', grown: 40 * MIB } }], ...over })
// 40 MiB in 290 s: 16.5 MiB in the traced 120 s.
const traced = (live = 16 * MIB) => anAttribution({ accounts: [anAccount({ live })] })

describe('a process that was followed by another of its program', () => {
  const first = growth({ pid: 30 })
  const second = (over: ProcessGiven = {}) =>
    growth({ pid: 31, samples: SAMPLES + 60, restartOf: 30, ...over })
  const whole = (next: ProcessTimeline): string => {
    const timeline = aTimeline([first, next])
    return wholeOf(theFacts({ timeline })).summary.en
  }

  it('leaves the word to the one that can still be asked, where both do the same', () => {
    expect(whole(second())).toContain('pid 31: memory keeps growing')
  })

  it('keeps it where the other does not, and is told of in the past', () => {
    expect(whole(second({ kinds: [] }))).toMatch(/pid 30: memory grew until \S+ 19:49:50/)
  })
})

describe('pages that were given back by MADV_FREE', () => {
  const LEVEL = 60 * MIB
  /** Anonymous memory grows by 40 MiB; MiB of clean pages in it and in a heap of one size, and all that are LazyFree. */
  const freed = (
    clean: (part: number) => number,
    inHeap: (part: number) => number = () => 0,
    lazyFree = (part: number) => clean(part) + inHeap(part),
  ) => {
    const resident = (rss: number, unwritten: number) =>
      amounts({ size: LEVEL + rss, rss, anonymous: rss, privateDirty: rss - unwritten })
    const process = growth({
      snapshots: Array.from({ length: SAMPLES }, (_, index) => {
        const part = index / (SAMPLES - 1)
        return aSnapshot(index, {
          lazyFree: lazyFree(part) * MIB,
          byKind: new Map([
            ['anonymous', resident(LEVEL + 40 * MIB * part, clean(part) * MIB)],
            ['main-heap', resident(4 * LEVEL, inHeap(part) * MIB)],
          ]),
        })
      }),
    })
    return theFacts({ timeline: aTimeline([process]), attribution: traced() })
  }
  const rising = (most: number) => (part: number) => most * part
  const late = (most: number) => (part: number) => (part === 1 ? most : 0)
  const none = () => 0
  const finding = (facts: Facts) =>
    runRules(facts).flatMap((rule) => (rule.outcome === 'found' ? rule.findings : []))[0]!

  it('are no leak, though they are resident', () => {
    expect(finding(freed(rising(38)))).toMatchObject({
      severity: 'info',
      title: { en: 'Pages that were given back still count as resident' },
    })
    expect(finding(freed(rising(38))).summary.en).toContain('At least 38 MiB of it are LazyFree')
    const verdict = wholeOf(freed(rising(38)))
    expect(verdict.status).toBe('healthy')
    expect(verdict.reason.en).toContain(
      `by 40 MiB, which no finding calls a leak: “${finding(freed(rising(38))).title.en}” tells why.`,
    )
  })

  it('do not excuse the rest', () => {
    expect(wholeOf(freed(rising(20))).status).toBe('leak')
    expect(finding(freed(rising(20))).title.en).toBe('Anonymous mappings accumulate')
    expect(finding(freed(rising(20))).summary.en).toContain('At least 20 MiB of it are LazyFree')
    expect(finding(freed(rising(2))).summary.en).not.toContain('LazyFree')
  })

  it.each([
    ['of another body', freed(none, rising(170))],
    ['of nobody knows which of two bodies', freed(rising(40), rising(40), rising(40))],
    ['of the last snapshot only', freed(late(40))],
  ])('do not excuse a leak by pages %s', (_, facts) => {
    expect(wholeOf(facts).status).toBe('leak')
    expect(finding(facts).severity).toBe('problem')
    expect(finding(facts).summary.en).not.toContain('LazyFree')
  })

  it('are never more than what grew', () => {
    expect(finding(freed(rising(55))).summary.en).toContain('At least 40 MiB of it are LazyFree')
  })

  it('excuse nothing where snapshots do not tell which pages were written to', () => {
    const facts = freed(rising(38))
    const [process] = facts.timeline.processes
    const untold = process!.snapshots.map((snapshot) => ({
      ...snapshot,
      byKind: new Map([...snapshot.byKind].map(([kind, all]) => [kind, { ...all, privateDirty: null }])),
    }))
    expect(wholeOf({ ...facts, timeline: aTimeline([{ ...process!, snapshots: untold }]) }).status).toBe(
      'leak',
    )
  })
})

describe('growth that nobody traced', () => {
  const facts = theFacts({ timeline: aTimeline([growth()]), attribution: NO_ATTRIBUTION })
  const findings = runRules(facts).flatMap((rule) => (rule.outcome === 'found' ? rule.findings : []))

  it('says so once, in whatever words the finding says it', () => {
    expect(wholeOf(facts).reason.en.match(/No system calls/g)).toHaveLength(1)
    const reworded = findings.map((finding) => ({ ...finding, summary: verbatim('It grew, untraced.') }))
    const results = [
      { id: 'a-rule', outcome: 'found' as const, reason: verbatim('found'), findings: reworded },
    ]
    expect(judge(facts, results).whole.reason.en).toBe('It grew, untraced.')
  })
})

describe('leak', () => {
  const verdict = wholeOf(theFacts({ timeline: aTimeline([growth()]), attribution: traced() }))

  it('needs growth in snapshots and calls that do not give it back', () => {
    expect(verdict.status).toBe('leak')
    expect(verdict.confidence).toBeGreaterThan(90)
  })

  it('needs blocks that outlive those that were released: a backlog may be released in its turn', () => {
    const attribution = anAttribution({
      accounts: [anAccount({ live: 16 * MIB, culprit: null, overdueCount: 0 })],
    })
    const backlog = theFacts({ timeline: aTimeline([growth()]), attribution })
    expect(wholeOf(backlog).status).toBe('growth')
    const found = runRules(backlog).flatMap((rule) => (rule.outcome === 'found' ? rule.findings : []))
    expect(found[0]).toMatchObject({ severity: 'warning', measures: { more: { notYetReleasedCount: 30 } } })
  })

  it('is said in one sentence with program, pid, rate and thread', () => {
    expect(verdict.summary.en).toBe(
      'exampled, pid 4242: memory is leaking, 497 MiB/h, mapped by thread 4250 (worker) in the traced 2 min.',
    )
    expect(verdict.summary.zh).toBe(
      'exampled（进程 4242）：内存正在泄漏，497 MiB/h，在跟踪的 2 分钟内由线程 4250（worker）映射。',
    )
  })

  it('accuses no more surely in the headline than in the finding', () => {
    const account = anAccount({ live: 16 * MIB, culprit: { tid: TID, certainty: 'likely' } })
    const attribution = anAttribution({ accounts: [account] })
    const { summary } = wholeOf(theFacts({ timeline: aTimeline([growth()]), attribution }))
    expect(summary.en).toMatch(/, likely mapped by thread 4250 \(worker\)\.$/)
    expect(summary.zh).toMatch(/，很可能由线程 4250（worker）映射。$/)
    const unnamed = anAttribution({ accounts: [account], threads: [aThread({ name: null })] })
    expect(wholeOf(theFacts({ timeline: aTimeline([growth()]), attribution: unnamed })).summary.zh).toMatch(
      /，很可能由线程 4250 映射。$/,
    )
  })

  const ofStacks = (overdueCount: number) =>
    wholeOf(
      theFacts({
        timeline: aTimeline([
          aProcess({
            kinds: [
              { kind: 'thread-stack', size: { shape: 'growing', grown: 160 * MIB }, rss: { grown: 0 } },
            ],
          }),
        ]),
        attribution: anAttribution({
          accounts: [anAccount({ live: 64 * MIB, mechanism: 'thread-stack', overdueCount })],
        }),
      }),
    )

  const leaking = (kind: MappingKind, mechanism: Mechanism) => {
    const kinds = [{ kind, rss: { shape: 'growing' as const, grown: 40 * MIB } }]
    const attribution = anAttribution({ accounts: [anAccount({ live: 16 * MIB, mechanism })] })
    return wholeOf(theFacts({ timeline: aTimeline([aProcess({ kinds })]), attribution }))
  }

  it.each([
    ['anonymous', 'mmap-anon', ', mapped by thread 4250 (worker)'],
    ['anonymous', 'mremap', ', enlarged by thread 4250 (worker)'],
    ['main-heap', 'main-heap-brk', ', by thread 4250 (worker)'],
  ] as const)('says in the headline what the thread is seen to do, of %s by %s', (kind, mechanism, words) => {
    expect(leaking(kind, mechanism).summary.en).toContain(words)
  })

  it('says of mappings, and of nothing else, that calls tell who makes them alone', () => {
    expect(leaking('anonymous', 'mmap-anon').reason.en).toContain(
      'Calls tell who maps it, not who should have given it back.',
    )
    expect(leaking('anonymous', 'mremap').reason.en).toContain('Calls tell who enlarges it, not who')
    expect(leaking('main-heap', 'main-heap-brk').reason.en).not.toContain('Calls tell')
  })

  it('is not what threads that all still run make of their stacks', () => {
    expect(ofStacks(30).status).toBe('leak')
    expect(ofStacks(30).summary.en).toContain(', in stacks of threads started by thread 4250 (worker)')
    expect(ofStacks(30).reason.en).not.toContain('Calls tell')
    expect(ofStacks(0).status).toBe('growth')
    expect(ofStacks(0).numbers.at(-1)!.label.en).toBe('certain (30 stacks stay)')
  })

  it('names the thread of all of it only where half of what grew came in the traced time', () => {
    const snapshots = Array.from({ length: SAMPLES }, (_, index) => {
      const kind = amounts({ rss: (10 + (40 * index) / (SAMPLES - 1)) * MIB })
      return aSnapshot(index, { byKind: new Map([['anonymous', kind]]) })
    })
    const tracedFor = (seconds: number) => {
      const [from, span] = [micros(T0 + 60 * SECOND), micros(seconds * SECOND)]
      const live = (40 * MIB * seconds) / 290
      const account = anAccount({ live, from, to: micros(from + span), span })
      const attribution = anAttribution({ accounts: [account] })
      return wholeOf(theFacts({ timeline: aTimeline([growth({ snapshots })]), attribution }))
    }
    expect(tracedFor(150).summary.en).toMatch(/, mapped by thread 4250 \(worker\)\.$/)
    expect(tracedFor(150).numbers[2]?.label.en).toBe('certain (30 never released)')
    expect(tracedFor(140).summary.en).toMatch(
      /, mapped by thread 4250 \(worker\) in the traced 2 min 20 s\.$/,
    )
    expect(tracedFor(140).numbers[2]?.label.en).toBe('certain (30 never released)')
  })

  it('carries three numbers and a command', () => {
    expect(verdict.numbers.map(({ value }) => value.en)).toEqual([
      '+40 MiB',
      '497 MiB/h (472–521)',
      `thread ${TID}`,
    ])
    expect(verdict.next?.command).toContain(`-p ${PID}`)
  })
})

describe('growth', () => {
  it('is what snapshots alone show', () => {
    const verdict = wholeOf(theFacts({ timeline: aTimeline([growth()]) }))
    expect(verdict.status).toBe('growth')
    expect(verdict.summary.en).toContain('the thread is not known')
    expect(verdict.reason.en.match(/system calls (?:of this process )?were traced/g)).toHaveLength(1)
    expect(verdict.reason.zh.match(/没有跟踪/g)).toHaveLength(1)
  })

  it('is what calls leave unexplained', () => {
    expect(wholeOf(theFacts({ timeline: aTimeline([growth()]), attribution: traced(4 * MIB) })).status).toBe(
      'growth',
    )
  })

  it.each([
    ['tcmalloc', 'growth'],
    ['glibc malloc, 2.26–2.36', 'leak'],
    ['pymalloc', 'leak'],
  ])(
    'in [heap] with %s is called %s: an allocator that serves malloc from there keeps chunks',
    (name, status) => {
      const heap = growth({ kinds: [{ kind: 'main-heap', rss: { shape: 'growing', grown: 40 * MIB } }] })
      const attribution = {
        ...anAttribution({ accounts: [anAccount({ mechanism: 'main-heap-brk', live: 16 * MIB })] }),
        allocator: [{ pid: PID, name, basis: verbatim('mapped') }],
      }
      const verdict = wholeOf(theFacts({ timeline: aTimeline([heap]), attribution }))
      expect(verdict.status).toBe(status)
      expect(verdict.reason.en.includes('serves malloc here')).toBe(status === 'growth')
      expect(verdict.reason.en.includes('it is many blocks')).toBe(status === 'leak')
    },
  )

  describe('of a pid that another program used after it', () => {
    const reused = growth()
    const [first] = reused.segments
    /** It grew in `first`; then another program ran, `longer` or not. */
    const facts = (longer: boolean) => {
      const then = { ...first!, ...(longer ? { otherProgram: 'leaker' } : {}) }
      const after = { ...first!, index: 1, first: SAMPLES, last: SAMPLES - 1, totals: [], byKind: [] }
      const segments = [then, { ...after, ...(longer ? {} : { otherProgram: 'innocent' }) }]
      return theFacts({ timeline: aTimeline([{ ...reused, segments }]) })
    }
    const row = (given: Facts) =>
      runRules(given).flatMap((rule) => (rule.outcome === 'found' ? rule.findings : []))[0]!

    it('is of the one that ran then, in row, commands and fingerprint', () => {
      const verdict = wholeOf(facts(true))
      expect(verdict.summary.en).toMatch(new RegExp(`^leaker, pid ${PID}: memory keeps growing`))
      expect(verdict.reason.en).toContain('leaker ran under this pid then, not exampled.')
      expect(verdict.reason.zh).toContain('当时以此 pid 运行的是 leaker，而不是 exampled。')
      expect(row(facts(true))).toMatchObject({ pid: PID, program: 'leaker' })
      expect(verdict.next?.command).toMatch(/-p "\$\(pidof -s leaker\)" -o leaker\./)
      const itself = theFacts({ timeline: aTimeline([growth({ pid: 7, program: 'leaker' })]) })
      expect(row(facts(true)).fingerprint).toBe(row(itself).fingerprint)
    })

    it('is not asked of the pid where the one that ran then gave the process its name', () => {
      const verdict = wholeOf(facts(false))
      expect(verdict.summary.en).toMatch(new RegExp(`^exampled, pid ${PID}: `))
      expect(verdict.reason.en).toContain('innocent ran under this pid afterwards.')
      expect(verdict.reason.zh).toContain('此后以此 pid 运行的是 innocent。')
      expect(verdict.next?.command).toMatch(/-p "\$\(pidof -s exampled\)" -o exampled\./)
      expect(row(facts(false)).fingerprint).toBe(
        row(theFacts({ timeline: aTimeline([growth()]) })).fingerprint,
      )
    })
  })

  it('is what one or two calls brought', () => {
    const account = anAccount({ live: 16 * MIB })
    const few = { ...account, shares: account.shares.map((share) => ({ ...share, liveCount: 2 })) }
    const attribution = anAttribution({ accounts: [few] })
    expect(wholeOf(theFacts({ timeline: aTimeline([growth()]), attribution })).status).toBe('growth')
  })

  it('is a growing store with a small leak beside it', () => {
    const store = aProcess({
      kinds: [
        { kind: 'managed-heap', rss: { shape: 'growing', grown: 90 * MIB } },
        { kind: 'anonymous', rss: { shape: 'growing', grown: 40 * MIB } },
      ],
    })
    const verdict = wholeOf(theFacts({ timeline: aTimeline([store]), attribution: traced() }))
    expect(verdict.status).toBe('growth')
    expect(verdict.reason.en).toContain('1 more finding about this process')
  })

  it('is the heap of a runtime, whatever its chunks do', () => {
    const attribution = {
      ...traced(),
      allocator: [{ pid: PID, name: 'jemalloc', basis: verbatim('mapped') }],
    }
    expect(wholeOf(theFacts({ timeline: aTimeline([growth()]), attribution })).status).toBe('growth')
  })
})

describe('counts of strace -c alone', () => {
  it('are said to be there, and to tell nothing of memory', () => {
    const rows = [{ name: 'mmap', calls: 6, errors: 0, seconds: 0.1, percent: 21.9, line: 3 }]
    const counted = {
      ...theFacts({ timeline: aTimeline([]) }),
      summaries: [{ file: 'c', title: null, rows }],
    }
    expect(wholeOf(counted).reason.en).toBe(
      'There is no snapshot of memory with a time stamp and no log of system calls. What strace -c counts, calls and their time, tells nothing of memory.',
    )
    expect(wholeOf({ ...counted, summaries: [] }).reason.en).not.toContain('strace -c')
  })
})

describe('snapshots of an unknown process without a time', () => {
  const whole = (untimed: readonly { pid: number | null }[]) => {
    const timeline = aTimeline([aProcess({ kinds: [{ kind: 'anonymous' }] })])
    const shown = untimed.map(({ pid: id }) => ({
      file: 'smaps_1_2',
      pid: id === null ? null : pid(id),
      total: amounts(),
      truncated: false,
      largest: [],
    }))
    return wholeOf(theFacts({ timeline: { ...timeline, untimed: shown } }))
  }

  it('keep the whole from being called healthy, and are named', () => {
    const { status, summary, reason } = whole([{ pid: null }, { pid: null }])
    expect(status).toBe('inconclusive')
    expect(summary.en).toContain('snapshots of an unknown process')
    expect(reason.en).toContain('smaps_1_2')
    expect(reason.en).toContain('no leak seen')
  })

  it('do not when it is a stray one, or of a process that is known', () => {
    expect(whole([{ pid: null }]).status).toBe('healthy')
    expect(whole([{ pid: PID }, { pid: PID }]).status).toBe('healthy')
  })
})

describe('healthy', () => {
  const verdict = wholeOf(theFacts({ timeline: aTimeline([aProcess({ kinds: [{ kind: 'anonymous' }] })]) }))

  it('says what was looked at, how long, and from which size on a leak would have been seen', () => {
    expect(verdict.status).toBe('healthy')
    expect(verdict.summary.en).toMatch(
      /no leak seen in 4 min 50 s; one of 3.1\d MiB\/h or more would have been seen/,
    )
    expect(verdict.reason.en).toContain('30 snapshots')
    expect(verdict.reason.en).toContain('no system calls were traced')
    expect(verdict.numbers).toHaveLength(3)
    expect(verdict.next?.command).toBe('memdossier recipe --process exampled --every 60s --for 1d')
    expect(verdict.next?.text.en).toMatch(/^Nothing has to be done\./)
  })

  it('looks for the kind that rose most in address space where resident sizes are not known', () => {
    const reasonOf = (grown: number) =>
      wholeOf(
        theFacts({
          timeline: aTimeline([
            aProcess({
              kinds: [{ kind: 'main-heap', rss: null, size: { shape: 'step', grown } }],
              totals: { rss: null, size: { shape: 'step', grown } },
            }),
          ]),
        }),
      ).reason
    const rose = reasonOf(464 * KIB)
    expect(rose.en).toContain('[heap] moved up most in address space, by 464 KiB')
    expect(rose.zh).toContain('上升最多的是 [heap]（按地址空间），共 464 KiB')
    expect(reasonOf(0).en).toContain('No kind of mapping rose in address space over its judged time.')
  })

  it('tells what was gained before the judged time, which a chart shows all the same', () => {
    const reasonOf = (peak: number) => {
      const snapshots = Array.from({ length: SAMPLES }, (_, index) =>
        aSnapshot(index, { total: amounts({ rss: index < 10 ? 2 * MIB : peak }) }),
      )
      const rss = { shape: 'step' as const, from: micros(T0 + 10 * STEP), detectionLimit: MIB }
      const process = aProcess({ kinds: [{ kind: 'main-heap' }], totals: { rss }, snapshots })
      return wholeOf(theFacts({ timeline: aTimeline([process]) })).reason
    }
    const stays = reasonOf(44 * MIB)
    expect(stays.en).toContain(
      'Resident memory first rose from 2 MiB to 44 MiB, and is judged from 19:46:40 on. No kind of mapping rose over its judged time.',
    )
    expect(stays.zh).toContain('常驻内存先从 2 MiB 升至 44 MiB')
    expect(reasonOf(2.5 * MIB).en).not.toContain('first rose')
  })

  it('is of the judged time alone where memory rose before it, and open where that took longer', () => {
    const verdictAfter = (rising: number, fall = 0) => {
      const snapshots = Array.from({ length: SAMPLES }, (_, index) =>
        aSnapshot(index, {
          total: amounts({
            rss: (Math.min(index, rising) - (index === SAMPLES - 1 ? fall : 0)) * MIB + 2 * MIB,
          }),
        }),
      )
      const rss = { shape: 'plateau' as const, from: micros(T0 + rising * STEP), detectionLimit: MIB }
      const process = aProcess({ kinds: [{ kind: 'main-heap' }], totals: { rss }, snapshots })
      return wholeOf(theFacts({ timeline: aTimeline([process]) }))
    }
    const early = verdictAfter(10)
    expect(early.status).toBe('healthy')
    expect(early.summary.en).toContain('no leak seen in the last 3 min 10 s; one of')
    expect(early.summary.zh).toContain('最后 3 分 10 秒内未发现泄漏')
    // Nor where it fell back since.
    const fell = verdictAfter(20, 18)
    expect(fell.status).toBe('healthy')
    const late = verdictAfter(20)
    expect(late.status).toBe('inconclusive')
    expect(late.summary.en).toContain(
      'cannot tell yet, memory rose by 20 MiB and has been level for only 1 min 30 s',
    )
    expect(late.reason.en).toContain('Most of the rise took 2 min 40 s, more than the time since')
    expect(late.summary.zh).toContain('此后平稳的时间只有 1 分 30 秒')
  })

  it('says no more of sums than that they are sums', () => {
    const reasonOf = (rollups: number) => {
      const snapshots = Array.from({ length: SAMPLES }, (_, index) =>
        aSnapshot(index, index < rollups ? { byKind: new Map([['rollup', amounts({ ranges: 0 })]]) } : {}),
      )
      const process = aProcess({ kinds: [{ kind: 'rollup', rss: { grown: 2 * KIB } }], snapshots })
      return wholeOf(theFacts({ timeline: aTimeline([process]) })).reason
    }
    const sums = reasonOf(SAMPLES)
    expect(sums.en).toContain('which carry sums only (smaps_rollup)')
    expect(sums.en).toContain('All mappings together moved up')
    expect(sums.en).not.toMatch(/every kind|all kinds/i)
    expect(sums.zh).toContain('它们只有合计')
    expect(sums.zh).not.toContain('每一类映射')
    expect(reasonOf(20).en).toContain('the number of ranges in 10 of them')
  })

  it('is as sure as the part after a warm-up allows, however long that was watched', () => {
    const judged = (samples: number) =>
      wholeOf(
        theFacts({
          timeline: aTimeline([aProcess({ totals: { rss: { samples } } })]),
          attribution: anAttribution(),
        }),
      )
    expect(judged(SAMPLES).confidence).toBe(95)
    expect(judged(13).confidence).toBe(85)
    expect(judged(9).confidence).toBe(65)
    expect(judged(9).reason.en).toContain(
      'Only the last 9 snapshots could be judged, those after the last change.',
    )
  })

  it('is less sure where a third of the process could have grown unseen in the judged time', () => {
    const sure = (detectionLimit: number, samples = SAMPLES) =>
      wholeOf(
        theFacts({
          timeline: aTimeline([
            aProcess({
              totals: { rss: { detectionLimit, from: micros(T0 + (SAMPLES - samples) * STEP), to: END } },
            }),
          ]),
          attribution: anAttribution(),
        }),
      )
    // Of 50 MiB.
    expect(sure(16.6 * MIB).confidence).toBe(95)
    expect(sure(16.7 * MIB).confidence).toBe(65)
    expect(sure(16.7 * MIB).reason.en).toContain(
      'Up to 16.7 MiB could have grown unseen in the judged time, more than a third of the process.',
    )
    // Where half of the time was judged, the headline speaks of that half.
    expect(sure(16.6 * MIB, 16)).toMatchObject({ status: 'healthy', confidence: 95 })
    expect(sure(16.6 * MIB, 16).summary.en).toContain('no leak seen in the last 2 min 30 s; one of')
  })

  it('is less sure with fewer snapshots and without calls', () => {
    const sure = (samples: number, attribution = anAttribution()) =>
      wholeOf(theFacts({ timeline: aTimeline([aProcess({ samples })]), attribution })).confidence
    expect(sure(30)).toBe(95)
    expect(sure(15)).toBe(85)
    expect(sure(9)).toBe(65)
    expect(sure(30, NO_ATTRIBUTION)).toBe(85)
    const untraced = wholeOf(theFacts({ timeline: aTimeline([aProcess()]), attribution: NO_ATTRIBUTION }))
    expect(untraced.reason.en.match(/system calls were traced/g)).toHaveLength(1)
  })
})

describe('inconclusive', () => {
  const short = (samples: number) =>
    aProcess({
      samples,
      totals: {
        rss: { shape: 'too-short' },
        size: { shape: 'too-short' },
        ranges: { shape: 'too-short' },
        swap: { shape: 'too-short' },
        privateDirty: { shape: 'too-short' },
      },
    })

  it('is too few snapshots, with the capture that would settle it', () => {
    const verdict = wholeOf(theFacts({ timeline: aTimeline([short(5)]) }))
    expect(verdict.status).toBe('inconclusive')
    expect(verdict.summary.en).toContain('5 snapshots are too few')
    expect(verdict.next?.command).toBe('memdossier recipe --process exampled --every 10s --for 30m')
  })

  it('is calls without snapshots, with what they added', () => {
    const attribution = anAttribution({
      accounts: [anAccount({ mechanism: 'main-heap-brk', live: 2 * MIB })],
    })
    const verdict = wholeOf(theFacts({ timeline: aTimeline([]), attribution }))
    expect(verdict.status).toBe('inconclusive')
    expect(verdict.reason.en).toContain('came to +2 MiB')
    expect(verdict.next?.command).toContain('/proc/4242/smaps')
  })

  it('is nothing at all', () => {
    const verdict = wholeOf(theFacts({ timeline: aTimeline([]) }))
    expect(verdict).toMatchObject({ status: 'inconclusive', confidence: 0 })
  })

  it('is growth that slows down but still rises at the end', () => {
    const rising = (tail: number) => {
      const snapshots = Array.from({ length: SAMPLES }, (_, at) =>
        aSnapshot(at, {
          byKind: new Map([
            [
              'malloc-arena',
              amounts({ rss: 10 * MIB + (at < 20 ? at * 0.5 * MIB : 9.5 * MIB + (at - 19) * tail) }),
            ],
          ]),
        }),
      )
      return theFacts({
        timeline: aTimeline([
          aProcess({
            snapshots,
            kinds: [{ kind: 'malloc-arena', rss: { shape: 'saturating', grown: 12 * MIB } }],
          }),
        ]),
      })
    }
    const open = wholeOf(rising(0.2 * MIB))
    expect(open.status).toBe('inconclusive')
    expect(open.reason.en).toContain('ever more slowly')
    expect(wholeOf(rising(0.02 * MIB)).status).toBe('healthy')
  })

  it('is steady growth that is too small for any rule', () => {
    const process = aProcess({
      kinds: [{ kind: 'malloc-arena', rss: { shape: 'growing', grown: 600 * KIB } }],
    })
    const verdict = wholeOf(theFacts({ timeline: aTimeline([process]) }))
    expect(verdict.status).toBe('inconclusive')
    expect(verdict.reason.en).toContain('+600 KiB')
  })

  it('is growth that only the number of arenas, or what came after a restart, would explain', () => {
    const kinds = [{ kind: 'malloc-arena', rss: { shape: 'growing', grown: 600 * KIB } }] as const
    const arenas = Array.from({ length: 10 }, (_, k) => aLineage({ id: `L${k}`, kind: 'malloc-arena' }))
    const many = aProcess({ kinds, lineages: arenas })
    expect(wholeOf(theFacts({ timeline: aTimeline([many]) })).status).toBe('inconclusive')

    const before = aProcess({ kinds })
    const step = aProcess({ kinds: [{ kind: 'malloc-arena', rss: { shape: 'step', grown: 9 * MIB } }] })
    const process = {
      ...before,
      snapshots: [...before.snapshots, ...levels('malloc-arena', SAMPLES, 10)],
      segments: [before.segments[0]!, { ...step.segments[0]!, index: 1, first: SAMPLES, last: SAMPLES + 9 }],
      lineages: [before.lineages[0]!, { ...step.lineages[0]!, id: 'L2', segment: 1 }],
    }
    const facts = theFacts({ timeline: aTimeline([process]) })
    expect(runRules(facts).find(({ id }) => id === 'one-time-step')?.outcome).toBe('found')
    expect(wholeOf(facts).status).toBe('inconclusive')
  })

  it('is a swing in which a doubling would not show', () => {
    const process = aProcess({ totals: { rss: { shape: 'sawtooth', detectionLimit: 51 * MIB } } })
    expect(wholeOf(theFacts({ timeline: aTimeline([process]) })).status).toBe('inconclusive')
    const calmer = aProcess({ totals: { rss: { shape: 'sawtooth', detectionLimit: 49 * MIB } } })
    expect(wholeOf(theFacts({ timeline: aTimeline([calmer]) })).status).toBe('healthy')
  })
})

describe('memory that the calls of one thread keep', () => {
  const liveOverTime = [2, 6, 10].map((part) => ({ at: T0, bytes: bytes(part * MIB) }))
  const keeper = aThread({ liveOverTime })
  // 10 MiB in the traced 120 s: 24 MiB in the 290 s of the snapshots.
  const among = (noise: number, over: Partial<Attribution> = {}): Facts =>
    theFacts({
      timeline: aTimeline([
        aProcess({ kinds: [{ kind: 'anonymous', rss: { shape: 'sawtooth', detectionLimit: noise * MIB } }] }),
      ]),
      attribution: anAttribution({ accounts: [anAccount({ culprit: null })], threads: [keeper], ...over }),
    })

  it('leaves open whether it goes on, where the snapshots are too coarse to show it', () => {
    const verdict = wholeOf(among(30))
    expect(verdict.status).toBe('inconclusive')
    expect(verdict.summary.en).toContain('calls of thread 4250 (worker) keep 300 MiB/h')
    expect(verdict.reason.en).toContain('kept 10 MiB of anonymous memory by 30 calls')
    expect(verdict.reason.en).toContain('growth of less than 30 MiB in the judged 4 min 50 s')
  })

  it.each([
    ['where snapshots would have shown it', among(20)],
    ['where it had ended', among(30, { threads: [aThread({ liveOverTime: [...liveOverTime].reverse() })] })],
    [
      'where as much from before the trace was given back',
      among(30, { threads: [{ ...keeper, memory: { ...keeper.memory, netBytes: bytes(4 * MIB) } }] }),
    ],
    [
      'of an allocator that maps chunks for all threads',
      among(30, { allocator: [{ pid: PID, name: 'jemalloc', basis: verbatim('mapping') }] }),
    ],
    [
      'in a trace from before the judged time',
      among(30, { accounts: [anAccount({ from: micros(T0 - 9), to: T0 })] }),
    ],
  ])('is no matter %s', (_, facts) => {
    expect(wholeOf(facts).status).toBe('healthy')
  })
})

describe('growth before a time without snapshots', () => {
  const before = growth()
  /** 40 MiB in 290 s, nothing for two hours (1 GiB would have come), then more snapshots. */
  const seenAgain = (
    rose: number,
    { swap = 0, kind = 'gap', count = 3, step = 0 }: Partial<typeof AFTER> = {},
  ): Facts => {
    const after = Array.from({ length: count }, (_, k) => {
      const level = amounts({ rss: (50 + rose + k * step) * MIB, swap: swap * MIB })
      return aSnapshot(750 + k, { byKind: new Map([['anonymous', level]]) })
    })
    const [last, next] = [before.snapshots.at(-1)!, after[0]!]
    const first = before.segments[0]!
    const again = { ...first, index: 1, first: SAMPLES, last: SAMPLES + count - 1, totals: [], byKind: [] }
    const process: ProcessTimeline = {
      ...before,
      snapshots: [...before.snapshots, ...after],
      segments: [first, again],
    }
    const gap = { kind, pid: PID, from: last.time, to: next.time, text: verbatim(kind), references: [] }
    return theFacts({
      timeline: aTimeline([process], [gap]),
      limit: { bytes: bytes(4096 * MIB), source: 'option' },
    })
  }
  const AFTER = { swap: 0, kind: 'gap' as TimelineEvent['kind'], count: 3, step: 0 }
  const findingOf = (facts: Facts) =>
    runRules(facts)
      .flatMap((rule) => (rule.outcome === 'found' ? rule.findings : []))
      .find(({ ruleId }) => ruleId === 'anonymous-mapping-growth')!

  it('is no alarm where as long a time shows that it does not go on, and says so', () => {
    const facts = seenAgain(20, { count: SAMPLES })
    const paused = findingOf(facts)
    expect(paused).toMatchObject({ severity: 'info', measures: { limitAt: null } })
    expect(paused.summary.en).toContain('until 21:50:00, brought +20 MiB where at this rate')
    expect(paused.summary.en).toContain('It did not go on in the 4 min 50 s of snapshots since then: 0 B.')
    expect(paused.title.en).toBe('Memory grew and then did not go on growing')
    expect(findingOf(seenAgain(20)).title.en).toBe('Anonymous mappings accumulate')
    expect(wholeOf(facts).status).toBe('healthy')
  })

  it('is no alarm either where it went on in the gap, if as long a time since shows that it does not', () => {
    const facts = seenAgain(900, { count: SAMPLES })
    const ended = findingOf(facts)
    expect(ended).toMatchObject({ severity: 'info', measures: { limitAt: null } })
    expect(ended.summary.en).toContain('until 21:50:00, brought +900 MiB where at this rate')
    expect(wholeOf(facts).status).toBe('healthy')
  })

  it('does not speak for the time after it, which is what shows that there is none', () => {
    const facts = seenAgain(20, { count: SAMPLES })
    const process = facts.timeline.processes[0]!
    const [grew, since] = [process.segments[0]!, process.segments[1]!]
    const flat = aProcess({ kinds: [{ kind: 'anonymous' }] }).segments[0]!
    const [from, to] = [process.snapshots[since.first]!.time, process.snapshots[since.last]!.time]
    const segments = [grew, { ...since, from, to, totals: flat.totals, byKind: flat.byKind }]
    const verdict = wholeOf({
      ...facts,
      timeline: { ...facts.timeline, processes: [{ ...process, segments }] },
    })
    expect(verdict.status).toBe('healthy')
    expect(verdict.numbers[0]!.value.en).toBe('0 B')
    expect(verdict.reason.en).not.toContain('moved up most')
    expect(verdict.reason.en).toContain('seen until 2026-11-22 19:49:50 did not go on in this time')
  })

  it.each([
    ['no snapshots follow that one', { count: 1 }],
    ['snapshots cover 20 s since then, with 0 B', { count: 3 }],
    ['snapshots cover 4 min 50 s since then, with +29 MiB', { count: SAMPLES, step: 1 }],
  ])('is not said to have ended where %s', (known, after) => {
    const facts = seenAgain(20, after)
    const paused = findingOf(facts)
    expect(paused).toMatchObject({ severity: 'warning', confidence: 50, measures: { limitAt: null } })
    expect(paused.cap?.en).toContain('may have ended')
    expect(paused.summary.en).toContain(`Whether it goes on is not known: ${known}.`)
    expect(paused.summary.en).not.toContain('ended')
    const verdict = wholeOf(facts)
    expect(verdict.status).toBe('growth')
    expect(verdict.summary.en).toContain(`pid ${PID}: memory grew until 2026-11-22 19:49:50, 497 MiB/h`)
    expect(verdict.summary.zh).toContain('内存在 2026-11-22 19:49:50 之前增长')
  })

  it.each([
    ['where memory is as high as it makes it', seenAgain(900)],
    ['where a good part came, as with a pause at night', seenAgain(300)],
    ['where the rest was swapped out', seenAgain(-40, { swap: 900 })],
    ['where another life of the process began', seenAgain(20, { kind: 'restart' })],
  ])('goes on %s', (_, facts) => {
    expect(wholeOf(facts).status).toBe('growth')
    expect(wholeOf(facts).summary.en).toContain('memory keeps growing')
  })
})

describe('several processes', () => {
  const healthy = aProcess({ pid: 10, kinds: [{ kind: 'anonymous' }] })

  it('have a verdict each, and the worst speaks for the whole', () => {
    const facts = theFacts({ timeline: aTimeline([healthy, growth()]), attribution: traced() })
    const { whole, byPid } = verdictsOf(facts)
    expect([...byPid].map(([id, { status }]) => [id, status])).toEqual([
      [10, 'healthy'],
      [PID, 'leak'],
    ])
    expect(whole).toEqual(byPid.get(PID))
  })

  it('that grow are counted', () => {
    const { whole } = verdictsOf(theFacts({ timeline: aTimeline([growth(), growth({ pid: 50 })]) }))
    expect(whole.reason.en).toContain('2 processes of this capture grow')
  })

  it('are healthy when the one watched longest is', () => {
    const brief = aProcess({
      pid: 11,
      samples: 2,
      totals: {
        rss: { shape: 'too-short' },
        size: { shape: 'too-short' },
        ranges: { shape: 'too-short' },
        swap: { shape: 'too-short' },
        privateDirty: { shape: 'too-short' },
      },
    })
    const { whole, byPid } = verdictsOf(theFacts({ timeline: aTimeline([brief, healthy]) }))
    expect(byPid.get(pid(11))?.status).toBe('inconclusive')
    expect(whole.status).toBe('healthy')
  })

  it('of a trace alone are open beside judged ones', () => {
    const attribution = anAttribution({ windows: [aWindow({ pids: [pid(77)] })] })
    const { byPid } = verdictsOf(theFacts({ timeline: aTimeline([healthy]), attribution }))
    expect(byPid.get(pid(77))?.status).toBe('inconclusive')
  })
})
