/** Snapshots, their changes and the lineages of mappings. */
import { KIB, MIB } from '../../../src/base/units.ts'
import type { ReportDocument, ReportTrend } from '../../../src/report/document.ts'
import { anonymousAt, arenaAt, iso, page, SAMPLES, snapshotFile } from './series.ts'

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

export const plateau = (quantity: string, grownBytes = 0): ReportTrend =>
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

export const snapshots = (): ReportDocument['snapshots'] =>
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

export const REGION = { start: '0x7f6bee000000', end: '0x7f6bf1a34000', kind: 'anonymous' as const, name: '' }

export function timeline(all: ReportDocument['snapshots']): ReportDocument['timeline'] {
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

export function lineages(all: ReportDocument['snapshots']): ReportDocument['lineages'] {
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
