import { describe, expect, it } from 'vitest'
import { RangeMap } from '../../src/base/range-map.ts'
import { EXIT } from '../../src/strace/effects/phases.ts'
import fc from '../support/property.ts'
import { traceOf } from './support.ts'
import { waitingOf } from './waiting.ts'

const MAKER = 0
const NEVER = (): number => Number.NEGATIVE_INFINITY
const ALWAYS = (): number => Number.POSITIVE_INFINITY

/** Places of which each is mapped once, a page each with one between them, at seconds from 0 on. */
const address = (at: number): number => (0x100 + 2 * at) * 4096
const mmap = (at: number): string =>
  `${at} mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${address(at).toString(16)} <0>`
const mapped = (count: number) =>
  traceOf({ 10: Array.from({ length: count }, (_, at) => mmap(at)).join('\n') })

/** So many mmaps wait; the thread has its seat. */
async function waiting(count: number, maker = MAKER) {
  const { kernel, space, effects, add } = waitingOf(await mapped(count), () => MAKER)
  kernel.calls.addMaker(space, 10)
  kernel.calls.seat(0, space, maker)
  kernel.calls.setKey(space, 1, 0)
  while (add());
  const map = new RangeMap(kernel, kernel.calls.rangesOf(space))
  return { kernel, effects, map, begin: effects.time(0) }
}

describe('effects that wait', () => {
  it('wait in order, whatever went and however many came', async () => {
    const trace = await mapped(3000)
    const step = fc.oneof(
      fc.record({ add: fc.integer({ min: 1, max: 900 }) }),
      fc.record({ drop: fc.integer({ min: 0, max: 900 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const { effects, add } = waitingOf(trace)
        let expected: number[] = []
        let next = 0
        for (const step of steps)
          if ('add' in step) for (let k = 0; k < step.add && add(); k += 1) expected.push(next++)
          else {
            const count = Math.min(step.drop, effects.length)
            const gone: number[] = []
            effects.drain(count, NEVER, (event) => gone.push(event))
            expect(gone).toEqual(expected.slice(0, count))
            expected = expected.slice(count)
          }
        expect(Array.from({ length: effects.length }, (_, at) => effects.event(at))).toEqual(expected)
        for (let at = 0; at < effects.length; at += 1) {
          expect(effects.phase(at)).toBe(EXIT)
          expect(effects.time(at) - trace.firstTime).toBe(effects.event(at) * 1e6)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('are counted before a time', async () => {
    const { effects, begin } = await waiting(8)
    const earlier = (...seconds: number[]) => seconds.map((second) => effects.before(begin + second * 1e6))
    expect(earlier(-1, 0, 0.5, 1, 6.5, 7, 9)).toEqual([0, 0, 1, 1, 7, 7, 8])
    effects.drain(2, NEVER, () => {})
    expect(earlier(1, 2.5)).toEqual([0, 1])
  })

  it('go to the ranges where they are plain and in time, and to the caller where not', async () => {
    const { effects, map, begin } = await waiting(6)
    const given: number[] = []
    effects.drain(
      4,
      () => begin + 2e6,
      (event) => given.push(event),
    )
    expect(given).toEqual([2, 3])
    expect(effects.length).toBe(2)
    expect(map.pieces(0, Number.POSITIVE_INFINITY).map(({ start }) => start)).toEqual([0, 1].map(address))
  })

  it('of a thread without a seat go to the caller', async () => {
    const { kernel, effects, map } = await waiting(3)
    kernel.calls.leaveSeats()
    const given: number[] = []
    effects.drain(3, ALWAYS, (event) => given.push(event))
    expect(given).toEqual([0, 1, 2])
    expect(map.size).toBe(0)
  })

  it('of a thread that becomes a maker by the first of them go to the ranges from then on', async () => {
    const drained = await waiting(4, -1)
    const given: number[] = []
    drained.effects.drain(4, ALWAYS, (event) => given.push(event))
    expect(given).toEqual([0])
    expect(drained.map.size).toBe(3)
    const fed = await waiting(4, -1)
    fed.effects.again(ALWAYS, (event) => {
      given.push(event)
      return false
    })
    expect(given).toEqual([0, 0])
    expect(fed.map.size).toBe(3)
  })

  it('fed again, go when they need not wait; the kernel takes those before `until`', async () => {
    const { effects, map, begin } = await waiting(6)
    const fed: number[] = []
    effects.again(
      () => begin + 2e6,
      (event) => {
        fed.push(event)
        return event >= 4
      },
    )
    expect(fed).toEqual([2, 3, 4, 5])
    expect(map.size).toBe(2)
    expect([effects.event(0), effects.event(1), effects.length]).toEqual([4, 5, 2])
  })

  it('fed again, may be fed again in their turn', async () => {
    const { effects } = await waiting(8)
    const gone: number[] = []
    let bar = 2
    const feed = (event: number): boolean => {
      // The sixth moves the bar: the ones that wait before it go first.
      if (event === 5 && bar === 2) {
        bar = 6
        effects.again(NEVER, feed)
      }
      if (event < bar) gone.push(event)
      return event >= bar
    }
    effects.again(NEVER, feed)
    expect(gone).toEqual([0, 1, 2, 3, 4, 5])
    expect([effects.event(0), effects.event(1), effects.length]).toEqual([6, 7, 2])
  })
})
