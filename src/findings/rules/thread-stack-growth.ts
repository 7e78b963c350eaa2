import { formatCount, formatSignedBytes } from '../../base/format.ts'
import { MIB } from '../../base/units.ts'
import { endsOf } from '../../model/lineage-ends.ts'
import { forgottenMappings } from '../calls-only.ts'
import { evaluateGrowth } from '../evaluate-growth.ts'
import type { Growth } from '../growth.ts'
import { growthFinding } from '../growth-finding.ts'
import { levelsOf } from '../levels.ts'
import { defineRule } from '../rule.ts'
import { plural, say } from '../words/say.ts'

const words = {
  title: say('Thread stacks accumulate', '线程栈不断累积'),
  why: say(
    'A stack is a mapping of 8 MiB (ulimit -s) and a guard page, of which a few pages are touched: it costs address space and two ranges, little memory. The stack of a joinable thread is kept until somebody joins it. The thread that maps a stack need not lose it: glibc hands stacks of finished threads to whoever starts the next one.',
    '一个线程栈是 8 MiB（ulimit -s）的映射加一个保护页，其中只有少数几页被触碰：占用地址空间和两个区域，几乎不占内存。可 join 的线程结束后，其栈会一直保留到有人 join 为止。映射栈的线程未必就是丢失它的线程：glibc 会把已结束线程的栈交给下一个创建线程的人。',
  ),
  action: say(
    'Join every thread that is started joinable, or start it detached (pthread_detach, std::thread::detach, pthread_attr_setdetachstate). If threads accumulate alive, bound the pool. pthread_attr_setstacksize or ulimit -s makes each cheaper, at the risk of overflowing deep calls; it does not end the growth.',
    '对每个以可 join 方式启动的线程执行 join，或以分离方式启动（pthread_detach、std::thread::detach、pthread_attr_setdetachstate）。如果累积的是仍存活的线程，请限制线程池大小。pthread_attr_setstacksize 或 ulimit -s 能让每个栈更小，但深层调用可能溢出，也不能消除增长。',
  ),
  capture: say(
    'Which pthread_create has no pthread_join or pthread_detach.',
    '哪个 pthread_create 没有对应的 pthread_join 或 pthread_detach。',
  ),
}

/** Stacks stay mapped after their threads ended, or threads accumulate. */
export const threadStackGrowth = defineRule({
  id: 'thread-stack-growth',
  words,
  loudest: 'problem',
  mechanisms: ['thread-stack'],
  thresholds: {
    minimumStacks: {
      value: 5,
      unit: 'count',
      because: say(
        'glibc keeps finished stacks for reuse up to 40 MiB, five of the default 8 MiB: fewer more may be its cache.',
        'glibc 会缓存已结束线程的栈以便复用，上限 40 MiB，即五个默认 8 MiB 的栈：更少可能只是缓存。',
      ),
    },
    stackSize: {
      value: 8 * MIB,
      unit: 'bytes',
      because: say(
        'RLIMIT_STACK as distributions ship it; where the regions are smaller their own size is used.',
        '各发行版默认的 RLIMIT_STACK；若区域更小，则以其实际大小为准。',
      ),
    },
  },
  requires: 'either',
  needs: ['timeline', 'attribution', 'traces', 'limit', 'side'],
  evaluate: (facts, { minimumStacks, stackSize }) =>
    evaluateGrowth(facts, {
      rule: 'thread-stack-growth',
      absent: say('No thread stack was recognised in this capture.', '本次采集中没有识别出线程栈。'),
      qualifies: (growth) => stacksGrown(growth, stackSize) >= minimumStacks,
      build: (growth) => {
        const stacks = stacksGrown(growth, stackSize)
        const resident = residentChange(growth)
        return growthFinding(facts, {
          rule: 'thread-stack-growth',
          growth,
          mechanism: 'thread-stack',
          question: 'who-starts-threads',
          action: words.action,
          remark: say(
            `About ${formatCount(stacks)} ${plural(stacks, 'stack')} more${resident === null ? '' : `; resident memory of stacks changed by ${formatSignedBytes(resident)}`}.`,
            `大约多了 ${formatCount(stacks)} 个线程栈${resident === null ? '' : `；栈的常驻内存变化了 ${formatSignedBytes(resident)}`}。`,
          ),
          more: { stacksCount: stacks, residentGrownBytes: resident },
        })
      },
      callsOnly: forgottenMappings(facts, ['thread-stack'], minimumStacks * stackSize),
    }),
})

/** Stacks that the growth amounts to, by the size the process's own stacks have. */
function stacksGrown(growth: Growth, usual: number): number {
  const sizes = growth.lineages
    .filter((lineage) => lineage.kind === 'thread-stack')
    .map((lineage) => endsOf(lineage).last!)
    .map((point) => point.size / Math.max(1, point.ranges))
    .sort((a, b) => a - b)
  const typical = sizes.length > 0 ? Math.min(usual, sizes[Math.floor(sizes.length / 2)]!) : usual
  return Math.round(growth.grown / Math.max(1, typical))
}

/** How much the resident memory of stacks changed between the first and the last snapshot; `null` without Rss. */
function residentChange({ process, segment }: Growth): number | null {
  const stacks = levelsOf(process, segment).find(({ kind }) => kind === 'thread-stack')
  return stacks ? stacks.last - stacks.first : null
}
