/**
 * Quantities in words: one way to write bytes, rates, durations and times, for every output. Three significant
 * digits, binary units, the captured host's wall clock, no locale and no time zone of this machine. Where the words
 * differ by language the answer has one text a language (the shape of `Sentence` in model/sentence.ts).
 */
import { DAY, HOUR, MINUTE, SECOND } from './units.ts'

export interface Worded {
  readonly en: string
  readonly zh: string
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const

/** `12.3`, `799`, `0.0521`, `2`: three significant digits; zeros after the point only where digits were cut. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '?'
  if (value === 0) return '0'
  const size = Math.abs(value)
  // Whole numbers of four digits and more stay whole: `1,024`, not `1.02e+3`.
  if (size >= 999.5) return formatCount(value)
  // The power of ten after rounding to three digits: 0.9999 has that of 1.00.
  const power = Number(size.toExponential(2).split('e')[1])
  const text = size.toFixed(Math.min(Math.max(0, 2 - power), 12))
  const short = text.includes('.') && Number(text) === size ? text.replace(/\.?0+$/, '') : text
  return value < 0 ? `−${short}` : short
}

/** `9797 (decode)`, or the number alone where the evidence has no name: what stands behind the word for a thread. */
export const formatThread = (tid: number, name: string | null | undefined): string =>
  name ? `${tid} (${name})` : String(tid)

/** Whole number with commas: `65,530`. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return '?'
  const rounded = Math.round(value)
  const digits = String(Math.abs(rounded))
  const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ',')
  return rounded < 0 ? `−${grouped}` : grouped
}

/** The unit that gives one to three digits before the point. */
function byteUnit(size: number): number {
  let unit = 0
  let scaled = size
  while (scaled >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    scaled /= 1024
    unit++
  }
  return unit
}

/** `52.2 MiB`, `256 KiB`, `0 B`; a negative value has a minus sign (U+2212). */
export function formatBytes(value: number): string {
  if (!Number.isFinite(value)) return '?'
  const size = Math.abs(value)
  const unit = byteUnit(size)
  const text = `${unit === 0 ? String(Math.round(size)) : formatNumber(size / 1024 ** unit)} ${BYTE_UNITS[unit]}`
  return value < 0 && !text.startsWith('0 ') ? `−${text}` : text
}

/** `+52.2 MiB`, `−3.10 MiB`, `0 B`. */
export const formatSignedBytes = (value: number): string =>
  Math.round(value) > 0 ? `+${formatBytes(value)}` : formatBytes(value)

/** `740–860 MiB` or `900 KiB–1.10 MiB`: the unit is said once where both share it. */
export function formatByteRange(low: number, high: number): string {
  const from = formatBytes(low)
  const to = formatBytes(high)
  if (from === to) return to
  const [fromText, fromUnit] = from.split(' ') as [string, string]
  return to.endsWith(` ${fromUnit}`) ? `${fromText}–${to}` : `${from}–${to}`
}

/** `799 MiB an hour`. */
export const formatRate = (bytesPerHour: number): Worded => ({
  en: `${formatBytes(bytesPerHour)} an hour`,
  zh: `每小时 ${formatBytes(bytesPerHour)}`,
})

/** `799 MiB/h`, for tables and the numbers of the first screen. */
export const formatRateShort = (bytesPerHour: number): string => `${formatBytes(bytesPerHour)}/h`

/** `799 MiB/h (740–860)`; without interval when either end is unknown. */
export function formatRateInterval(bytesPerHour: number, low: number | null, high: number | null): string {
  if (low === null || high === null) return formatRateShort(bytesPerHour)
  const unit = byteUnit(Math.abs(bytesPerHour))
  const scale = (value: number) => formatNumber(value / 1024 ** unit)
  return `${scale(bytesPerHour)} ${BYTE_UNITS[unit]}/h (${scale(low)}–${scale(high)})`
}

const DURATION_UNITS = [
  { size: DAY, en: 'd', zh: '天' },
  { size: HOUR, en: 'h', zh: '小时' },
  { size: MINUTE, en: 'min', zh: '分' },
  { size: SECOND, en: 's', zh: '秒' },
] as const

/** `3 min 55 s`, `2 h`, `1.53 s`, `20 ms`, `140 µs`: the two largest units that say something. */
export function formatDuration(micros: number): Worded {
  if (!Number.isFinite(micros)) return { en: '?', zh: '?' }
  const size = Math.abs(micros)
  if (size < 1_000) return { en: `${formatNumber(size)} µs`, zh: `${formatNumber(size)} 微秒` }
  if (size < SECOND)
    return { en: `${formatNumber(size / 1_000)} ms`, zh: `${formatNumber(size / 1_000)} 毫秒` }
  if (size < 10 * SECOND)
    return { en: `${formatNumber(size / SECOND)} s`, zh: `${formatNumber(size / SECOND)} 秒` }
  return wholeUnits(size)
}

function wholeUnits(size: number): Worded {
  const first = DURATION_UNITS.findIndex((unit) => size >= unit.size)
  const major = DURATION_UNITS[first]!
  const minor = DURATION_UNITS[first + 1]
  // Round to the smaller unit shown first, so that 59.7 s after a minute is the next minute.
  const step = minor?.size ?? major.size
  const rounded = Math.round(size / step) * step
  const carry = DURATION_UNITS.findIndex((unit) => rounded >= unit.size)
  if (carry !== first) return wholeUnits(rounded)
  const majorCount = Math.floor(rounded / major.size)
  const minorCount = minor ? Math.round((rounded - majorCount * major.size) / minor.size) : 0
  const tail = (key: 'en' | 'zh') => (minor && minorCount > 0 ? ` ${minorCount} ${minor[key]}` : '')
  const zh = `${majorCount} ${major.zh}${tail('zh')}`
  // Minutes without seconds after them are 分钟.
  return { en: `${majorCount} ${major.en}${tail('en')}`, zh: zh.endsWith('分') ? `${zh}钟` : zh }
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

/** Year, month, day of a wall clock; civil-from-days, so that no Date and no time zone takes part. */
function civil(at: number): { year: number; month: number; day: number } {
  const days = Math.floor(at / DAY) + 719_468
  const era = Math.floor(days / 146_097)
  const dayOfEra = days - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  }
}

/** `2026-11-22`. */
export function formatDay(at: number): string {
  const { year, month, day } = civil(at)
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`
}

/** `19:47:46`, without its fraction. */
export function formatClock(at: number): string {
  const rest = at - Math.floor(at / DAY) * DAY
  return `${pad(Math.floor(rest / HOUR))}:${pad(Math.floor((rest % HOUR) / MINUTE))}:${pad(Math.floor((rest % MINUTE) / SECOND))}`
}

/** `22:20`: for forecasts hours ahead, where seconds would pretend. */
const formatClockMinutes = (at: number): string => formatClock(at).slice(0, 5)

/** `2026-11-22T19:47:46` or with a fraction where there is one: the spelling of report.json, no offset. */
export function formatTime(at: number): string {
  const fraction = Math.round(at) - Math.floor(Math.round(at) / SECOND) * SECOND
  const digits = fraction === 0 ? '' : `.${pad(fraction, 6).replace(/0+$/, '')}`
  return `${formatDay(at)}T${formatClock(Math.floor(Math.round(at) / SECOND) * SECOND)}${digits}`
}

/** `19:47:46`, with its day in front when that is not the day of `beside`. */
export const formatMoment = (at: number, beside: number): string =>
  Math.floor(at / DAY) === Math.floor(beside / DAY) ? formatClock(at) : formatDated(at)

/** `2026-11-22 19:49:50`. */
export const formatDated = (at: number): string => `${formatDay(at)} ${formatClock(at)}`

/** Nearer than this, a minute is the whole wait, and cut to the minute the forecast would lie before now. */
const SOON = 2 * MINUTE

/**
 * As `formatMoment` to the minute: a forecast made at `beside`. With seconds where `middle`, the forecast whose interval
 * this is an end of, is near.
 */
export function formatForecast(at: number, beside: number, middle = at): string {
  if (middle - beside < SOON) return formatMoment(at, beside)
  return Math.floor(at / DAY) === Math.floor(beside / DAY)
    ? formatClockMinutes(at)
    : `${formatDay(at)} ${formatClockMinutes(at)}`
}

/** `58 %`, `0.4 %`, `100 %`: never rounds what is less than all up to 100. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return '?'
  const percent = share * 100
  if (percent > 99 && percent < 100) return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`
  return `${percent > 0 && percent < 1 ? formatNumber(Math.round(percent * 100) / 100) : Math.round(percent)} %`
}
