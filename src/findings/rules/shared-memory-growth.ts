import { MIB } from '../../base/units.ts'
import { evaluateGrowth } from '../evaluate-growth.ts'
import { type Growth, isInsideMappings } from '../growth.ts'
import { growthFinding } from '../growth-finding.ts'
import { isOfOthers, ofOthers } from '../pages-of-others.ts'
import { boundWords, roomOf } from '../room.ts'
import { defineRule } from '../rule.ts'
import { paragraph, say } from '../words/say.ts'

const words = {
  title: say('Pages of a shared mapping are touched ever further', '共享映射的页被不断触碰'),
  why: say(
    'The mapped size is constant and resident memory grows inside it: a file, database or shared memory segment is being used further and further. No call shows that. It ends at the size of the mapping. Pages of a file on disk are page cache, which the kernel takes back when it needs memory; pages of shared memory, memfds and /dev/shm count against the memory limit and can only be swapped.',
    '映射大小不变，其中的常驻内存在增长：某个文件、数据库或共享内存段正被越用越远，没有系统调用显示这一点。增长到映射大小为止。磁盘文件的页属于页缓存，内核需要时可以收回；共享内存、memfd 和 /dev/shm 的页计入内存限额，只能换出。',
  ),
  action: say(
    'See whether what is written there has a bound of its own (max-db-size, a ring, an eviction). For shared memory that the program allocates from, look for slots that are never given back; fallocate with FALLOC_FL_PUNCH_HOLE or madvise(MADV_REMOVE) returns unused pages without unmapping.',
    '检查写入其中的数据是否自有上限（max-db-size、环形缓冲、淘汰机制）。若程序从共享内存中分配，检查是否有从不归还的槽位；fallocate 配合 FALLOC_FL_PUNCH_HOLE 或 madvise(MADV_REMOVE) 可以不解除映射就归还未用的页。',
  ),
  capture: say('Thread and stack of every page fault.', '每次缺页的线程和调用栈。'),
}

/** Pages of a shared object are touched ever further, Size constant. */
export const sharedMemoryGrowth = defineRule({
  id: 'shared-memory-growth',
  words,
  loudest: 'warning',
  mechanisms: ['shared-memory', 'file-mapping'],
  thresholds: {
    minimumGrowth: {
      value: MIB,
      unit: 'bytes',
      because: say(
        'The kernel maps file pages around a fault, 64 KiB at a time (fault_around_bytes): less than sixteen of those is a library being used.',
        '内核在缺页时会顺带映射周围 64 KiB 的文件页（fault_around_bytes）：不到十六次，只是动态库正被使用。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'attribution', 'traces', 'limit', 'side'],
  evaluate: (facts, { minimumGrowth }) =>
    evaluateGrowth(facts, {
      rule: 'shared-memory-growth',
      absent: say(
        'No process maps a shared object whose size is constant.',
        '没有进程映射大小不变的共享对象。',
      ),
      qualifies: (growth) => growth.grown >= minimumGrowth,
      build: (growth) => {
        const room = roomOf(growth)
        const bounded = isInsideMappings(growth)
        const shared = isOfOthers(growth)
        return growthFinding(facts, {
          rule: 'shared-memory-growth',
          growth,
          mechanism: growth.kinds.includes('shared-memory') ? 'shared-memory' : 'file-mapping',
          question: 'who-touches',
          action: words.action,
          room: bounded ? room : null,
          severity: isPageCache(growth) || shared || (bounded && room < growth.grown) ? 'info' : 'warning',
          remark: paragraph(bounded ? boundWords(growth) : enlarged, shared ? ofOthers : null),
          more: { roomBytes: Math.round(room) },
        })
      },
    }),
})

/** In steps too few to be judged as a trend of their own. */
const enlarged = say(
  'The mapped size rose along, so it sets no bound.',
  '映射大小也随之增加，因此并不构成上限。',
)

/** Pages of files on disk are reclaimable; those of shared memory are not. */
const isPageCache = (growth: Growth): boolean => !growth.kinds.includes('shared-memory')
