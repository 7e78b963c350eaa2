/** The verdict, the findings and the rules, in both languages. */
import { MIB } from '../../../src/base/units.ts'
import type { Language } from '../../../src/model/sentence.ts'
import type { ReportDocument, ReportFinding } from '../../../src/report/document.ts'
import { REGION } from './mappings.ts'
import { iso, page, SAMPLES, snapshotFile } from './series.ts'

export const TEXTS = {
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
    regionsOmitted: 0,
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

export function aVerdict(language: Language): ReportDocument['verdict'] {
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

export const RULES: ReportDocument['rules'] = [
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
