import { describe, expect, it } from 'vitest'
import { formatCount } from '../../src/base/format.ts'
import { bytes, MIB, micros, tid } from '../../src/base/units.ts'
import { budgetGates } from '../../src/gates/budgets.ts'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import type { Finding, Verdict } from '../../src/model/finding.ts'
import { verbatim } from '../../src/model/sentence.ts'
import type { Change, SnapshotPair, TimelineEvent } from '../../src/model/timeline.ts'
import { reportDocument } from '../../src/report/document.ts'
import type { ReportInput } from '../../src/report/input.ts'
import { LIST_BUDGETS } from '../../src/report/result/omissions.ts'
import { buildReport } from '../../src/report/result.ts'
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
  PID,
  T0,
  TID,
  theFacts,
} from '../support/facts.ts'
import { NO_REDACTION } from '../support/no-redaction.ts'
import { reportText } from '../support/report-text.ts'

const aVerdict = (over: Partial<Verdict> = {}): Verdict => ({
  status: 'leak',
  confidence: 90,
  summary: { en: 'it leaks', zh: '泄漏' },
  reason: verbatim('because'),
  numbers: [],
  next: null,
  ...over,
})

const aFinding = (over: Partial<Finding> = {}): Finding => ({
  ruleId: 'a-rule',
  fingerprint: 'a-rule/x',
  severity: 'problem',
  confidence: 80,
  cap: null,
  pid: PID,
  program: 'exampled',
  mechanism: 'mmap-anon',
  title: { en: 'Grows', zh: '增长' },
  summary: verbatim('It grows by secret.'),
  why: verbatim('why'),
  action: verbatim('action'),
  capture: { command: 'strace -p 1', settles: verbatim('who') },
  measures: {
    quantity: 'resident',
    grownBytes: 1000.4,
    bytesPerHour: 10.5,
    bytesPerHourLow: null,
    bytesPerHourHigh: Number.NaN,
    onset: T0,
    from: T0,
    to: null,
    limitBytes: null,
    limitAt: null,
    limitAtLow: null,
    limitAtHigh: null,
    more: { neverReleasedCount: 4, brokenShare: Number.POSITIVE_INFINITY },
  },
  threads: [{ tid: TID, name: 'secret', bytes: 7, share: 1.0000001 }],
  culprit: { tid: TID, certainty: 'certain', name: 'secret', kept: 4 },
  culpritReason: verbatim('proof'),
  regions: [{ start: 0x7f0000000000, end: 0x7f0000001000, kind: 'anonymous', name: '' }],
  regionsOmitted: 0,
  lineages: ['L1'],
  evidence: [{ file: 'log', firstLine: 2, lastLine: 3 }],
  ...over,
})

const aChange = (): Change => ({
  kind: 'grew',
  lineage: 'L1',
  mappingKind: 'anonymous',
  name: '',
  start: 0x1000,
  end: 0x2000,
  sizeDelta: bytes(4096),
  rssDelta: bytes(4096),
  line: 1,
})

const aFile = (path: string, text: string, chunk = 7): EvidenceFile => ({
  path,
  bytes: text.length,
  format: 'strace-log',
  side: null,
  why: '',
  hints: { pid: null, tid: null, group: null, stamp: null, stampWidth: null },
  diskPath: null,
  async *read() {
    const bytes = new TextEncoder().encode(text)
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
  },
})

const anInput = (over: Partial<ReportInput> = {}): ReportInput => ({
  version: '1.2.3',
  language: 'en',
  captureName: 'capture',
  facts: theFacts({
    timeline: aTimeline([aProcess()]),
    attribution: anAttribution({ accounts: [anAccount()], threads: [aThread()], windows: [aWindow()] }),
  }),
  results: [
    { id: 'a-rule', outcome: 'found', reason: verbatim('found'), findings: [aFinding()] },
    { id: 'other', outcome: 'clear', reason: verbatim('nothing') },
  ],
  rules: [
    {
      id: 'a-rule',
      title: verbatim('A rule'),
      thresholds: [{ name: 'least', value: '1 MiB', because: verbatim('so') }],
    },
  ],
  verdicts: { whole: aVerdict(), byPid: new Map([[PID, aVerdict()]]) },
  diagnostics: [],
  remedy: () => verbatim('do it'),
  files: [aFile('log', 'first\nsecond secret\nthird\nfourth\n')],
  inputs: async () => [{ path: 'log', kind: 'strace-log', bytes: 33, sha256: 'a'.repeat(64) }],
  skipped: [],
  gates: [],
  baseline: null,
  redaction: NO_REDACTION,
  ...over,
})

describe('buildReport', () => {
  it('says of the clock of a trace whose replay the snapshots contradict that they do, of no other', async () => {
    const reasonOf = async (trace: string) => {
      const contradictions = [{ pid: PID, trace, windows: 4, unexplained: 4 }]
      const facts = theFacts({ attribution: anAttribution({ contradictions }) })
      return (await buildReport(anInput({ facts }))).traces[0]!.clock.reason
    }
    expect(await reasonOf('strace/exampled')).toBe('agrees; but the replay of its calls contradicts them')
    expect(await reasonOf('another')).toBe('agrees')
  })

  it('gives a document of the schema, and the same one every time', async () => {
    const document = await buildReport(anInput())
    expect(reportDocument.parse(JSON.parse(reportText(document)))).toEqual(document)
    expect(reportText(await buildReport(anInput()))).toBe(reportText(document))
  })

  it('speaks the language that was asked for', async () => {
    const document = await buildReport(anInput({ language: 'zh' }))
    expect([document.language, document.verdict.summary, document.findings[0]!.title]).toEqual([
      'zh',
      '泄漏',
      '增长',
    ])
  })

  it('writes unknown and unusable numbers as null, never as 0 or NaN', async () => {
    const { measures } = (await buildReport(anInput())).findings[0]!
    expect(measures).toMatchObject({
      grownBytes: 1000,
      bytesPerHourHigh: null,
      brokenShare: null,
      neverReleasedCount: 4,
      onset: '2026-11-22T19:45:00',
      to: null,
    })
  })

  it('quotes the cited lines, whatever the chunks, and null where the file is gone', async () => {
    for (const chunk of [1, 7, 1000]) {
      const files = [aFile('log', 'first\nsecond secret\r\nthird\nfourth\n', chunk)]
      const document = await buildReport(anInput({ files }))
      expect(document.findings[0]!.evidence).toEqual([
        { file: 'log', firstLine: 2, lastLine: 3, lines: ['second secret', 'third'] },
      ])
    }
    expect((await buildReport(anInput({ files: [] }))).findings[0]!.evidence[0]!.lines).toBeNull()
  })

  it('quotes at most eight lines of a reference, and cuts long ones after redaction', async () => {
    const text = Array.from({ length: 20 }, (_, index) => `${index} ${'x'.repeat(500)} secret`).join('\n')
    const results = [
      {
        id: 'a-rule',
        outcome: 'found' as const,
        reason: verbatim('found'),
        findings: [aFinding({ evidence: [{ file: 'log', firstLine: 1, lastLine: 20 }] })],
      },
    ]
    const redaction = { ...NO_REDACTION, line: (line: string) => line.replace(/^\d+ x+/, 'gone') }
    const whole = await buildReport(anInput({ files: [aFile('log', text)], results, redaction }))
    expect(whole.findings[0]!.evidence[0]!.lines).toEqual(Array(8).fill('gone secret'))
    const cut = await buildReport(anInput({ files: [aFile('log', text)], results }))
    expect(cut.findings[0]!.evidence[0]!.lines![0]).toBe(`0 ${'x'.repeat(398)}…`)
  })

  it('lets nothing of the evidence past the redaction', async () => {
    const hide = (text: string) => text.replaceAll('secret', '[gone]')
    const redaction = {
      policy: 'standard' as const,
      rules: [],
      text: hide,
      name: hide,
      path: hide,
      line: hide,
    }
    const facts = theFacts({
      timeline: aTimeline([aProcess({ program: 'secret' })]),
      attribution: anAttribution({
        threads: [aThread({ name: 'secret', activities: [anActivity({ text: verbatim('reads secret') })] })],
      }),
    })
    const document = await buildReport(anInput({ facts, redaction, captureName: 'secret' }))
    expect(reportText(document)).not.toContain('secret')
    expect(reportText(document)).toContain('[gone]')
  })

  it('puts the finding that the verdict speaks of first, the others worst first', async () => {
    const findings = [
      aFinding({ ruleId: 'mild', severity: 'info', confidence: 99 }),
      aFinding({ ruleId: 'sure', confidence: 95 }),
      aFinding({ ruleId: 'spoken', confidence: 60, summary: verbatim('This one.') }),
      aFinding({ ruleId: 'warned', severity: 'warning', confidence: 99 }),
    ]
    const whole = aVerdict({ reason: verbatim('This one. And more.') })
    const document = await buildReport(
      anInput({
        results: [{ id: 'a-rule', outcome: 'found', reason: verbatim('x'), findings }],
        verdicts: { whole, byPid: new Map([[PID, whole]]) },
      }),
    )
    expect(document.findings.map((finding) => finding.ruleId)).toEqual(['spoken', 'sure', 'warned', 'mild'])
  })

  it('cuts lists to their budget, those that moved most first, and counts what it left', async () => {
    const lineages = Array.from({ length: LIST_BUDGETS.lineages + 5 }, (_, index) =>
      aLineage({ id: `L${index}`, rss: { grown: index * 4096 } }),
    )
    const threads = Array.from({ length: LIST_BUDGETS.threads + 3 }, (_, index) =>
      aThread({ tid: tid(5000 + index) }),
    )
    const document = await buildReport(
      anInput({
        facts: theFacts({
          timeline: aTimeline([aProcess({ lineages })]),
          attribution: anAttribution({ threads }),
        }),
      }),
    )
    expect(document.lineages).toHaveLength(LIST_BUDGETS.lineages)
    expect(document.lineages[0]!.id).toBe(`L${lineages.length - 1}`)
    expect(document.omitted).toMatchObject({ lineages: 5, threads: 3 })
  })

  it('keeps of the findings it has no room for what a baseline compares', async () => {
    const { findings: room } = LIST_BUDGETS
    const { ruleId, measures } = aFinding()
    const growing = (
      bytesPerHour: number,
      bytesPerHourLow: number | null,
      bytesPerHourHigh: number | null,
    ) => ({
      ...measures,
      bytesPerHour,
      bytesPerHourLow,
      bytesPerHourHigh,
    })
    const told = Array.from({ length: room }, (_, at) => aFinding({ fingerprint: `told-${at}` }))
    const findings = [
      ...told,
      aFinding({ fingerprint: 'told-0', confidence: 3, measures: growing(90, null, null) }),
      aFinding({ fingerprint: 'further', confidence: 2, measures: growing(40, 20, 60) }),
      aFinding({ fingerprint: 'further', confidence: 1, measures: growing(35, 30, 40) }),
      aFinding({ fingerprint: 'claims nothing', severity: 'info' }),
    ]
    const results = [{ id: 'a-rule', outcome: 'found' as const, reason: verbatim('found'), findings }]
    const document = await buildReport(anInput({ results }))
    expect(document.findings).toHaveLength(room)
    expect(document.omitted).toMatchObject({ findings: 4 })
    expect(document.furtherFindings).toMatchObject([{ fingerprint: 'further', severity: 'problem' }])
    const rates = { bytesPerHour: 40, bytesPerHourLow: 30, bytesPerHourHigh: 60 }
    expect(document.furtherGrowth).toEqual([
      { ruleId, fingerprint: 'told-0', bytesPerHour: 90, bytesPerHourLow: 90, bytesPerHourHigh: 90 },
      { ruleId, fingerprint: 'further', ...rates },
    ])
    const nothingMore = await buildReport(anInput())
    expect(nothingMore).not.toHaveProperty('furtherFindings')
    expect(nothingMore).not.toHaveProperty('furtherGrowth')
  })

  it('tells of many processes those whose verdict matters most, and leaves out trends that judge nothing', async () => {
    const few = (over: Parameters<typeof aProcess>[0]) =>
      aProcess({
        samples: 1,
        totals: { rss: { shape: 'too-short', perHour: null } },
        kinds: [{ kind: 'main-heap' }, { kind: 'anonymous' }, { kind: 'file-text' }],
        ...over,
      })
    const processes = Array.from({ length: LIST_BUDGETS.processes + 5 }, (_, at) => few({ pid: 1 + at }))
    const growing = aProcess({
      pid: 9999,
      totals: { rss: { shape: 'growing', perHour: 1e6 } },
      kinds: [{ kind: 'main-heap' }],
    })
    const dull = aVerdict({ status: 'inconclusive', confidence: 20, summary: verbatim('too few') })
    const loud = aVerdict({ status: 'growth' })
    const byPid = new Map([...processes, growing].map(({ pid }) => [pid, pid === growing.pid ? loud : dull]))
    const document = await buildReport(
      anInput({
        facts: theFacts({ timeline: aTimeline([...processes, growing]) }),
        verdicts: { whole: loud, byPid },
      }),
    )
    expect(document.processes).toHaveLength(LIST_BUDGETS.processes)
    const [last] = document.processes.slice(-1)
    expect(last).toMatchObject({ pid: 9999, verdict: { status: 'growth' } })
    expect(last!.segments[0]!.byKind[0]!.trends.length).toBeGreaterThan(0)
    const trends = document.processes
      .flatMap(({ segments }) => segments)
      .flatMap((segment) => [segment.trends, ...segment.byKind.map((kind) => kind.trends)].flat())
    expect(trends.length).toBeLessThanOrEqual(LIST_BUDGETS['processes.trends'])
    expect(document.omitted.processes).toBe(6)
    const all = (LIST_BUDGETS.processes - 1) * 4 * 5 + 2 * 5
    expect(document.omitted['processes.trends']).toBe(all - trends.length)
  })

  it('keeps snapshots and changes of the process that leaks, whatever its pid', async () => {
    const watched = (id: number, snapshots: number, pairs: number) => {
      const process = aProcess({ pid: id, samples: snapshots })
      const pair = (at: number): SnapshotPair => ({
        pid: process.pid,
        from: micros(at),
        to: micros(at + 1),
        fromFile: `${at}`,
        toFile: `${at + 1}`,
        changes: [],
      })
      return { ...process, pairs: Array.from({ length: pairs }, (_, at) => pair(at)), firstToLast: pair(0) }
    }
    const first = watched(1, LIST_BUDGETS.snapshots, LIST_BUDGETS.timeline)
    const many = Array.from({ length: LIST_BUDGETS.firstToLast }, (_, at) => watched(2 + at, 0, 0))
    const leaking = watched(9999, 3, 2)
    const processes = [first, ...many, leaking]
    const quiet = aVerdict({ status: 'inconclusive', confidence: 20, summary: verbatim('too few') })
    const byPid = new Map(processes.map(({ pid }) => [pid, pid === leaking.pid ? aVerdict() : quiet]))
    const facts = theFacts({ timeline: aTimeline(processes) })
    const document = await buildReport(anInput({ facts, verdicts: { whole: aVerdict(), byPid } }))
    const { timeline, firstToLast, snapshots, omitted } = document
    expect(omitted).toMatchObject({ timeline: 2, firstToLast: 2, snapshots: 3 })
    for (const list of [timeline, firstToLast, snapshots]) {
      expect(list[0]!.pid).toBe(1)
      expect(list.at(-1)!.pid).toBe(9999)
    }
    expect(timeline.filter(({ pid }) => pid === 9999)).toHaveLength(2)
    expect(snapshots.filter(({ pid }) => pid === 9999)).toHaveLength(3)
  })

  it('tells of a kill and a restart before it tells of processes that were first or last seen', async () => {
    const event = (kind: TimelineEvent['kind'], at: number): TimelineEvent => ({
      kind,
      pid: PID,
      from: micros(at),
      to: micros(at),
      text: verbatim(kind),
      references: [],
    })
    const many = Array.from({ length: LIST_BUDGETS.events + 3 }, (_, at) =>
      event(at % 2 ? 'start' : 'end', at),
    )
    const events = [...many, event('restart', many.length), event('kill', many.length + 1)]
    const document = await buildReport(
      anInput({ facts: theFacts({ timeline: aTimeline([aProcess()], events) }) }),
    )
    expect(document.events).toHaveLength(LIST_BUDGETS.events)
    expect(document.events.slice(-3).map(({ kind }) => kind)).toEqual([expect.any(String), 'restart', 'kill'])
    expect(document.omitted.events).toBe(5)
  })

  it('keeps of a month of minutes both ends, what findings cite, the extremes, and the rest evenly', async () => {
    const minutes = LIST_BUDGETS.snapshots * 4
    const snapshots = Array.from({ length: minutes }, (_, at) =>
      aSnapshot(at, { total: amounts(at === 7001 ? { rss: 90 * MIB } : at === 9003 ? { ranges: 99 } : {}) }),
    )
    const pairs = snapshots.slice(1).map(
      (after, at): SnapshotPair => ({
        pid: PID,
        from: snapshots[at]!.time,
        to: after.time,
        fromFile: snapshots[at]!.file,
        toFile: after.file,
        changes: at === 7000 ? [aChange()] : [],
      }),
    )
    const lineages = [aLineage({ samples: minutes }), aLineage({ id: 'L2', samples: minutes })]
    const process = { ...aProcess({ snapshots, lineages }), pairs }
    const cited = aFinding({ evidence: [{ file: snapshots[11_111]!.file, firstLine: 1, lastLine: 1 }] })
    const document = await buildReport(
      anInput({
        facts: theFacts({ timeline: aTimeline([process]) }),
        results: [{ id: 'a-rule', outcome: 'found', reason: verbatim('found'), findings: [cited] }],
      }),
    )
    expect(document.omitted).toEqual({
      'lineages.regions': 2 * minutes - LIST_BUDGETS['lineages.regions'],
      snapshots: minutes - LIST_BUDGETS.snapshots,
      timeline: minutes - 1 - LIST_BUDGETS.timeline,
    })
    const files = document.snapshots.map(({ file }) => file)
    for (const at of [0, 7001, 11_111, minutes - 1]) expect(files).toContain(snapshots[at]!.file)
    const places = files.map((file) => Number(file.split('_').at(-1)))
    for (const [at, place] of places.slice(1).entries())
      expect(place - places[at]!).toSatisfy((step: number) => step > 0 && step < 12)
    for (const at of [1, 7001, 11_111, minutes - 1])
      expect(document.timeline.map(({ toFile }) => toFile)).toContain(snapshots[at]!.file)
    for (const { regions } of document.lineages)
      expect([regions[0]!.time, regions.at(-1)!.time]).toEqual([
        document.snapshots[0]!.time,
        document.snapshots.at(-1)!.time,
      ])
    expect(document.processes[0]!.totals.highest).toEqual({ rssBytes: 90 * MIB, ranges: 99 })
    const budgets = [
      { name: 'peak-rss', most: 80 * MIB, program: null, text: '' },
      { name: 'mapping-count', most: 98, program: null, text: '' },
    ] as const
    expect(budgetGates(document, budgets)).toMatchObject([
      { passed: false, found: '90 MiB' },
      { passed: false, found: '99' },
    ])
  })

  it('leaves room for each of several processes that were watched for long', async () => {
    const processes = [1, 2, 3].map((id) => aProcess({ pid: id, samples: id * 4000 }))
    const quiet = aVerdict({ status: 'healthy' })
    const byPid = new Map(processes.map(({ pid }) => [pid, quiet]))
    const facts = theFacts({ timeline: aTimeline(processes) })
    const { snapshots } = await buildReport(anInput({ facts, verdicts: { whole: quiet, byPid } }))
    const kept = processes.map(({ pid }) => snapshots.filter((one) => one.pid === pid))
    expect(kept.map(({ length }) => length)).toEqual([3333, 3333, 3334])
    for (const [at, own] of kept.entries())
      expect(own.at(-1)!.file).toBe(processes[at]!.snapshots.at(-1)!.file)
  })

  it('a budget does not pass by what the document has no room for', async () => {
    const process = aProcess({ samples: 4 })
    const attribution = anAttribution({ replays: [aReplay({ changedPages: 10, differingPages: 0 })] })
    const document = await buildReport(
      anInput({ facts: theFacts({ timeline: aTimeline([process]), attribution }) }),
    )
    const budget = { name: 'mapping-count', most: 1_000_000, program: null, text: '1000000' } as const
    const gatesOf = (over: Partial<typeof document>) => budgetGates({ ...document, ...over }, [budget])
    expect(gatesOf({}).map(({ passed }) => passed)).toEqual([true])
    const share = { ...budget, name: 'unexplained' } as const
    expect(budgetGates(document, [share])).toMatchObject([{ passed: true }])
    expect(budgetGates({ ...document, omitted: { reconciliation: 1200 } }, [share])).toMatchObject([
      { passed: false, found: 'not measured: 1,200 more windows are not in this report' },
    ])
    expect(gatesOf({ omitted: { processes: 7 } })).toMatchObject([
      { passed: true },
      { passed: false, found: expect.stringContaining('7 more processes') },
    ])
  })

  it('a budget of mappings does not pass by snapshots that have none', async () => {
    const rollups = aProcess({ kinds: [{ kind: 'rollup' }], samples: 4 })
    const budget = { name: 'mapping-count', most: 10, program: null, text: '10' } as const
    const document = await buildReport(anInput({ facts: theFacts({ timeline: aTimeline([rollups]) }) }))
    expect(budgetGates(document, [budget])).toMatchObject([
      { passed: false, found: 'not measured: smaps_rollup has no mappings' },
    ])
  })

  it('a budget that a few bytes exceed does not say the same of both', async () => {
    const document = await buildReport(anInput())
    const rss = 57.6 * MIB
    const [process] = document.processes
    const totals = { ...process!.totals, highest: { rssBytes: rss, ranges: 1 } }
    const budget = { name: 'peak-rss', most: rss - 4096, program: null, text: '' } as const
    expect(budgetGates({ ...document, processes: [{ ...process!, totals }] }, [budget])).toMatchObject([
      {
        passed: false,
        expected: `at most ${formatCount(rss - 4096)} bytes`,
        found: `${formatCount(rss)} bytes`,
      },
    ])
  })
})
