import { formatBytes, formatRate } from '../../base/format.ts'
import { MIB } from '../../base/units.ts'
import type { Segment } from '../../model/timeline.ts'
import { isGrowing, totalOf, trendOf } from '../growth.ts'
import { infoFinding, KIND_MECHANISM } from '../info-finding.ts'
import { lastSeenOf } from '../last-seen.ts'
import { eachSegment } from '../levels.ts'
import { clear, defineRule, found, notApplicable } from '../rule.ts'
import { say } from '../words/say.ts'

/** The kind whose swapped bytes rise most. */
function swappedKind(segment: Segment) {
  return segment.byKind
    .map(({ kind }) => ({ kind, grown: trendOf(segment, kind, 'swap')?.grown ?? 0 }))
    .sort((a, b) => b.grown - a.grown)[0]?.kind
}

/** Memory of the process moves to swap. */
export const swapGrowth = defineRule({
  id: 'swap-growth',
  words: {
    title: say('Memory of the process moves to swap', '进程内存正被换出'),
    why: say(
      'Swapped pages leave Rss and still belong to the process: Rss can stay flat or fall while the process grows. The kernel swaps what was not used for long, which is what leaked memory is.',
      '被换出的页不再计入 Rss，但仍属于该进程：进程在增长时，Rss 可能持平甚至下降。内核换出长时间未用的页，而泄漏的内存正是如此。',
    ),
    action: say(
      'Judge Rss and Swap together. If another finding names the growth, this is the same memory, pushed out. Without growth it is pressure from elsewhere on the machine or the control group: see memory.high, memory.swap.max and vm.swappiness.',
      '应将 Rss 与 Swap 合并判断。如果另有发现指出了增长，那么这就是同一块内存被换出。若没有增长，则是机器或控制组中其他来源的压力：查看 memory.high、memory.swap.max 和 vm.swappiness。',
    ),
    capture: null,
  },
  loudest: 'warning',
  mechanisms: [],
  thresholds: {
    minimumGrowth: {
      value: MIB,
      unit: 'bytes',
      because: say(
        'One swap cluster is 256 pages, 1 MiB (SWAPFILE_CLUSTER): less is a single write-out.',
        '一个交换簇为 256 页，即 1 MiB（SWAPFILE_CLUSTER）：更少只是一次写出。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'attribution'],
  evaluate: ({ timeline, attribution }, { minimumGrowth }) => {
    let known = false
    const findings = eachSegment(timeline.processes, (process, segment) => {
      const swap = totalOf(segment, 'swap')
      if (swap === null) return []
      known = true
      if (!isGrowing(swap) || swap.grown < minimumGrowth || swap.perHour === null) return []
      const rss = totalOf(segment, 'rss')
      const kind = swappedKind(segment)
      const net = swap.grown + (rss?.grown ?? 0)
      // Growth that leaves Rss flat: nobody else reports it. With Rss growing another rule does.
      const hidden = rss !== null && rss.shape !== 'growing' && net >= swap.grown / 2
      return [
        infoFinding({
          process,
          segment,
          mechanism: kind ? KIND_MECHANISM[kind] : 'other',
          subject: 'swap',
          severity: hidden ? 'warning' : 'info',
          lastSeen: hidden ? lastSeenOf({ timeline, attribution }, process, segment) : null,
          confidence: hidden ? 70 : 85,
          cap: hidden
            ? say('Who wrote to the swapped pages is not in smaps.', 'smaps 中看不出是谁写入了被换出的页。')
            : null,
          grownBytes: swap.grown,
          rate: swap,
          culpritReason: say(
            'Who wrote to the swapped pages is not in smaps.',
            'smaps 中看不出是谁写入了被换出的页。',
          ),
          onset: swap.onset,
          question: 'who-touches',
          more: { residentGrownBytes: rss ? Math.round(rss.grown) : null },
          summary: say(
            `${formatBytes(swap.grown)} went to swap (${formatRate(swap.perHour).en})${hidden ? ', while resident memory did not shrink by as much: the process grows behind it' : ''}.`,
            `有 ${formatBytes(swap.grown)} 被换出（${formatRate(swap.perHour).zh}）${hidden ? '，而常驻内存并未相应减少：进程在其后增长' : ''}。`,
          ),
        }),
      ]
    })
    if (findings.length > 0) return found(findings)
    return known
      ? clear(say('Swap of the process does not grow.', '进程的交换用量没有增长。'))
      : notApplicable(say('The snapshots do not carry Swap.', '快照中没有 Swap 字段。'))
  },
})
