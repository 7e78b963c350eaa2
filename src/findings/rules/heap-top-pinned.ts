import { greatest, least } from '../../base/extremes.ts'
import { formatBytes, formatShare } from '../../base/format.ts'
import { MIB, MINUTE } from '../../base/units.ts'
import type { SideEvidence } from '../../model/side-evidence.ts'
import { isGrowing } from '../growth.ts'
import { infoFinding } from '../info-finding.ts'
import { eachSegment, levelsOf, steepestRise } from '../levels.ts'
import { clear, defineRule, found, notApplicable } from '../rule.ts'
import { say } from '../words/say.ts'

type Reading = SideEvidence['heaps'][number]

/** Heap high, flat, mostly free: held by what lies near its top. */
export const heapTopPinned = defineRule({
  id: 'heap-top-pinned',
  words: {
    title: say('[heap] stays high after its peak', '[heap] 在峰值之后居高不下'),
    why: say(
      'free() gives memory back only from the top of [heap]. One live block near the top keeps everything below it, free or not. The memory is not lost: later allocations use it. So the heap is high, flat, and hardly calls brk.',
      'free() 只能从 [heap] 的顶部归还内存。靠近顶部的一个存活块会把其下的全部内存留住，无论是否空闲。这些内存没有丢失：之后的分配会使用它。因此堆居高、平稳，几乎不再调用 brk。',
    ),
    action: say(
      'malloc_trim(0) after the peak returns free pages also from the inside (glibc 2.8 and later), at the price of a walk under the arena lock and of page faults when they are used again. Or keep long-lived blocks away from the top: allocate them before the peak, or build the temporary data in a mapping of its own (a large block, M_MMAP_THRESHOLD).',
      '在峰值之后调用 malloc_trim(0) 可以把内部的空闲页也归还（glibc 2.8 起），代价是持锁遍历 arena，以及再次使用时的缺页。或者让长寿命的块远离堆顶：在峰值之前分配它们，或把临时数据放在单独的映射中（大块内存，M_MMAP_THRESHOLD）。',
    ),
    capture: say('How much of the heap is free.', '堆中有多少是空闲的。'),
  },
  loudest: 'warning',
  mechanisms: ['main-heap-brk'],
  thresholds: {
    minimumRise: {
      value: 4 * MIB,
      unit: 'bytes',
      because: say(
        'A rise that the trim threshold (M_TRIM_THRESHOLD, 128 KiB; rises to twice the dynamic mmap threshold) would have given back several times over.',
        '远超收缩阈值（M_TRIM_THRESHOLD，128 KiB；会升到动态 mmap 阈值的两倍）的上升，本应多次归还。',
      ),
    },
    partOfHeap: {
      value: 0.5,
      unit: 'share',
      because: say(
        'More than half of the heap came in that one rise: then it is the peak that is held, not the working set.',
        '堆的一半以上来自这一次上升：留住的是峰值，而不是工作集。',
      ),
    },
    freeShare: {
      value: 0.5,
      unit: 'share',
      because: say(
        'malloc_info counts more than half of the heap as free: held for no use.',
        'malloc_info 统计堆的一半以上为空闲：白白占着。',
      ),
    },
    freeFor: {
      value: MINUTE,
      unit: 'micros',
      because: say(
        'Two readings a minute apart: a batch that is just over would have been used again.',
        '相隔一分钟的两次读数：若只是刚结束的一批任务，这段时间内内存应已被再次使用。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'side'],
  evaluate: ({ timeline, side }, { minimumRise, partOfHeap, freeShare, freeFor }) => {
    let heaps = 0
    const findings = eachSegment(timeline.processes, (process, segment) => {
      const heap = levelsOf(process, segment).find(({ kind }) => kind === 'main-heap')
      if (!heap) return []
      heaps++
      if (isGrowing(heap.trend) || heap.trend.shape === 'sawtooth') return []
      const readings = side.heaps.filter(
        (reading) => reading.arenas === 1 && (reading.pid ?? process.pid) === process.pid,
      )
      const free = readings.filter((reading) => reading.freeBytes >= freeShare * reading.systemBytes)
      const proven = free.length > 0 && free.length === readings.length
      const rise = heap.last - heap.first
      const stepped = heap.trend.shape === 'step' && rise >= minimumRise && rise >= partOfHeap * heap.last
      if (heap.last < minimumRise || !(proven || (stepped && readings.length === 0))) return []
      const lasting = proven && spanOf(free) >= freeFor
      const reading = free[free.length - 1]
      return [
        infoFinding({
          process,
          segment,
          mechanism: 'main-heap-brk',
          subject: 'main-heap',
          severity: lasting ? 'warning' : 'info',
          confidence: proven ? 85 : 45,
          cap: proven
            ? null
            : say(
                'Whether the heap is free inside is not in this evidence: only malloc_info or a heap dump tells.',
                '堆内是否空闲，本次证据无法说明：只有 malloc_info 或堆转储能回答。',
              ),
          grownBytes: rise,
          onset: steepestRise(process, segment, 'main-heap')?.to ?? heap.trend.onset,
          lineages: heap.lineages,
          question: 'free-inside',
          more: { heapBytes: heap.last, freeBytes: reading?.freeBytes ?? null },
          evidence: reading ? [reading.reference] : [],
          summary: reading
            ? say(
                `[heap] stays at ${formatBytes(heap.last)} and glibc counts ${formatBytes(reading.freeBytes)} of it (${formatShare(reading.freeBytes / reading.systemBytes)}) as free.`,
                `[heap] 保持在 ${formatBytes(heap.last)}，其中 glibc 统计有 ${formatBytes(reading.freeBytes)}（${formatShare(reading.freeBytes / reading.systemBytes)}）是空闲的。`,
              )
            : say(
                `[heap] rose once by ${formatBytes(rise)} to ${formatBytes(heap.last)} and stays there without growing: memory that is in use, or a top that is pinned.`,
                `[heap] 一次性上升 ${formatBytes(rise)}，达到 ${formatBytes(heap.last)}，之后保持不变：要么正在使用，要么堆顶被钉住。`,
              ),
        }),
      ]
    })
    if (findings.length > 0) return found(findings)
    return heaps > 0
      ? clear(say('No [heap] stays high after a peak.', '没有在峰值之后居高不下的 [heap]。'))
      : notApplicable(say('No process has a [heap] that can be judged.', '没有可以判断的 [heap]。'))
  },
})

/** Time between first and last reading; 0 where they carry no time. */
function spanOf(readings: readonly Reading[]): number {
  const times = readings.flatMap(({ time }) => (time === null ? [] : [time]))
  return times.length > 1 ? greatest(times) - least(times) : 0
}
