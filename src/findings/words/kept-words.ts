/** What the accused thread keeps, and after which calls it usually got it. */
import { formatByteRange, formatBytes, formatCount, formatDuration } from '../../base/format.ts'
import { bytes, type Pid } from '../../base/units.ts'
import type { Activity, Attribution, Mechanism } from '../../model/attribution.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { Charge } from '../accounts.ts'
import { saidOf } from '../said.ts'
import { MECHANISM_WORDS } from './bodies.ts'
import { plural, say } from './say.ts'

/** What the accused thread is seen to do. */
interface Kept {
  readonly mechanism: Mechanism
  /** `usually after read(5)`; `null` where no call before it is known. */
  readonly after: Sentence | null
  /** How many of its blocks were never released; `null` where calls do not tell what of them stays. */
  readonly counted: Sentence | null
}

/** What the accused thread keeps by these mechanisms; `null` where no habit of it is known. */
export function keptBy(
  charge: Charge,
  attribution: Attribution,
  pid: Pid,
  mechanisms: readonly Mechanism[],
): Kept | null {
  if (charge.culprit === null) return null
  const { tid } = charge.culprit
  const habit = keepingHabit(attribution, pid, tid, mechanisms)
  if (habit === null) return null
  const own = ownOf(charge, tid, habit.mechanism)
  const isUsual = isUsualOf(habit, own)
  const after = habit.sequence.length <= 1 ? null : isUsual ? beforeOf(habit) : SEVERAL
  if (!DIRECT.includes(habit.mechanism)) return { mechanism: habit.mechanism, after, counted: null }
  const alike = isUsual ? ofItsSizes(habit, own, activitiesOf(attribution, pid, tid)) : null
  const all = alike ?? own
  // Where the thread makes others, too, what it usually does before is told of those that stay alone.
  const isAll = !isUsual || all.calls === habit.count
  // One mapping that is enlarged, be it of a file, is not many.
  const mechanism = habit.sequence.at(-1) === 'mremap' ? 'mremap' : habit.mechanism
  return {
    mechanism,
    after: isAll ? after : null,
    counted: neverReleased(all, alike && sizesOf(habit), mechanism, charge, isAll ? null : habit),
  }
}

/**
 * What the thread made of the habit's sizes, by whatever sequence, as one finds it who looks for these sizes in the log;
 * `null` where not all that it did is known, or where others of these sizes cannot be told from others.
 */
function ofItsSizes(habit: Habit, own: Own, activities: readonly Activity[]): Own | null {
  const same = activities.filter(({ mechanism }) => mechanism === habit.mechanism)
  if (same.reduce((calls, { count }) => calls + count, 0) !== own.calls) return null
  const touching = same.filter(
    ({ smallest, largest }) => smallest <= habit.largest && largest >= habit.smallest,
  )
  if (touching.some(({ smallest, largest }) => smallest < habit.smallest || largest > habit.largest))
    return null
  const sum = (value: (activity: Activity) => number) =>
    touching.reduce((total, activity) => total + value(activity), 0)
  return {
    calls: sum(({ count }) => count),
    kept: sum(({ never }) => never),
    keptBytes: sum(({ neverBytes }) => neverBytes),
  }
}

/** What a thread allocated by one recurring sequence, in all traces together. */
type Habit = Pick<
  Activity,
  'mechanism' | 'sequence' | 'smallest' | 'largest' | 'count' | 'bytes' | 'never' | 'neverBytes'
>

const activitiesOf = (attribution: Attribution, pid: Pid, tid: number): readonly Activity[] =>
  saidOf(attribution, pid).threads.find((thread) => thread.tid === tid)?.activities ?? []

/** The recurring sequence of this thread that keeps most, of these mechanisms. */
function keepingHabit(
  attribution: Attribution,
  pid: Pid,
  tid: number,
  mechanisms: readonly Mechanism[],
): Habit | null {
  const activities = activitiesOf(attribution, pid, tid)
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

/** Whether half or more of what a thread left stands in for older blocks that it released: its share tells little. */
export function mostlyReplaces({ accounts }: Charge, tid: number): boolean {
  const shares = accounts
    .filter(({ mechanism }) => DIRECT.includes(mechanism))
    .flatMap((account) => account.shares.filter((share) => share.tid === tid))
  const sum = (value: (share: (typeof shares)[number]) => number) =>
    shares.reduce((total, share) => total + value(share), 0)
  const kept = sum((share) => share.liveBytes)
  return kept > 0 && 2 * sum((share) => share.acquiredBytes - share.releasedBytes) <= kept
}

/** Calls of a thread by one mechanism, and what of it stayed. */
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

const sizesOf = ({ smallest, largest }: Habit): string => formatByteRange(smallest, largest)

/** Whether a sequence stands for what the thread keeps: for half of the bytes, or of the calls where releases tell nothing. */
const isUsualOf = (activity: Habit, { calls, keptBytes }: Own): boolean =>
  DIRECT.includes(activity.mechanism) ? 2 * activity.neverBytes >= keptBytes : 2 * activity.count >= calls

const SEVERAL: Sentence = say('after calls of several kinds', '在多种调用之后')

const beforeOf = ({ sequence }: Habit): Sentence => {
  const before = sequence.slice(0, -1).join(' → ')
  return say(`usually after ${before}`, `通常在 ${before} 之后`)
}

/**
 * `93 of its 186 mappings of 260 KiB in the traced 50 s were never released (23.6 MiB), all 93 made after read(3).`; of
 * some sizes, and after what, where told.
 */
function neverReleased(
  { calls, kept, keptBytes }: Own,
  sizes: string | null,
  mechanism: Mechanism,
  charge: Charge,
  habit: Habit | null,
): Sentence {
  const words = MECHANISM_WORDS[mechanism]
  const traced = formatDuration(charge.span)
  const whole = inAll(charge, kept)
  const of = sizes === null ? say('', '') : say(` of ${sizes}`, `（${sizes}）`)
  const after = habit === null ? say('', '') : madeAfter(habit, kept)
  return say(
    `${formatCount(kept)} of its ${formatCount(calls)} ${plural(calls, words.one, words.many)}${of.en} in the traced ${traced.en} ${kept === 1 ? 'was' : 'were'} never released (${formatBytes(keptBytes)})${after.en}${whole.en}.`,
    `在跟踪的 ${traced.zh}内，其 ${formatCount(calls)} ${words.zh}${of.zh}中有 ${formatCount(kept)} 个从未释放（${formatBytes(keptBytes)}）${after.zh}${whole.zh}。`,
  )
}

/** `, all 93 made after read(3)`, or `, 18 of them`; only the last of several calls is known to come before each. */
function madeAfter({ sequence, never }: Habit, kept: number): Sentence {
  if (sequence.length <= 1 || never === 0) return say('', '')
  const before = sequence.slice(0, -1).join(' → ')
  const all = kept === 1 ? say('', '') : say(`all ${formatCount(kept)} `, `这 ${formatCount(kept)} 个均`)
  const those = never === kept ? all : say(`${formatCount(never)} of them `, `其中 ${formatCount(never)} 个`)
  const usually = sequence.length > 2 ? say('usually ', '通常') : say('', '')
  return say(`, ${those.en}made ${usually.en}after ${before}`, `，${those.zh}${usually.zh}在 ${before} 之后`)
}

/** What calls prove of blocks that one call makes and another releases; `null` for other mechanisms. */
export function whatCallsTell(mechanism: Mechanism): Sentence | null {
  if (!DIRECT.includes(mechanism)) return null
  return mechanism === 'mremap'
    ? say(
        'Calls tell who enlarges it, not who should have given it back.',
        '系统调用说明由谁扩大，并不说明本应由谁归还。',
      )
    : say(
        'Calls tell who maps it, not who should have given it back.',
        '系统调用说明由谁映射，并不说明本应由谁归还。',
      )
}

/** `; with those of its other calls 27 (4.27 MiB)`, where the thread keeps more than `told` blocks: by other calls, or of other kinds. */
function inAll({ culprit, threads }: Charge, told: number): Sentence {
  if (culprit === null || culprit.kept <= told) return say('', '')
  const size = formatBytes(threads.find(({ tid }) => tid === culprit.tid)?.bytes ?? 0)
  const count = formatCount(culprit.kept)
  return say(`; with those of its other calls ${count} (${size})`, `；连同其他调用共 ${count} 个（${size}）`)
}
