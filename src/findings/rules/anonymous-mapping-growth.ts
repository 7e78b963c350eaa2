import { KIB } from '../../base/units.ts'
import { forgottenMappings } from '../calls-only.ts'
import { evaluateGrowth } from '../evaluate-growth.ts'
import { isInsideMappings } from '../growth.ts'
import { growthFinding } from '../growth-finding.ts'
import { boundWords, lateBoundOf, lateBoundWords, roomOf } from '../room.ts'
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

/** The words for growth inside mappings whose size and number stay: nothing was mapped that could be unmapped. */
const inside = {
  title: say(
    'Resident memory grows inside anonymous mappings that stay the same size',
    '大小不变的匿名映射中常驻内存增长',
  ),
  why: say(
    'Neither the number nor the size of these mappings rose: pages of what was mapped before are touched for the first time, or the kernel puts huge pages under them (AnonHugePages), of which one touched byte makes 2 MiB resident. It ends at the latest when the mappings are full.',
    '这些映射的数量与大小都没有增加：是此前已映射的页首次被触碰，或内核为其换上大页（AnonHugePages，触碰一个字节就使 2 MiB 常驻）。最迟在映射被填满时停止。',
  ),
  action: say(
    'Find what fills them: a pool, an arena or a table that was mapped at once; its size is the bound, and a smaller one is the remedy. Where AnonHugePages grows along, compare with huge pages off: prctl(PR_SET_THP_DISABLE) in this program, or madvise in /sys/kernel/mm/transparent_hugepage/enabled.',
    '找出填充它们的代码：一次性映射的池、arena 或表；其大小就是上限，缩小它即可。若 AnonHugePages 同时增长，请关闭大页后比较：在该程序内用 prctl(PR_SET_THP_DISABLE)，或把 /sys/kernel/mm/transparent_hugepage/enabled 设为 madvise。',
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
      build: (growth) => {
        const full = isInsideMappings(growth)
        const late = full ? null : lateBoundOf(growth)
        return growthFinding(facts, {
          rule: 'anonymous-mapping-growth',
          growth,
          mechanism: 'mmap-anon',
          question: full ? 'who-touches' : 'who-maps',
          action: (full ? inside : words).action,
          ...(full ? { instead: inside, remark: boundWords(growth), room: roomOf(growth) } : {}),
          ...(late ? { remark: lateBoundWords(late, growth), room: late.room } : {}),
        })
      },
      callsOnly: forgottenMappings(facts, ['mmap-anon'], minimumGrowth),
    }),
})
