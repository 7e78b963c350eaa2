import { KIB, MIB } from '../../base/units.ts'
import { mallocInstead } from '../claims.ts'
import { evaluateGrowth } from '../evaluate-growth.ts'
import { growthFinding } from '../growth-finding.ts'
import { defineRule } from '../rule.ts'
import { say } from '../words/say.ts'

const words = {
  title: say('The main heap grows without levelling off', '主堆持续增长，没有趋于平稳'),
  why: say(
    'malloc takes small blocks of the main arena from [heap] and extends it by brk, 128 KiB and the request at a time. A heap that is only used again does not grow; one that keeps growing at a steady rate holds ever more live blocks, or blocks so scattered that the free space between them does not serve. Whichever thread meets the end of the free memory calls brk: that thread extends the heap, it need not be the one that keeps it.',
    'malloc 的主 arena 从 [heap] 分配小块，空间不足时通过 brk 扩展，每次为所需大小加 128 KiB。反复使用的堆不会增长；以稳定速率持续增长的堆要么存活的块越来越多，要么块过于分散、其间的空闲无法利用。哪个线程用尽了空闲内存，哪个线程就调用 brk：它扩展了堆，但未必是保留内存的线程。',
  ),
  action: say(
    'Find the code that keeps blocks: list the stacks of blocks older than a minute (command below), or run with heaptrack or jemalloc profiling. malloc_trim(0) gives back what is free at the top and inside, and shows within a second how much of the heap is free: it costs a walk over all free chunks under the arena lock. MALLOC_TRIM_THRESHOLD_ and MALLOC_TOP_PAD_ change the steps, not the growth.',
    '找出保留内存块的代码：列出一分钟后仍未释放的块的调用栈（命令见下），或用 heaptrack、jemalloc profiling 运行。malloc_trim(0) 会归还堆顶和堆内的空闲内存，一秒之内就能看出有多少是空闲的：代价是持有 arena 锁遍历所有空闲块。MALLOC_TRIM_THRESHOLD_ 和 MALLOC_TOP_PAD_ 只改变步长，不会消除增长。',
  ),
  capture: say(
    'Which code keeps the blocks, when several threads share the heap.',
    '多个线程共用一个堆时，是哪段代码保留了内存块。',
  ),
}

/** `[heap]` grows steadily by brk: rule 3.1 of the how-to. */
export const mainHeapGrowth = defineRule({
  id: 'main-heap-growth',
  words,
  loudest: 'problem',
  mechanisms: ['main-heap-brk'],
  thresholds: {
    minimumGrowth: {
      value: 4 * (128 * KIB + 4 * KIB),
      unit: 'bytes',
      because: say(
        'Four brk steps: glibc extends by the request plus M_TOP_PAD (128 KiB), at least 132 KiB a time, so less is one burst of allocations.',
        '四次 brk 步长：glibc 每次扩展为请求大小加 M_TOP_PAD（128 KiB），至少 132 KiB；更少可能只是一次突发分配。',
      ),
    },
    bigStep: {
      value: 32 * MIB,
      unit: 'bytes',
      because: say(
        'M_MMAP_THRESHOLD_MAX on 64-bit: no single block in [heap] is larger, so growth beyond it is many blocks.',
        '64 位上的 M_MMAP_THRESHOLD_MAX：[heap] 中没有更大的单个块，超过它的增长必定是许多块。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'attribution', 'traces', 'limit', 'side'],
  evaluate: (facts, { minimumGrowth, bigStep }) =>
    evaluateGrowth(facts, {
      rule: 'main-heap-growth',
      absent: say('No process in this capture has a [heap].', '本次采集的进程都没有 [heap]。'),
      qualifies: (growth) => growth.grown >= minimumGrowth,
      build: (growth) => {
        const instead = mallocInstead(facts.attribution, growth.process.pid)
        return growthFinding(facts, {
          rule: 'main-heap-growth',
          growth,
          mechanism: 'main-heap-brk',
          question: 'who-keeps-heap',
          action: words.action,
          remark: instead !== null ? chunksOf(instead) : growth.grown > bigStep ? manyBlocks : null,
        })
      },
    }),
})

const manyBlocks = say(
  'No single block of malloc is that large in [heap]: it is many blocks.',
  '[heap] 中单个 malloc 块不可能这么大：这是许多块累积的结果。',
)

const chunksOf = (allocator: string) =>
  say(
    `${allocator} serves malloc here and takes its chunks from [heap] for all threads: this can be stored data as well as a leak.`,
    `这里由 ${allocator} 提供 malloc，它从 [heap] 为所有线程取得大块：这既可能是正常存储的数据，也可能是泄漏。`,
  )
