import { describe, expect, it } from 'vitest'
import { AddressSpace } from '../../src/attribution/address-space.ts'
import { applyCall } from '../../src/attribution/apply-call.ts'
import { addDifference, differing, noDifference } from '../../src/attribution/compare.ts'
import { findInstant, type Instant } from '../../src/attribution/instant.ts'
import { GROWS_DOWN } from '../../src/attribution/kernel.ts'
import type { WaitingEffects } from '../../src/attribution/waiting-effects.ts'
import { RangeMap } from '../../src/base/range-map.ts'
import fc from '../support/property.ts'
import { KEEPER, traceOf } from './support.ts'
import { waitingOf } from './waiting.ts'

const PAGE = 4096
const BASE = 0x10_0000

/** A few pages, so that ranges meet, with the calls that map and unmap them. */
const page = fc.integer({ min: 0, max: 11 })
const count = fc.integer({ min: 1, max: 4 })
const hex = (at: number): string => `0x${(BASE + at * PAGE).toString(16)}`
const call = fc.oneof(
  fc
    .tuple(page, count, fc.constantFrom('', '|MAP_FIXED', '|MAP_GROWSDOWN'))
    .map(
      ([at, pages, flag]) =>
        `mmap(NULL, ${pages * PAGE}, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS${flag}, -1, 0) = ${hex(at)}`,
    ),
  fc.tuple(page, count).map(([at, pages]) => `munmap(${hex(at)}, ${pages * PAGE}) = 0`),
  fc.tuple(page, count).map(([at, pages]) => `mprotect(${hex(at)}, ${pages * PAGE}, PROT_READ) = 0`),
  fc
    .tuple(page, page, count)
    .map(([from, to, pages]) => `mremap(${hex(from)}, 4096, ${pages * PAGE}, MREMAP_MAYMOVE) = ${hex(to)}`),
)
const ranges = fc.array(fc.tuple(page, count, fc.constantFrom(0, 3, 3, 3 | GROWS_DOWN)), { maxLength: 4 })

function fill(map: RangeMap, list: readonly (readonly [number, number, number])[]): RangeMap {
  for (const [at, pages, tag] of list) map.set(BASE + at * PAGE, BASE + (at + pages) * PAGE, 0, tag)
  return map
}

/** All of the two is compared behind every effect. */
function comparedWhole(
  space: AddressSpace,
  effects: WaitingEffects,
  count: number,
  observed: RangeMap,
  last: boolean,
): Instant {
  return space.onSketch((sketch) => {
    const bytes = (): number => {
      const difference = noDifference()
      addDifference(difference, sketch.map, observed)
      return differing(difference)
    }
    let happened = 0
    let least = bytes()
    for (let at = 0; at < count; at += 1) {
      applyCall(sketch, effects.event(at), effects.phase(at))
      const now = bytes()
      if (now > least || (now === least && !last)) continue
      least = now
      happened = at + 1
    }
    return { happened, least }
  })
}

describe('the instant of a snapshot', () => {
  it('is where replay and snapshot differ least, whatever was called', async () => {
    const calls = fc.array(call, { minLength: 1, maxLength: 16 })
    await fc.assert(
      fc.asyncProperty(
        calls,
        ranges,
        ranges,
        fc.boolean(),
        fc.nat(4),
        async (lines, before, seen, last, less) => {
          const trace = await traceOf({ 10: lines.map((text, at) => `${at + 1} ${text} <5>`).join('\n') })
          const { kernel, effects, add } = waitingOf(trace)
          while (add());
          const space = new AddressSpace(trace, KEEPER, new RangeMap(kernel), PAGE)
          fill(space.map, before)
          const observed = fill(new RangeMap(kernel), seen)
          const count = Math.max(0, effects.length - less)
          expect(findInstant(space, effects, count, observed, last)).toEqual(
            comparedWhole(space, effects, count, observed, last),
          )
        },
      ),
    )
  })
})
