import { formatByteRange, formatCount } from '../base/format.ts'
import type { Activity } from '../model/attribution.ts'
import type { Sentence } from '../model/sentence.ts'
import { descriptorWords } from './activity-words.ts'
import type { DescriptorHistory } from './descriptors.ts'
import type { CallRow } from './profile.ts'

interface Deed {
  readonly en: string
  readonly zh: string
}

/** What a call does with its descriptor, in words. One row a deed; the first column are the calls. */
const DEEDS: readonly (readonly [calls: readonly string[], en: string, zh: string])[] = [
  [['read', 'readv', 'pread64', 'preadv'], 'reads', '读取'],
  [['recvfrom', 'recvmsg', 'recvmmsg', 'recv'], 'receives from', '接收自'],
  [['write', 'writev', 'pwrite64', 'pwritev'], 'writes', '写入'],
  [['sendto', 'sendmsg', 'sendmmsg', 'send'], 'sends to', '发送到'],
  [['accept', 'accept4'], 'accepts connections on', '接受连接于'],
  [['epoll_wait', 'epoll_pwait', 'epoll_pwait2'], 'waits for events on', '等待事件于'],
]
const WAITS: readonly (readonly [calls: readonly string[], en: string, zh: string])[] = [
  [['futex', 'futex_time64'], 'waits for locks or work from other threads', '等待锁或其他线程的任务'],
  [['nanosleep', 'clock_nanosleep', 'clock_nanosleep_time64'], 'sleeps at intervals', '周期性休眠'],
  [['poll', 'ppoll', 'select', 'pselect6', 'pause', 'rt_sigtimedwait', 'wait4', 'waitid'], 'waits', '等待'],
]
const DEEDS_SHOWN = 2

/** `reads descriptor 5, maps 256 KiB–1 MiB after each read`: what a thread does, from its calls alone. */
export function roleOf(
  rows: readonly CallRow[],
  activities: readonly Activity[],
  descriptors: DescriptorHistory,
  started: number,
  isMain: boolean,
  lines: number,
): Sentence {
  const parts: Deed[] = []
  if (isMain) parts.push({ en: 'main thread', zh: '主线程' })
  if (lines <= 1 && activities.length === 0) {
    parts.push({ en: 'stayed in one call during the whole trace', zh: '整个跟踪期间停留在同一个调用中' })
    return joined(parts)
  }
  parts.push(...deedsOf(rows, descriptors))
  if (started > 0)
    parts.push({
      en: `starts threads (${formatCount(started)} in the traced time)`,
      zh: `启动线程（跟踪时段内 ${formatCount(started)} 个）`,
    })
  const main = [...activities].sort((a, b) => b.bytes - a.bytes)[0]
  if (main !== undefined) parts.push(memoryDeed(main))
  if (parts.length === (isMain ? 1 : 0)) {
    const wait = WAITS.find(([calls]) => rows.some((row) => calls.includes(row.name)))
    parts.push(wait ? { en: wait[1], zh: wait[2] } : { en: 'no recurring work seen', zh: '未见重复性工作' })
  }
  return joined(parts)
}

function deedsOf(rows: readonly CallRow[], descriptors: DescriptorHistory): Deed[] {
  return DEEDS.map(([calls, en, zh]) => {
    const own = rows.filter((row) => calls.includes(row.name))
    return { en, zh, count: own.reduce((sum, row) => sum + row.calls, 0), own }
  })
    .filter((deed) => deed.count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, DEEDS_SHOWN)
    .map(({ en, zh, own }) => {
      const [fd, many] = mainDescriptor(own)
      if (fd === null)
        return many > 1
          ? { en: `${en} ${formatCount(many)} descriptors`, zh: `${zh} ${formatCount(many)} 个描述符` }
          : { en, zh }
      const text = descriptorWords(fd, descriptors)
      const plain = text === String(fd)
      return {
        en: `${en} ${plain ? `descriptor ${fd}` : text}`,
        zh: `${zh}${plain ? `描述符 ${fd}` : ` ${text}`}`,
      }
    })
}

/** The descriptor that most of the calls use, or how many there are. */
function mainDescriptor(rows: readonly CallRow[]): readonly [fd: number | null, many: number] {
  const counts = new Map<number, number>()
  for (const row of rows)
    for (const [fd, calls] of row.descriptors) counts.set(fd, (counts.get(fd) ?? 0) + calls)
  const total = [...counts.values()].reduce((sum, calls) => sum + calls, 0)
  const first = [...counts].sort(([fdA, a], [fdB, b]) => b - a || fdA - fdB)[0]
  return first !== undefined && first[1] * 2 > total ? [first[0], counts.size] : [null, counts.size]
}

/** Verbs of the mechanisms: extends, maps, grows are different things. */
function memoryDeed(activity: Activity): Deed {
  const sizes = formatByteRange(activity.smallest, activity.largest)
  const before = activity.sequence.at(-2)
  const after = before ? { en: ` after ${before}`, zh: `（在 ${before} 之后）` } : { en: '', zh: '' }
  switch (activity.mechanism) {
    case 'main-heap-brk':
      return { en: `extends the main heap by ${sizes}${after.en}`, zh: `将主堆扩展 ${sizes}${after.zh}` }
    case 'malloc-arena':
      return {
        en: `extends a malloc arena by ${sizes}${after.en}`,
        zh: `将 malloc arena 扩展 ${sizes}${after.zh}`,
      }
    case 'thread-stack':
      return { en: `maps thread stacks of ${sizes}${after.en}`, zh: `映射 ${sizes} 的线程栈${after.zh}` }
    case 'mremap':
      return { en: `grows a mapping by ${sizes}${after.en}`, zh: `将映射扩大 ${sizes}${after.zh}` }
    case 'file-mapping':
      return { en: `maps ${sizes} of files${after.en}`, zh: `映射 ${sizes} 的文件${after.zh}` }
    case 'shared-memory':
      return { en: `maps ${sizes} of shared memory${after.en}`, zh: `映射 ${sizes} 的共享内存${after.zh}` }
    default:
      return { en: `maps ${sizes}${after.en}`, zh: `映射 ${sizes}${after.zh}` }
  }
}

const joined = (parts: readonly Deed[]): Sentence => ({
  en: parts.map((part) => part.en).join(', '),
  zh: parts.map((part) => part.zh).join('，'),
})
