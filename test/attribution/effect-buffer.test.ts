import { expect, test } from 'vitest'
import { EffectBuffer, eventOf, phaseOf } from '../../src/attribution/effect-buffer.ts'
import { ENTRY } from '../../src/strace/effects/phases.ts'
import fc from '../support/property.ts'

/** What waits, as `event@time`. */
const waiting = (buffer: EffectBuffer): string[] =>
  Array.from(buffer.codes(), (code, k) => `${eventOf(code)}@${buffer.times()[k]}`)

test('effects wait in order, whatever was dropped and however many came', () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 1, max: 3000 }) }),
    fc.record({ drop: fc.integer({ min: 0, max: 3000 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const buffer = new EffectBuffer()
      let expected: string[] = []
      let next = 0
      for (const step of steps)
        if ('add' in step)
          for (let k = 0; k < step.add; k += 1, next += 1) {
            buffer.add(next, ENTRY, next * 10)
            expected.push(`${next}@${next * 10}`)
          }
        else {
          const count = Math.min(step.drop, buffer.length)
          buffer.drop(count)
          expected = expected.slice(count)
        }
      expect(waiting(buffer)).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})

test('phases and events above 2^31 survive', () => {
  const buffer = new EffectBuffer()
  buffer.add(2 ** 33, 1, 5)
  expect(eventOf(buffer.codes()[0]!)).toBe(2 ** 33)
  expect(phaseOf(buffer.codes()[0]!)).toBe(1)
})

test('before() counts those that came earlier', () => {
  const buffer = new EffectBuffer()
  for (const time of [1, 3, 3, 7]) buffer.add(time, ENTRY, time)
  expect([0, 1, 2, 3, 4, 7, 8].map((time) => buffer.before(time))).toEqual([0, 0, 1, 1, 3, 3, 4])
  buffer.drop(2)
  expect(buffer.before(4)).toBe(1)
})

test('fed again, those go that need not wait', () => {
  const buffer = new EffectBuffer()
  for (let time = 0; time < 6; time += 1) buffer.add(time, ENTRY, time)
  const fed: number[] = []
  buffer.again((_event, _phase, time) => {
    fed.push(time)
    return time >= 4
  })
  expect(fed).toEqual([0, 1, 2, 3, 4, 5])
  expect(waiting(buffer)).toEqual(['4@4', '5@5'])
})

test('while they are fed again, the earlier ones may be fed again in their turn', () => {
  const buffer = new EffectBuffer()
  for (let time = 0; time < 8; time += 1) buffer.add(time, ENTRY, time)
  const gone: number[] = []
  let bar = 2
  const feed = (_event: number, _phase: number, time: number): boolean => {
    // The sixth moves the bar: the ones that wait before it go first.
    if (time === 5 && bar === 2) {
      bar = 6
      buffer.again(feed)
    }
    if (time < bar) gone.push(time)
    return time >= bar
  }
  buffer.again(feed)
  expect(gone).toEqual([0, 1, 2, 3, 4, 5])
  expect(waiting(buffer)).toEqual(['6@6', '7@7'])
})
