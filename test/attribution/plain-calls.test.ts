/** Calls that the kernel applies and calls that are applied one by one go to the same ranges and books, and say the same. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Attribution } from '../../src/model/attribution.ts'
import fc from '../support/property.ts'
import { evidenceOf, factsOf, zooCases } from '../support/zoo.ts'
import { KernelModel } from './kernel-model.ts'
import { attributed, Script, snapshotOf } from './support.ts'

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
  it('say the same however they are applied, by thread or interleaved, with a snapshot before them or not', async () => {
    const rounds = fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 4 })
    let applied = 0
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 5 }), rounds, async (seed, threads, list) => {
        const { trace, interleaved, snapshots: all } = await written(seed, threads, list)
        for (const snapshots of [all, all.slice(1)]) {
          const whole = await attributed(trace, snapshots)
          expect(whole).toEqual(await oneByOne.attributed(trace, snapshots))
          const mixed = await attributed(interleaved, snapshots)
          expect(mixed).toEqual(await oneByOne.attributed(interleaved, snapshots))
          applied += whole.owners.length
        }
      }),
      { numRuns: 40 },
    )
    expect(applied).toBeGreaterThan(0)
  })

  it('say the same whatever was called, whether or not snapshots agree', async () => {
    const place = fc.integer({ min: 0x100, max: 0x118 }).map((page) => `0x${(page * 4096).toString(16)}`)
    const length = fc.constantFrom(
      '0',
      '1',
      '4096',
      '8192',
      '12000',
      '65536',
      '4294967296',
      '140737488355328',
    )
    const protection = fc.constantFrom('PROT_NONE', 'PROT_READ', 'PROT_READ|PROT_WRITE')
    const flags = fc.constantFrom(
      'MAP_PRIVATE|MAP_ANONYMOUS',
      'MAP_SHARED|MAP_ANONYMOUS',
      'MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS|MAP_NORESERVE',
      'MAP_PRIVATE|MAP_ANONYMOUS|MAP_STACK',
      'MAP_PRIVATE|MAP_ANONYMOUS|MAP_GROWSDOWN',
      'MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB',
      'MAP_PRIVATE',
    )
    const result = fc.constantFrom('0', '0', '0', '-1 EINVAL (Invalid argument)', '?')
    const call = fc.oneof(
      fc
        .tuple(length, protection, flags, place)
        .map(([l, p, f, at]) => `mmap(NULL, ${l}, ${p}, ${f}, ${f === 'MAP_PRIVATE' ? 3 : -1}, 0) = ${at}`),
      fc.tuple(place, length, result).map(([at, l, r]) => `munmap(${at}, ${l}) = ${r}`),
      fc
        .tuple(place, length, fc.constantFrom('MADV_DONTNEED', 'MADV_FREE', 'MADV_WILLNEED'))
        .map(([at, l, advice]) => `madvise(${at}, ${l}, ${advice}) = 0`),
      fc.tuple(place, length, protection).map(([at, l, p]) => `mprotect(${at}, ${l}, ${p}) = 0`),
      fc.tuple(place, place).map(([from, to]) => `mremap(${from}, 4096, 8192, MREMAP_MAYMOVE) = ${to}`),
      fc.constantFrom('brk(0x120000) = 0x120000', 'brk(NULL) = 0x11f000', 'read(3, "x", 1) = 1'),
    )
    const step = fc.record({
      tid: fc.integer({ min: 10, max: 12 }),
      wait: fc.integer({ min: 1, max: 400_000 }),
      took: fc.integer({ min: 0, max: 300_000 }),
      call,
    })
    const seen = fc.array(fc.tuple(fc.integer({ min: 0x100, max: 0x117 }), fc.integer({ min: 1, max: 3 })), {
      maxLength: 5,
    })
    const steps = fc.array(step, { minLength: 1, maxLength: 60 })
    const width = fc.constantFrom(1, 4, 60)
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.array(seen, { minLength: 1, maxLength: 3 }),
        width,
        async (list, maps, wide) => {
          const script = new Script()
          const now = new Map<number, number>()
          for (const { tid, wait, took, call: text } of list) {
            const at = (now.get(tid) ?? 0.5) + wait / 1e6
            now.set(tid, at + took / 1e6)
            script.call(tid, at, text, took)
          }
          const snapshots = await Promise.all(
            maps.map((ranges, k) => {
              const lines: string[] = []
              let from = 0
              for (const [page, pages] of ranges.sort(([a], [b]) => a - b)) {
                if (page < from) continue
                from = page + pages
                lines.push(`${page.toString(16)}-${from.toString(16)} rw-p`)
              }
              return snapshotOf(10, k * 4, lines.join('\n') || '90-91 rw-p', wide)
            }),
          )
          for (const trace of [await script.trace(), await script.interleaved()])
            expect(await attributed(trace, snapshots)).toEqual(await oneByOne.attributed(trace, snapshots))
        },
      ),
      { numRuns: 80 },
    )
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
