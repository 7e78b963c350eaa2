import { type Micros, micros } from '../../base/units.ts'
import type { SideFile } from './reader.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `2026-11-22T19:42:05.123456+08:00`, `Sun 2026-11-22 19:42:05 CST`: the wall clock as printed. */
const ISO = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,6}))?/
/** `[Sun Nov 22 19:42:05 2026]` of `dmesg -T`. */
const DMESG = /\[\w{3} (\w{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})\]/
/** `Nov 22 19:42:05` of syslog and journalctl: no year. */
const SYSLOG = /^(\w{3}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))? /

/**
 * The instant of a log line, on the clock it is printed in. Seconds since boot (`[12345.678901]`) say nothing without
 * the time of boot: `null`.
 */
export function logTime(line: string, file: SideFile): Micros | null {
  const start = line.slice(0, 64)
  const iso = ISO.exec(start)
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction = '0'] = iso
    return instant(Number(year), Number(month) - 1, day, hour, minute, second, fraction)
  }
  const dmesg = DMESG.exec(start)
  if (dmesg) {
    const [, month, day, hour, minute, second, year] = dmesg
    return instant(Number(year), MONTHS.indexOf(month!), day, hour, minute, second, '0')
  }
  const syslog = SYSLOG.exec(start)
  if (!syslog) return null
  const [, name, day, hour, minute, second, fraction = '0'] = syslog
  const month = MONTHS.indexOf(name!)
  const year = month < 0 ? null : file.yearOf(month, Number(day))
  return year === null ? null : instant(year, month, day, hour, minute, second, fraction)
}

function instant(
  year: number,
  month: number,
  day: string | undefined,
  hour: string | undefined,
  minute: string | undefined,
  second: string | undefined,
  fraction: string,
): Micros | null {
  if (month < 0 || month > 11) return null
  const millis = Date.UTC(year, month, Number(day), Number(hour), Number(minute), Number(second))
  return micros(millis * 1000 + Number(fraction.padEnd(6, '0')))
}
