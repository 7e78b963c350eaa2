import { describe, expect, it } from 'vitest'
import fc from '../support/property.ts'
import { KernelModel } from './kernel-model.ts'
import { attributed, Script, snapshotOf, traceOf } from './support.ts'

describe('against a model of the kernel', () => {
  it('any threads, any calls, any overlap: no conflict, no differing page, every page its maker', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 2, maxLength: 5 }),
        fc.array(fc.double({ min: 0, max: 0.9, noNaN: true }), { minLength: 6, maxLength: 6 }),
        async (seed, threads, rounds, pauses) => {
          const model = new KernelModel(
            seed,
            Array.from({ length: threads }, (_, k) => 10 + k),
          )
          const snapshots = [await snapshotOf(10, 0, model.maps())]
          model.script.call(10, 0.9, 'getpid() = 10')
          let second = 1
          for (const [round, calls] of rounds.entries()) {
            // Calls before and after the snapshot share its second.
            model.round(second + 0.05 + pauses[round]! / 2, calls)
            snapshots.push(await snapshotOf(10, second, model.maps()))
            model.round(second + 0.99, calls % 7)
            second += 1
          }
          model.script.call(10, second + 2, 'getpid() = 10')
          const result = await attributed(await model.script.trace(), snapshots)
          for (const window of result.replays)
            expect([window.toFile, window.differingPages, window.conflicts]).toEqual([window.toFile, 0, 0])
          for (const owner of result.owners)
            for (let address = owner.start; address < owner.end; address += 4096)
              expect(model.makerOf(address)).toBe(owner.tid)
          const owned = result.owners.reduce((sum, owner) => sum + owner.end - owner.start, 0) / 4096
          const made =
            model.pages.filter((page) => page !== null).length + model.heapMakers.filter(Boolean).length
          expect(owned).toBe(made)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('reconciliation', () => {
  const libc = '7f9000000-7f9000200 r-xp /usr/lib/x86_64-linux-gnu/libc.so.6'
  const log = `
    0.5 getpid() = 10 <1>
    1.2 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000 <10>
    2.2 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000010000 <10>
    5.5 getpid() = 10 <1>`

  it('counts what no call explains, what should be there, and other permissions', async () => {
    const result = await attributed(await traceOf({ 10: log }), [
      await snapshotOf(10, 0, libc),
      await snapshotOf(10, 1, libc),
      await snapshotOf(10, 4, `7f0000000-7f0000002 r--p\n7f0000020-7f0000024 rw-p\n${libc}`),
    ])
    const window = result.replays.at(-1)!
    expect(window.unexplainedBytes).toBe(4 * 4096)
    expect(window.absentBytes).toBe(4096)
    expect(window.differingPages).toBe(7)
    expect(window.changedPages).toBe(6)
    expect(window.agreement).toBe(0)
    expect(window.reasons.length).toBeGreaterThan(0)
    // The replay goes on from what the snapshot shows.
    expect(result.owners.map((owner) => [owner.start, owner.end])).toEqual([[0x7f0000000000, 0x7f0000002000]])
  })

  it('[stack] grows by page faults: no call, no difference', async () => {
    const stack = (low: string): string => `${libc}\n${low}-7fff00000 rw-p [stack]`
    const result = await attributed(
      await traceOf({ 10: '0.5 read(3, "", 1) = 0 <10>\n5.5 getpid() = 10 <1>' }),
      [
        await snapshotOf(10, 1, stack('7ffefffdf')),
        await snapshotOf(10, 2, stack('7ffefffd0')),
        await snapshotOf(10, 4, stack('7ffefffa0')),
      ],
    )
    expect(result.replays.map((window) => [window.differingPages, window.agreement])).toEqual([
      [0, 1],
      [0, 1],
    ])
  })

  it('the instant is found inside a stamp of a minute', async () => {
    const calls = Array.from({ length: 50 }, (_, k) => {
      const at = (0x7f0000000000 + k * 0x10000).toString(16)
      return `${60.5 + k} mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${at} <10>`
    }).join('\n')
    const seen = Array.from({ length: 20 }, (_, k) => {
      const at = 0x7f0000000 + k * 0x10
      return `${at.toString(16)}-${(at + 1).toString(16)} r--p`
    }).join('\n')
    const result = await attributed(
      await traceOf({ 10: `1.0 getpid() = 10 <1>\n${calls}\n130 getpid() = 10 <1>` }),
      [await snapshotOf(10, 0, libc, 60), await snapshotOf(10, 60, `${seen}\n${libc}`, 60)],
    )
    const [window] = result.replays
    expect(window!.agreement).toBe(1)
    expect(Math.floor((window!.to / 1e6) % 3600)).toBe(79)
  })

  it('a window that the trace covers in part is no check: it is a note, unless it agrees', async () => {
    const seen = '7f0000000-7f0000002 rw-p\n7f0000010-7f0000011 rw-p'
    const unseen = '7f0000020-7f0000024 rw-p'
    const differing = await attributed(await traceOf({ 10: log }), [
      await snapshotOf(10, 0, libc),
      await snapshotOf(10, 8, `${seen}\n${unseen}\n${libc}`),
    ])
    expect(differing.replays).toEqual([])
    expect(differing.windows[0]!.notes.map((note) => note.en).join(' ')).toContain('could not be checked')
    const agreeing = await attributed(await traceOf({ 10: log }), [
      await snapshotOf(10, 0, libc),
      await snapshotOf(10, 8, `${seen}\n${libc}`),
    ])
    expect(agreeing.replays.map((window) => window.agreement)).toEqual([1])
  })

  it('a trace without a place in time is replayed by itself', async () => {
    const { attribute } = await import('../../src/attribution/attribute.ts')
    const { Diagnostics } = await import('../../src/model/diagnostics.ts')
    const { NO_SIDE_EVIDENCE } = await import('../support/side-evidence.ts')
    const trace = await traceOf({ 10: log })
    const result = await attribute(
      {
        snapshots: [await snapshotOf(10, 0, libc)],
        traces: [trace],
        clocks: [{ trace: trace.name, offset: null, basis: 'none', reason: { en: '', zh: '' } }],
        timeline: { processes: [], events: [], untimed: [] },
        side: NO_SIDE_EVIDENCE,
      },
      new Diagnostics(),
    )
    expect(result.windows[0]).toMatchObject({ from: null, to: null, pids: [10] })
    expect(result.replays).toEqual([])
    expect(result.accounts[0]).toMatchObject({ mechanism: 'mmap-anon', liveBytes: 12288, culprit: null })
  })
})

describe('a long replay', () => {
  it('lets the event loop turn, so that a signal is heard', async () => {
    const script = new Script()
    for (let call = 0; call < 70_000; call += 1) script.map(10, 1 + call / 1e4, 4096)
    const trace = await script.trace()
    let turns = 0
    let ticking = true
    const tick = (): void => {
      turns += 1
      if (ticking) setImmediate(tick)
    }
    setImmediate(tick)
    const { accounts } = await attributed(trace, [])
    ticking = false
    expect(turns).toBeGreaterThan(0)
    expect(accounts[0]!.liveBytes).toBe(70_000 * 4096)
  })
})

describe('a snapshot read while mappings change', () => {
  const libc = '7f9000000-7f9000200 r-xp /usr/lib/x86_64-linux-gnu/libc.so.6'
  const trace = (): Promise<Awaited<ReturnType<typeof traceOf>>> =>
    traceOf({
      10: `
        1.2 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000 <10>
        4.1 munmap(0x7f0000000000, 8192) = 0 <10>
        4.2 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000010000 <10>
        6.5 getpid() = 10 <1>`,
    })
  const calm = (): Promise<Awaited<ReturnType<typeof snapshotOf>>[]> =>
    Promise.all([snapshotOf(10, 0, libc), snapshotOf(10, 2, `7f0000000-7f0000002 rw-p\n${libc}`)])

  it('low addresses before a call and high ones after it: no difference, and said so', async () => {
    const torn = await snapshotOf(10, 4, `7f0000000-7f0000002 rw-p\n7f0000010-7f0000011 rw-p\n${libc}`)
    const after = await snapshotOf(10, 5, `7f0000010-7f0000011 rw-p\n${libc}`)
    const result = await attributed(await trace(), [...(await calm()), torn, after])
    expect(result.replays.every((window) => window.differingPages === 0)).toBe(true)
    expect(result.replays.find((window) => window.toFile === torn.file)!.reasons[0]!.en).toContain(
      'read a moment',
    )
    expect(result.owners.map((owner) => owner.start)).toEqual([0x7f0000010000])
  })

  it('pages that fit no instant of the read are a difference', async () => {
    const strange = await snapshotOf(10, 4, `7f0000000-7f0000002 rw-p\n7f0000020-7f0000021 rw-p\n${libc}`)
    const result = await attributed(await trace(), [
      ...(await calm()),
      strange,
      await snapshotOf(10, 5, libc),
    ])
    expect(result.replays.find((window) => window.toFile === strange.file)!.unexplainedBytes).toBe(4096)
  })
})
