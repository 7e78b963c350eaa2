import { KIB } from '../../base/units.ts'
import { evaluateGrowth } from '../evaluate-growth.ts'
import { growthFinding } from '../growth-finding.ts'
import { defineRule } from '../rule.ts'
import { say } from '../words/say.ts'

const words = {
  title: say('One block is enlarged again and again', '同一块内存被反复扩大'),
  why: say(
    'realloc of a large block is one mremap: the kernel extends the mapping, or moves it to a larger gap. The start address changes with each move and the old place is gone, so a comparison by address sees blocks come and go while one buffer grows.',
    '对大块内存调用 realloc 就是一次 mremap：内核就地扩展映射，或把它移到更大的空隙。每次移动起始地址都会改变，原来的位置随即消失，所以按地址比较会以为有块出现又消失，其实是同一个缓冲区在增长。',
  ),
  action: say(
    'Give the buffer a bound: a ring, a limit with an error, or a flush to disk. Growing by a factor instead of a constant lowers the number of calls, not the memory.',
    '给缓冲区设定上限：环形缓冲、超限报错，或写到磁盘。按倍数而不是按固定长度扩大只会减少调用次数，不会减少内存。',
  ),
  capture: say('The stack under each mremap.', '每次 mremap 的调用栈。'),
}

const NO_CALL = say('No traced call enlarged a block by mremap.', '没有跟踪到用 mremap 扩大内存块的调用。')
const CONTRADICTED = say(
  'A log and the snapshots contradict each other, so what its calls enlarged is not told.',
  '日志与快照相互矛盾，因此不说明其调用扩大了什么。',
)

/** One block grows without end. */
export const mremapGrowth = defineRule({
  id: 'mremap-growth',
  words,
  loudest: 'problem',
  mechanisms: ['mremap'],
  thresholds: {
    minimumGrowth: {
      value: 8 * 128 * KIB,
      unit: 'bytes',
      because: say(
        'Only blocks above the mmap threshold (128 KiB) are enlarged by mremap; less than eight times that is one block reaching its size.',
        '只有超过 mmap 阈值（128 KiB）的块才会用 mremap 扩大；不到其八倍，只是一个块达到所需大小。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'attribution', 'traces', 'limit', 'side'],
  evaluate: (facts, { minimumGrowth }) =>
    evaluateGrowth(facts, {
      rule: 'mremap-growth',
      absent: facts.attribution.contradictions.length > 0 ? CONTRADICTED : NO_CALL,
      qualifies: (growth) => growth.grown >= minimumGrowth,
      build: (growth) =>
        growthFinding(facts, {
          rule: 'mremap-growth',
          growth,
          mechanism: 'mremap',
          question: 'who-maps',
          action: words.action,
        }),
    }),
})
