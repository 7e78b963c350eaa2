/**
 * Documents to render: modelled on the capture `mmap-leak` (thumbd, pid 9791, thread 9797 loses every third buffer).
 * Every list is filled, so that every section and chart of the page has something to show.
 */
import { formatTime } from '../../src/base/format.ts'
import { KIB, MIB, MINUTE, SECOND } from '../../src/base/units.ts'
import type { Language } from '../../src/model/sentence.ts'
import type { ReportDocument, ReportFinding, ReportThread, ReportTrend } from '../../src/report/document.ts'

/** 2026-11-22T19:47:41 on the captured host. */
const START = Date.UTC(2026, 10, 22, 19, 47, 41) * 1000
const STEP = 5 * SECOND
const SAMPLES = 48
const at = (index: number): number => START + index * STEP
const iso = (index: number): string => formatTime(at(index))
const TRACE_FROM = START + MINUTE
const TRACE_TO = TRACE_FROM + 2 * MINUTE
const pad = (value: number) => String(value).padStart(2, '0')

export const snapshotFile = (index: number): string => {
  const clock = formatTime(at(index)).slice(11).replaceAll(':', '')
  return `smaps/smaps_9791_20261122${clock}`
}

/** A repeatable number in [0, 1). */
const noise = (index: number): number => {
  const value = Math.sin(index * 12.9898) * 43758.5453
  return value - Math.floor(value)
}

const page = (value: number): number => Math.round(value / 4096) * 4096

const anonymousAt = (index: number): number =>
  page(2.7 * MIB + index * 1.112 * MIB + noise(index) * 0.4 * MIB)
const arenaAt = (index: number): number => page(0.55 * MIB + Math.min(index, 12) * 0.05 * MIB)

export const aTrend = (over: Partial<ReportTrend> = {}): ReportTrend => ({
  quantity: 'rss',
  shape: 'growing',
  bytesPerHour: 837_812_224,
  low: 775_946_240,
  high: 901_775_360,
  grownBytes: page(52.2 * MIB),
  samples: SAMPLES,
  from: iso(0),
  to: iso(SAMPLES - 1),
  onset: iso(1),
  noiseBytes: 214_000,
  detectionLimitBytes: 1_310_720,
  reason: 'The slope is positive in all 1,128 pairs of samples and the last third is as steep as the first.',
  ...over,
})

const plateau = (quantity: string, grownBytes = 0): ReportTrend =>
  aTrend({
    quantity,
    shape: 'plateau',
    bytesPerHour: 0,
    low: -20_000,
    high: 24_000,
    grownBytes,
    onset: null,
    reason: 'The slope does not differ from zero.',
  })

const snapshots = (): ReportDocument['snapshots'] =>
  Array.from({ length: SAMPLES }, (_, index) => {
    const byKind = [
      {
        kind: 'anonymous' as const,
        sizeBytes: anonymousAt(index) + 40 * MIB,
        rssBytes: anonymousAt(index),
        ranges: index < 9 ? 9 : 10,
      },
      { kind: 'malloc-arena' as const, sizeBytes: page(1.1 * MIB), rssBytes: arenaAt(index), ranges: 5 },
      { kind: 'malloc-arena-reserve' as const, sizeBytes: page(318 * MIB), rssBytes: 0, ranges: 5 },
      { kind: 'file-text' as const, sizeBytes: page(2.06 * MIB), rssBytes: page(1.47 * MIB), ranges: 15 },
      { kind: 'main-heap' as const, sizeBytes: 132 * KIB, rssBytes: 8 * KIB, ranges: 1 },
      { kind: 'thread-stack' as const, sizeBytes: 40 * MIB, rssBytes: page(0.1 * MIB), ranges: 5 },
      { kind: 'kernel' as const, sizeBytes: 168 * KIB, rssBytes: 16 * KIB, ranges: 5 },
    ]
    const rss = byKind.reduce((sum, row) => sum + row.rssBytes, 0)
    return {
      pid: 9791,
      time: iso(index),
      file: snapshotFile(index),
      vmaCount: byKind.reduce((sum, row) => sum + row.ranges, 0),
      anonymousVmaCount: byKind[0]!.ranges + 10,
      sizeBytes: byKind.reduce((sum, row) => sum + row.sizeBytes, 0),
      rssBytes: rss,
      pssBytes: rss - page(0.9 * MIB),
      ussBytes: rss - page(1.2 * MIB),
      swapBytes: 0,
      heapBytes: 132 * KIB,
      truncated: false,
      byKind,
    }
  })

const REGION = { start: '0x7f6bee000000', end: '0x7f6bf1a34000', kind: 'anonymous' as const, name: '' }

function timeline(all: ReportDocument['snapshots']): ReportDocument['timeline'] {
  return all.slice(1).map((snapshot, index) => {
    const before = all[index]!
    const delta = snapshot.byKind[0]!.rssBytes! - before.byKind[0]!.rssBytes!
    return {
      pid: 9791,
      from: before.time,
      to: snapshot.time,
      fromFile: before.file,
      toFile: snapshot.file,
      omitted: 0,
      changes: [
        {
          kind: 'grew' as const,
          region: REGION,
          lineage: 'L7',
          sizeDelta: delta,
          rssDelta: delta,
          line: 331,
        },
        ...(index === 8
          ? [
              {
                kind: 'appeared' as const,
                region: { ...REGION, start: '0x7f6c04000000', end: '0x7f6c040bc000' },
                lineage: 'L31',
                sizeDelta: 752 * KIB,
                rssDelta: 752 * KIB,
                line: 461,
              },
            ]
          : []),
      ],
    }
  })
}

function lineages(all: ReportDocument['snapshots']): ReportDocument['lineages'] {
  const lineage = (
    id: string,
    kind: ReportDocument['lineages'][number]['kind'],
    name: string,
    rssAt: (index: number) => number,
    trend: ReportTrend,
    start: number,
  ): ReportDocument['lineages'][number] => ({
    id,
    pid: 9791,
    kind,
    kindBasis: name ? 'name' : 'layout',
    name,
    segment: 0,
    regions: all.map((snapshot, index) => ({
      time: snapshot.time,
      start: `0x${(start - rssAt(index)).toString(16)}`,
      end: `0x${start.toString(16)}`,
      sizeBytes: rssAt(index) + 64 * KIB,
      rssBytes: rssAt(index),
      ranges: 1,
    })),
    trend,
    sizeTrend: { ...trend, quantity: 'size' },
  })
  return [
    lineage(
      'L7',
      'anonymous',
      '',
      (index) => page(anonymousAt(index) * 0.93),
      aTrend({ grownBytes: page(49.1 * MIB) }),
      0x7f6bf1a34000,
    ),
    lineage(
      'L31',
      'anonymous',
      '',
      (index) => page(0.1 * MIB + index * 0.06 * MIB),
      aTrend({ grownBytes: page(2.9 * MIB), bytesPerHour: 45_000_000, low: 39_000_000, high: 51_000_000 }),
      0x7f6c04500000,
    ),
    lineage(
      'L12',
      'malloc-arena',
      '',
      arenaAt,
      aTrend({
        shape: 'saturating',
        grownBytes: page(0.6 * MIB),
        bytesPerHour: 1_200_000,
        low: 0,
        high: 2_500_000,
        reason: 'It grew for the first minute and has not grown since.',
      }),
      0x7f6bd8021000,
    ),
    lineage('L2', 'main-heap', '[heap]', () => 8 * KIB, plateau('rss'), 0x55fc3c3f0000),
    lineage(
      'L19',
      'file-text',
      '/usr/lib/x86_64-linux-gnu/libc.so.6',
      () => page(1.1 * MIB),
      plateau('rss'),
      0x7f6c09000000,
    ),
  ]
}

const AGES = [0.01, 0.1, 1, 10, 100, 1000]

export function aThread(over: Partial<ReportThread> = {}): ReportThread {
  const slices = 40
  const width = (TRACE_TO - TRACE_FROM) / slices
  const leaking = (over.tid ?? 9797) === 9797
  const calls = (index: number) => Math.round((leaking ? 5 : 2) * noise(index + (over.tid ?? 0)) + 1)
  return {
    pid: 9791,
    tid: 9797,
    name: null,
    nameSource: 'none',
    role: 'reads descriptor 5, maps a buffer, reads profile.icc, and unmaps two of three',
    createdBy: null,
    createdAt: null,
    endedAt: null,
    traced: true,
    memory: {
      mmapBytes: 87_265_280,
      munmapBytes: 59_662_336,
      brkBytes: 0,
      brkUpBytes: 0,
      brkDownBytes: 0,
      mprotectBytes: 0,
      mremapBytes: 0,
      netBytes: 27_602_944,
      liveBytes: 27_602_944,
    },
    syscalls: [
      { name: 'pread64', calls: 390, errors: 0, seconds: 0.0047 },
      { name: 'mmap', calls: 130, errors: 0, seconds: 0.0027 },
      { name: 'read', calls: 131, errors: 0, seconds: 101.2 },
      { name: 'munmap', calls: 87, errors: 0, seconds: 0.0091 },
      { name: 'clock_nanosleep', calls: 130, errors: 0, seconds: 2.61 },
      { name: 'openat', calls: 130, errors: 1, seconds: 0.0032 },
    ],
    doing: [
      {
        mechanism: 'mmap-anon',
        sequence: ['read(5)', 'mmap', 'openat', 'pread64(11)', 'munmap'],
        text: 'reads descriptor 5, then maps 256 KiB–1 MiB; 87 of 130 are unmapped after 20 ms, 43 are never unmapped',
        smallestBytes: 256 * KIB,
        largestBytes: MIB,
        count: 130,
        bytes: 87_265_280,
        released: 87,
        releasedBytes: 59_662_336,
        medianLifetimeSeconds: 0.0208,
        longestLifetimeSeconds: 0.0231,
        never: 43,
        neverBytes: 27_602_944,
        oldestAgeSeconds: 117.3,
        evidence: [
          {
            file: 'strace/thumbd.9797',
            firstLine: 1,
            lastLine: 2,
            lines: [
              '19:48:41.634818 read(5, "REQ 0000077 sku=bd6c02 qty=35 xx"..., 4096) = 192 <0.105728>',
              '19:48:41.740632 mmap(NULL, 507904, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f6befed2000 <0.000020>',
            ],
          },
        ],
      },
    ],
    callsOverTime: Array.from({ length: slices }, (_, index) => ({
      from: formatTime(TRACE_FROM + index * width),
      calls: calls(index),
    })),
    liveOverTime: Array.from({ length: slices }, (_, index) => ({
      at: formatTime(TRACE_FROM + index * width),
      bytes: leaking ? page((27_602_944 * (index + 1)) / slices) : page(noise(index) * 800 * KIB),
    })),
    ages: leaking
      ? AGES.map((upToSeconds, index) => ({
          upToSeconds,
          count: [0, 0, 1, 4, 33, 5][index]!,
          bytes: page([0, 0, 0.6, 2.6, 20.1, 3][index]! * MIB),
        }))
      : [],
    ...over,
  }
}

const quiet = (tid: number, name: string | null, role: string, mmapBytes: number): ReportThread =>
  aThread({
    tid,
    name,
    nameSource: name ? 'prctl' : 'none',
    role,
    createdBy: 9791,
    memory: {
      mmapBytes,
      munmapBytes: mmapBytes,
      brkBytes: 0,
      brkUpBytes: 0,
      brkDownBytes: 0,
      mprotectBytes: 77_824,
      mremapBytes: 0,
      netBytes: 0,
      liveBytes: 0,
    },
    doing: [],
  })

const TEXTS = {
  verdict: {
    en: 'thumbd, pid 9791 — memory is leaking',
    zh: 'thumbd，进程 9791：内存正在泄漏',
  },
  reason: {
    en: 'Anonymous memory grew by 52.2 MiB in 3 min 55 s and did not level off: 799 MiB an hour. Thread 9797 (name not in this evidence) maps 256 KiB–1 MiB after each read of descriptor 5 and unmaps only two of three. 43 of its 130 mappings in the traced 2 minutes were never released. At this rate the process reaches 2 GiB at 22:20 (21:50–22:55).',
    zh: '匿名内存在 3 分 55 秒内增长 52.2 MiB，没有趋平：每小时 799 MiB。线程 9797（证据中没有其名称）每次读取描述符 5 后映射 256 KiB–1 MiB，只解除其中三分之二。在跟踪的 2 分钟内，130 次映射中有 43 次从未释放。按此速度，进程将在 22:20（21:50–22:55）达到 2 GiB。',
  },
  next: { en: 'See where it maps:', zh: '查看在何处映射：' },
  grown: { en: 'grown, resident', zh: '驻留内存增长' },
  since: { en: 'since 19:47:46', zh: '自 19:47:46 起' },
  never: { en: 'thread 9797, certain', zh: '线程 9797，确定' },
  neverValue: { en: '43 of 130 never released', zh: '130 次中 43 次未释放' },
  title: { en: 'Anonymous mappings grow without bound', zh: '匿名映射无限增长' },
  why: {
    en: 'A mapping that is made and never unmapped stays until the process ends. Resident memory followed the mapped bytes one to one, so the memory is written to.',
    zh: '映射之后从不解除的内存会一直保留到进程结束。驻留内存与映射的字节数同步增长，说明这些内存被写入。',
  },
  action: {
    en: 'Find the path on which the buffer mapped after read(5) is not freed: one in three takes it. The capture below gives its stack.',
    zh: '找出 read(5) 之后映射的缓冲区未被释放的路径：每三次就有一次。下面的采集会给出其调用栈。',
  },
  culprit: {
    en: 'The replay proves it: all 43 live mappings were made by this thread, and no other thread unmaps any of them.',
    zh: '回放可以证明：43 个仍存在的映射都由该线程建立，没有其他线程解除它们。',
  },
} as const

export const NEXT_COMMAND = 'strace -f -ttt -T -k -e trace=mmap,munmap -p 9791 -o thumbd.k'

export function aFinding(language: Language = 'en', over: Partial<ReportFinding> = {}): ReportFinding {
  return {
    ruleId: 'anonymous-mmap-growth',
    fingerprint: 'anonymous-mmap-growth/thumbd/mmap-anon/read',
    severity: 'problem',
    confidence: 96,
    confidenceCap: null,
    pid: 9791,
    program: 'thumbd',
    mechanism: 'mmap-anon',
    title: TEXTS.title[language],
    summary: TEXTS.reason[language],
    why: TEXTS.why[language],
    action: TEXTS.action[language],
    captureHint: NEXT_COMMAND,
    captureSettles: TEXTS.next[language],
    measures: {
      quantity: 'resident',
      grownBytes: page(52.2 * MIB),
      bytesPerHour: 837_812_224,
      bytesPerHourLow: 775_946_240,
      bytesPerHourHigh: 901_775_360,
      onset: iso(1),
      from: iso(0),
      to: iso(SAMPLES - 1),
      limitBytes: 2048 * MIB,
      limitAt: '2026-11-22T22:20:00',
      limitAtEarliest: '2026-11-22T21:50:00',
      limitAtLatest: '2026-11-22T22:55:00',
      neverReleasedCount: 43,
      mappedCount: 130,
    },
    threads: [
      { tid: 9797, name: null, bytes: 27_602_944, share: 1 },
      { tid: 9798, name: 'resize', bytes: 0, share: 0 },
    ],
    culprit: { tid: 9797, name: null, certainty: 'certain' },
    culpritReason: TEXTS.culprit[language],
    regions: [REGION],
    lineages: ['L7', 'L31'],
    evidence: [
      {
        file: snapshotFile(47),
        firstLine: 331,
        lastLine: 354,
        lines: [
          '7f6bee000000-7f6bf1a34000 rw-p 00000000 00:00 0 ',
          'Size:              59600 kB',
          'KernelPageSize:        4 kB',
          'MMUPageSize:           4 kB',
          'Rss:               54216 kB',
        ],
      },
      {
        file: 'strace/thumbd.9797',
        firstLine: 12,
        lastLine: 12,
        lines: [
          '19:48:42.060565 mmap(NULL, 843776, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f6befe80000 <0.000031>',
        ],
      },
      { file: 'strace/thumbd.9797', firstLine: 900, lastLine: 901, lines: null },
    ],
    ...over,
  }
}

function aVerdict(language: Language): ReportDocument['verdict'] {
  return {
    status: 'leak',
    confidence: 96,
    summary: TEXTS.verdict[language],
    reason: TEXTS.reason[language],
    numbers: [
      { value: '+52.2 MiB', label: TEXTS.grown[language] },
      { value: '799 MiB/h (740–860)', label: TEXTS.since[language] },
      { value: TEXTS.neverValue[language], label: TEXTS.never[language] },
    ],
    next: { command: NEXT_COMMAND, text: TEXTS.next[language] },
  }
}

const amounts = (snapshot: ReportDocument['snapshots'][number]) => ({
  sizeBytes: snapshot.sizeBytes,
  rssBytes: snapshot.rssBytes,
  pssBytes: snapshot.pssBytes,
  ussBytes: snapshot.ussBytes,
  swapBytes: snapshot.swapBytes,
  anonymousBytes: snapshot.rssBytes! - page(1.4 * MIB),
  privateDirtyBytes: snapshot.rssBytes! - page(1.4 * MIB),
  anonHugePagesBytes: 0,
  ranges: snapshot.vmaCount,
})

function reconciliation(all: ReportDocument['snapshots']): ReportDocument['reconciliation'] {
  return all.slice(13, 36).map((snapshot, index) => {
    const before = all[index + 12]!
    const moved = snapshot.rssBytes! - before.rssBytes!
    return {
      pid: 9791,
      trace: 'strace/thumbd',
      from: before.time,
      to: snapshot.time,
      fromFile: before.file,
      toFile: snapshot.file,
      tracedBytes: moved,
      ownedBytes: anonymousAt(index + 13) - anonymousAt(12),
      unexplainedBytes: index === 4 ? 8192 : 0,
      absentBytes: 0,
      changedPages: Math.round(moved / 4096),
      differingPages: index === 4 ? 2 : 0,
      conflicts: 0,
      agreement: index === 4 ? 0.993 : 1,
      reasons: index === 4 ? ['A call was under way while the snapshot was taken.'] : [],
    }
  })
}

const RULES: ReportDocument['rules'] = [
  {
    id: 'anonymous-mmap-growth',
    title: 'Anonymous mappings grow without bound',
    outcome: 'found',
    reason: 'pid 9791: 52.2 MiB in 3 min 55 s',
    thresholds: [
      {
        name: 'minimumGrowth',
        value: '1 MiB',
        because: 'Less than this hides in the warm-up of an allocator.',
      },
    ],
  },
  {
    id: 'main-heap-growth',
    title: 'The main heap grows without bound',
    outcome: 'clear',
    reason: '[heap] stayed at 132 KiB in all 48 snapshots.',
    thresholds: [
      {
        name: 'minimumGrowth',
        value: '1 MiB',
        because: 'One step of brk is 132 KiB; eight of them are no chance.',
      },
    ],
  },
  {
    id: 'swap-growth',
    title: 'Memory is pushed to swap',
    outcome: 'not-applicable',
    reason: 'No process uses swap.',
    thresholds: [],
  },
]

/** A leak with everything in the evidence: every section of the page has content. */
export function aReport(language: Language = 'en', over: Partial<ReportDocument> = {}): ReportDocument {
  const all = snapshots()
  const verdict = aVerdict(language)
  return {
    schemaVersion: '1.0',
    tool: { name: 'memdossier', version: '0.1.0' },
    language,
    capture: {
      name: 'mmap-leak',
      from: iso(0),
      to: iso(SAMPLES - 1),
      limitBytes: 2048 * MIB,
      limitSource: 'option',
    },
    verdict,
    processes: [
      {
        pid: 9791,
        program: 'thumbd',
        executable: '/opt/zoo/bin/thumbd',
        restartOf: null,
        samples: SAMPLES,
        firstSample: iso(0),
        lastSample: iso(SAMPLES - 1),
        segments: [
          {
            from: iso(0),
            to: iso(SAMPLES - 1),
            samples: SAMPLES,
            trends: [aTrend(), aTrend({ quantity: 'pss' }), plateau('swap'), plateau('ranges')],
            byKind: [
              { kind: 'anonymous', trends: [aTrend()] },
              { kind: 'main-heap', trends: [plateau('rss')] },
            ],
          },
        ],
        totals: { first: amounts(all[0]!), last: amounts(all.at(-1)!) },
        verdict,
        allocator: {
          name: 'glibc 2.26 or later',
          basis: 'Thread stacks carry a guard page inside the mapping.',
        },
      },
    ],
    events: [
      {
        kind: 'start',
        pid: 9791,
        from: iso(0),
        to: iso(0),
        text: 'First snapshot of pid 9791.',
        evidence: [],
      },
      {
        kind: 'gap',
        pid: 9791,
        from: iso(40),
        to: iso(42),
        text: 'No snapshot for 10 s where one every 5 s is usual.',
        evidence: [],
      },
    ],
    snapshots: all,
    timeline: timeline(all),
    firstToLast: [
      {
        pid: 9791,
        from: iso(0),
        to: iso(SAMPLES - 1),
        fromFile: snapshotFile(0),
        toFile: snapshotFile(SAMPLES - 1),
        omitted: 0,
        changes: [
          {
            kind: 'grew',
            region: REGION,
            lineage: 'L7',
            sizeDelta: page(49.1 * MIB),
            rssDelta: page(49.1 * MIB),
            line: 331,
          },
          {
            kind: 'appeared',
            region: { ...REGION, start: '0x7f6c04000000', end: '0x7f6c04500000' },
            lineage: 'L31',
            sizeDelta: page(2.9 * MIB),
            rssDelta: page(2.9 * MIB),
            line: 461,
          },
          {
            kind: 'touched',
            region: { start: '0x7f6bd8000000', end: '0x7f6bd8021000', kind: 'malloc-arena', name: '' },
            lineage: 'L12',
            sizeDelta: 0,
            rssDelta: page(0.6 * MIB),
            line: 121,
          },
          {
            kind: 'shrank',
            region: {
              start: '0x7f6c09000000',
              end: '0x7f6c09200000',
              kind: 'file-text',
              name: '/usr/lib/x86_64-linux-gnu/libc.so.6',
            },
            lineage: 'L19',
            sizeDelta: 0,
            rssDelta: -40_960,
            line: 600,
          },
        ],
      },
    ],
    lineages: lineages(all),
    threads: [
      aThread(),
      quiet(9798, 'resize', 'allocates and frees in balance', 45_760_512),
      quiet(9799, null, 'maps and unmaps in balance', 41_943_040),
      quiet(9795, null, 'accepts connections', 0),
    ],
    traces: [
      {
        name: 'strace/thumbd',
        pids: [9791],
        form: 'per-thread',
        from: formatTime(TRACE_FROM),
        to: formatTime(TRACE_TO),
        threads: 6,
        untracedThreads: 0,
        files: [9791, 9795, 9797, 9798, 9799, 9800].map((tid) => ({
          path: `strace/thumbd.${tid}`,
          tid,
          lines: 700 + (tid % 9),
          bytes: 61_000 + tid,
        })),
        calls: 4_224,
        memoryCalls: 521,
        conflicts: 0,
        order: 'effect',
        hasDurations: true,
        hasStacks: false,
        hasDescriptorNames: false,
        coverage: 'all',
        clock: { basis: 'agreement', reason: 'Placed on the day on which replay and snapshots agree.' },
        notes: ['strace was attached to running threads: names given before are not in the log.'],
      },
    ],
    summaries: [
      {
        file: 'strace/thumbd.summary.txt',
        title: null,
        rows: [
          { name: 'futex', calls: 34, errors: 4, seconds: 0.007016, percent: 78.4, line: 3 },
          { name: 'mmap', calls: 1, errors: null, seconds: 0.000008, percent: 0.08, line: 4 },
        ],
      },
    ],
    descriptors: [
      { pid: 9791, fd: 11, meaning: '/opt/zoo/run/thumbd/profile.icc', source: 'trace' },
      { pid: 9791, fd: 5, meaning: 'pipe:[181223]', source: 'side-evidence' },
    ],
    accounts: [
      {
        pid: 9791,
        trace: 'strace/thumbd',
        mechanism: 'mmap-anon',
        subject: '',
        from: formatTime(TRACE_FROM),
        to: formatTime(TRACE_TO),
        acquiredBytes: 174_968_832,
        releasedBytes: 147_365_888,
        liveBytes: 27_602_944,
        bytesPerHour: 828_088_320,
        shares: [
          {
            tid: 9797,
            acquiredBytes: 87_265_280,
            releasedBytes: 59_662_336,
            liveBytes: 27_602_944,
            calls: 217,
            liveCount: 43,
            share: 1,
          },
          {
            tid: 9798,
            acquiredBytes: 45_760_512,
            releasedBytes: 45_760_512,
            liveBytes: 0,
            calls: 152,
            liveCount: 0,
            share: 0,
          },
        ],
        culprit: { tid: 9797, certainty: 'certain' },
        culpritReason: TEXTS.culprit[language],
        regions: [{ start: REGION.start, end: REGION.end }],
        evidence: [],
      },
    ],
    owners: [
      {
        pid: 9791,
        start: '0x7f6bee000000',
        end: '0x7f6bee0a0000',
        tid: 9797,
        mechanism: 'mmap-anon',
        at: formatTime(TRACE_FROM + 3 * SECOND),
        file: 'strace/thumbd.9797',
        line: 12,
        stack: null,
      },
      {
        pid: 9791,
        start: '0x7f6bee0a0000',
        end: '0x7f6bee1c0000',
        tid: 9797,
        mechanism: 'mmap-anon',
        at: formatTime(TRACE_FROM + 9 * SECOND),
        file: 'strace/thumbd.9797',
        line: 41,
        stack: null,
      },
    ],
    reconciliation: reconciliation(all),
    findings: [
      aFinding(language),
      aFinding(language, {
        ruleId: 'arena-warm-up',
        fingerprint: 'arena-warm-up/thumbd/malloc-arena/-',
        severity: 'info',
        confidence: 70,
        confidenceCap: 'Capped at 70: four minutes cannot tell a slow leak from a warm-up.',
        mechanism: 'malloc-arena',
        title: 'Arenas grew in the first minute and levelled off',
        summary: 'Five malloc arenas grew by 660 KiB until 19:48:41 and by nothing since.',
        culprit: null,
        culpritReason: 'Nobody is accused: nothing grows any more.',
        threads: [],
        captureHint: null,
        captureSettles: null,
        measures: {
          ...aFinding(language).measures,
          grownBytes: page(0.6 * MIB),
          bytesPerHour: null,
          bytesPerHourLow: null,
          bytesPerHourHigh: null,
          limitAt: null,
          limitAtEarliest: null,
          limitAtLatest: null,
        },
      }),
    ],
    rules: RULES,
    gates: [
      { name: 'rss-growth', expected: 'at most 10 MiB/h', found: '799 MiB/h', passed: false },
      { name: 'peak-rss', expected: 'at most 512 MiB', found: '57.8 MiB', passed: true },
    ],
    baseline: {
      file: 'baseline/report.json',
      added: ['anonymous-mmap-growth/thumbd/mmap-anon/read'],
      fixed: [],
      persisting: ['arena-warm-up/thumbd/malloc-arena/-'],
    },
    diagnostics: [
      {
        code: 'smaps-cut-file',
        severity: 'data-loss',
        file: snapshotFile(20),
        line: 640,
        message: 'The file ends inside a block',
        remedy: 'It is left out of the trends.',
        count: 1,
      },
      {
        code: 'trace-no-stamp',
        severity: 'info',
        file: 'strace/thumbd.9800',
        line: 7,
        message: 'A line without a time stamp',
        remedy: 'Trace with -tt or -ttt.',
        count: 12,
      },
    ],
    inputs: [
      ...all.map((snapshot, index) => ({
        path: snapshot.file,
        kind: 'smaps',
        bytes: 41_000 + index * 13,
        sha256: pad(index).repeat(32),
      })),
      { path: 'strace/thumbd.9797', kind: 'strace-log', bytes: 121_233, sha256: 'ab'.repeat(32) },
    ],
    skipped: [{ path: 'README.txt', reason: 'neither smaps nor strace', bytes: 812 }],
    redaction: {
      policy: 'standard',
      rules: [
        { rule: 'payload', count: 1_412 },
        { rule: 'user-name', count: 3 },
      ],
    },
    omitted: { owners: 41 },
    ...over,
  }
}
