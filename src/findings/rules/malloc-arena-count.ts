import { formatBytes, formatCount } from '../../base/format.ts'
import { endsOf } from '../../model/lineage-ends.ts'
import type { Lineage, Segment } from '../../model/timeline.ts'
import { infoFinding } from '../info-finding.ts'
import { eachSegment } from '../levels.ts'
import { clear, defineRule, found, notApplicable } from '../rule.ts'
import { say } from '../words/say.ts'

const atEnd = (lineage: Lineage, segment: Segment) => endsOf(lineage).last?.snapshot === segment.last
const atStart = (lineage: Lineage, segment: Segment) => endsOf(lineage).first?.snapshot === segment.first
const bytesAtEnd = (lineages: readonly Lineage[]): number =>
  lineages.reduce((sum, lineage) => sum + (endsOf(lineage).last?.rss ?? 0), 0)

/** Many arenas, bounded or not. */
export const mallocArenaCount = defineRule({
  id: 'malloc-arena-count',
  words: {
    title: say('Many malloc arenas', 'malloc arena 数量较多'),
    why: say(
      'glibc gives threads arenas of their own to avoid lock contention, up to 8 for each core on 64-bit. Each reserves 64 MiB of address space, and each keeps its own free memory, which no other arena can use: resident memory then lies above what the program holds. Their number is bounded, so it is no leak.',
      'glibc 为线程分配各自的 arena 以避免锁竞争，64 位上最多为核数的 8 倍。每个 arena 保留 64 MiB 地址空间，并各自保留空闲内存，其他 arena 无法使用：因此常驻内存会高于程序实际持有的量。其数量有上限，所以不是泄漏。',
    ),
    action: say(
      'If resident memory matters more than malloc speed: MALLOC_ARENA_MAX=2 (or mallopt(M_ARENA_MAX)); the price is lock contention between threads that allocate at the same time.',
      '如果常驻内存比 malloc 速度更重要：设置 MALLOC_ARENA_MAX=2（或 mallopt(M_ARENA_MAX)）；代价是同时分配内存的线程之间的锁竞争。',
    ),
    capture: say('How much of the arenas is free.', 'arena 中有多少是空闲的。'),
  },
  loudest: 'info',
  mechanisms: ['malloc-arena'],
  thresholds: {
    many: {
      value: 8,
      unit: 'count',
      because: say(
        'The bound of one core (8 x cores): fewer arenas are normal on any machine.',
        '单核的上限（8 × 核数）：更少的 arena 在任何机器上都属正常。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline'],
  evaluate: ({ timeline }, { many }) => {
    const findings = eachSegment(timeline.processes, (process, segment) => {
      const arenas = process.lineages.filter(
        (lineage) =>
          lineage.kind === 'malloc-arena' && lineage.segment === segment.index && atEnd(lineage, segment),
      )
      if (arenas.length < many) return []
      const before = arenas.filter((lineage) => atStart(lineage, segment)).length
      const more = arenas.length - before
      const resident = bytesAtEnd(arenas)
      return [
        infoFinding({
          process,
          segment,
          mechanism: 'malloc-arena',
          subject: 'malloc-arena',
          confidence: 90,
          quantity: 'address-space',
          lineages: arenas,
          question: 'free-inside',
          more: { arenasCount: arenas.length, newArenasCount: more, residentBytes: resident },
          summary: say(
            `${formatCount(arenas.length)} heaps of malloc arenas hold ${formatBytes(resident)} of resident memory; ${more === 0 ? 'none was added during the capture' : `${formatCount(more)} were added during the capture`}.`,
            `${formatCount(arenas.length)} 个 malloc arena 堆共占常驻内存 ${formatBytes(resident)}；${more === 0 ? '采集期间没有新增' : `采集期间新增 ${formatCount(more)} 个`}。`,
          ),
        }),
      ]
    })
    if (findings.length > 0) return found(findings)
    const any = timeline.processes.some((process) => process.lineages.some((l) => l.kind === 'malloc-arena'))
    return any
      ? clear(say('Few malloc arenas.', 'malloc arena 数量不多。'))
      : notApplicable(say('No malloc arena beside [heap].', '除 [heap] 外没有 malloc arena。'))
  },
})
