/** The verdict where nothing can be judged, and what a snapshot shows that no time can be told of. */
import { formatBytes, formatCount } from '../base/format.ts'
import { formatAddress } from '../base/units.ts'
import type { Facts } from '../model/facts.ts'
import type { Verdict } from '../model/finding.ts'
import { type Sentence, verbatim } from '../model/sentence.ts'
import type { UntimedSnapshot } from '../model/timeline.ts'
import { KIND_NAMES } from './words/kinds.ts'
import { paragraph, plural, say } from './words/say.ts'

/** Neither a snapshot with a time nor a trace: no growth can be told, but what the snapshots show is shown. */
export function nothingWords({ timeline: { untimed }, summaries }: Facts): Verdict {
  return {
    status: 'inconclusive',
    confidence: 0,
    summary: say('Nothing in this evidence can be judged.', '这些证据中没有可以判断的内容。'),
    reason: paragraph(
      say(
        'There is no snapshot of memory with a time stamp and no log of system calls.',
        '既没有带时间戳的内存快照，也没有系统调用日志。',
      ),
      summaries.length === 0
        ? null
        : say(
            'What strace -c counts, calls and their time, tells nothing of memory.',
            'strace -c 统计的是调用次数和耗时，不能说明内存。',
          ),
      ...untimed.map(shown),
      untimed.length === 0
        ? null
        : say('Whether memory grows cannot be told without times.', '没有时间就无法判断内存是否增长。'),
    ),
    numbers: untimed.length === 1 ? numbersOf(untimed[0]!) : [],
    next:
      untimed.length === 0
        ? {
            command: 'memdossier recipe --process NAME',
            text: say('Prints the commands that collect both.', '打印采集这两者的命令。'),
          }
        : {
            command: 'memdossier recipe --process NAME',
            text: say(
              `Name each snapshot smaps_<pid>_<YYYYmmddHHMMSS>, after the time it was taken, and every table and chart shows it: ${renamed(untimed[0]!)}. Growth shows in several of them; this prints the commands that collect them.`,
              `把每个快照按采集时间命名为 smaps_<pid>_<YYYYmmddHHMMSS>，表格和图表即可显示它：${renamed(untimed[0]!)}。增长要从多个快照中看出；以下命令打印采集方法。`,
            ),
          },
  }
}

const renamed = ({ file, pid }: UntimedSnapshot): string => `${file} → smaps_${pid ?? 1234}_20261231235959`

const numbersOf = ({ total }: UntimedSnapshot): Verdict['numbers'] => [
  ...(total.rss === null
    ? []
    : [{ value: verbatim(formatBytes(total.rss)), label: say('resident, once', '常驻（单次）') }]),
  // smaps_rollup carries sums and no mappings: their size and number are not known.
  ...(total.ranges === 0
    ? []
    : [
        { value: verbatim(formatBytes(total.size)), label: say('address space, once', '地址空间（单次）') },
        {
          value: verbatim(formatCount(total.ranges)),
          label: say(plural(total.ranges, 'mapping'), '个映射'),
        },
      ]),
]

/** `smaps.txt holds 57.6 MiB resident in 47 mappings (420 MiB of address space); the largest: …` */
function shown({ file, total, truncated, largest }: UntimedSnapshot): Sentence {
  const least = truncated ? { en: 'at least ', zh: '至少 ' } : { en: '', zh: '' }
  const mappings = formatCount(total.ranges)
  const size = formatBytes(total.size)
  const rss = total.rss === null ? null : formatBytes(total.rss)
  if (total.ranges === 0)
    return say(
      `${file} shows ${rss === null ? 'no mappings' : `${least.en}${rss} resident, as a sum without mappings`}.`,
      `${file} 显示：${rss === null ? '没有映射' : `常驻 ${least.zh}${rss}，只有合计，没有各个映射`}。`,
    )
  const list = (language: keyof Sentence) =>
    largest
      .map(({ kind, name, start, bytes }) => {
        const what = KIND_NAMES[kind][language]
        return name === ''
          ? `${formatAddress(start)} (${what}, ${formatBytes(bytes)})`
          : `${name} (${formatBytes(bytes)})`
      })
      .join(language === 'en' ? ', ' : '、')
  return say(
    `${file} shows ${least.en}${rss === null ? '' : `${rss} resident of `}${size} mapped in ${mappings} ${plural(total.ranges, 'mapping')}${largest.length > 0 ? `; the largest: ${list('en')}` : ''}.`,
    `${file} 显示：${mappings} 个映射，${rss === null ? '' : `常驻 ${least.zh}${rss}，`}地址空间 ${least.zh}${size}${largest.length > 0 ? `；最大的是 ${list('zh')}` : ''}。`,
  )
}
