/** The sentences of a verdict: for a manager, with the numbers that carry it and the next step. */
import {
  formatBytes,
  formatCount,
  formatDated,
  formatDuration,
  formatRateInterval,
  formatRateShort,
  formatSignedBytes,
} from '../base/format.ts'
import { HOUR, type Pid } from '../base/units.ts'
import type { Mechanism } from '../model/attribution.ts'
import type { Facts } from '../model/facts.ts'
import type { Finding, Verdict } from '../model/finding.ts'
import { type Sentence, verbatim } from '../model/sentence.ts'
import type { ProcessTimeline, Quantity, Segment } from '../model/timeline.ts'
import { captureHint } from './capture-questions.ts'
import { carriesSums, usableIn, usableSamples } from './coverage.ts'
import type { EarlierRise } from './earlier-rise.ts'
import { isGrowing, judgedTrend } from './growth.ts'
import { programIn, targetIn } from './other-program.ts'
import { saidOf } from './said.ts'
import { KIND_NAMES } from './words/kinds.ts'
import { riseBefore } from './words/rise-before.ts'
import { beforeHan, ended, paragraph, say } from './words/say.ts'

/** `thumbd, pid 9791`; pid 0 stands for one that the evidence does not tell. */
export function processName(pid: Pid, program: string | null): Sentence {
  const known = pid > 0
  if (program === null)
    return known ? say(`pid ${pid}`, `进程 ${pid}`) : say('a process of unknown pid', '某个 pid 未知的进程')
  return known ? say(`${program}, pid ${pid}`, `${program}（进程 ${pid}）`) : verbatim(program)
}

/** `memory is leaking, 799 MiB an hour, by thread 9797 (decode)`. */
export function loudSummary(finding: Finding, leak: boolean): Sentence {
  const name = processName(finding.pid, finding.program)
  const what = happens(finding, leak)
  const rate = finding.measures.bytesPerHour === null ? null : formatRateShort(finding.measures.bytesPerHour)
  const thread = finding.culprit ? headlineName(finding.culprit) : null
  const likely = finding.culprit?.certainty === 'likely' ? say('likely ', '很可能') : say('', '')
  const who = thread
    ? madeBy(finding.mechanism, likely, thread, tracedOnly(finding))
    : say('the thread is not known', '线程未知')
  return say(
    `${name.en}: ${what.en}${rate ? `, ${rate}` : ''}, ${who.en}.`,
    `${name.zh}：${what.zh}${rate ? `，${rate}` : ''}，${who.zh}。`,
  )
}

/** What the thread is seen to do with what grows: calls do not tell whose fault it is that it stays. */
function madeBy(mechanism: Mechanism, likely: Sentence, thread: Sentence, traced: Sentence | null): Sentence {
  const { before, behind } = doing(mechanism)
  const zh = `${before.zh}${beforeHan(thread.zh)}${behind.zh}`
  return say(
    `${likely.en}${before.en} ${thread.en}${traced ? ` in the traced ${traced.en}` : ''}`,
    `${traced ? `在跟踪的 ${traced.zh}内` : ''}${likely.zh}${zh}`,
  )
}

/** The words before and behind the thread. */
function doing(mechanism: Mechanism): { readonly before: Sentence; readonly behind: Sentence } {
  switch (mechanism) {
    case 'mmap-anon':
    case 'file-mapping':
    case 'shared-memory':
    case 'reservation':
      return { before: say('mapped by', '由'), behind: say('', '映射') }
    case 'mremap':
      return { before: say('enlarged by', '由'), behind: say('', '扩大') }
    case 'thread-stack':
      return { before: say('in stacks of threads started by', '来自'), behind: say('', '所启动线程的栈') }
    default:
      return { before: say('by', '由'), behind: say('', '引起') }
  }
}

/** Below this part of the growth, the rest, of which no call is known, is more than what the thread is seen to make. */
const MOST = 0.5

/** The traced time, where the thread is certain for it and less than half of what grew came in it. */
function tracedOnly({ culprit, measures: { grownBytes, more } }: Finding): Sentence | null {
  const { tracedGrownBytes, tracedGrowthSeconds } = more
  if (tracedGrownBytes == null || !tracedGrowthSeconds || grownBytes === null) return null
  // Likely is said of all of the growth.
  if (culprit?.certainty === 'likely') return null
  return tracedGrownBytes < MOST * grownBytes ? formatDuration(tracedGrowthSeconds * 1_000_000) : null
}

/** What did not go on through the time without snapshots after it, or of which nothing is seen since, is told of the time before. */
function happens({ measures }: Finding, leak: boolean): Sentence {
  const name =
    measures.quantity === 'address-space' ? say('address space', '地址空间') : say('memory', '内存')
  const { to } = measures
  const { gapRoseBytes, notSeenSeconds } = measures.more
  if ((gapRoseBytes != null || notSeenSeconds != null) && to !== null) {
    const until = formatDated(to)
    return leak
      ? say(`${name.en} was leaking until ${until}`, `${name.zh}在 ${until} 之前泄漏`)
      : say(`${name.en} grew until ${until}`, `${name.zh}在 ${until} 之前增长`)
  }
  return leak
    ? say(`${name.en} is leaking`, `${name.zh}正在泄漏`)
    : say(`${name.en} keeps growing`, `${name.zh}持续增长`)
}

/** That a name is missing is said where the thread is spoken of, not in the headline. */
const headlineName = ({ tid, name }: NonNullable<Finding['culprit']>): Sentence =>
  name === null
    ? say(`thread ${tid}`, `线程 ${tid}`)
    : say(`thread ${tid} (${name})`, `线程 ${tid}（${name}）`)

/** How much, how fast, who. */
export function loudNumbers(finding: Finding): Verdict['numbers'] {
  const { measures, culprit } = finding
  const numbers: { value: Sentence; label: Sentence }[] = []
  if (measures.grownBytes !== null)
    numbers.push({
      value: verbatim(formatSignedBytes(measures.grownBytes)),
      label:
        measures.quantity === 'resident'
          ? say('grown, resident', '增长（常驻内存）')
          : say('grown, address space', '增长（地址空间）'),
    })
  if (measures.bytesPerHour !== null)
    numbers.push({
      value: verbatim(
        formatRateInterval(measures.bytesPerHour, measures.bytesPerHourLow, measures.bytesPerHourHigh),
      ),
      label:
        measures.bytesPerHourLow !== null && measures.bytesPerHourHigh !== null
          ? say('rate, with its 95 % interval', '速率及其 95% 区间')
          : say('rate', '速率'),
    })
  numbers.push(
    culprit
      ? {
          value: say(`thread ${culprit.tid}`, `线程 ${culprit.tid}`),
          label: paragraph(
            culprit.certainty === 'certain' ? say('certain', '确定') : say('likely', '很可能'),
            culprit.kept > 0 ? keptWords(finding.mechanism, culprit.kept) : null,
          ),
        }
      : { value: say('open', '未定'), label: say('which thread', '是哪个线程') },
  )
  return numbers
}

/** Blocks are released or not; a heap is extended, and what lies in the extensions no call tells. */
function keptWords(mechanism: Mechanism, count: number): Sentence {
  const n = formatCount(count)
  if (HEAPS.includes(mechanism)) return say(`(${n} extensions stay)`, `（${n} 次扩展留存）`)
  if (mechanism === 'thread-stack') return say(`(${n} stacks stay)`, `（${n} 个线程栈留存）`)
  return say(`(${n} never released)`, `（${n} 个从未释放）`)
}

const HEAPS: readonly Mechanism[] = ['main-heap-brk', 'malloc-arena']

/** What was looked at, for how long, what grew most, and from which size on a leak would have been seen. */
export function healthyWords(
  process: ProcessTimeline,
  segment: Segment,
  rise: EarlierRise | null,
  facts: Facts,
  findings: readonly Finding[],
): Pick<Verdict, 'summary' | 'reason' | 'numbers' | 'next'> {
  const name = processName(process.pid, programIn(process, segment))
  const span = segment.to - segment.from
  const samples = usableSamples(process, segment)
  const trend = judgedTrend(segment)
  const judged = trend && trend.to > trend.from ? trend.to - trend.from : span
  // The limit is a growth over the part that was judged, after a warm-up: the whole span would make it a smaller rate.
  const rate = trend && judged > 0 ? (trend.detectionLimit * HOUR) / judged : 0
  const duration = formatDuration(span)
  const isPart = trend !== null && trend.to > trend.from && trend.from > segment.from
  const seen = isPart
    ? say(`the last ${formatDuration(judged).en}`, `最后 ${formatDuration(judged).zh}`)
    : duration
  const longer = captureHint('longer-capture', targetIn(process, segment))
  const traced = saidOf(facts.attribution, process.pid).windows
  const tracedSpan = traced.reduce(
    (sum, window) => sum + (window.from !== null && window.to !== null ? window.to - window.from : 0),
    0,
  )
  const looked = lookedAt(process, segment)
  return {
    summary: say(
      `${name.en}: no leak seen in ${seen.en}; one of ${formatRateShort(rate)} or more would have been seen.`,
      `${name.zh}：${seen.zh}内未发现泄漏；达到 ${formatRateShort(rate)} 的泄漏会被发现。`,
    ),
    reason: paragraph(
      say(
        `Looked at ${formatCount(samples)} snapshots over ${duration.en}, ${looked.en}${traced.length > 0 ? `, and the system calls of ${formatDuration(tracedSpan).en}` : '; no system calls were traced'}.`,
        `检查了 ${duration.zh}内的 ${formatCount(samples)} 个快照${looked.zh}${traced.length > 0 ? `，以及 ${formatDuration(tracedSpan).zh}的系统调用` : '；没有跟踪系统调用'}。`,
      ),
      rise && riseBefore(rise),
      trend && largestGrowth(segment, trend.quantity, findings),
    ),
    numbers: [
      {
        value: verbatim(trend ? formatSignedBytes(Math.round(trend.grown)) : '?'),
        label: say(
          `trend of ${trend?.quantity === 'size' ? 'address space' : 'resident memory'} over the judged ${formatDuration(judged).en}`,
          `${trend?.quantity === 'size' ? '地址空间' : '常驻内存'}在所判定的 ${formatDuration(judged).zh}内的趋势`,
        ),
      },
      {
        value: duration,
        label: say(`watched, ${formatCount(samples)} snapshots`, `观察时长，${formatCount(samples)} 个快照`),
      },
      {
        value: verbatim(formatRateShort(rate)),
        label: say('smallest leak that would show', '可发现的最小泄漏'),
      },
    ],
    next: {
      command: longer.command,
      text: paragraph(say('Nothing has to be done.', '无需处理。'), longer.settles),
    },
  }
}

/** Sums are all that a smaps_rollup tells. */
function lookedAt(process: ProcessTimeline, segment: Segment): Sentence {
  const usable = usableIn(process, segment)
  const rollups = usable.filter(carriesSums).length
  if (rollups === 0) return say('every kind of mapping and the number of ranges', '、每一类映射和区域数量')
  if (rollups < usable.length)
    return say(
      `every kind of mapping and the number of ranges in ${formatCount(usable.length - rollups)} of them; the others carry sums only (smaps_rollup)`,
      `，其中 ${formatCount(usable.length - rollups)} 个含每一类映射和区域数量，其余只有合计（smaps_rollup）`,
    )
  return say(
    'which carry sums only (smaps_rollup): no kinds of mapping and no number of ranges',
    '，它们只有合计（smaps_rollup），没有各类映射和区域数量',
  )
}

const SUMS_MOVED: Sentence = say('All mappings together moved up', '全部映射合计上升')

/** The kind that moved up most, in the quantity that the total is judged by; where it grows, which finding says why it may. */
function largestGrowth(segment: Segment, quantity: Quantity, findings: readonly Finding[]): Sentence | null {
  const biggest = segment.byKind
    .flatMap(({ kind, trends }) =>
      trends.filter((t) => t.quantity === quantity).map((trend) => ({ kind, trend })),
    )
    .sort((a, b) => b.trend.grown - a.trend.grown)[0]
  if (!biggest) return null
  const space = quantity === 'size' ? say(' in address space', '（按地址空间）') : say('', '')
  if (biggest.trend.grown <= 0)
    return say(
      `No kind of mapping rose${space.en} over its judged time.`,
      `在各自的判定时段内，各类映射${space.zh}都没有上升。`,
    )
  const name = KIND_NAMES[biggest.kind]
  const zh = `${name.zh.startsWith('[') ? ' ' : ''}${name.zh}${space.zh}`
  const ofSums = biggest.kind === 'rollup' ? SUMS_MOVED : null
  if (isGrowing(biggest.trend)) {
    const most =
      ofSums ??
      say(`Of all kinds of mapping, ${name.en} moved up most${space.en}`, `上升最多的一类映射是${zh}`)
    const about = findings.find(({ regions }) => regions.some(({ kind }) => kind === biggest.kind))
    const which = about
      ? say(`“${about.title.en}” tells why`, `原因见“${about.title.zh}”`)
      : say('see the findings', '见各项发现')
    return say(
      `${most.en}, by ${formatBytes(biggest.trend.grown)}, which no finding calls a leak: ${which.en}.`,
      `${most.zh}，共 ${formatBytes(biggest.trend.grown)}，没有任何发现将其判为泄漏：${which.zh}。`,
    )
  }
  const most =
    ofSums ??
    say(
      `Of all kinds of mapping, each over its own judged time, ${name.en} moved up most${space.en}`,
      `各类映射在各自的判定时段内，上升最多的是${zh}`,
    )
  const reason = ended(biggest.trend.reason)
  const grown = formatBytes(biggest.trend.grown)
  // Some reasons begin with the amount themselves.
  const by = reason.en.includes(grown) ? say('', '') : say(`, by ${grown}`, `，共 ${grown}`)
  return say(`${most.en}${by.en}: ${reason.en}`, `${most.zh}${by.zh}：${reason.zh}`)
}
