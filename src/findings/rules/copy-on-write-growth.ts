import { formatBytes } from '../../base/format.ts'
import { MIB } from '../../base/units.ts'
import { claimed } from '../claims.ts'
import { isGrowing, totalOf } from '../growth.ts'
import { infoFinding } from '../info-finding.ts'
import { eachSegment } from '../levels.ts'
import { clear, defineRule, found } from '../rule.ts'
import { say } from '../words/say.ts'

/** Private dirty of files or of a forked parent grows. */
export const copyOnWriteGrowth = defineRule({
  id: 'copy-on-write-growth',
  words: {
    title: say('Pages are copied on write', '写时复制产生的私有页在增长'),
    why: say(
      'Writing to a privately mapped file, or to memory that a fork shares with its parent, makes a private copy of the page. Private_Dirty then grows without a call, and without growth of Rss where the page was resident before. It ends when every page of the mapping is copied: it is bounded by the mapped size, but each child of a pre-forking server pays it again.',
      '写入私有文件映射，或写入 fork 后与父进程共享的内存，会产生该页的私有副本。此时 Private_Dirty 在没有系统调用的情况下增长；如果该页原已常驻，Rss 也不增长。所有页都复制完即停止：上限是映射大小，但预先 fork 的服务器的每个子进程都要再付出一次。',
    ),
    action: say(
      'Warm up before fork and write less afterwards: keep reference counts and statistics apart from shared data (gc.freeze() in Python before fork). Text relocations (DT_TEXTREL) copy program pages: build with -fPIC.',
      '在 fork 之前完成预热，之后尽量少写：把引用计数、统计数据与共享数据分开（Python 在 fork 前调用 gc.freeze()）。代码重定位（DT_TEXTREL）会复制程序页：请用 -fPIC 编译。',
    ),
    capture: say('Thread and stack of every page fault.', '每次缺页的线程和调用栈。'),
  },
  loudest: 'info',
  mechanisms: ['file-mapping', 'other'],
  thresholds: {
    minimumGrowth: {
      value: MIB,
      unit: 'bytes',
      because: say(
        'Relocations and .data of a few libraries (some hundred KiB) are copied once at start: growth must be more.',
        '几个动态库的重定位和 .data（几百 KiB）在启动时复制一次：增长必须超过此量。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'attribution'],
  evaluate: (facts, { minimumGrowth }) => {
    const files = claimed(facts, 'copy-on-write-growth')
      .filter((growth) => growth.growing && growth.grown >= minimumGrowth)
      .map((growth) =>
        infoFinding({
          process: growth.process,
          segment: growth.segment,
          mechanism: 'file-mapping',
          subject: 'private-files',
          confidence: 75,
          grownBytes: growth.grown,
          onset: growth.onset,
          lineages: growth.lineages,
          question: 'who-touches',
          summary: say(
            `Resident pages of privately mapped files grew by ${formatBytes(growth.grown)} inside mappings of constant size.`,
            `私有文件映射在大小不变的情况下，常驻页增长了 ${formatBytes(growth.grown)}。`,
          ),
        }),
      )
    const forked = eachSegment(facts.timeline.processes, (process, segment) => {
      const dirty = totalOf(segment, 'privateDirty')
      const rss = totalOf(segment, 'rss')
      if (!dirty || !rss || !isGrowing(dirty) || dirty.grown < minimumGrowth) return []
      // Copies of pages that were resident already: private memory grows, resident memory does not.
      if (isGrowing(rss) || rss.grown > dirty.grown / 2) return []
      return [
        infoFinding({
          process,
          segment,
          mechanism: 'other',
          subject: 'private-dirty',
          confidence: 75,
          grownBytes: dirty.grown,
          onset: dirty.onset,
          question: 'who-touches',
          summary: say(
            `Private dirty memory grew by ${formatBytes(dirty.grown)} while resident memory did not: shared pages were copied on write.`,
            `私有脏页增长了 ${formatBytes(dirty.grown)}，而常驻内存没有增长：共享页被写时复制。`,
          ),
        }),
      ]
    })
    const findings = [...files, ...forked]
    return findings.length > 0
      ? found(findings)
      : clear(say('No growth by copies of shared pages.', '没有因复制共享页而产生的增长。'))
  },
})
