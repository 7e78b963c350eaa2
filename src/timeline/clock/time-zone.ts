import { HOUR, MINUTE, type Micros, micros } from '../../base/units.ts'

const FIXED = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/

/**
 * How far a zone's wall clock is ahead of UTC at an instant (micros since 1970, UTC). Zones are `Area/City`, `UTC` or
 * `+HH:MM`; `null` when the zone is not known. Area names use the zone data that Node.js brings along, never the
 * machine's own zone.
 */
export function zoneOffset(zone: string, at: Micros): Micros | null {
  const fixed = FIXED.exec(zone)
  if (fixed) {
    const size = Number(fixed[2]) * HOUR + Number(fixed[3] ?? 0) * MINUTE
    return micros(fixed[1] === '-' ? -size : size)
  }
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(new Date(at / 1000))
    const value = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
    const wall = Date.UTC(
      value('year'),
      value('month') - 1,
      value('day'),
      value('hour'),
      value('minute'),
      value('second'),
    )
    return micros((wall - Math.floor(at / 1e6) * 1000) * 1000)
  } catch {
    return null
  }
}
