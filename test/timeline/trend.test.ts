import { describe, expect, it } from 'vitest'
import { HOUR, KIB, MIB, MINUTE } from '../../src/base/units.ts'
import type { Trend } from '../../src/model/timeline.ts'
import { changePoint } from '../../src/timeline/trend/change-point.ts'
import { judge } from '../../src/timeline/trend/judge.ts'
import { bendOf } from '../../src/timeline/trend/saturation.ts'
import { seriesOf } from '../../src/timeline/trend/series.ts'
import { studentQuantile } from '../../src/timeline/trend/student.ts'
import { teethOf } from '../../src/timeline/trend/teeth.ts'
import { theilSen } from '../../src/timeline/trend/theil-sen.ts'
import { amount } from '../../src/timeline/trend/words.ts'
import fc from '../support/property.ts'
import { NOON } from '../support/synthetic-capture.ts'

const minutes = (count: number): number[] => Array.from({ length: count }, (_, at) => NOON + at * MINUTE)
const of = (values: readonly number[], times = minutes(values.length)): Trend =>
  judge(seriesOf(times, values), 'rss')
const from = (count: number, level: (at: number) => number): number[] =>
  Array.from({ length: count }, (_, at) => level(at))
/** Repeatable scatter in −1..1. */
const noise = (at: number): number => {
  const value = Math.sin(at * 12.9898) * 43758.5453
  return 2 * (value - Math.floor(value)) - 1
}

describe('too few samples', () => {
  it('share one trend where they stand still alike: a capture can have thousands of such series', () => {
    const still = of([MIB, MIB])
    expect(of([KIB, KIB])).toBe(still)
    expect(of([2 * MIB, 2 * MIB])).toMatchObject({ shape: 'too-short', grown: 0, detectionLimit: 2 * MIB })
    expect(of([MIB, 2 * MIB])).toMatchObject({ shape: 'too-short', grown: MIB, detectionLimit: 2 * MIB })
    const later = of([MIB, MIB], [NOON + MINUTE, NOON + HOUR])
    expect(later).toMatchObject({ samples: 2, from: NOON + MINUTE, to: NOON + HOUR })
    expect(of([MIB, MIB])).toEqual(still)
  })
})

describe('the slope', () => {
  it('is exact on a line, on real time stamps', () => {
    const times = [0, 1, 2, 5, 9, 20, 21, 40].map((minute) => NOON + minute * MINUTE)
    const line = theilSen(
      seriesOf(
        times,
        times.map((time) => 7 + (3 * MIB * (time - NOON)) / HOUR),
      ),
    )
    expect(line.slope).toBeCloseTo(3 * MIB, 3)
    expect(line.low).toBeCloseTo(3 * MIB, 3)
    expect(line.high).toBeCloseTo(3 * MIB, 3)
  })

  it('does not mind a quarter of the samples being nonsense', () => {
    const values = from(40, (at) => (at % 4 === 1 ? noise(at) * 900 * MIB : at * MIB))
    expect(theilSen(seriesOf(minutes(40), values)).slope / (60 * MIB)).toBeCloseTo(1, 1)
  })

  it('leaves out what is not known', () => {
    const values = from(40, (at) => (at % 3 === 0 ? Number.NaN : at * MIB))
    expect(of(values)).toMatchObject({ shape: 'growing', samples: 26 })
  })
})

describe('a change', () => {
  it('is found where it is', () => {
    const split = changePoint(
      seriesOf(
        minutes(60),
        from(60, (at) => (at < 20 ? at * MIB : 20 * MIB) + noise(at) * 1e4),
      ),
    )
    expect(split!.at).toBeGreaterThanOrEqual(18)
    expect(split!.at).toBeLessThanOrEqual(22)
  })
  it('is not found in a line', () => {
    expect(
      changePoint(
        seriesOf(
          minutes(60),
          from(60, (at) => at * MIB + noise(at) * MIB),
        ),
      ),
    ).toBeNull()
  })
})

describe('the pieces', () => {
  it('an amount says one mapping where it rounds to one', () => {
    expect([0.7, -1, 11].map((value) => amount('ranges', value).en)).toEqual([
      '1 mapping',
      '−1 mapping',
      '11 mappings',
    ])
  })

  it('know Student’s quantiles', () => {
    expect(studentQuantile(1.959964, 10)).toBeCloseTo(2.228, 2)
    expect(studentQuantile(3.29, 6)).toBeCloseTo(5.95, 0)
    expect(studentQuantile(1.959964, 1e6)).toBeCloseTo(1.96, 3)
  })
  it('know a bend from a line', () => {
    const hours = minutes(40)
    expect(
      bendOf(
        seriesOf(
          hours,
          from(40, (at) => Math.sqrt(at + 1) * MIB + noise(at) * 1e4),
        ),
      ).ratio,
    ).toBeLessThan(0.5)
    expect(
      bendOf(
        seriesOf(
          hours,
          from(40, (at) => at * MIB + noise(at) * 1e4),
        ),
      ).ratio,
    ).toBeCloseTo(1, 1)
  })
  it('count the teeth', () => {
    const saw = from(60, (at) => (at % 12) * MIB)
    expect(teethOf(seriesOf(minutes(60), saw)).troughs).toEqual([12, 24, 36, 48])
    expect(
      teethOf(
        seriesOf(
          minutes(60),
          from(60, (at) => at * MIB),
        ),
      ).troughs,
    ).toEqual([])
  })
})

describe('a shape', () => {
  it.each<[Trend['shape'], number[]]>([
    ['growing', from(40, (at) => 50 * MIB + at * MIB)],
    ['growing', from(60, (at) => 50 * MIB + Math.floor(at / 6) * 4 * MIB)],
    ['growing', from(96, (at) => 50 * MIB + at * MIB + (at % 12) * 6 * MIB)],
    ['growing', from(90, (at) => (at < 15 ? at * 10 * MIB : 150 * MIB + (at - 15) * MIB))],
    ['saturating', from(60, (at) => 300 * MIB * Math.log1p(at / 6))],
    ['step', from(60, (at) => (at < 25 ? 50 : 90) * MIB + noise(at) * 1e5)],
    ['step', from(60, (at) => (at < 20 ? 50 : at < 45 ? 80 : 110) * MIB + noise(at) * 1e5)],
    ['sawtooth', from(60, (at) => 20 * MIB + (at % 13) * 5 * MIB)],
    ['plateau', from(60, (at) => 500 * MIB + noise(at) * 3 * MIB)],
    ['plateau', from(90, (at) => 200 * MIB * (1 - Math.exp(-at / 6)) + noise(at) * 1e5)],
    ['shrinking', from(40, (at) => 500 * MIB - at * MIB)],
    ['too-short', from(7, (at) => at * 100 * MIB)],
  ])('%s', (shape, values) => {
    expect(of(values).shape).toBe(shape)
  })

  it('is not growing below one mebibyte, however straight', () => {
    expect(of(from(200, (at) => at * 4096)).shape).toBe('plateau')
    expect(of(from(400, (at) => at * 4096)).shape).toBe('growing')
  })

  it('of mappings counts from eight on', () => {
    const count = (values: number[]) => judge(seriesOf(minutes(values.length), values), 'ranges').shape
    expect(count(from(20, (at) => 100 + Math.floor(at / 4)))).toBe('plateau')
    expect(count(from(20, (at) => 100 + at))).toBe('growing')
  })

  it('comes with reasons in both languages', () => {
    const { reason } = of(from(40, (at) => at * MIB))
    expect(reason.en).toMatch(/grew by 39 MiB over 39 min/)
    expect(reason.zh).toContain('39 MiB')
  })
})

describe('any series at all', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 1e12 }), fc.constant(Number.NaN)), {
    maxLength: 120,
  })

  it('gets a verdict of finite numbers, the same each time', () => {
    fc.assert(
      fc.property(values, (list) => {
        const trend = of(list)
        for (const key of ['grown', 'noise', 'detectionLimit', 'from', 'to'] as const)
          expect(Number.isFinite(trend[key]), `${key} ${trend[key]}`).toBe(true)
        for (const key of ['perHour', 'low', 'high', 'onset'] as const)
          expect(trend[key] === null || Number.isFinite(trend[key]), `${key} ${trend[key]}`).toBe(true)
        if (trend.shape !== 'too-short') {
          expect(trend.low!).toBeLessThanOrEqual(trend.perHour! + 1e-6 * Math.abs(trend.perHour!))
          expect(trend.high!).toBeGreaterThanOrEqual(trend.perHour! - 1e-6 * Math.abs(trend.perHour!))
        }
        expect(of(list)).toEqual(trend)
      }),
      { numRuns: 300 },
    )
  })

  it('keeps its shape when the clock or the level is another', () => {
    const pages = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 8, maxLength: 80 })
    fc.assert(
      fc.property(pages, (list) => {
        const plain = list.map((page) => page * 4096)
        const shape = of(plain).shape
        const later = minutes(plain.length).map((time) => time + 400 * 24 * HOUR)
        expect(of(plain, later).shape).toBe(shape)
      }),
      { numRuns: 200 },
    )
  })

  it('with equal stamps is too short, not a division by zero', () => {
    expect(
      of(
        from(20, (at) => at * MIB),
        Array(20).fill(NOON),
      ).shape,
    ).toBe('too-short')
    const pairs = from(40, (at) => NOON + Math.floor(at / 2) * MINUTE)
    expect(
      of(
        from(40, (at) => at * MIB),
        pairs,
      ).shape,
    ).toBe('growing')
  })
})
