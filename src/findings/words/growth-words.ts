/** Sentences of a growth finding: how much and how fast, who and how we know, when a limit is met. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatForecast,
  formatMoment,
  formatRate,
  formatShare,
} from '../../base/format.ts'
import type { Pid } from '../../base/units.ts'
import type { Attribution, Mechanism } from '../../model/attribution.ts'
import type { NextLife } from '../../model/next-life.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { Charge } from '../accounts.ts'
import type { Forecast } from '../forecast.ts'
import type { Growth } from '../growth.ts'
import type { LastSeen } from '../last-seen.ts'
import { BODY_NAMES, MECHANISM_WORDS, SPACE_NAMES } from './bodies.ts'
import { keptBy, mostlyReplaces, whatCallsTell } from './kept-words.ts'
import { beforeHan, paragraph, say } from './say.ts'

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

/** Who, how we know, and how sure; without a culprit the reason why nobody is named, and the shares. */
export function who(
  charge: Charge,
  attribution: Attribution,
  pid: Pid,
  mechanism: Mechanism,
  mechanisms: readonly Mechanism[],
  sure: Sentence | null,
): Sentence {
  if (charge.culprit === null) return paragraph(shares(charge, mechanism), charge.culpritReason)
  const { tid, name } = charge.culprit
  const thread = threadName(tid, name)
  const kept = keptBy(charge, attribution, pid, mechanisms)
  const words = MECHANISM_WORDS[kept?.mechanism ?? mechanism]
  const after = kept?.after ?? null
  return paragraph(
    say(
      `${thread.en} ${words.does.en}${after ? `, ${after.en}` : ''}.`,
      `${thread.zh}${words.does.zh}${after ? `，${after.zh}` : ''}。`,
    ),
    kept?.counted ?? charge.culpritReason,
    sure,
    // What keeps chunks for others to fill has said that this may be no leak.
    mechanism === 'managed-heap' ? null : whatCallsTell(kept?.mechanism ?? mechanism),
  )
}

/** `43 of 44 extensions were made by thread 4319 (janitor).` */
function shares(charge: Charge, mechanism: Mechanism): Sentence | null {
  const first = charge.threads[0]
  if (!first || charge.acquiredBytes <= 0) return null
  const words = MECHANISM_WORDS[mechanism]
  const thread = threadName(first.tid, first.name)
  const span = formatDuration(charge.span)
  // A log without times has no span.
  const traced =
    charge.span > 0
      ? say(`In the traced ${span.en}`, `在跟踪的 ${span.zh}内`)
      : say('In the trace', '在跟踪中')
  const { en, zh } = { en: thread.en.replace('Thread', 'thread'), zh: thread.zh }
  const makers = charge.threads.filter(({ calls }) => calls > 0).length
  if (makers <= 1)
    return say(
      `${traced.en}, only ${en} made calls of this kind: ${formatCount(charge.calls)}.`,
      `${traced.zh}，只有${zh}发出此类调用，共 ${formatCount(charge.calls)} 次。`,
    )
  const made = say(
    `${traced.en}, ${formatCount(makers)} threads made ${formatCount(charge.calls)} calls of this kind`,
    `${traced.zh}，${formatCount(makers)} 个线程共发出 ${formatCount(charge.calls)} 次此类调用`,
  )
  if (first.share <= 0 || mostlyReplaces(charge, first.tid)) return say(`${made.en}.`, `${made.zh}。`)
  return say(
    `${made.en}; ${en} has the largest share of the ${words.many} that stayed, ${formatShare(first.share)}.`,
    `${made.zh}；留存部分中${zh}占比最大，为 ${formatShare(first.share)}。`,
  )
}

/**
 * `At this rate the process reaches 2 GiB at 22:20 (21:50–22:55).`; `lastSeen` where it is not seen any more while the
 * capture goes on, `next` the life that was first seen after it.
 */
export function limitSentence(
  ahead: Forecast | null,
  { to, process }: Growth,
  lastSeen: LastSeen | null,
  next: NextLife<number> | null,
): Sentence | null {
  if (ahead === null || ahead.at === null) return null
  const limit = formatBytes(ahead.limit)
  if (ahead.at <= to)
    return lastSeen === null && next === null
      ? say(
          `The process is at its limit of ${limit} or above it already.`,
          `进程已达到或超过 ${limit} 的限制。`,
        )
      : say(`The process was at its limit of ${limit} or above it.`, `进程当时已达到或超过 ${limit} 的限制。`)
  const at = formatForecast(ahead.at, to)
  const earliest = ahead.earliest ?? ahead.at
  if (next !== null) return limitOfEnded(limit, at, next.seen < earliest, to, process.pid, next)
  if (lastSeen !== null)
    return lastSeen.captureEnd < earliest
      ? say(`At that rate it reaches ${limit} at ${at}.`, `按此速率它在 ${at} 达到 ${limit}。`)
      : say(`At that rate it would have reached ${limit} at ${at}.`, `按此速率它本应在 ${at} 达到 ${limit}。`)
  const middle = ahead.at
  const ends = [ahead.earliest, ahead.latest].map((end) => end && formatForecast(end, to, middle))
  // To the minute, a narrow interval has the same two ends: then it says nothing.
  const interval = ends.includes(null) || ends[0] === ends[1] ? null : ends.join('–')
  return say(
    `At this rate the process reaches ${limit} at ${at}${interval ? ` (${interval})` : ''}.`,
    `按此速率，进程将在 ${at}${interval ? `（${interval}）` : ' '}达到 ${limit}。`,
  )
}

/** What was gone before reaches nothing; a life that was first seen later may have come of reaching it. */
function limitOfEnded(
  limit: string,
  at: string,
  before: boolean,
  beside: number,
  pid: Pid,
  next: NextLife<number>,
): Sentence {
  const seen = formatMoment(next.seen, beside)
  const then =
    next.pid === pid
      ? say(
          `another address space was first seen under this pid at ${seen}`,
          `${seen} 首次看到此 pid 呈现另一地址空间`,
        )
      : say(
          `it was not seen again, and pid ${next.pid} of the same program first at ${seen}`,
          `此后再未看到它，${seen} 首次看到同一程序的进程 ${next.pid}`,
        )
  return before
    ? say(
        `At that rate it would have reached ${limit} at ${at}; ${then.en}.`,
        `按此速率它本应在 ${at} 达到 ${limit}；${then.zh}。`,
      )
    : say(
        `At that rate it reaches ${limit} at ${at}; ${then.en}.`,
        `按此速率它在 ${at} 达到 ${limit}；${then.zh}。`,
      )
}
