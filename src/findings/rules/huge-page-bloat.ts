import { formatBytes, formatShare } from '../../base/format.ts'
import { MIB } from '../../base/units.ts'
import { fileReference } from '../../timeline/events.ts'
import { infoFinding } from '../info-finding.ts'
import { eachSegment } from '../levels.ts'
import { clear, defineRule, found, notApplicable } from '../rule.ts'
import { say } from '../words/say.ts'

/** AnonHugePages inflate Rss. */
export const hugePageBloat = defineRule({
  id: 'huge-page-bloat',
  words: {
    title: say('Transparent huge pages make up much of resident memory', '常驻内存中透明大页占比很高'),
    why: say(
      'With transparent huge pages one touched byte makes 2 MiB resident. Sparse heaps, thread stacks and arenas then look much larger than what was written to them, and grow in steps of 2 MiB. smaps does not tell how much of a huge page is in use.',
      '启用透明大页时，触碰一个字节就会使 2 MiB 常驻。稀疏的堆、线程栈和 arena 因此看起来比实际写入的大得多，并以 2 MiB 为步长增长。smaps 无法说明一个大页里有多少在使用。',
    ),
    action: say(
      'Compare with /sys/kernel/mm/transparent_hugepage/enabled set to madvise (system-wide, from the next fault on), or prctl(PR_SET_THP_DISABLE) in this program alone. The price is more TLB misses. glibc.malloc.hugetlb=0 keeps malloc out of it.',
      '把 /sys/kernel/mm/transparent_hugepage/enabled 设为 madvise（全系统，从下一次缺页起生效），或只在该程序内使用 prctl(PR_SET_THP_DISABLE)，再做比较。代价是 TLB 未命中增多。glibc.malloc.hugetlb=0 可使 malloc 不使用大页。',
    ),
    capture: null,
  },
  loudest: 'info',
  mechanisms: ['other'],
  thresholds: {
    minimum: {
      value: 32 * MIB,
      unit: 'bytes',
      because: say(
        'Sixteen huge pages: below that the rounding to 2 MiB cannot matter beside the program itself.',
        '十六个大页：更少时，按 2 MiB 取整的影响与程序本身相比可以忽略。',
      ),
    },
    share: {
      value: 0.5,
      unit: 'share',
      because: say(
        'Half of the anonymous memory: then most of Rss may be rounding.',
        '占匿名内存的一半：此时 Rss 的大部分可能只是取整的结果。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline'],
  evaluate: ({ timeline }, { minimum, share }) => {
    let known = false
    const findings = eachSegment(timeline.processes, (process, segment) => {
      const last = process.snapshots[segment.last]
      const huge = last?.total.anonHugePages ?? null
      const anonymous = last?.total.anonymous ?? null
      if (!last || huge === null || anonymous === null) return []
      known = true
      if (huge < minimum || huge < share * anonymous) return []
      return [
        infoFinding({
          process,
          segment,
          mechanism: 'other',
          subject: 'huge-pages',
          confidence: 70,
          cap: say(
            'How much of each huge page is in use is not in smaps.',
            'smaps 中没有每个大页的实际使用量。',
          ),
          more: { hugePageBytes: huge, anonymousBytes: anonymous },
          evidence: fileReference(last.file),
          summary: say(
            `${formatBytes(huge)} of ${formatBytes(anonymous)} anonymous memory (${formatShare(huge / anonymous)}) are transparent huge pages.`,
            `${formatBytes(anonymous)} 匿名内存中有 ${formatBytes(huge)}（${formatShare(huge / anonymous)}）是透明大页。`,
          ),
        }),
      ]
    })
    if (findings.length > 0) return found(findings)
    return known
      ? clear(say('Huge pages are no large part of resident memory.', '大页在常驻内存中占比不大。'))
      : notApplicable(say('The snapshots do not carry AnonHugePages.', '快照中没有 AnonHugePages 字段。'))
  },
})
