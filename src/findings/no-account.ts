/** Why the traced calls say nothing about a growth: no trace, homeless threads, calls of another kind, or none at all. */
import { formatBytes, formatCount } from '../base/format.ts'
import { HOUR, type Pid } from '../base/units.ts'
import type { Attribution, MechanismAccount } from '../model/attribution.ts'
import type { Sentence } from '../model/sentence.ts'
import { netOf, saidOf } from './said.ts'
import { MECHANISM_WORDS } from './words/bodies.ts'
import { plural, say } from './words/say.ts'

/** Calls of another kind that add this part of what grows may have made it: snapshots guess the kind by its shape. */
const MAY_BE_THE_SAME = 0.25

/** The reason, for a growth of `perHour` bytes (`null`: not known). */
export function noAccount(attribution: Attribution, pid: Pid, perHour: number | null): Sentence {
  const { contradictions, windows } = saidOf(attribution, pid)
  if (windows.length === 0) return UNTRACED
  if (contradictions.length > 0) return contradicted(contradictions)
  const homeless = windows.reduce((sum, window) => sum + window.homelessThreads, 0)
  if (homeless > 0) return withoutProcess(homeless)
  const other = biggestOther(attribution, pid, perHour)
  return other ? ofAnotherKind(other) : NO_CALL
}

/** Shares and counts of such a log would be numbers of another time or another process. */
function contradicted(contradictions: Attribution['contradictions']): Sentence {
  const unexplained = contradictions.reduce((sum, one) => sum + one.unexplained, 0)
  const all = contradictions.reduce((sum, one) => sum + one.windows, 0)
  return say(
    `The log and the snapshots contradict each other: in ${formatCount(unexplained)} of ${formatCount(all)} stretches between snapshots the calls explain less than half of what changed. The clocks differ, the log is of another process, or logs of threads are missing; so the calls say nothing about this memory.`,
    `日志与快照相互矛盾：在快照之间的 ${formatCount(all)} 个时段中，有 ${formatCount(unexplained)} 个时段的调用只能解释不到一半的变化。两者时钟不一致，或日志属于另一个进程，或缺少某些线程的日志；因此这些调用无法说明此内存。`,
  )
}

/** The account of any mechanism that added most, where it added as much as could be the growth. */
function biggestOther(attribution: Attribution, pid: Pid, perHour: number | null): MechanismAccount | null {
  const most = saidOf(attribution, pid)
    .accounts.filter(({ subject, mechanism }) => subject === '' && mechanism !== 'reservation')
    .sort((a, b) => netOf([b]) - netOf([a]))[0]
  if (!most || perHour === null || most.span === null) return null
  return netOf([most]) >= (MAY_BE_THE_SAME * perHour * most.span) / HOUR ? most : null
}

/** Why no thread can be named where nothing was traced. */
export const UNTRACED = say(
  'No system calls of this process were traced, so no thread can be named.',
  '没有跟踪这个进程的系统调用，因此无法指出是哪个线程。',
)

const NO_CALL = say(
  'The traced time holds no call of this kind: the growth came before or after it, or by touching pages that were mapped earlier.',
  '跟踪时段内没有此类调用：增长发生在其前后，或来自触碰更早映射的页。',
)

const withoutProcess = (threads: number): Sentence =>
  say(
    `No call is known to be of this kind and of this process: the log does not tell which process ${threads === 1 ? 'one of its threads belongs' : `${threads} of its threads belong`} to. The output of ps -eLo pid,tid,comm beside the evidence would.`,
    `没有已知属于该进程的此类调用：日志没有说明其中 ${threads} 个线程属于哪个进程。在证据中加入 ps -eLo pid,tid,comm 的输出即可确定。`,
  )

function ofAnotherKind(account: MechanismAccount): Sentence {
  const words = MECHANISM_WORDS[account.mechanism]
  const calls = account.shares.reduce((sum, share) => sum + share.calls, 0)
  const added = formatBytes(netOf([account]))
  return say(
    `No traced call was recognised as of this kind. The calls did add ${added} otherwise (${formatCount(calls)} ${plural(calls, words.one, words.many)}: thread ${account.shares[0]!.tid} most), which may be the same memory: what a mapping is used for is told by its shape.`,
    `没有被跟踪的调用被识别为此类。但调用以其他方式增加了 ${added}（${formatCount(calls)} ${words.zh}，线程 ${account.shares[0]!.tid} 最多），可能就是同一块内存：映射的用途只能从形状判断。`,
  )
}
