import { KIB } from '../../base/units.ts'
import { forgottenMappings } from '../calls-only.ts'
import { evaluateGrowth } from '../evaluate-growth.ts'
import { growthFinding } from '../growth-finding.ts'
import { defineRule } from '../rule.ts'
import { say } from '../words/say.ts'

const words = {
  title: say('Anonymous mappings accumulate', '匿名映射不断累积'),
  why: say(
    'malloc maps blocks of 128 KiB and more directly (the threshold rises to 32 MiB as such blocks are freed), and programs map memory of their own. What is not unmapped stays. Neighbouring mappings merge into one region and new ones fill its holes, so smaps shows a few growing regions, not one for each lost block.',
    'malloc 对 128 KiB 及以上的块直接 mmap（这类块被释放后阈值会升高，最高 32 MiB），程序也会自行映射内存。没有 munmap 的就一直留着。相邻的映射会合并成一个区域，新映射会填补空洞，所以 smaps 里看到的是少数几个不断增长的区域，而不是每个丢失的块一个区域。',
  ),
  action: say(
    'Compare the path that maps with the path that frees: error returns, timeouts and early exits are where a large buffer is forgotten. The stack under each mapping (command below) names the caller. Raising MALLOC_MMAP_THRESHOLD_ only moves such blocks into the heap.',
    '对照分配路径与释放路径：大缓冲区往往在出错返回、超时、提前退出时被遗忘。每次映射的调用栈（命令见下）能指出调用者。调高 MALLOC_MMAP_THRESHOLD_ 只会把这些块移到堆里。',
  ),
  capture: say(
    'The stack under each mapping: the code path that maps and does not unmap.',
    '每次映射的调用栈：是哪段代码只映射而不解除映射。',
  ),
}

/** Anonymous ranges or bytes grow by mmap that nobody unmaps: rule 3.2 of the how-to. */
export const anonymousMappingGrowth = defineRule({
  id: 'anonymous-mapping-growth',
  words,
  loudest: 'problem',
  mechanisms: ['mmap-anon'],
  thresholds: {
    minimumGrowth: {
      value: 8 * 128 * KIB,
      unit: 'bytes',
      because: say(
        'Eight blocks of the smallest size that malloc maps (M_MMAP_THRESHOLD, 128 KiB): fewer are a working set that moves.',
        '八个 malloc 直接映射的最小块（M_MMAP_THRESHOLD，128 KiB）：更少只是工作集的波动。',
      ),
    },
  },
  requires: 'either',
  needs: ['timeline', 'attribution', 'traces', 'limit', 'side'],
  evaluate: (facts, { minimumGrowth }) =>
    evaluateGrowth(facts, {
      rule: 'anonymous-mapping-growth',
      absent: say(
        'No process in this capture has anonymous mappings of its own.',
        '本次采集的进程没有自己的匿名映射。',
      ),
      qualifies: (growth) => growth.grown >= minimumGrowth,
      build: (growth) =>
        growthFinding(facts, {
          rule: 'anonymous-mapping-growth',
          growth,
          mechanism: 'mmap-anon',
          question: 'who-maps',
          action: words.action,
        }),
      callsOnly: forgottenMappings(facts, ['mmap-anon'], minimumGrowth),
    }),
})
