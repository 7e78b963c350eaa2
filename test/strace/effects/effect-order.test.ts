import { describe, expect, it } from 'vitest'
import { MEMORY_CALLS } from '../../../src/model/trace.ts'
import { ENTRY } from '../../../src/strace/effects/phases.ts'
import { attributed, snapshotOf, traceOf } from '../../attribution/support.ts'
import { effectsOf } from '../../support/effect-order.ts'
import fc from '../../support/property.ts'

/** `12 munmap entry`, in the order of the merge. */
async function orderOf(logs: Record<number, string>): Promise<string[]> {
  const trace = await traceOf(logs)
  return Array.from(
    effectsOf(trace),
    ({ event, phase }) =>
      `${trace.events.tid(event)} ${MEMORY_CALLS[trace.events.call(event)]} ${phase === ENTRY ? 'entry' : 'exit'}`,
  )
}

describe('the order in which calls take effect', () => {
  it('a freed address is given out again: munmap entry before mmap exit, though it returns later', async () => {
    expect(
      await orderOf({
        11: '1.000100 munmap(0x7f0000000000, 4096) = 0 <500>',
        12: '1.000050 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000 <200>',
      }),
    ).toEqual(['11 munmap entry', '12 mmap exit'])
  })

  it('mremap releases when it begins and acquires when it returns', async () => {
    expect(
      await orderOf({
        11: '1.0 mremap(0x7f0000000000, 4096, 8192, MREMAP_MAYMOVE) = 0x7f0000100000 <300>',
        12: '1.0001 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000 <100>',
      }),
    ).toEqual(['11 mremap entry', '12 mmap exit', '11 mremap exit'])
  })

  it('at one and the same instant a release goes first', async () => {
    expect(
      await orderOf({
        12: '1.0 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000 <100>',
        11: '1.0001 munmap(0x7f0000000000, 4096) = 0 <10>',
      }),
    ).toEqual(['11 munmap entry', '12 mmap exit'])
  })

  it('without -T all effects fall on the entries', async () => {
    expect(
      await orderOf({
        11: '1.0002 munmap(0x7f0000000000, 4096) = 0',
        12: '1.0001 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000',
      }),
    ).toEqual(['12 mmap exit', '11 munmap entry'])
  })

  it('calls of one thread keep their order even where its clock was set back', async () => {
    expect(
      await orderOf({
        11: '2.0 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000 <10>\n1.0 munmap(0x7f0000000000, 4096) = 0 <10>',
      }),
    ).toEqual(['11 mmap exit', '11 munmap entry'])
  })

  it('never goes back in time, and yields every effect once', async () => {
    const calls = fc.array(
      fc.record({
        tid: fc.integer({ min: 10, max: 14 }),
        gap: fc.integer({ min: 0, max: 50 }),
        took: fc.integer({ min: 0, max: 200 }),
        maps: fc.boolean(),
      }),
      { minLength: 1, maxLength: 60 },
    )
    await fc.assert(
      fc.asyncProperty(calls, async (list) => {
        const logs: Record<number, string> = {}
        const clock: Record<number, number> = {}
        for (const { tid, gap, took, maps } of list) {
          const at = (clock[tid] ?? 1e6) + gap
          clock[tid] = at + took
          const call = maps
            ? 'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000'
            : 'munmap(0x7f0000000000, 4096) = 0'
          logs[tid] = `${logs[tid] ?? ''}${(at / 1e6).toFixed(6)} ${call} <${took}>\n`
        }
        let last = Number.NEGATIVE_INFINITY
        let count = 0
        for (const { time } of effectsOf(await traceOf(logs))) {
          expect(time).toBeGreaterThanOrEqual(last)
          last = time
          count += 1
        }
        expect(count).toBe(list.length)
      }),
      { numRuns: 60 },
    )
  })
})

describe('the chain of breaks', () => {
  const before = '100-110 rw-p [heap]'

  it('two overlapping growths that return in the other order keep the chain, and each its own bytes', async () => {
    //     A  brk(0x114000)  |-----------------|
    //     B  brk(0x118000)        |-----|
    const trace = await traceOf({
      11: '1.5 brk(0x114000) = 0x114000 <1000>\n3.5 getpid() = 10 <1>',
      12: '1.5001 brk(0x118000) = 0x118000 <100>\n3.5 getpid() = 10 <1>',
      10: '0.5 pause() = ? <1>',
    })
    const result = await attributed(trace, [
      await snapshotOf(10, 0, before),
      await snapshotOf(10, 1, before),
      await snapshotOf(10, 3, '100-118 rw-p [heap]'),
    ])
    expect(result.replays.every((window) => window.agreement === 1 && window.conflicts === 0)).toBe(true)
    const shares = result.accounts.find((account) => account.mechanism === 'main-heap-brk')!.shares
    expect(shares.map((share) => [share.tid, share.liveBytes])).toEqual(
      expect.arrayContaining([
        [11, 0x4000],
        [12, 0x4000],
      ]),
    )
  })

  it('a query that contradicts the chain is a conflict, not a growth', async () => {
    const trace = await traceOf({
      10: '1.5 brk(NULL) = 0x150000 <5>\n1.6 brk(0x114000) = 0x114000 <5>\n2.5 getpid() = 10 <1>',
    })
    const result = await attributed(trace, [await snapshotOf(10, 0, before), await snapshotOf(10, 1, before)])
    expect(result.windows[0]!.conflicts).toBeGreaterThan(0)
  })

  it('a refused brk returns the old break and changes nothing', async () => {
    const trace = await traceOf({
      10: '1.5 brk(0x900000) = 0x110000 <5>\n2.9 getpid() = 10 <1>\n3.5 getpid() = 10 <1>',
    })
    const result = await attributed(trace, [
      await snapshotOf(10, 0, before),
      await snapshotOf(10, 1, before),
      await snapshotOf(10, 2, before),
    ])
    expect(result.replays.every((window) => window.agreement === 1)).toBe(true)
    expect(result.windows[0]!.conflicts).toBe(0)
    expect(result.accounts).toEqual([])
  })
})
