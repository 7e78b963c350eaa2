import { KIB, MIB } from '../../base/units.ts'
import { evaluateGrowth } from '../evaluate-growth.ts'
import { growthFinding } from '../growth-finding.ts'
import { defineRule } from '../rule.ts'
import { say } from '../words/say.ts'

const words = {
  title: say('A malloc arena grows without levelling off', 'malloc arena 持续增长，没有趋于平稳'),
  why: say(
    'Threads other than the first allocate from arenas of their own: heaps of 64 MiB, reserved without access and opened page by page with mprotect. Growth inside them shows neither as brk nor as mmap, and [heap] stays small. The reserved remainder costs address space, not memory. After a trim the same pages come back without any call, so calls can miss growth that the snapshots show.',
    '除主线程外，其他线程从各自的 arena 分配：每个 heap 64 MiB，先以不可访问方式保留，再由 mprotect 逐页开放。这种增长既不表现为 brk，也不表现为 mmap，[heap] 保持很小。保留而未开放的部分只占地址空间，不占内存。收缩之后同样的页再次使用不需要系统调用，所以调用可能漏掉快照能看到的增长。',
  ),
  action: say(
    'Look at what the thread stores per event and when it drops it: the arena grows with live small blocks. MALLOC_ARENA_MAX=1 or 2 moves the same growth into fewer heaps, at the price of lock contention: it does not end it. malloc_trim(0) tells within a second whether the memory is free inside the arena.',
    '检查该线程为每个事件保存了什么、何时丢弃：arena 随存活的小块增长。MALLOC_ARENA_MAX=1 或 2 只是把同样的增长移到更少的堆里，代价是锁竞争，并不能消除增长。malloc_trim(0) 可在一秒内说明 arena 内是否为空闲内存。',
  ),
  capture: say('The stack under each enlargement of the arena.', '每次扩大 arena 时的调用栈。'),
}

/** An arena grows by mprotect. */
export const mallocArenaGrowth = defineRule({
  id: 'malloc-arena-growth',
  words,
  loudest: 'problem',
  mechanisms: ['malloc-arena'],
  thresholds: {
    minimumGrowth: {
      value: MIB,
      unit: 'bytes',
      because: say(
        'A fresh arena opens 132 KiB and fills its bins and its thread cache (up to 64 sizes of 7 blocks) before it is used again: up to about 1 MiB is an arena coming into use.',
        '新的 arena 先开放 132 KiB，再填满 bins 和线程缓存（64 种大小、各 7 块）之后才会重复使用：约 1 MiB 以内属于 arena 刚投入使用。',
      ),
    },
    perArena: {
      value: 132 * KIB,
      unit: 'bytes',
      because: say(
        'HEAP_MIN_SIZE and the top pad: what each further arena costs at its first allocation.',
        'HEAP_MIN_SIZE 加 top pad：每多一个 arena 首次分配的开销。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'attribution', 'traces', 'limit', 'side'],
  evaluate: (facts, { minimumGrowth, perArena }) =>
    evaluateGrowth(facts, {
      rule: 'malloc-arena-growth',
      absent: say(
        'No process in this capture has a malloc arena beside [heap].',
        '本次采集的进程除 [heap] 外没有其他 malloc arena。',
      ),
      qualifies: (growth) =>
        growth.grown >= minimumGrowth + perArena * Math.max(0, growth.lineages.length - 1),
      build: (growth) =>
        growthFinding(facts, {
          rule: 'malloc-arena-growth',
          growth,
          mechanism: 'malloc-arena',
          question: 'who-enlarges-arena',
          action: words.action,
        }),
    }),
})
