import { formatCount } from '../base/format.ts'
import type { ReplayWindow } from '../model/attribution.ts'
import type { Sentence } from '../model/sentence.ts'
import type { ProcessReplay } from './process-replay.ts'
import type { TraceReplay } from './trace-replay.ts'

/** Why replay and snapshot differ in one window; empty when they do not. */
export function windowReasons(window: ReplayWindow, replay: ProcessReplay, traced: TraceReplay): Sentence[] {
  if (window.differingPages === 0) return [...window.reasons]
  const rows: readonly (readonly [holds: boolean, reason: Sentence])[] = [
    [window.from < traced.span.from, BEFORE],
    [window.to > traced.span.to, AFTER],
    [
      replay.executedAt !== null && replay.executedAt >= window.from && replay.executedAt <= window.to,
      EXECUTED,
    ],
    [traced.homeless.length > 0, homeless(traced.homeless.length)],
    [traced.reused.length > 0, reused(traced.reused.length)],
    [replay.space.untold > 0, untold(replay.space.untold)],
    [traced.trace.coverage === 'some', FILTERED],
    [!traced.trace.hasDurations, ENTRY_ORDER],
  ]
  const found = rows.filter(([holds]) => holds).map(([, reason]) => reason)
  return [...window.reasons, ...(found.length > 0 ? found : [unknown(window)])]
}

const BEFORE: Sentence = {
  en: 'The window begins before the trace: changes in between left no call.',
  zh: '窗口始于跟踪之前：其间的变化没有调用记录。',
}
const AFTER: Sentence = {
  en: 'The window ends after the trace: later changes left no call.',
  zh: '窗口在跟踪之后结束：之后的变化没有调用记录。',
}
const EXECUTED: Sentence = {
  en: 'A new program was executed in the window: what the kernel maps for it leaves no call.',
  zh: '窗口内执行了新程序：内核为其建立的映射没有调用记录。',
}
const FILTERED: Sentence = {
  en: 'Only some system calls were traced.',
  zh: '只跟踪了部分系统调用。',
}
const ENTRY_ORDER: Sentence = {
  en: 'Without -T only the order of entries is known.',
  zh: '没有 -T，只能知道调用进入的先后。',
}
const homeless = (count: number): Sentence => ({
  en: `${formatCount(count)} ${count === 1 ? 'thread' : 'threads'} could not be given to a process.`,
  zh: `有 ${formatCount(count)} 个线程无法归属到进程。`,
})
const reused = (count: number): Sentence => ({
  en: `${formatCount(count)} thread numbers were used twice: with -ff the second thread's log overwrote the first one's.`,
  zh: `有 ${formatCount(count)} 个线程号被重复使用：使用 -ff 时第二个线程的日志覆盖了第一个。`,
})
const untold = (count: number): Sentence => ({
  en: `${formatCount(count)} calls are cut in the log, so their effect is unknown.`,
  zh: `日志中有 ${formatCount(count)} 个调用被截断，其效果未知。`,
})
const unknown = (window: ReplayWindow): Sentence => ({
  en: `${formatCount(window.differingPages)} pages differ without a call that explains it: threads that were not traced take part, or lines of the log are missing.`,
  zh: `有 ${formatCount(window.differingPages)} 页的差异没有调用可以解释：有未跟踪的线程参与，或日志缺行。`,
})
