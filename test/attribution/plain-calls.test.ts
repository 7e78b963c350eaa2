/** Calls that the kernel applies and calls that are applied one by one go to the same ranges and books, and say the same. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Attribution } from '../../src/model/attribution.ts'
import fc from '../support/property.ts'
import { evidenceOf, factsOf, zooCases } from '../support/zoo.ts'
import { KernelModel } from './kernel-model.ts'
import { attributed, snapshotOf } from './support.ts'

const PLAIN_FORMS = '../../src/attribution/plain-forms.ts'

/** The same with no form told to the kernel: every call is applied by itself. */
const oneByOne = {} as { attributed: typeof attributed; factsOf: typeof factsOf }

beforeAll(async () => {
  vi.resetModules()
  vi.doMock(PLAIN_FORMS, async () => ({
    ...(await vi.importActual<typeof import('../../src/attribution/plain-forms.ts')>(PLAIN_FORMS)),
    describePlainForms: () => undefined,
  }))
  oneByOne.attributed = (await import('./support.ts')).attributed
  oneByOne.factsOf = (await import('../support/zoo.ts')).factsOf
  vi.doUnmock(PLAIN_FORMS)
})

/** Rounds of calls of several threads with a snapshot now and then, of which the last may be missing calls. */
async function written(seed: number, threads: number, rounds: readonly number[]) {
  const model = new KernelModel(
    seed,
    Array.from({ length: threads }, (_, k) => 10 + k),
  )
  const snapshots = [await snapshotOf(10, 0, model.maps())]
  model.script.call(10, 0.9, 'getpid() = 10')
  let at = 1
  for (const calls of rounds) {
    at = Math.ceil(model.round(at + 0.1, calls)) + 2
    snapshots.push(await snapshotOf(10, at, model.maps()))
    model.round(at + 0.5, calls % 5)
    at += 1
  }
  model.script.call(10, at + 2, 'getpid() = 10')
  return { trace: await model.script.trace(), interleaved: await model.script.interleaved(), snapshots }
}

describe('plain calls', () => {
  it('say the same however they are applied, by thread or interleaved', async () => {
    const rounds = fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 4 })
    let applied = 0
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 5 }), rounds, async (seed, threads, list) => {
        const { trace, interleaved, snapshots } = await written(seed, threads, list)
        const whole = await attributed(trace, snapshots)
        expect(whole).toEqual(await oneByOne.attributed(trace, snapshots))
        const mixed = await attributed(interleaved, snapshots)
        expect(mixed).toEqual(await oneByOne.attributed(interleaved, snapshots))
        applied += whole.owners.length
      }),
      { numRuns: 40 },
    )
    expect(applied).toBeGreaterThan(0)
  })

  it.skipIf(zooCases().length === 0).each(zooCases())(
    '%s: the same (shared/zoo, absent here)',
    { timeout: 60_000 },
    async (name) => {
      const files = await evidenceOf(name)
      const { attribution }: { attribution: Attribution } = await factsOf(files)
      expect(attribution).toEqual((await oneByOne.factsOf(files)).attribution)
    },
  )
})
