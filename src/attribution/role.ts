import { formatByteRange, formatCount } from '../base/format.ts'
import type { Activity, Mechanism } from '../model/attribution.ts'
import type { Sentence } from '../model/sentence.ts'
import { type DescriptorHistory, descriptorWords } from './descriptors.ts'
import type { CallRow } from './profile.ts'

interface Deed {
  readonly en: string
  readonly zh: string
}

/** What a thread is seen to do. */
export interface Seen {
  readonly rows: readonly CallRow[]
  /** Most bytes first. */
  readonly activities: readonly Activity[]
  readonly descriptors: DescriptorHistory
  /** Threads it started, and processes. */
  readonly started: number
  readonly forked: number
  readonly isMain: boolean
  /** Whether the log knows it by more than the call that started it. */
  readonly isTraced: boolean
  /** Whether it stayed in one call for all of the traced time. */
  readonly stayed: boolean
}

/** What a call does with its descriptor, in words. One row a deed; the first column are the calls. */
const DEEDS: readonly (readonly [calls: readonly string[], en: string, zh: string])[] = [
  [['read', 'readv'], 'reads', '读取'],
  [['recvfrom', 'recvmsg', 'recvmmsg', 'recv'], 'receives from', '接收自'],
  [['write', 'writev'], 'writes', '写入'],
  [['sendto', 'sendmsg', 'sendmmsg', 'send'], 'sends to', '发送到'],
  [['accept', 'accept4'], 'accepts connections on', '接受连接于'],
  [['epoll_wait', 'epoll_pwait', 'epoll_pwait2'], 'waits for events on', '等待事件于'],
  [['pread64', 'preadv', 'preadv2'], 'reads', '读取'],
  [['pwrite64', 'pwritev', 'pwritev2'], 'writes', '写入'],
]
const WAITS: readonly (readonly [calls: readonly string[], en: string, zh: string])[] = [
  [['futex', 'futex_time64'], 'waits for locks or work from other threads', '等待锁或其他线程的任务'],
  [['nanosleep', 'clock_nanosleep', 'clock_nanosleep_time64'], 'sleeps at intervals', '周期性休眠'],
  [['poll', 'ppoll', 'select', 'pselect6', 'pause', 'rt_sigtimedwait', 'wait4', 'waitid'], 'waits', '等待'],
]
const DEEDS_SHOWN = 2

/** `reads descriptor 5, maps 256 KiB–1 MiB after each read(5)`: what a thread does, from its calls alone. */
export function roleOf(seen: Seen): Sentence {
  const parts: Deed[] = []
  if (seen.isMain) parts.push({ en: 'main thread', zh: '主线程' })
  if (!seen.isTraced) {
    parts.push({ en: 'none of its calls is in the evidence', zh: '证据中没有它的调用' })
    return joined(parts)
  }
  if (seen.stayed && seen.activities.length === 0) {
    parts.push({ en: 'stayed in one call during the whole trace', zh: '整个跟踪期间停留在同一个调用中' })
    return joined(parts)
  }
  parts.push(...deedsOf(seen))
  if (seen.started > 0)
    parts.push({
      en: `starts threads (${formatCount(seen.started)} in the traced time)`,
      zh: `启动线程（跟踪时段内 ${formatCount(seen.started)} 个）`,
    })
  if (seen.forked > 0)
    parts.push({
      en: `starts processes (${formatCount(seen.forked)} in the traced time)`,
      zh: `启动进程（跟踪时段内 ${formatCount(seen.forked)} 个）`,
    })
  // Address space without access is no memory yet: it speaks only where nothing else does.
  const main = seen.activities.find((one) => one.mechanism !== 'reservation') ?? seen.activities[0]
  if (main !== undefined) parts.push(memoryDeed(main, seen.rows))
  if (parts.length === (seen.isMain ? 1 : 0)) {
    const wait = WAITS.find(([calls]) => seen.rows.some((row) => calls.includes(row.name)))
    parts.push(wait ? { en: wait[1], zh: wait[2] } : { en: 'no recurring work seen', zh: '未见重复性工作' })
  }
  return joined(parts)
}

/** Its commonest deeds; what it does before it allocates comes first. */
function deedsOf({ rows, activities, descriptors }: Seen): Deed[] {
  const source = activities[0]?.sequence[0]
  const ranked = DEEDS.map(([calls, en, zh]) => {
    const own = rows.filter((row) => calls.includes(row.name))
    const leads = source !== undefined && calls.some((call) => source.startsWith(`${call}(`))
    return { en, zh, own, leads, count: own.reduce((sum, row) => sum + row.calls, 0) }
  })
    .filter((deed) => deed.count > 0)
    .sort((a, b) => Number(b.leads) - Number(a.leads) || b.count - a.count)
  const words = ranked.map(({ en, zh, own }) => {
    const what = objectOf(own, descriptors)
    return { en: `${en} ${what.en}`, zh: `${zh}${what.zh}` }
  })
  return words
    .filter((deed, at) => words.findIndex((other) => other.en === deed.en) === at)
    .slice(0, DEEDS_SHOWN)
}

/** The descriptor that most of the calls use, in words; several, or opened and closed by the way, otherwise. */
function objectOf(rows: readonly CallRow[], descriptors: DescriptorHistory): Deed {
  const counts = new Map<number, number>()
  for (const row of rows)
    for (const [fd, calls] of row.descriptors) counts.set(fd, (counts.get(fd) ?? 0) + calls)
  const total = [...counts.values()].reduce((sum, calls) => sum + calls, 0)
  const first = [...counts].sort(([fdA, a], [fdB, b]) => b - a || fdA - fdB)[0]
  if (first === undefined || first[1] * 2 <= total)
    return { en: `${formatCount(counts.size)} descriptors`, zh: ` ${formatCount(counts.size)} 个描述符` }
  const text = descriptorWords(first[0], descriptors, null)
  if (text !== String(first[0])) return { en: text, zh: ` ${text}` }
  return descriptors.isTransient(first[0])
    ? { en: 'what it opens', zh: '其打开的对象' }
    : { en: `descriptor ${text}`, zh: `描述符 ${text}` }
}

type Words = (sizes: string) => Deed

/** Verbs of the mechanisms: extends, maps, grows are different things. */
const MEMORY_DEEDS: Partial<Record<Mechanism, Words>> = {
  'main-heap-brk': (sizes) => ({ en: `extends the main heap by ${sizes}`, zh: `将主堆扩展 ${sizes}` }),
  'malloc-arena': (sizes) => ({
    en: `extends a malloc arena by ${sizes}`,
    zh: `将 malloc arena 扩展 ${sizes}`,
  }),
  'thread-stack': (sizes) => ({ en: `maps thread stacks of ${sizes}`, zh: `映射 ${sizes} 的线程栈` }),
  reservation: (sizes) => ({
    en: `reserves ${sizes} without access`,
    zh: `保留 ${sizes} 不可访问的地址空间`,
  }),
  mremap: (sizes) => ({ en: `grows a mapping by ${sizes}`, zh: `将映射扩大 ${sizes}` }),
  'file-mapping': (sizes) => ({ en: `maps ${sizes} of files`, zh: `映射 ${sizes} 的文件` }),
  'shared-memory': (sizes) => ({ en: `maps ${sizes} of shared memory`, zh: `映射 ${sizes} 的共享内存` }),
}
const MAPS: Words = (sizes) => ({ en: `maps ${sizes}`, zh: `映射 ${sizes}` })

/** From nine in ten on, "each" is no exaggeration. */
const EACH = 0.9

function memoryDeed(activity: Activity, rows: readonly CallRow[]): Deed {
  const deed = (MEMORY_DEEDS[activity.mechanism] ?? MAPS)(
    formatByteRange(activity.smallest, activity.largest),
  )
  const before = activity.sequence.at(-2)
  if (before === undefined) return deed
  const [name, fd] = before.replace(')', '').split('(')
  const calls = rows.find((row) => row.name === name)?.descriptors.get(Number(fd))
  const each = calls !== undefined && activity.count >= EACH * calls
  return {
    en: `${deed.en} after ${each ? 'each ' : ''}${before}`,
    zh: `${deed.zh}（在${each ? '每次' : ''} ${before} 之后）`,
  }
}

const joined = (parts: readonly Deed[]): Sentence => ({
  en: parts.map((part) => part.en).join(', '),
  zh: parts.map((part) => part.zh).join('，'),
})
