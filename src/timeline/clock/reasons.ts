import { formatTime } from '../../base/format.ts'
import { DAY, HOUR, MINUTE } from '../../base/units.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { Agreement } from './agreement.ts'

/** Why a trace lies where it lies, in words. */
const REASONS = {
  'date-option': { en: 'the day {date} was given by --strace-date', zh: '日期 {date} 由 --strace-date 指定' },
  'zone-option': {
    en: 'the zone {zone} ({shift} from UTC) was given by --time-zone',
    zh: '时区 {zone}（相对 UTC {shift}）由 --time-zone 指定',
  },
  relative: {
    en: 'the log only carries times relative to the call before (-r): it cannot be placed among the snapshots; trace with -ttt',
    zh: '日志只有相对前一调用的时间（-r），无法与快照对应；请用 -ttt 跟踪',
  },
  'no-stamps': {
    en: 'the log carries no time stamps: it cannot be placed among the snapshots; trace with -ttt',
    zh: '日志没有时间戳，无法与快照对应；请用 -ttt 跟踪',
  },
  'no-snapshots': {
    en: 'there is no snapshot with a time to place the log against',
    zh: '没有带时间的快照可供对照',
  },
  agreement: {
    en: 'of {candidates} possible shifts this one ({shift}) agrees with the snapshots: {held} of {checks} statements of the log about mappings hold in {inside}{rival}',
    zh: '在 {candidates} 种可能的时间偏移中，此偏移（{shift}）与快照一致：日志关于映射的 {checks} 项陈述有 {held} 项在{inside}中成立{rival}',
  },
  'agreement-only': {
    en: 'the only shift ({shift}) under which log and snapshots overlap, and they agree: {held} of {checks} statements of the log about mappings hold in {inside}',
    zh: '只有此偏移（{shift}）能使日志与快照在时间上重叠，且两者一致：日志关于映射的 {checks} 项陈述有 {held} 项在{inside}中成立',
  },
  'only-overlap': {
    en: 'the only shift ({shift}) under which log and snapshots overlap in time; {held} of {checks} statements of the log about mappings hold in {inside}',
    zh: '只有此偏移（{shift}）能使日志与快照在时间上重叠；日志关于映射的 {checks} 项陈述有 {held} 项在{inside}中成立',
  },
  'utc-assumed': {
    en: '{candidates} shifts fit equally well; the host is taken to run on UTC. --time-zone settles it',
    zh: '有 {candidates} 种偏移同样符合，暂按主机使用 UTC 处理；请用 --time-zone 指定',
  },
  undecided: {
    en: '{candidates} days or zones fit equally well: --strace-date or --time-zone settles it',
    zh: '有 {candidates} 种日期或时区同样符合；请用 --strace-date 或 --time-zone 指定',
  },
  'only-day': {
    en: 'all snapshots are of one day, so the log is taken to be of that day; it does not overlap with them',
    zh: '所有快照都在同一天，因此认为日志也属于这一天；两者在时间上不重叠',
  },
  'no-overlap': {
    en: 'no shift makes log and snapshots overlap: --strace-date or --time-zone settles it',
    zh: '没有任何偏移能使日志与快照在时间上重叠；请用 --strace-date 或 --time-zone 指定',
  },
} as const satisfies Record<string, Sentence>

interface Facts extends Partial<Agreement> {
  readonly date?: string
  readonly zone?: string
  readonly candidates?: number
  readonly rival?: (Agreement & { readonly share: number }) | null
}

/** Fills one reason in. */
export function clockReason(reason: keyof typeof REASONS, facts: Facts): Sentence {
  const checks = facts.checks ?? 0
  const held = checks - (facts.misses ?? 0)
  const percent = facts.rival ? Math.round(100 * (1 - facts.rival.share)) : 0
  const rival: Sentence = facts.rival
    ? { en: `, under the next best ${percent} %`, zh: `，次优偏移下为 ${percent} %` }
    : { en: '', zh: '' }
  const places: Record<string, Sentence | string | number> = {
    date: facts.date ?? '',
    zone: facts.zone ?? '',
    candidates: facts.candidates ?? 0,
    inside: insideText(facts.snapshots ?? 0, facts.inside ?? 0),
    checks,
    held,
    shift: facts.offset === undefined ? '' : shiftText(facts.offset),
    rival,
  }
  const fill = (language: 'en' | 'zh'): string =>
    REASONS[reason][language].replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = places[name] ?? ''
      return typeof value === 'object' ? value[language] : String(value)
    })
  return { en: fill('en'), zh: fill('zh') }
}

/** Which snapshots were looked at. */
const insideText = (looked: number, inside: number): Sentence =>
  looked === inside
    ? { en: `the ${looked} snapshots inside it`, zh: `其间的 ${looked} 个快照` }
    : { en: `${looked} of the ${inside} snapshots inside it`, zh: `其间 ${inside} 个快照中的 ${looked} 个` }

/** A shift of many days is a date, a small one is an offset: `2026-11-22`, `+08:00`, `2026-11-22 +01:00`. */
function shiftText(offset: number): string {
  if (Math.abs(offset) < 30 * DAY) return zoneText(offset)
  const day = Math.round(offset / DAY) * DAY
  const rest = offset - day
  const date = formatTime(day).slice(0, 10)
  return rest === 0 ? date : `${date} ${zoneText(rest)}`
}

function zoneText(offset: number): string {
  const size = Math.abs(offset)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${offset < 0 ? '−' : '+'}${two(Math.floor(size / HOUR))}:${two(Math.floor((size % HOUR) / MINUTE))}`
}
