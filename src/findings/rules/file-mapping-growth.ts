import { formatCount } from '../../base/format.ts'
import { KIB } from '../../base/units.ts'
import { endsOf } from '../../model/lineage-ends.ts'
import { forgottenMappings } from '../calls-only.ts'
import { evaluateGrowth } from '../evaluate-growth.ts'
import { type Growth, lineageGrowth } from '../growth.ts'
import { growthFinding } from '../growth-finding.ts'
import { defineRule } from '../rule.ts'
import { plural, say } from '../words/say.ts'

const words = {
  title: say('Mapped files or shared objects accumulate', '文件映射或共享内存对象不断累积'),
  why: say(
    'A mapping outlives the descriptor it was made from: closing the file, memfd or shared memory object frees nothing while it is mapped. Each new object has a path of its own, so a comparison by path sees many new regions and no growing one. A deleted file or memfd keeps its pages until the last mapping goes.',
    '映射的寿命比它所用的描述符更长：只要还映射着，关闭文件、memfd 或共享内存对象不会释放任何东西。每个新对象都有自己的路径，所以按路径比较只会看到许多新区域，而看不到增长的区域。已删除的文件或 memfd 在最后一个映射消失之前会一直保留其页。',
  ),
  action: say(
    'Pair each mmap of a descriptor with a munmap of the whole rounded length, also on error paths; unlink and ftruncate do not do it. Pages of files on disk can be reclaimed by the kernel under pressure, pages of memfds and shared memory only swapped.',
    '每个针对描述符的 mmap 都要有对应的 munmap（长度为取整后的全长），出错路径也一样；unlink 和 ftruncate 不能代替。磁盘文件的页在内存紧张时可被内核回收，memfd 和共享内存的页只能换出。',
  ),
  capture: say(
    'The stack under each mapping and the path behind its descriptor.',
    '每次映射的调用栈，以及描述符对应的路径。',
  ),
}

/** The words for growth without any new mapping: nothing accumulates, what was there is mapped ever larger. */
const enlarged = {
  title: say('A mapped file or shared object is enlarged ever further', '某个文件映射或共享内存对象不断扩大'),
  why: say(
    'No new mapping stayed: an object that was mapped before is made larger (ftruncate) and mapped larger with it (mremap, or mmap of the next part). Each page of a memfd or shared memory object that was written to is memory until the object is cut or goes.',
    '没有留存新的映射：先前已映射的对象被扩大（ftruncate），并随之映射得更大（mremap，或 mmap 后续部分）。memfd 或共享内存对象中写过的页，在对象被截短或消失之前都占用内存。',
  ),
  action: say(
    'Find what bounds the object: a buffer, a log or a table that is appended to and never cut. Cut it (ftruncate, fallocate with FALLOC_FL_PUNCH_HOLE), or use it as a ring.',
    '找出该对象的上限：它是不断追加而从不截短的缓冲区、日志或表。请截短它（ftruncate、带 FALLOC_FL_PUNCH_HOLE 的 fallocate），或作为环形缓冲使用。',
  ),
}

/** Mapped files, memfds or shm objects accumulate. */
export const fileMappingGrowth = defineRule({
  id: 'file-mapping-growth',
  words,
  loudest: 'problem',
  mechanisms: ['file-mapping', 'shared-memory'],
  thresholds: {
    minimumGrowth: {
      value: 512 * KIB,
      unit: 'bytes',
      because: say(
        'A library loaded late brings four or five mappings and some hundred KiB, once: growth must be more than that.',
        '较晚加载的一个动态库会一次性带来四五个映射和几百 KiB：增长必须超过这个量。',
      ),
    },
    minimumObjects: {
      value: 8,
      unit: 'count',
      because: say(
        'More new mappings than one library brings: objects accumulate one by one.',
        '多于一个动态库带来的映射数：对象是一个一个累积的。',
      ),
    },
  },
  requires: 'either',
  needs: ['timeline', 'attribution', 'traces', 'limit', 'side'],
  evaluate: (facts, { minimumGrowth, minimumObjects }) =>
    evaluateGrowth(facts, {
      rule: 'file-mapping-growth',
      absent: say(
        'No process in this capture maps files or shared objects.',
        '本次采集的进程没有文件映射或共享内存对象。',
      ),
      qualifies: (growth) => growth.grown >= minimumGrowth && isUnbounded(growth, minimumObjects),
      build: (growth) => {
        const objects = newObjects(growth)
        return growthFinding(facts, {
          rule: 'file-mapping-growth',
          growth,
          mechanism: mechanismOf(growth),
          question: 'who-maps-objects',
          ...(objects > 0 ? accumulated(objects) : { action: enlarged.action, instead: enlarged }),
          more: { objectsCount: objects },
        })
      },
      callsOnly: forgottenMappings(facts, ['file-mapping', 'shared-memory'], minimumGrowth),
    }),
})

const accumulated = (objects: number) => ({
  action: words.action,
  remark: say(
    `${formatCount(objects)} new ${plural(objects, 'mapping')} of files, memfds or shared memory objects stayed.`,
    `新增并留存了 ${formatCount(objects)} 个文件、memfd 或共享内存对象的映射。`,
  ),
})

/** Either many objects one by one, or the mapped range count itself grows, or one object is mapped ever larger. */
function isUnbounded(growth: Growth, minimumObjects: number): boolean {
  if (newObjects(growth) >= minimumObjects) return true
  return growth.lineages.some((lineage) => lineage.size.shape === 'growing')
}

const newObjects = (growth: Growth): number =>
  growth.lineages.filter((lineage) => (endsOf(lineage).first?.snapshot ?? -1) > growth.segment.first).length

/** By the kind that grew most: shared memory objects, or files. */
function mechanismOf(growth: Growth): 'file-mapping' | 'shared-memory' {
  const grown = (shared: boolean) =>
    growth.lineages
      .filter((lineage) => (lineage.kind === 'shared-memory') === shared)
      .reduce((sum, lineage) => sum + lineageGrowth(lineage, growth.segment, 'size'), 0)
  return grown(true) > grown(false) ? 'shared-memory' : 'file-mapping'
}
