import { describe, expect, it } from 'vitest'
import { countArenas } from '../../src/attribution/users.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { readTraces } from '../support/read-traces.ts'
import { accountOf, attributed, line, Script, snapshotOf, textFile } from './support.ts'

/** `[heap]` from page 100 to `end`, and arenas whose accessible part ends at the given page of their 64 MiB slot. */
const maps = (end: number, arenas: readonly number[]): string =>
  [
    `100-${end.toString(16)} rw-p [heap]`,
    ...arenas.flatMap((opened, k) => {
      const slot = 0x7f4000000 + k * 0x4000
      const hex = (page: number): string => (slot + page).toString(16)
      return [
        ...(opened > 0 ? [`${hex(0)}-${hex(opened)} rw-p`] : []),
        ...(opened < 0x4000 ? [`${hex(opened)}-${hex(0x4000)} ---p`] : []),
      ]
    }),
    '7f9000000-7f9000200 r-xp /usr/lib/x86_64-linux-gnu/libc.so.6',
  ].join('\n')

const PAGE = 4096
const grow = (script: Script, tid: number, at: number, end: number): Script =>
  script.call(tid, at, `brk(0x${(end * PAGE).toString(16)}) = 0x${(end * PAGE).toString(16)}`)
const open = (script: Script, tid: number, at: number, slot: number, page: number, count: number): Script =>
  script.call(
    tid,
    at,
    `mprotect(0x${((0x7f4000000 + slot * 0x4000 + page) * PAGE).toString(16)}, ${count * PAGE}, PROT_READ|PROT_WRITE) = 0`,
  )

async function three(before: string, after: string): Promise<Snapshot[]> {
  return [await snapshotOf(10, 0, before), await snapshotOf(10, 1, before), await snapshotOf(10, 99, after)]
}

/** The heap extended every three seconds by the given threads in turn. */
function extended(script: Script, tids: readonly number[]): number {
  let end = 0x200
  for (let k = 0; k < 30; k += 1) {
    end += 0x21
    grow(script, tids[k % tids.length]!, 3 + 3 * k, end)
  }
  return end
}

describe('the main heap', () => {
  it('of a process with one thread is that thread’s, for certain', async () => {
    const script = new Script().busy(10, 0.5, 99)
    const end = extended(script, [10])
    const account = accountOf(
      await attributed(await script.trace(), await three(maps(0x200, []), maps(end, []))),
      'main-heap-brk',
    )!
    expect(account.culprit).toEqual({ tid: 10, certainty: 'certain' })
    expect(account.liveBytes).toBe(30 * 0x21 * PAGE)
  })

  it('shared by threads without arenas names nobody, even when one alone calls brk', async () => {
    const script = new Script().busy(10, 0.5, 99).busy(11, 0.5, 99).busy(12, 0.5, 99)
    const end = extended(script, [11])
    const account = accountOf(
      await attributed(await script.trace(), await three(maps(0x200, []), maps(end, []))),
      'main-heap-brk',
    )!
    expect(account.culprit).toBeNull()
    expect(account.culpritReason.en).toContain('not always the one that keeps the memory')
    expect(account.shares.map((share) => share.tid as number)).toEqual([11, 10, 12])
  })

  it('extended by two threads names nobody', async () => {
    const script = new Script().busy(10, 0.5, 99).busy(11, 0.5, 99)
    const end = extended(script, [10, 11])
    const account = accountOf(
      await attributed(await script.trace(), await three(maps(0x200, []), maps(end, []))),
      'main-heap-brk',
    )!
    expect(account.culprit).toBeNull()
  })

  it('with an arena for every other thread is likely the main thread’s', async () => {
    const script = new Script().busy(10, 0.5, 99).busy(11, 0.5, 99).busy(12, 0.5, 99)
    const end = extended(script, [10])
    const arenas = [0x21, 0x21]
    const account = accountOf(
      await attributed(await script.trace(), await three(maps(0x200, arenas), maps(end, arenas))),
      'main-heap-brk',
    )!
    expect(account.culprit).toEqual({ tid: 10, certainty: 'likely' })
  })

  it('with one arena too few names nobody', async () => {
    const script = new Script().busy(10, 0.5, 99).busy(11, 0.5, 99).busy(12, 0.5, 99)
    const end = extended(script, [10])
    const account = accountOf(
      await attributed(await script.trace(), await three(maps(0x200, [0x21]), maps(end, [0x21]))),
      'main-heap-brk',
    )!
    expect(account.culprit).toBeNull()
  })

  it.each([
    ['on both sides is likely the main thread’s', [-9, 120], [2, 2], 10],
    ['after it alone names nobody: they may have been made since', [-9, 120], [1, 2], undefined],
    ['before it, and no snapshot after it, names nobody', [-9], [2], undefined],
    ['after it, and no snapshot before it, names nobody', [120], [2], undefined],
  ])('with arenas enough that snapshots around the trace show, %s', async (_, times, counts, culprit) => {
    const script = new Script().busy(10, 0.5, 99).busy(11, 0.5, 99).busy(12, 0.5, 99)
    const end = extended(script, [10])
    const shown = times.map((seconds, k) =>
      snapshotOf(10, seconds, maps(seconds < 0 ? 0x200 : end, Array(counts[k]).fill(0x21))),
    )
    const account = accountOf(
      await attributed(await script.trace(), await Promise.all(shown)),
      'main-heap-brk',
    )!
    expect(account.culprit?.tid).toBe(culprit)
  })

  it('given back by another thread names nobody', async () => {
    const script = new Script().busy(10, 0.5, 99)
    let end = 0x200
    for (let k = 0; k < 30; k += 1) {
      end += 0x42
      grow(script, 10, 3 + 3 * k, end)
      end -= 0x21
      grow(script, 11, 4 + 3 * k, end)
    }
    const arenas = [0x21, 0x21]
    const account = accountOf(
      await attributed(await script.trace(), await three(maps(0x200, arenas), maps(end, arenas))),
      'main-heap-brk',
    )!
    expect(account.culprit).toBeNull()
    expect(account.culpritReason.en).toContain('given back by other threads')
  })

  it('a thread that stayed in one call shares nothing', async () => {
    const script = new Script().asleep(10).busy(11, 0.5, 99)
    const end = extended(script, [11])
    const account = accountOf(
      await attributed(await script.trace(), await three(maps(0x200, []), maps(end, []))),
      'main-heap-brk',
    )!
    expect(account.culprit?.tid).toBe(11)
  })
})

describe('other arenas', () => {
  it('a thread alone in its arena is likely the one; the reservation does not count', async () => {
    const script = new Script().busy(10, 0.5, 99).busy(11, 0.5, 99).busy(12, 0.5, 99)
    for (let k = 0; k < 40; k += 1) open(script, 11, 3 + 2 * k, 0, 0x21 + 2 * k, 2)
    const result = await attributed(
      await script.trace(),
      await three(maps(0x200, [0x21, 0x21]), maps(0x200, [0x71, 0x21])),
    )
    const account = accountOf(result, 'malloc-arena')!
    expect(account.culprit).toEqual({ tid: 11, certainty: 'likely' })
    expect(account.liveBytes).toBe(80 * PAGE)
    expect(result.replays.every((window) => window.agreement === 1)).toBe(true)
  })

  it('a bystander that extends an arena others may share is not named', async () => {
    const script = new Script().busy(10, 0.5, 99).busy(11, 0.5, 99).busy(12, 0.5, 99)
    for (let k = 0; k < 40; k += 1) open(script, 11, 3 + 2 * k, 0, 0x21 + 2 * k, 2)
    const result = await attributed(
      await script.trace(),
      await three(maps(0x200, [0x21]), maps(0x200, [0x71])),
    )
    expect(accountOf(result, 'malloc-arena')!.culprit).toBeNull()
  })

  it('threads that slept hold an arena too: where their number may be set, two of more threads may share one', async () => {
    const script = new Script().busy(10, 0.5, 99).busy(11, 0.5, 99).busy(12, 0.5, 99).asleep(13).asleep(14)
    for (let k = 0; k < 40; k += 1) open(script, 11, 3 + 2 * k, 0, 0x21 + 2 * k, 2)
    const trace = await script.trace()
    const of = async (idle: readonly number[]) =>
      accountOf(
        await attributed(
          trace,
          await three(maps(0x200, [0x21, 0x21, ...idle]), maps(0x200, [0x71, 0x21, ...idle])),
        ),
        'malloc-arena',
      )!
    expect((await of([0x21])).culprit).toBeNull()
    expect((await of([0x21])).culpritReason.en).toContain('3 other threads may use the same malloc arena')
    expect((await of([])).culprit).toEqual({ tid: 11, certainty: 'likely' })
    expect((await of([0x21, 0x21])).culprit).toEqual({ tid: 11, certainty: 'likely' })
  })

  it('as many arenas as malloc makes may be shared since threads that have ended', async () => {
    const script = new Script().busy(10, 0.5, 99).busy(11, 0.5, 99).busy(12, 0.5, 99)
    for (let k = 0; k < 40; k += 1) open(script, 11, 3 + 2 * k, 0, 0x21 + 2 * k, 2)
    const trace = await script.trace()
    const of = async (count: number) => {
      const others = new Array<number>(count - 1).fill(0x21)
      return accountOf(
        await attributed(trace, await three(maps(0x200, [0x21, ...others]), maps(0x200, [0x71, ...others]))),
        'malloc-arena',
      )!
    }
    for (const count of [7, 15]) {
      expect((await of(count)).culprit).toBeNull()
      expect((await of(count)).culpritReason.en).toContain('as many as malloc makes (8 for each processor)')
    }
    expect((await of(16)).culprit).toEqual({ tid: 11, certainty: 'likely' })
  })

  it.each([
    ['is full', 0, { tid: 11, certainty: 'likely' }],
    ['has less left than a block of its own needed', 44, { tid: 11, certainty: 'likely' }],
    ['has much left', 0x400, null],
  ])('an arena goes on in a new heap when the old one %s', async (_, rest, culprit) => {
    const script = new Script().busy(10, 0.5, 99)
    for (let k = 0; k < 8; k += 1) open(script, 11, 3 + k, 0, 0x3ff8 - rest + k, 1)
    for (let k = 0; k < 40; k += 1) open(script, 11, 20 + k, 1, 2 * k, 2)
    script.busy(11, 98, 99)
    const result = await attributed(
      await script.trace(),
      await three(maps(0x200, [0x3ff8 - rest, 0]), maps(0x200, [0x4000 - rest, 0x50])),
    )
    const account = accountOf(result, 'malloc-arena')!
    expect(account.liveBytes).toBe(88 * PAGE)
    expect(account.culprit).toEqual(culprit)
  })

  it('two that grow name nobody for both, and say how much lies in each', async () => {
    const script = new Script().busy(10, 0.5, 99).busy(11, 0.5, 99).busy(12, 0.5, 99)
    for (let k = 0; k < 40; k += 1) {
      open(script, 11, 3 + 2 * k, 0, 0x21 + 6 * k, 6)
      open(script, 12, 3.5 + 2 * k, 1, 0x21 + 4 * k, 4)
    }
    const account = accountOf(
      await attributed(
        await script.trace(),
        await three(maps(0x200, [0x21, 0x21]), maps(0x200, [0x21 + 240, 0x21 + 160])),
      ),
      'malloc-arena',
    )!
    expect(account.culprit).toBeNull()
    expect(account.culpritReason.en).toContain('60 % in that of thread 11, 40 % in that of thread 12')
  })

  it('counts arenas by the heaps that are not full', async () => {
    const snapshot = await snapshotOf(10, 0, maps(0x200, [0x4000, 0x50, 0x21]))
    expect(countArenas(snapshot, 64)).toBe(2)
  })
})

describe('threads outside the trace', () => {
  it('stacks beside the only traced thread void the naming', async () => {
    const stacks =
      '7f6000000-7f6000001 ---p\n7f6000001-7f6000801 rw-p\n7f6000801-7f6000802 ---p\n7f6000802-7f6001002 rw-p'
    const text = (end: number): string => `100-${end.toString(16)} rw-p [heap]\n${stacks}`
    const calls = Array.from({ length: 30 }, (_, k) => {
      const end = ((0x200 + 0x21 * (k + 1)) * PAGE).toString(16)
      return line(`${3 + 3 * k} brk(0x${end}) = 0x${end} <10>`)
    })
    const file = textFile(
      'app.log',
      'strace-log',
      `${[...calls, line('99 read(3, "", 1) = 0 <5>')].join('\n')}\n`,
    )
    const { traces } = await readTraces([file], new Diagnostics())
    const result = await attributed(traces[0]!, await three(text(0x200), text(0x200 + 30 * 0x21)))
    expect(result.windows[0]!.untracedThreads).toBe(2)
    expect(accountOf(result, 'main-heap-brk')!.culprit).toBeNull()
  })

  const stacks =
    '7f6000000-7f6000001 ---p\n7f6000001-7f6000801 rw-p\n7f6000801-7f6000802 ---p\n7f6000802-7f6001002 rw-p'
  const besideStacks = async (script: Script, end: number) =>
    await attributed(
      await script.trace(),
      await three(`${maps(0x200, [])}\n${stacks}`, `${maps(end, [])}\n${stacks}`),
    )

  it('one thread of an interleaved log, snapshots before and after it alone: the stacks of others count', async () => {
    const script = new Script().busy(10, 0.5, 99)
    const end = extended(script, [10])
    const shown = async (seconds: number, heap: number) =>
      snapshotOf(10, seconds, `${maps(heap, [])}\n${stacks}`)
    const result = await attributed(await script.interleaved(), [
      await shown(-9, 0x200),
      await shown(120, end),
    ])
    expect(result.windows[0]!.untracedThreads).toBe(2)
    expect(accountOf(result, 'main-heap-brk')!.culprit).toBeNull()
  })

  it('a log of its own for each thread, but none for the first: logs are missing', async () => {
    const script = new Script().busy(11, 0.5, 99)
    const result = await besideStacks(script, extended(script, [11]))
    expect(result.windows[0]!.untracedThreads).toBe(1)
    expect(accountOf(result, 'main-heap-brk')!.culprit).toBeNull()
  })

  it('stacks of no traced thread may belong to threads whose logs are missing: nobody ran alone', async () => {
    const script = new Script().busy(10, 0.5, 99)
    const account = accountOf(await besideStacks(script, extended(script, [10])), 'main-heap-brk')!
    expect(account.culprit).toBeNull()
    expect(account.culpritReason.en).toContain('2 other threads may use the same malloc arena')
  })

  it('stacks beside the threads of one log need no arena: -f covers all that make calls', async () => {
    const script = new Script().busy(10, 0.5, 99).asleep(11)
    const end = extended(script, [10])
    const result = await attributed(
      await script.interleaved(),
      await three(`${maps(0x200, [])}\n${stacks}`, `${maps(end, [])}\n${stacks}`),
    )
    expect(result.windows[0]!.untracedThreads).toBe(0)
    expect(accountOf(result, 'main-heap-brk')!.culprit).toEqual({ tid: 10, certainty: 'likely' })
  })

  it('a log of all threads that leaves calls out covers no thread that made only those', async () => {
    const script = new Script().call(10, 0.5, 'brk(NULL) = 0x200000')
    open(script, 11, 3, 0, 0x21, 6)
    const end = extended(script, [10])
    script.call(10, 100, `brk(NULL) = 0x${(end * PAGE).toString(16)}`)
    const account = accountOf(
      await attributed(
        await script.interleaved(),
        await three(`${maps(0x200, [0x21])}\n${stacks}`, `${maps(end, [0x27])}\n${stacks}`),
      ),
      'main-heap-brk',
    )!
    expect(account.culprit).toBeNull()
    expect(account.culpritReason.en).toContain('one other thread may use the same malloc arena')
  })

  it('stacks of traced threads are theirs', async () => {
    const script = new Script().busy(10, 0.5, 99).asleep(11).asleep(12)
    const account = accountOf(await besideStacks(script, extended(script, [10])), 'main-heap-brk')!
    expect(account.culprit).toEqual({ tid: 10, certainty: 'certain' })
  })
})
