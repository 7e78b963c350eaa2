import { describe, expect, it } from 'vitest'
import { middleOf } from '../../src/timeline/trend/selection.ts'
import fc from '../support/property.ts'

/** The slow way. Of equal numbers any may stand in the middle, and -0 equals 0: both sides are told as 0. */
function middleOfSorted(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  const low = sorted[(sorted.length - 1) >> 1]!
  return unsigned(low + (sorted[sorted.length >> 1]! - low) / 2)
}

const unsigned = (value: number): number => (value === 0 ? 0 : value)

describe('the middle of unordered numbers', () => {
  it('is that of the sorted ones, and they stay as they are', () => {
    const number = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ noNaN: true, min: -1e12, max: 1e12 }),
    )
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 300 }), (values) => {
        const before = [...values]
        expect(unsigned(middleOf(values))).toBe(middleOfSorted(values))
        expect(values).toEqual(before)
      }),
    )
  })

  it.each<[what: string, value: (at: number) => number]>([
    ['all equal', () => 7],
    ['falling', (at) => -at],
    ['two values in turn', (at) => at % 2],
    ['up and down', (at) => (at < 2500 ? at : 5001 - at)],
    ['teeth', (at) => (at * 7919) % 101],
  ])('%s: of five thousand', (_, value) => {
    const values = Array.from({ length: 5001 }, (_, at) => value(at))
    expect(unsigned(middleOf(values))).toBe(middleOfSorted(values))
  })

  it('is found where every split is as bad as can be', () => {
    // Built against the middle of the first, the middle and the last: each split takes off next to nothing.
    const size = 2000
    const values = new Array<number>(size).fill(Number.NaN)
    const order = Array.from({ length: size }, (_, at) => at)
    let [first, last, rank] = [0, size - 1, 0]
    while (last - first > 2) {
      for (const at of [first, (first + last) >> 1]) {
        values[order[at]!] = rank
        rank += 1
      }
      const middle = (first + last) >> 1
      ;[order[first + 1], order[middle]] = [order[middle]!, order[first + 1]!]
      first += 2
    }
    for (let at = 0; at < size; at += 1) if (Number.isNaN(values[at]!)) values[at] = rank++
    expect(middleOf(values)).toBe(middleOfSorted(values))
  })
})
