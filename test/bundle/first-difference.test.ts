import { expect, test } from 'vitest'
import { firstDifference } from '../../src/run/first-difference.ts'

test.each([
  ['nothing', { a: [1, { b: null }] }, { a: [1, { b: null }] }, null],
  ['-0, which JSON writes as 0', { grownBytes: 0 }, { grownBytes: -0 }, null],
  ['a number', { a: [1, 2] }, { a: [1, 3] }, 'x: a.1 is 2, the evidence gives 3'],
  ['a field that is missing', { a: {} }, { a: { b: 0 } }, 'x: a.b is nothing, the evidence gives 0'],
  ['a list for an object', { a: [] }, { a: {} }, 'x: a is [], the evidence gives {}'],
  ['0 for unknown', { a: null }, { a: 0 }, 'x: a is null, the evidence gives 0'],
])('%s', (_, told, found, words) => expect(firstDifference(told, found, 'x')).toBe(words))
