import { describe, expect, it } from 'vitest'
import {
  formatByteRange,
  formatBytes,
  formatCount,
  formatDuration,
  formatForecast,
  formatMoment,
  formatNumber,
  formatRate,
  formatRateInterval,
  formatShare,
  formatSignedBytes,
  formatTime,
} from '../../src/base/format.ts'
import { DAY, GIB, HOUR, KIB, MIB, MINUTE, SECOND } from '../../src/base/units.ts'
import fc from '../support/property.ts'

describe('numbers', () => {
  it.each([
    [0, '0'],
    [2, '2'],
    [12.34, '12.3'],
    [799.4, '799'],
    [1024, '1,024'],
    [0.05211, '0.0521'],
    [-3.5, '−3.5'],
    [Number.NaN, '?'],
  ])('%s reads %s', (value, text) => expect(formatNumber(value)).toBe(text))
  it('counts carry commas', () => expect(formatCount(65530)).toBe('65,530'))
})

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [4096, '4 KiB'],
    [52.2 * MIB, '52.2 MiB'],
    [2 * GIB, '2 GiB'],
    [1023.9 * KIB, '1.00 MiB'],
    [799 * MIB, '799 MiB'],
    [-3 * MIB, '−3 MiB'],
  ])('%s reads %s', (value, text) => expect(formatBytes(value)).toBe(text))
  it('signs growth', () => {
    expect(formatSignedBytes(MIB)).toBe('+1 MiB')
    expect(formatSignedBytes(-MIB)).toBe('−1 MiB')
    expect(formatSignedBytes(0)).toBe('0 B')
  })
  it('says a shared unit once', () => {
    expect(formatByteRange(740 * MIB, 860 * MIB)).toBe('740–860 MiB')
    expect(formatByteRange(256 * KIB, MIB)).toBe('256 KiB–1 MiB')
  })
  it('states rates with their interval', () => {
    expect(formatRate(799 * MIB)).toEqual({ en: '799 MiB an hour', zh: '每小时 799 MiB' })
    expect(formatRateInterval(799 * MIB, 740 * MIB, 860 * MIB)).toBe('799 MiB/h (740–860)')
    expect(formatRateInterval(799 * MIB, null, null)).toBe('799 MiB/h')
  })
  it('stays within half of the last of three digits', () =>
    fc.assert(
      fc.property(fc.double({ min: 1, max: 2 ** 49, noNaN: true }), (value) => {
        const [number, unit] = formatBytes(value).split(' ') as [string, string]
        const scale = 1024 ** ['B', 'KiB', 'MiB', 'GiB', 'TiB'].indexOf(unit)
        expect(Math.abs(Number(number.replaceAll(',', '')) * scale - value)).toBeLessThanOrEqual(
          Math.max(value * 0.00501, 0.5),
        )
      }),
    ))
})

describe('time', () => {
  it.each([
    [140, '140 µs', '140 微秒'],
    [20_000, '20 ms', '20 毫秒'],
    [1.534 * SECOND, '1.53 s', '1.53 秒'],
    [3 * MINUTE + 55 * SECOND, '3 min 55 s', '3 分 55 秒'],
    [2 * HOUR, '2 h', '2 小时'],
    [59.7 * SECOND, '1 min', '1 分钟'],
    [HOUR - 1, '1 h', '1 小时'],
    [26 * HOUR, '1 d 2 h', '1 天 2 小时'],
  ])('%s µs reads %s', (value, en, zh) => expect(formatDuration(value)).toEqual({ en, zh }))
  it('agrees with ISO 8601 for every moment of four centuries', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 365 * 86_400 }), (seconds) => {
        expect(formatTime(seconds * SECOND)).toBe(new Date(seconds * 1000).toISOString().slice(0, 19))
      }),
    ))
  it('keeps fractions of a second and names another day', () => {
    expect(formatTime(1.5 * SECOND)).toBe('1970-01-01T00:00:01.5')
    expect(formatMoment(DAY + HOUR, DAY)).toBe('01:00:00')
    expect(formatMoment(DAY + HOUR, HOUR)).toBe('1970-01-02 01:00:00')
  })

  it('tells a forecast to the minute, and to the second where it is less than two minutes away', () => {
    const now = HOUR + 50 * SECOND
    expect(formatForecast(now + 2 * MINUTE, now)).toBe('01:02')
    expect(formatForecast(now + 2 * MINUTE - 1, now)).toBe('01:02:49')
    expect(formatForecast(DAY, DAY - MINUTE)).toBe('1970-01-02 00:00:00')
    expect(formatForecast(now + 3 * MINUTE, now, now + MINUTE)).toBe('01:03:50')
    expect(formatForecast(now + MINUTE, now, now + 3 * MINUTE)).toBe('01:01')
  })
})

describe('shares', () => {
  it.each([
    [1, '100 %'],
    [0.9999, '99.9 %'],
    [0.58, '58 %'],
    [0.004, '0.4 %'],
    [0, '0 %'],
  ])('%s reads %s', (value, text) => expect(formatShare(value)).toBe(text))
})
