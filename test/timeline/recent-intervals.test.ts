import { describe, expect, it } from 'vitest'
import { RecentIntervals } from '../../src/timeline/recent-intervals.ts'
import fc from '../support/property.ts'

describe('the usual interval', () => {
  it('is the median of the last ones, and unknown while there are too few', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 200 }), (list) => {
        const intervals = new RecentIntervals()
        for (const [at, interval] of list.entries()) {
          intervals.add(interval)
          const recent = list.slice(Math.max(0, at - 62), at + 1).sort((a, b) => a - b)
          expect(intervals.usual).toBe(recent.length < 4 ? null : recent[recent.length >> 1])
        }
      }),
    )
  })
})
