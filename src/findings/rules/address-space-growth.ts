import { MIB } from '../../base/units.ts'
import { evaluateGrowth } from '../evaluate-growth.ts'
import { growthFinding } from '../growth-finding.ts'
import { defineRule } from '../rule.ts'
import { say } from '../words/say.ts'

const words = {
  title: say('Address space grows, resident memory does not', '地址空间在增长，常驻内存没有'),
  why: say(
    'Memory that is mapped and never touched, or reserved without access, costs no pages. It does count against ulimit -v, against vm.overcommit_memory=2 where it is writable, and each range against vm.max_map_count. Reservations of malloc arenas (64 MiB each) are left out here: their number is bounded by the cores.',
    '映射后从未触碰的内存，或以不可访问方式保留的内存，不占用物理页。但它计入 ulimit -v；可写时在 vm.overcommit_memory=2 下计入承诺量；每个区域还计入 vm.max_map_count。malloc arena 的保留区（每个 64 MiB）不计在内：其数量受核数限制。',
  ),
  action: say(
    'Find who reserves without releasing (command below). Raising ulimit -v or vm.max_map_count buys time only; each further range makes munmap, fork and reading smaps slower.',
    '找出谁只保留不释放（命令见下）。调高 ulimit -v 或 vm.max_map_count 只是争取时间；区域越多，munmap、fork 和读取 smaps 就越慢。',
  ),
  capture: say('The stack under each mapping.', '每次映射的调用栈。'),
}

/** Size without Rss: reservations, towards `ulimit -v` or `vm.max_map_count`. */
export const addressSpaceGrowth = defineRule({
  id: 'address-space-growth',
  words,
  loudest: 'problem',
  mechanisms: ['reservation', 'mmap-anon', 'other'],
  thresholds: {
    minimumGrowth: {
      value: 64 * MIB,
      unit: 'bytes',
      because: say(
        'One heap of a malloc arena: allocators reserve in such steps, so a single one is not growth.',
        '一个 malloc arena 的 heap 大小：分配器以此为步长保留，单独一步不算增长。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'attribution', 'traces', 'limit', 'side'],
  evaluate: (facts, { minimumGrowth }) =>
    evaluateGrowth(facts, {
      rule: 'address-space-growth',
      absent: say(
        'No reserved or untouched mappings beside what malloc arenas reserve and guard pages.',
        '除 malloc arena 的保留部分和保护页外，没有保留或未触碰的映射。',
      ),
      qualifies: (growth) => growth.grown >= minimumGrowth,
      build: (growth) =>
        growthFinding(facts, {
          rule: 'address-space-growth',
          growth,
          mechanism: growth.body === 'reservations' ? 'other' : 'mmap-anon',
          question: 'who-maps',
          action: words.action,
        }),
    }),
})
