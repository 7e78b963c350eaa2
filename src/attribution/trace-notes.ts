import { formatBytes, formatCount } from '../base/format.ts'
import type { Contradiction } from '../model/attribution.ts'
import type { Sentence } from '../model/sentence.ts'
import type { ProcessReplay } from './process-replay.ts'
import type { TraceReplay } from './trace-replay.ts'

const contradicted = ({ pid, unexplained, windows }: Contradiction): Sentence => ({
  en: `Process ${pid}: the log and the snapshots contradict each other. In ${formatCount(unexplained)} of ${formatCount(windows)} stretches between snapshots the calls explain less than half of what changed: the clocks differ, the log is of another process, or logs of threads are missing.`,
  zh: `进程 ${pid}：日志与快照相互矛盾。在快照之间的 ${formatCount(windows)} 个时段中，有 ${formatCount(unexplained)} 个时段的调用只能解释不到一半的变化：两者时钟不一致，或日志属于另一个进程，或缺少某些线程的日志。`,
})

/** What limits the reading of one trace, in words. */
export function traceNotes(
  traced: TraceReplay,
  processes: readonly ProcessReplay[],
  contradictions: readonly Contradiction[],
): Sentence[] {
  const { trace } = traced
  const notes = contradictions.map(contradicted)
  const conflicts = processes.reduce((sum, replay) => sum + replay.space.conflicts, 0)
  if (!trace.hasDurations && trace.events.length > 0)
    notes.push({
      en: `The log has no -T: calls are ordered by entry, which is wrong wherever threads overlap. ${formatCount(conflicts)} impossible states came up in the replay.`,
      zh: `日志没有 -T：调用按进入时间排序，线程重叠处会有误。重放中出现 ${formatCount(conflicts)} 个不可能的状态。`,
    })
  else if (conflicts > 0)
    notes.push({
      en: `${formatCount(conflicts)} impossible states came up in the replay: some calls of the process are missing from the log.`,
      zh: `重放中出现 ${formatCount(conflicts)} 个不可能的状态：日志缺少该进程的某些调用。`,
    })
  if (traced.homeless.length > 0)
    notes.push({
      en:
        traced.homeless.length === 1
          ? 'One thread could not be given to a process; its calls are not replayed.'
          : `${formatCount(traced.homeless.length)} threads could not be given to a process; their calls are not replayed.`,
      zh: `有 ${formatCount(traced.homeless.length)} 个线程无法归属到进程，其调用未被重放。`,
    })
  if (traced.reused.length > 0)
    notes.push({
      en:
        traced.reused.length === 1
          ? `One thread number was used twice; with -ff the earlier thread's log is lost.`
          : `${formatCount(traced.reused.length)} thread numbers were used twice; with -ff the earlier threads' logs are lost.`,
      zh: `有 ${formatCount(traced.reused.length)} 个线程号被重复使用；使用 -ff 时较早线程的日志已丢失。`,
    })
  for (const replay of processes) {
    const part = replay.partial.at(-1)
    if (replay.windows.length === 0 && part !== undefined && part.differingPages > 0)
      notes.push({
        en: `Process ${replay.pid}: no two snapshots lie inside the traced time, so the replay could not be checked; between the snapshots around it ${formatCount(part.differingPages)} pages changed unseen.`,
        zh: `进程 ${replay.pid}：跟踪时段内没有两个快照，因此无法核对重放；其前后快照之间有 ${formatCount(part.differingPages)} 页的变化未被跟踪到。`,
      })
    const before = replay.partial.find((window) => window.from < traced.span.from)
    if (replay.windows.length > 0 && before !== undefined && before.unexplainedBytes > 0)
      notes.push({
        en: `Process ${replay.pid}: ${formatBytes(before.unexplainedBytes)} appeared between the last snapshot before the trace and its beginning, so their makers are unknown.`,
        zh: `进程 ${replay.pid}：跟踪前最后一个快照与跟踪开始之间出现了 ${formatBytes(before.unexplainedBytes)}，其来源未知。`,
      })
  }
  return notes
}
