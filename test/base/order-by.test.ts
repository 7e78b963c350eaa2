import fc from 'fast-check'
import { expect, it } from 'vitest'
import { orderBy } from '../../src/base/order-by.ts'

const keys = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 200 })

it('orders as a stable sort does', () => {
  fc.assert(
    fc.property(keys, (list) => {
      const expected = list.map((_, at) => at).sort((a, b) => list[a]! - list[b]! || a - b)
      expect([...orderBy(Float64Array.from(list))]).toEqual(expected)
    }),
  )
})
