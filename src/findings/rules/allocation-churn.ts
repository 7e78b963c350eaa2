import { formatCount, formatNumber, formatShare } from '../../base/format.ts'
import { SECOND } from '../../base/units.ts'
import type { ThreadAttribution } from '../../model/attribution.ts'
import { captureHint } from '../capture-questions.ts'
import { measured } from '../measures.ts'
import { clear, defineRule, type FindingDraft, found } from '../rule.ts'
import { saidOf } from '../said.ts'
import { threadName } from '../words/growth-words.ts'
import { say } from '../words/say.ts'

const MAPPING_CALLS = new Set([
  'mmap',
  'mmap2',
  'munmap',
  'mremap',
  'brk',
  'mprotect',
  'madvise',
  'shmat',
  'shmdt',
])

interface Churn {
  readonly calls: number
  readonly perSecond: number
  readonly share: number | null
}

function churnOf(thread: ThreadAttribution, span: number): Churn {
  const rows = thread.syscalls.filter(({ name }) => MAPPING_CALLS.has(name))
  const calls = rows.reduce((sum, row) => sum + row.calls, 0)
  const known = rows.every((row) => row.seconds !== null)
  const seconds = rows.reduce((sum, row) => sum + (row.seconds ?? 0), 0)
  return {
    calls,
    perSecond: span > 0 ? (calls * SECOND) / span : 0,
    share: known && span > 0 ? (seconds * SECOND) / span : null,
  }
}

/** A thread maps and unmaps at a rate that costs. */
export const allocationChurn = defineRule({
  id: 'allocation-churn',
  words: {
    title: say('A thread maps and unmaps at a rate that costs', '某线程频繁映射和解除映射，代价可观'),
    why: say(
      'Every mmap and munmap takes the lock of the address space for writing, munmap interrupts the other cores to flush their TLB, and each page of a new mapping is faulted in and zeroed again. Threads that fault meanwhile wait. Usually a buffer just above the mmap threshold is allocated and freed for each request.',
      '每次 mmap 和 munmap 都要以写方式获取地址空间锁，munmap 会中断其他核以刷新 TLB，新映射的每一页都要重新缺页并清零。期间发生缺页的线程都要等待。常见原因是每个请求都分配并释放一个略大于 mmap 阈值的缓冲区。',
    ),
    action: say(
      'Keep the buffer and use it again. Or raise the threshold so that such blocks come from the heap: mallopt(M_MMAP_THRESHOLD) together with M_TRIM_THRESHOLD, at the price of a heap that stays at its peak. For arenas that are trimmed and opened again: raise M_TRIM_THRESHOLD.',
      '保留缓冲区并重复使用。或者调高阈值，使此类块来自堆：mallopt(M_MMAP_THRESHOLD) 并同时设置 M_TRIM_THRESHOLD，代价是堆会停留在峰值。若是 arena 反复收缩又打开：调高 M_TRIM_THRESHOLD。',
    ),
    capture: null,
  },
  loudest: 'info',
  mechanisms: ['other'],
  thresholds: {
    callsPerSecond: {
      value: 500,
      unit: 'per-second',
      because: say(
        'A pair with the faults of a 128 KiB block (32 pages) costs 20 to 40 µs: 250 pairs a second are about one hundredth of a core.',
        '一对调用加上 128 KiB 块的缺页（32 页）约需 20–40 µs：每秒 250 对约占一个核的百分之一。',
      ),
    },
    leastCallsPerSecond: {
      value: 10,
      unit: 'per-second',
      because: say(
        'However long they take, calls rarer than one in a tenth of a second are no churn: -T counts waits for the lock, for memory and for a processor as well.',
        '无论耗时多长，少于每十分之一秒一次的调用都不算频繁：-T 也包含等待锁、内存和处理器的时间。',
      ),
    },
    shareOfTime: {
      value: 0.05,
      unit: 'share',
      because: say(
        'A twentieth of the traced time inside memory calls is worth a change. Most of it may be waiting, and strace itself makes calls look about twice as long.',
        '跟踪时间的二十分之一花在内存调用上就值得改动。其中可能大部分是等待，而且 strace 本身会使调用看起来约长一倍。',
      ),
    },
  },
  requires: 'trace',
  needs: ['attribution', 'timeline'],
  evaluate: ({ attribution, timeline }, { callsPerSecond, leastCallsPerSecond, shareOfTime }) => {
    const findings = attribution.threads.flatMap((thread): FindingDraft[] => {
      const { windows } = saidOf(attribution, thread.pid)
      const window = windows.find(({ from, to }) => from !== null && to !== null)
      if (!window || window.from === null || window.to === null) return []
      const churn = churnOf(thread, window.to - window.from)
      const long = churn.perSecond >= leastCallsPerSecond && (churn.share ?? 0) >= shareOfTime
      if (churn.perSecond < callsPerSecond && !long) return []
      const program = timeline.processes.find((process) => process.pid === thread.pid)?.program ?? null
      const name = threadName(thread.tid, thread.name)
      return [
        {
          program,
          subject: 'churn',
          severity: 'info',
          confidence: 85,
          cap: null,
          pid: thread.pid,
          mechanism: 'other',
          summary: say(
            `${name.en} makes ${formatNumber(churn.perSecond)} memory calls a second (${formatCount(churn.calls)} in the trace)${churn.share === null ? '' : `, and ${formatShare(churn.share)} of the traced time passed inside them, waits included`}.`,
            `${name.zh}每秒发出 ${formatNumber(churn.perSecond)} 次内存调用（跟踪中共 ${formatCount(churn.calls)} 次）${churn.share === null ? '' : `，其中（含等待）用去跟踪时间的 ${formatShare(churn.share)}`}。`,
          ),
          sharperAction: null,
          capture: captureHint('who-maps', { pid: thread.pid, program }),
          measures: measured({
            quantity: 'address-space',
            from: window.from,
            to: window.to,
            more: {
              callsCount: churn.calls,
              callsPerSecond: Math.round(churn.perSecond * 10) / 10,
              timeShare: churn.share === null ? null : Math.round(churn.share * 1000) / 1000,
            },
          }),
          threads: [{ tid: thread.tid, name: thread.name, bytes: thread.memory.liveBytes, share: 1 }],
          culprit: null,
          culpritReason: say(
            'Churn is a cost, not a leak: nobody is accused.',
            '频繁分配是开销而不是泄漏：不指认任何线程。',
          ),
          regions: [],
          regionsOmitted: 0,
          lineages: [],
          evidence: thread.activities.flatMap(({ references }) => references).slice(0, 4),
        },
      ]
    })
    return findings.length > 0
      ? found(findings)
      : clear(say('No thread spends much on memory calls.', '没有线程在内存调用上花费过多。'))
  },
})
