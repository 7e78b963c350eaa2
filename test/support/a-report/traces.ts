/** The trace, what it says about each mechanism, and how the replay agrees with the snapshots. */
import { formatTime } from '../../../src/base/format.ts'
import { SECOND } from '../../../src/base/units.ts'
import type { Language } from '../../../src/model/sentence.ts'
import type { ReportDocument } from '../../../src/report/document.ts'
import { TEXTS } from './findings.ts'
import { REGION } from './mappings.ts'
import { anonymousAt, TRACE_FROM, TRACE_TO } from './series.ts'

export const traces = (): ReportDocument['traces'] => [
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
]

export const accounts = (language: Language): ReportDocument['accounts'] => [
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
]

export const owners = (): ReportDocument['owners'] => [
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
]

export function reconciliation(all: ReportDocument['snapshots']): ReportDocument['reconciliation'] {
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
