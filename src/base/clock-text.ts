/** `2026-11-22T19:47:46.25` back to microseconds of the host's wall clock: the inverse of `formatTime`. */
import { HOUR, MINUTE, SECOND } from './units.ts'

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/

/** Days from 1970-01-01 to a civil date, without Date and without a time zone. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** Microseconds, or NaN when `text` is not a time as report.json spells them. */
export function parseTime(text: string): number {
  const match = SHAPE.exec(text)
  if (!match) return Number.NaN
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const fraction = match[7] ? Number(match[7].padEnd(6, '0')) : 0
  return (
    daysFromCivil(year, month, day) * 24 * HOUR + hour * HOUR + minute * MINUTE + second * SECOND + fraction
  )
}
