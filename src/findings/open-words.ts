/** The sentences of a verdict that is open: what there is, what is missing, and the capture that would settle it. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRateShort,
  formatSignedBytes,
} from '../base/format.ts'
import type { Pid } from '../base/units.ts'
import type { Mechanism, MechanismAccount } from '../model/attribution.ts'
import type { Facts } from '../model/facts.ts'
import type { Verdict } from '../model/finding.ts'
import { type Sentence, verbatim } from '../model/sentence.ts'
import type { ProcessTimeline, Segment } from '../model/timeline.ts'
import { captureHint } from './capture-questions.ts'
import { usableSamples } from './coverage.ts'
import type { EarlierRise } from './earlier-rise.ts'
import { programIn, targetIn } from './other-program.ts'
import type { OutOfSight } from './out-of-sight.ts'
import { saidOf } from './said.ts'
import type { Unsettled } from './unsettled.ts'
import { processName } from './verdict-words.ts'
import { KIND_NAMES } from './words/kinds.ts'
import { riseBefore } from './words/rise-before.ts'
import { paragraph, plural, say } from './words/say.ts'

type OpenWords = Pick<Verdict, 'summary' | 'reason' | 'numbers' | 'next'>

/** Too little to judge: what there is, what is missing, and the capture that would settle it. */
export function inconclusiveWords(
  pid: Pid,
  program: string | null,
  samples: number,
  facts: Facts,
): OpenWords {
  const name = processName(pid, program)
  const hint = captureHint('more-snapshots', { pid, program })
  const none = samples === 0
  const said = saidOf(facts.attribution, pid)
  return {
    summary: none
      ? say(
          `${name.en}: cannot tell whether memory grows, there is no usable snapshot of it.`,
          `${name.zh}：没有可用的内存快照，无法判断内存是否在增长。`,
        )
      : say(
          `${name.en}: cannot tell whether memory grows, ${formatCount(samples)} ${plural(samples, 'snapshot')} ${samples === 1 ? 'is' : 'are'} too few.`,
          `${name.zh}：只有 ${formatCount(samples)} 个快照，无法判断内存是否在增长。`,
        ),
    reason: paragraph(
      none && said.windows.length === 0
        ? say(
            'Its snapshots are cut off or empty: their sums are lower bounds and say nothing of growth.',
            '它的快照被截断或为空：其合计只是下限，不能说明是否增长。',
          )
        : none
          ? say(
              'System calls alone show what was mapped, not what is resident, and a trace is no trend.',
              '仅凭系统调用只能看到映射了什么，看不到常驻内存，短时间的跟踪也不构成趋势。',
            )
          : say(
              'A start-up, a tooth of a cache and a leak look the same in so few.',
              '启动阶段、缓存的一个锯齿和泄漏在这么少的点上看不出区别。',
            ),
      ...callsSaid(said.accounts.filter(({ subject }) => subject === '')),
    ),
    numbers: [
      {
        value: verbatim(formatCount(samples)),
        label: say(
          `usable ${plural(samples, 'snapshot')}; eight are judged, twenty are good`,
          '可用快照；至少八个才能判断，二十个为宜',
        ),
      },
    ],
    next: { command: hint.command, text: hint.settles },
  }
}

/** Where what was judged is healthy, and snapshots of nobody knows whom, such as in `file`, were not. */
export function nobodysWords(
  { summary, reason }: Verdict,
  file: string,
): Pick<Verdict, 'summary' | 'reason' | 'next'> {
  return {
    summary: say(
      'Cannot tell whether memory grows: snapshots of an unknown process have no place on the time line.',
      '无法判断内存是否在增长：有不知属于哪个进程的快照，在时间线上没有位置。',
    ),
    reason: paragraph(
      say(
        `Such as in ${file}: another process may stand there behind the first one, and grow unseen. Give each process files of its own, named with its pid and the time.`,
        `例如 ${file}：其中第一个进程之后可能还有另一个进程，其增长不会被看到。请为每个进程单独存文件，并以其 pid 与时间命名。`,
      ),
      say(`Of what was judged: ${summary.en}`, `就已判断的部分：${summary.zh}`),
      reason,
    ),
    next: null,
  }
}

/** What each mechanism fills, as a thing. */
const FILLED: Readonly<Record<Mechanism, Sentence>> = {
  'main-heap-brk': KIND_NAMES['main-heap'],
  'mmap-anon': KIND_NAMES.anonymous,
  'malloc-arena': KIND_NAMES['malloc-arena'],
  'thread-stack': KIND_NAMES['thread-stack'],
  'file-mapping': say('mapped files', '映射的文件'),
  'shared-memory': KIND_NAMES['shared-memory'],
  reservation: say('reserved address space', '保留的地址空间'),
  mremap: say('blocks enlarged by mremap', '由 mremap 扩大的块'),
  'managed-heap': KIND_NAMES['managed-heap'],
  other: say('other memory', '其他内存'),
}

/** What the calls of each trace of a process added or gave back, without a claim. */
function callsSaid(accounts: readonly MechanismAccount[]): (Sentence | null)[] {
  const traces = [...new Set(accounts.map(({ trace }) => trace))]
  return traces.map((trace) => netsSaid(accounts.filter((account) => account.trace === trace)))
}

function netsSaid(accounts: readonly MechanismAccount[]): Sentence | null {
  const nets = accounts.flatMap(({ mechanism, acquiredBytes, releasedBytes }) => {
    const net = acquiredBytes - releasedBytes
    return net === 0 ? [] : [{ name: FILLED[mechanism], amount: formatSignedBytes(net) }]
  })
  const first = accounts[0]
  if (!first || nets.length === 0) return null
  // A log without times has no span, and one of whole seconds may have none that shows.
  const span = first.span !== null && first.span > 0 ? formatDuration(first.span) : null
  return say(
    `${span ? `In the traced ${span.en}` : 'In the trace'} the calls came to ${nets.map(({ name, amount }) => `${amount} of ${name.en}`).join(', ')}.`,
    `${span ? `在跟踪的 ${span.zh}内` : '在跟踪记录中'}，系统调用的净变化：${nets.map(({ name, amount }) => `${name.zh} ${amount}`).join('，')}。`,
  )
}

/** The trend is buried: not even a doubling of the process would have stood out. */
export function noisyWords(process: ProcessTimeline, segment: Segment, limit: number): OpenWords {
  const name = processName(process.pid, programIn(process, segment))
  const duration = formatDuration(segment.to - segment.from)
  const hint = captureHint('more-snapshots', targetIn(process, segment))
  return {
    summary: say(
      `${name.en}: cannot tell, memory swings too much for a capture of ${duration.en}.`,
      `${name.zh}：无法判断，内存波动太大，${duration.zh}的采集不够。`,
    ),
    reason: say(
      `Growth of less than ${formatBytes(limit)}, more than the process itself, would not stand out of its rises and falls. A capture over more of them would tell.`,
      `低于 ${formatBytes(limit)}（超过进程自身大小）的增长会淹没在起伏之中。覆盖更多起伏的采集可以判断。`,
    ),
    numbers: [
      {
        value: verbatim(formatBytes(limit)),
        label: say('smallest growth that would show', '可发现的最小增长'),
      },
      watched(process, segment),
    ],
    next: { command: hint.command, text: hint.settles },
  }
}

/** Calls of a thread keep memory, at a rate that the snapshots cannot tell from the rise and fall of the rest. */
export function outOfSightWords(process: ProcessTimeline, segment: Segment, unseen: OutOfSight): OpenWords {
  const name = processName(process.pid, programIn(process, segment))
  const { thread, bytes, count, span, limit, judged } = unseen
  const tid = thread.name === null ? `${thread.tid}` : `${thread.tid} (${thread.name})`
  const rate = formatRateShort(unseen.perHour)
  const hint = captureHint('longer-capture', targetIn(process, segment))
  return {
    summary: say(
      `${name.en}: cannot tell, calls of thread ${tid} keep ${rate}, too little for these snapshots to show.`,
      `${name.zh}：无法判断，线程 ${tid} 的系统调用以 ${rate} 的速率保留内存，这些快照不足以显示。`,
    ),
    reason: say(
      `In the traced ${formatDuration(span).en} thread ${tid} kept ${formatBytes(bytes)} of anonymous memory by ${formatCount(count)} ${plural(count, 'call')}, which outlived all that it released. Memory rises and falls too much to tell whether that goes on: growth of less than ${formatBytes(limit)} in the judged ${formatDuration(judged).en} would not stand out. A longer capture would tell.`,
      `在跟踪的 ${formatDuration(span).zh}内，线程 ${tid} 通过 ${formatCount(count)} 次系统调用保留了 ${formatBytes(bytes)} 匿名内存，其存在时间超过它所释放的全部内存。内存起伏太大，无法判断是否持续：在所判定的 ${formatDuration(judged).zh}内，低于 ${formatBytes(limit)} 的增长不会显现。更长的采集可以判断。`,
    ),
    numbers: [
      { value: verbatim(rate), label: say('kept by calls of one thread', '一个线程的系统调用所保留') },
      {
        value: verbatim(formatBytes(limit)),
        label: say('smallest growth that would show', '可发现的最小增长'),
      },
      watched(process, segment),
    ],
    next: { command: hint.command, text: hint.settles },
  }
}

/** Something still rises at the end, too little or too slowly to be called growth: how much, and what would tell. */
export function unsettledWords(process: ProcessTimeline, segment: Segment, open: Unsettled): OpenWords {
  const name = processName(process.pid, programIn(process, segment))
  const kind = KIND_NAMES[open.kind]
  const amount = formatSignedBytes(Math.round(open.trend.grown))
  const duration = formatDuration(segment.to - segment.from)
  const hint = captureHint('more-snapshots', targetIn(process, segment))
  const slowing = open.trend.shape === 'saturating'
  return {
    summary: say(
      `${name.en}: cannot tell yet, ${kind.en} still rise${open.kind === 'main-heap' ? 's' : ''} at the end of ${duration.en}.`,
      `${name.zh}：尚无法判断，${duration.zh}结束时${kind.zh}仍在上升。`,
    ),
    reason: slowing
      ? say(
          `${kind.en}: ${amount}, ever more slowly. Whether it levels off lies beyond this capture.`,
          `${kind.zh}：${amount}，上升越来越慢。是否会趋于平稳，本次采集还看不出来。`,
        )
      : say(
          `${kind.en}: ${amount}, steadily, but too little to be told from memory coming into use.`,
          `${kind.zh}：${amount}，稳定上升，但幅度太小，无法与内存刚投入使用区分。`,
        ),
    numbers: [{ value: verbatim(amount), label: say('still rising', '仍在上升') }, watched(process, segment)],
    next: { command: hint.command, text: hint.settles },
  }
}

/** Memory rose and does not rise now, for less time than the rise took. */
export function mayGoOnWords(process: ProcessTimeline, segment: Segment, rise: EarlierRise): OpenWords {
  const name = processName(process.pid, programIn(process, segment))
  const amount = rise.to - rise.from
  const [took, judged] = [formatDuration(rise.took), formatDuration(rise.judged)]
  const hint = captureHint('more-snapshots', targetIn(process, segment))
  return {
    summary: say(
      `${name.en}: cannot tell yet, memory rose by ${formatBytes(amount)} and has been level for only ${judged.en}.`,
      `${name.zh}：尚无法判断，内存上升了 ${formatBytes(amount)}，此后平稳的时间只有 ${judged.zh}。`,
    ),
    reason: paragraph(
      riseBefore(rise),
      say(
        `Most of the rise took ${took.en}, more than the time since: it may have ended, or paused until the load comes back. Snapshots over at least as much time from then on would tell.`,
        `上升的大部分用了 ${took.zh}，比此后的时间更长：它可能已经结束，也可能只是暂停，等负载恢复后再继续。此后至少覆盖同样长时间的快照可以判断。`,
      ),
    ),
    numbers: [
      { value: verbatim(formatSignedBytes(amount)), label: say('risen before', '此前上升') },
      { value: judged, label: say('without a rise since', '此后没有上升') },
      watched(process, segment),
    ],
    next: { command: hint.command, text: hint.settles },
  }
}

/** How long, by how many snapshots: the number beside every open verdict of a watched process. */
const watched = (process: ProcessTimeline, segment: Segment): Verdict['numbers'][number] => {
  const samples = formatCount(usableSamples(process, segment))
  return {
    value: formatDuration(segment.to - segment.from),
    label: say(`watched, ${samples} snapshots`, `观察时长，${samples} 个快照`),
  }
}
