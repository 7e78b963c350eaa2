import { MIB } from '../../src/base/units.ts'
import type { Language } from '../../src/model/sentence.ts'
import type { ReportDocument } from '../../src/report/document.ts'
import { aFinding, aVerdict, RULES } from './a-report/findings.ts'
import { aTrend, lineages, plateau, REGION, snapshots, timeline } from './a-report/mappings.ts'
import { iso, pad, page, SAMPLES, snapshotFile } from './a-report/series.ts'
import { aThread, quiet } from './a-report/threads.ts'
import { accounts, owners, reconciliation, traces } from './a-report/traces.ts'

export { aFinding, NEXT_COMMAND } from './a-report/findings.ts'

export { aThread } from './a-report/threads.ts'

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
        totals: {
          first: amounts(all[0]!),
          last: amounts(all.at(-1)!),
          highest: { rssBytes: all.at(-1)!.rssBytes, ranges: all.at(-1)!.vmaCount },
        },
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
    traces: traces(),
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
    accounts: accounts(language),
    owners: owners(),
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
