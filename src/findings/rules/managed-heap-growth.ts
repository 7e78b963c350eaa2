import { MIB } from '../../base/units.ts'
import { HOTSPOT } from '../../model/attribution.ts'
import type { Sentence } from '../../model/sentence.ts'
import { chunkAllocator } from '../claims.ts'
import { evaluateGrowth } from '../evaluate-growth.ts'
import type { Growth } from '../growth.ts'
import { growthFinding } from '../growth-finding.ts'
import { heapReservation } from '../heap-reservation.ts'
import { programIn } from '../other-program.ts'
import { reservationWords } from '../room.ts'
import { defineRule } from '../rule.ts'
import { runtimeQuestion } from '../runtime-question.ts'
import { paragraph, say } from '../words/say.ts'

const words = {
  title: say('The heap of a runtime or allocator grows', '运行时或专用分配器的堆在增长'),
  why: say(
    'jemalloc, tcmalloc, pymalloc, the JVM, V8 and Go take few large chunks from the kernel and hand them out themselves. Resident memory then grows by touching pages, without a call, and a chunk says nothing about a single allocation. Growth may be data that the program is meant to keep; what is live only the runtime knows.',
    'jemalloc、tcmalloc、pymalloc、JVM、V8 和 Go 从内核取得少量大块，再自行分配。常驻内存随着页被触碰而增长，没有系统调用，一个大块也不代表某一次分配。增长的可能正是程序应当保存的数据；哪些仍存活，只有运行时自己知道。',
  ),
  action: say(
    'Ask the runtime: jeprof or malloc_stats_print for jemalloc, jcmd PID VM.native_memory and GC.heap_info for the JVM, tracemalloc for Python, --heapsnapshot-signal for Node, pprof heap for Go. Set its bound (maxmemory, -Xmx, GOMEMLIMIT, --max-old-space-size) below the limit of the group: it then evicts or fails by itself instead of being killed.',
    '向运行时查询：jemalloc 用 jeprof 或 malloc_stats_print，JVM 用 jcmd PID VM.native_memory 和 GC.heap_info，Python 用 tracemalloc，Node 用 --heapsnapshot-signal，Go 用 pprof heap。把它的上限（maxmemory、-Xmx、GOMEMLIMIT、--max-old-space-size）设在控制组限额以下：到时由它自己淘汰或报错，而不是被内核杀死。',
  ),
  capture: say(
    'The profile that the runtime itself makes of its heap; where it makes none, thread and stack of every page fault.',
    '运行时自身的堆剖析；没有时，采集每次缺页的线程和调用栈。',
  ),
}

/** pymalloc, JVM, V8, Go, jemalloc or tcmalloc regions grow. */
export const managedHeapGrowth = defineRule({
  id: 'managed-heap-growth',
  words,
  loudest: 'problem',
  mechanisms: ['managed-heap'],
  thresholds: {
    minimumGrowth: {
      value: 4 * MIB,
      unit: 'bytes',
      because: say(
        'Two huge pages, two extents of jemalloc, four arenas of pymalloc (1 MiB from Python 3.10 on): less is one chunk being filled.',
        '两个大页、两个 jemalloc extent、四个 pymalloc arena（Python 3.10 起每个 1 MiB）：更少只是一个大块正被填充。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'attribution', 'traces', 'limit', 'side'],
  evaluate: (facts, { minimumGrowth }) =>
    evaluateGrowth(facts, {
      rule: 'managed-heap-growth',
      absent: say(
        'No heap of a runtime or of an allocator beside glibc was recognised.',
        '没有识别出运行时或 glibc 以外分配器的堆。',
      ),
      qualifies: (growth) => growth.grown >= minimumGrowth,
      build: (growth) => {
        const allocator = chunkAllocator(facts.attribution, growth.process.pid)
        const reservation = heapReservation(growth, allocator)
        return growthFinding(facts, {
          rule: 'managed-heap-growth',
          growth,
          mechanism: 'managed-heap',
          question: runtimeQuestion(allocator, growth, programIn(growth.process, growth.segment)),
          action: words.action,
          room: reservation?.room ?? null,
          remark:
            allocator === null
              ? null
              : paragraph(keeps(allocator, growth), reservation && reservationWords(reservation)),
        })
      },
    }),
})

function keeps(allocator: string, { kinds }: Growth): Sentence {
  if (allocator !== HOTSPOT)
    return say(
      `The allocator is ${allocator}: it keeps large chunks and fills them bit by bit, so this can be stored data as well as a leak.`,
      `分配器是 ${allocator}：它保留大块再逐步填充，所以这既可能是正常存储的数据，也可能是泄漏。`,
    )
  // Its heap lies in a reservation, which tells it from what else the JVM maps.
  return kinds.includes('managed-heap')
    ? say(
        `It belongs to the ${HOTSPOT}, which opens what it reserved bit by bit and collects late, so this can be stored data or garbage as well as a leak.`,
        `它属于 ${HOTSPOT}：JVM 逐步开放所预留的内存，回收也较晚，所以这既可能是存储的数据或垃圾对象，也可能是泄漏。`,
      )
    : say(
        'The program runs on the JVM (HotSpot), and this was not recognised as its heap: it may be direct buffers, class metadata or compiled code, stored data as well as a leak.',
        '该程序运行在 JVM（HotSpot）上，而这部分内存未被识别为 Java 堆：可能是直接缓冲区、类元数据或编译后的代码，既可能是存储的数据，也可能是泄漏。',
      )
}
