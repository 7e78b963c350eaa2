/** A trace that began before the first snapshot: what that snapshot shows may have come since. */
import { describe, expect, it } from 'vitest'
import fc from '../support/property.ts'
import { KernelModel } from './kernel-model.ts'
import { accountOf, attributed, pages, Script, snapshotOf } from './support.ts'

const PAGE = 4096
const LIBC = '7f9000000-7f9000200 r-xp /usr/lib/x86_64-linux-gnu/libc.so.6'
/** 64 MiB below an address that is aligned to it: where malloc keeps an arena. */
const ARENA = 0x7e00_0000_0000

/** Bytes that calls acquired and released, of one mechanism. */
async function moved(
  script: Script,
  snapshots: readonly (readonly [at: number, maps: string])[],
  mechanism: string,
) {
  const trace = await script.trace()
  const taken = await Promise.all(snapshots.map(([at, maps]) => snapshotOf(10, at, `${maps}\n${LIBC}`)))
  const result = await attributed(trace, taken)
  const account = accountOf(result, mechanism)
  return {
    acquired: (account?.acquiredBytes ?? 0) / PAGE,
    released: (account?.releasedBytes ?? 0) / PAGE,
    calls: account?.shares.reduce((sum, { calls }) => sum + calls, 0) ?? 0,
    conflicts: result.windows[0]!.conflicts,
  }
}

/** A script of one thread whose trace reaches from 0.5 to 99. */
const aScript = (): Script => new Script().call(10, 0.5, 'getpid() = 10').call(10, 99, 'getpid() = 10')

const at = (address: number, count: number, permissions = 'rw-p', name = ''): string =>
  `${pages(address)}-${pages(address + count * PAGE)} ${permissions} ${name}`

describe('a trace that began before the first snapshot', () => {
  it('maps what was not there: that is no release of anything', async () => {
    const script = aScript()
    const address = script.map(10, 1, 4 * PAGE)
    script.unmap(10, 2, address, 4 * PAGE)
    script.call(
      10,
      3,
      `mmap(NULL, 16384, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${address.toString(16)}`,
    )
    expect(await moved(script, [[10, at(address, 4)]], 'mmap-anon')).toEqual({
      acquired: 8,
      released: 4,
      calls: 2,
      conflicts: 0,
    })
  })

  it('unmaps what it did not map: that was there before, whatever is there later', async () => {
    const script = aScript()
    const address = script.map(10, 2, 4 * PAGE)
    script.unmap(10, 1, address, 4 * PAGE)
    expect(await moved(script, [[10, at(address, 4)]], 'mmap-anon')).toMatchObject({
      acquired: 4,
      released: 4,
    })
  })

  it('what the snapshot shows is there from then on', async () => {
    const script = aScript()
    const address = script.map(10, 1, 4 * PAGE)
    script.unmap(10, 20, address + 4 * PAGE, 2 * PAGE)
    expect(await moved(script, [[10, at(address, 6)]], 'mmap-anon')).toMatchObject({
      acquired: 4,
      released: 2,
    })
  })

  it('opens pages of an arena that are open later: all of them count', async () => {
    const script = aScript()
    for (let k = 0; k < 40; k += 1)
      script.call(
        10,
        1 + k,
        `mprotect(0x${(ARENA + (33 + k) * PAGE).toString(16)}, 4096, PROT_READ|PROT_WRITE) = 0`,
      )
    const rest = 16384 - 33 - 40
    const maps = `${at(ARENA, 33 + 40)}\n${at(ARENA + 73 * PAGE, rest, '---p')}`
    expect(await moved(script, [[80, maps]], 'malloc-arena')).toMatchObject({
      acquired: 40,
      released: 0,
      calls: 40,
    })
  })

  it('opens pages of another reservation', async () => {
    const script = aScript()
    const address = ARENA + 3 * PAGE
    script.call(10, 1, `mprotect(0x${address.toString(16)}, 8192, PROT_READ|PROT_WRITE) = 0`)
    script.call(
      10,
      2,
      `mmap(0x${(address + 2 * PAGE).toString(16)}, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x${(address + 2 * PAGE).toString(16)}`,
    )
    const maps = `${at(ARENA, 9)}\n${at(ARENA + 9 * PAGE, 100, '---p')}`
    expect(await moved(script, [[10, maps]], 'managed-heap')).toMatchObject({
      acquired: 4,
      released: 0,
      calls: 2,
    })
    expect(await moved(script, [[10, maps]], 'mmap-anon')).toMatchObject({ acquired: 0 })
  })

  it('gives pages another protection where nothing is reserved: what they had before is not known, nothing counts', async () => {
    const script = aScript()
    script.call(10, 1, `mprotect(0x${ARENA.toString(16)}, 8192, PROT_READ|PROT_WRITE) = 0`)
    for (const mechanism of ['mmap-anon', 'malloc-arena', 'managed-heap'])
      expect(await moved(script, [[10, at(ARENA, 2)]], mechanism)).toMatchObject({ acquired: 0, released: 0 })
  })

  it('extends a heap whose later end is known: from the first end that a call tells', async () => {
    const script = aScript()
    for (let k = 0; k < 5; k += 1) {
      const end = `0x${((0x100 + 4 * k) * PAGE).toString(16)}`
      script.call(10, 1 + k, `brk(${end}) = ${end}`)
    }
    expect(await moved(script, [[10, '80-110 rw-p [heap]']], 'main-heap-brk')).toEqual({
      acquired: 16,
      released: 0,
      calls: 4,
      conflicts: 0,
    })
  })

  it('or shrinks it', async () => {
    const script = aScript()
    for (const [second, end] of [
      [1, 0x120],
      [2, 0x118],
      [3, 0x11c],
    ] as const) {
      const address = `0x${(end * PAGE).toString(16)}`
      script.call(10, second, `brk(${address}) = ${address}`)
    }
    expect(await moved(script, [[10, '80-11c rw-p [heap]']], 'main-heap-brk')).toMatchObject({
      acquired: 4,
      conflicts: 0,
    })
  })

  it('is forked before it: what the parent’s snapshot shows later was not in the child', async () => {
    const script = aScript()
    const address = script.map(20, 3, 4 * PAGE)
    script.call(10, 2, 'clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD) = 20')
    script.call(20, 99, 'getpid() = 20')
    const result = await attributed(await script.trace(), [
      await snapshotOf(10, 10, `${at(address, 4)}\n${LIBC}`),
      await snapshotOf(20, 10, `${at(address, 4)}\n${LIBC}`),
    ])
    const child = result.accounts.filter(({ pid, mechanism }) => pid === 20 && mechanism === 'mmap-anon')
    expect(child.map(({ acquiredBytes, releasedBytes }) => [acquiredBytes, releasedBytes])).toEqual([
      [4 * PAGE, 0],
    ])
  })

  it('with a snapshot long before it: what had gone in between is no release either', async () => {
    const script = aScript()
    const address = script.map(10, 1, 4 * PAGE)
    const maps = at(address, 4)
    expect(
      await moved(
        script,
        [
          [-60, maps],
          [10, maps],
        ],
        'mmap-anon',
      ),
    ).toMatchObject({ acquired: 4, released: 0, conflicts: 0 })
  })

  it('counts as with a snapshot before it, whatever was called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 4 }), async (seed, threads) => {
        const model = new KernelModel(
          seed,
          Array.from({ length: threads }, (_, k) => 10 + k),
        )
        const before = await snapshotOf(10, 0, model.maps())
        model.script.call(10, 0.9, 'getpid() = 10')
        const end = Math.ceil(model.round(1.1, 60)) + 2
        const during = await snapshotOf(10, end, model.maps())
        model.round(end + 2, 60)
        const trace = await model.script.trace()
        const of = async (snapshots: Parameters<typeof attributed>[1]) => {
          const { accounts, windows } = await attributed(trace, snapshots)
          return {
            conflicts: windows[0]!.conflicts,
            accounts: accounts
              .filter(({ mechanism }) => mechanism !== 'main-heap-brk')
              .map(({ mechanism, shares }) => ({ mechanism, shares })),
          }
        }
        expect(await of([during])).toEqual(await of([before, during]))
      }),
      { numRuns: 40 },
    )
  })
})
