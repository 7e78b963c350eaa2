import { greatest, least } from '../../base/extremes.ts'
import { formatBytes, formatShare } from '../../base/format.ts'
import { MIB, MINUTE } from '../../base/units.ts'
import { infoFinding } from '../info-finding.ts'
import { eachSegment } from '../levels.ts'
import { clear, defineRule, found, notApplicable } from '../rule.ts'
import { say } from '../words/say.ts'

/** Resident far above what is alive: free memory that lies scattered in the arenas. */
export const fragmentation = defineRule({
  id: 'fragmentation',
  words: {
    title: say('Much of the malloc memory is free and scattered', 'malloc 内存中有大量零散的空闲'),
    why: say(
      'What malloc_info counts as free lies between live blocks of several arenas: pages that hold one live block each cannot be given back, and free memory of one arena does not serve another. Calls do not show it: free() inside a heap makes none.',
      'malloc_info 统计的空闲内存散布在多个 arena 的存活块之间：每页只要有一个存活块就无法归还，一个 arena 的空闲也不能供另一个使用。系统调用看不到这一点：堆内的 free() 没有系统调用。',
    ),
    action: say(
      'malloc_trim(0) returns what forms whole pages; what stays is the scattered part. Fewer arenas (MALLOC_ARENA_MAX=2) share free memory at the price of lock contention; objects of one lifetime in one pool keep pages whole; jemalloc with background_thread returns pages by itself.',
      'malloc_trim(0) 可归还能凑成整页的部分；剩下的就是零散部分。减少 arena（MALLOC_ARENA_MAX=2）可共享空闲内存，代价是锁竞争；把寿命相同的对象放在同一个池里可保持整页；启用 background_thread 的 jemalloc 会自行归还页。',
    ),
    capture: say('How much of the arenas is free.', 'arena 中有多少是空闲的。'),
  },
  loudest: 'warning',
  mechanisms: ['malloc-arena'],
  thresholds: {
    freeShare: {
      value: 0.5,
      unit: 'share',
      because: say(
        'Half of what malloc took is free: best-fit allocators settle well below that (Robson bound aside, 10 to 30 % in practice).',
        'malloc 所取内存的一半为空闲：最佳适配分配器通常远低于此（不论 Robson 上界，实际为 10%–30%）。',
      ),
    },
    minimumFree: {
      value: 64 * MIB,
      unit: 'bytes',
      because: say(
        'The size of one arena heap: less is not worth a restart or a tunable.',
        '一个 arena heap 的大小：更少不值得为此重启或调参。',
      ),
    },
    freeFor: {
      value: MINUTE,
      unit: 'micros',
      because: say(
        'Two readings a minute apart: otherwise it may be the moment after a batch.',
        '相隔一分钟的两次读数：否则可能只是一批任务刚结束。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'side'],
  evaluate: ({ timeline, side }, { freeShare, minimumFree, freeFor }) => {
    const spread = side.heaps.filter((reading) => reading.arenas > 1)
    if (spread.length === 0)
      return notApplicable(
        say(
          'Nothing in this evidence tells what is free inside the arenas (malloc_info).',
          '本次证据没有说明 arena 内有多少空闲（malloc_info）。',
        ),
      )
    const findings = eachSegment(timeline.processes, (process, segment) => {
      if (segment !== process.segments[process.segments.length - 1]) return []
      const readings = spread.filter((reading) => (reading.pid ?? process.pid) === process.pid)
      const free = readings.filter(
        (reading) => reading.freeBytes >= minimumFree && reading.freeBytes >= freeShare * reading.systemBytes,
      )
      const last = free[free.length - 1]
      if (!last || free.length < readings.length) return []
      const times = free.flatMap(({ time }) => (time === null ? [] : [time]))
      const lasting = times.length > 1 && greatest(times) - least(times) >= freeFor
      return [
        infoFinding({
          process,
          segment,
          mechanism: 'malloc-arena',
          subject: 'malloc-free',
          severity: lasting ? 'warning' : 'info',
          confidence: lasting ? 85 : 60,
          cap: lasting ? null : say('One reading of malloc_info only.', '只有一次 malloc_info 读数。'),
          question: 'free-inside',
          evidence: free.map(({ reference }) => reference),
          more: { freeBytes: last.freeBytes, systemBytes: last.systemBytes, arenasCount: last.arenas },
          summary: say(
            `glibc counts ${formatBytes(last.freeBytes)} of ${formatBytes(last.systemBytes)} (${formatShare(last.freeBytes / last.systemBytes)}) in ${last.arenas} arenas as free.`,
            `glibc 统计 ${last.arenas} 个 arena 的 ${formatBytes(last.systemBytes)} 中有 ${formatBytes(last.freeBytes)}（${formatShare(last.freeBytes / last.systemBytes)}）是空闲的。`,
          ),
        }),
      ]
    })
    return findings.length > 0
      ? found(findings)
      : clear(say('The arenas are mostly in use.', 'arena 大部分在使用中。'))
  },
})
