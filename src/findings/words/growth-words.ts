/** Sentences of a growth finding: how much and how fast, who and how we know, when a limit is met. */
import {
  formatByteRange,
  formatBytes,
  formatCount,
  formatDuration,
  formatForecast,
  formatMoment,
  formatRate,
  formatShare,
} from '../../base/format.ts'
import { bytes } from '../../base/units.ts'
import type { Activity, Attribution, Mechanism } from '../../model/attribution.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { Charge } from '../accounts.ts'
import type { Forecast } from '../forecast.ts'
import type { Growth } from '../growth.ts'
import { BODY_NAMES, MECHANISM_WORDS, SPACE_NAMES } from './bodies.ts'
import { beforeHan, paragraph, plural, say } from './say.ts'

/** `Anonymous memory grew by 52.2 MiB in 3 min 55 s and did not level off: 799 MiB an hour.` */
export function howMuch(growth: Growth): Sentence {
  const name = (growth.quantity === 'rss' ? BODY_NAMES : SPACE_NAMES)[growth.body]
  const start = growth.onset ?? growth.from
  const duration = formatDuration(growth.to - start)
  const amount = formatBytes(growth.grown)
  const rate = growth.perHour === null ? null : formatRate(growth.perHour)
  const since = start > growth.from ? formatMoment(start, growth.from) : null
  return say(
    `${name.en} grew by ${amount} in ${duration.en}${since ? ` (since ${since})` : ''} and did not level off${rate ? `: ${rate.en}` : ''}.`,
    `${beforeHan(name.zh)}在 ${duration.zh}内增长了 ${amount}${since ? `（始于 ${since}）` : ''}，没有趋于平稳${rate ? `：${rate.zh}` : ''}。`,
  )
}

/** `Thread 9797 (decode)`, or without a name. */
export const threadName = (tid: number, name: string | null): Sentence =>
  say(
    name === null ? `Thread ${tid} (name not in this evidence)` : `Thread ${tid} (${name})`,
    name === null ? `线程 ${tid}（证据中没有名称）` : `线程 ${tid}（${name}）`,
  )

/** What a thread allocated by one recurring sequence, in all traces together. */
type Habit = Pick<
  Activity,
  'mechanism' | 'sequence' | 'smallest' | 'largest' | 'count' | 'bytes' | 'never' | 'neverBytes'
>

/** The recurring sequence of this thread that keeps most, of these mechanisms. */
function keepingHabit(
  attribution: Attribution,
  pid: number,
  tid: number,
  mechanisms: readonly Mechanism[],
): Habit | null {
  const activities =
    attribution.threads.find((thread) => thread.pid === pid && thread.tid === tid)?.activities ?? []
  const habits = new Map<string, Habit>()
  for (const activity of activities.filter(({ mechanism }) => mechanisms.includes(mechanism))) {
    const key = [activity.mechanism, ...activity.sequence].join('\0')
    const known = habits.get(key)
    habits.set(key, known ? together(known, activity) : activity)
  }
  return [...habits.values()].sort((a, b) => b.neverBytes - a.neverBytes || b.bytes - a.bytes)[0] ?? null
}

const together = (a: Habit, b: Habit): Habit => ({
  mechanism: a.mechanism,
  sequence: a.sequence,
  smallest: bytes(Math.min(a.smallest, b.smallest)),
  largest: bytes(Math.max(a.largest, b.largest)),
  count: a.count + b.count,
  bytes: bytes(a.bytes + b.bytes),
  never: a.never + b.never,
  neverBytes: bytes(a.neverBytes + b.neverBytes),
})

/** Blocks that one call makes and one call releases: only of these is a count of releases a fact. */
const DIRECT: readonly Mechanism[] = ['mmap-anon', 'file-mapping', 'shared-memory', 'mremap', 'reservation']

/** Who and how we know; without a culprit the reason why nobody is named, and the shares. */
export function who(
  charge: Charge,
  attribution: Attribution,
  pid: number,
  mechanism: Mechanism,
  mechanisms: readonly Mechanism[],
): Sentence {
  if (charge.culprit === null) return paragraph(shares(charge, mechanism), charge.culpritReason)
  const { tid, name, certainty } = charge.culprit
  const thread = threadName(tid, name)
  const activity = keepingHabit(attribution, pid, tid, mechanisms)
  const own = activity === null ? null : ownOf(charge, tid, activity.mechanism)
  const words = MECHANISM_WORDS[activity?.mechanism ?? mechanism]
  const isUsual = activity !== null && own !== null && isUsualOf(activity, own)
  const after =
    activity && activity.sequence.length > 1
      ? isUsual
        ? sequenceWords(activity)
        : say('after calls of several kinds', '在多种调用之后')
      : null
  const sure =
    certainty === 'certain'
      ? say('The replay of the calls proves it.', '系统调用的重放证明了这一点。')
      : say('That is likely, not proven.', '这是很可能的，但尚未证明。')
  return paragraph(
    say(
      `${thread.en} ${words.does.en}${after ? `, ${after.en}` : ''}.`,
      `${thread.zh}${words.does.zh}${after ? `，${after.zh}` : ''}。`,
    ),
    activity && own && DIRECT.includes(activity.mechanism)
      ? isUsual
        ? neverReleased(activity, charge.span)
        : keptInAll(own, activity.mechanism, charge.span)
      : charge.culpritReason,
    sure,
  )
}

/** A thread's calls by one mechanism, and what of it stayed. */
interface Own {
  readonly calls: number
  readonly kept: number
  readonly keptBytes: number
}

function ownOf({ accounts }: Charge, tid: number, mechanism: Mechanism): Own {
  const shares = accounts
    .filter((account) => account.mechanism === mechanism)
    .flatMap((account) => account.shares.filter((share) => share.tid === tid))
  const sum = (value: (share: (typeof shares)[number]) => number) =>
    shares.reduce((total, share) => total + value(share), 0)
  return {
    calls: sum((share) => share.calls),
    kept: sum((share) => share.liveCount),
    keptBytes: sum((share) => share.liveBytes),
  }
}

/** Whether a sequence stands for what the thread keeps: for half of the bytes, or of the calls where releases tell nothing. */
const isUsualOf = (activity: Habit, { calls, keptBytes }: Own): boolean =>
  DIRECT.includes(activity.mechanism) ? 2 * activity.neverBytes >= keptBytes : 2 * activity.count >= calls

const sequenceWords = ({ sequence }: Habit): Sentence => {
  const before = sequence.slice(0, -1).join(' → ')
  return say(`usually after ${before}`, `通常在 ${before} 之后`)
}

/** `1,593 of its 65,102 mappings in the traced 5 min 39 s were never released (3.23 GiB).` */
function keptInAll({ calls, kept, keptBytes }: Own, mechanism: Mechanism, span: number): Sentence {
  const words = MECHANISM_WORDS[mechanism]
  const traced = formatDuration(span)
  return say(
    `${formatCount(kept)} of its ${formatCount(calls)} ${plural(calls, words.one, words.many)} in the traced ${traced.en} ${kept === 1 ? 'was' : 'were'} never released (${formatBytes(keptBytes)}).`,
    `在跟踪的 ${traced.zh}内，其 ${formatCount(calls)} ${words.zh}中有 ${formatCount(kept)} 个从未释放（${formatBytes(keptBytes)}）。`,
  )
}

/** `43 of its 130 mappings of 264 KiB–1 MiB in the traced 2 min were never released (26.3 MiB).` */
function neverReleased(activity: Habit, span: number): Sentence {
  const words = MECHANISM_WORDS[activity.mechanism]
  const traced = formatDuration(span)
  const sizes = formatByteRange(activity.smallest, activity.largest)
  return say(
    `${formatCount(activity.never)} of its ${formatCount(activity.count)} ${plural(activity.count, words.one, words.many)} of ${sizes} in the traced ${traced.en} ${activity.never === 1 ? 'was' : 'were'} never released (${formatBytes(activity.neverBytes)}).`,
    `在跟踪的 ${traced.zh}内，其 ${formatCount(activity.count)} ${words.zh}（${sizes}）中有 ${formatCount(activity.never)} 个从未释放（${formatBytes(activity.neverBytes)}）。`,
  )
}

/** `43 of 44 extensions were made by thread 4319 (janitor).` */
function shares(charge: Charge, mechanism: Mechanism): Sentence | null {
  const first = charge.threads[0]
  if (!first || charge.acquiredBytes <= 0) return null
  const words = MECHANISM_WORDS[mechanism]
  const thread = threadName(first.tid, first.name)
  const span = charge.span > 0 ? formatDuration(charge.span) : null
  const traced = say(
    span ? `In the traced ${span.en}` : 'In the log',
    span ? `在跟踪的 ${span.zh}内` : '在日志中',
  )
  const { en, zh } = { en: thread.en.replace('Thread', 'thread'), zh: thread.zh }
  const makers = charge.threads.filter(({ calls }) => calls > 0).length
  if (makers <= 1)
    return say(
      `${traced.en}, only ${en} made calls of this kind: ${formatCount(charge.calls)}.`,
      `${traced.zh}，只有${zh}发出此类调用，共 ${formatCount(charge.calls)} 次。`,
    )
  return say(
    `${traced.en}, ${formatCount(makers)} threads made ${formatCount(charge.calls)} calls of this kind; ${en} has the largest share of the ${words.many} that stayed, ${formatShare(first.share)}.`,
    `${traced.zh}，${formatCount(makers)} 个线程共发出 ${formatCount(charge.calls)} 次此类调用；留存部分中${zh}占比最大，为 ${formatShare(first.share)}。`,
  )
}

/** `At this rate the process reaches 2 GiB at 22:20 (21:50–22:55).` */
export function limitSentence(ahead: Forecast | null, beside: number): Sentence | null {
  if (ahead === null || ahead.at === null) return null
  const at = formatForecast(ahead.at, beside)
  const interval =
    ahead.earliest !== null && ahead.latest !== null
      ? `${formatForecast(ahead.earliest, beside)}–${formatForecast(ahead.latest, beside)}`
      : null
  return say(
    `At this rate the process reaches ${formatBytes(ahead.limit)} at ${at}${interval ? ` (${interval})` : ''}.`,
    `按此速率，进程将在 ${at}${interval ? `（${interval}）` : ''}达到 ${formatBytes(ahead.limit)}。`,
  )
}
