import type { Micros, Pid } from '../base/units.ts'
import type { EvidenceReference } from '../model/evidence.ts'
import type { Sentence } from '../model/sentence.ts'
import type { TimelineEvent } from '../model/timeline.ts'

/** Words of the events, by kind. `{pid}`, `{other}`, `{program}`, `{count}`, `{said}` are filled in. */
const WORDS = {
  restart: {
    en: 'pid {pid} was first seen after pid {other} of the same program was last seen, as its restart or as another worker',
    zh: '进程 {pid} 在最后一次看到同一程序的进程 {other} 之后首次出现，是其重启，或是另一个工作进程',
  },
  'restart-in-place': {
    en: 'pid {pid} shows another address space from here on: restarted under the same pid, execve, or another program',
    zh: '进程 {pid} 自此呈现另一地址空间：以相同 pid 重启、执行了 execve，或换成另一程序',
  },
  start: {
    en: 'pid {pid} is seen for the first time, after the capture began',
    zh: '采集开始之后首次看到进程 {pid}',
  },
  end: {
    en: 'pid {pid} is seen for the last time, before the capture ends',
    zh: '最后一次看到进程 {pid}，早于采集结束',
  },
  absent: {
    en: 'the snapshot is empty: the process was not there, or could not be read',
    zh: '快照为空：当时进程不存在，或无法读取',
  },
  gap: {
    en: 'no snapshot of pid {pid} for more than {count} times the usual interval: the series is cut here',
    zh: '进程 {pid} 的快照间隔超过平时的 {count} 倍：序列在此处切断',
  },
  'clock-step': {
    en: 'exactly one hour is missing on the clock: summer time began, or the clock was set; the series is cut here',
    zh: '时钟上恰好缺少一小时：夏令时开始，或时钟被调整；序列在此处切断',
  },
  'cut-snapshot': {
    en: 'the file ends inside a mapping: its sums are lower bounds, no trend uses it',
    zh: '文件在某个映射中间被截断：其合计只是下限，不用于趋势',
  },
  kill: {
    en: 'the kernel killed pid {pid} ({program}) for memory',
    zh: '内核因内存不足终止了进程 {pid}（{program}）',
  },
  'kill-undated': {
    en: 'the kernel killed pid {pid} ({program}) for memory; the log line gives no time of day',
    zh: '内核因内存不足终止了进程 {pid}（{program}）；该日志行没有给出时刻',
  },
  'kill-counted': {
    en: 'the control group counts a kill for memory ({said}); when and whom, it does not tell',
    zh: '控制组记录了因内存不足的终止（{said}）；没有说明时间和对象',
  },
  'kill-unknown': { en: 'the kernel killed a process for memory', zh: '内核因内存不足终止了一个进程' },
} as const satisfies Record<string, Sentence>

export type EventWords = keyof typeof WORDS

/** Makes one event. `file` and `line` are what it was seen in. */
export function eventOf(
  kind: TimelineEvent['kind'],
  words: EventWords,
  pid: Pid | null,
  from: Micros | null,
  to: Micros | null,
  references: TimelineEvent['references'],
  places: Readonly<Record<string, string | number>> = {},
): TimelineEvent {
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) =>
      String(name === 'pid' ? (pid ?? '?') : (places[name] ?? '?')),
    )
  return { kind, pid, from, to, text: { en: fill(WORDS[words].en), zh: fill(WORDS[words].zh) }, references }
}

/** A whole file as reference, by its first line. */
export const fileReference = (file: string): EvidenceReference[] => [
  { file, firstLine: 1, lastLine: 1, whole: true },
]
