import { describe, expect, it } from 'vitest'
import { accountOf, attributed, Script } from './support.ts'

const STACK = 8392704
const FLAGS =
  'CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM|CLONE_SETTLS|CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID'

/** pthread_create on a new stack, or on `stack`; returns the stack. The thread ends `life` seconds later. */
function start(
  script: Script,
  creator: number,
  child: number,
  at: number,
  life: number,
  stack?: number,
): number {
  const low =
    stack ??
    script.map(creator, at, STACK, { protection: 'PROT_NONE', flags: 'MAP_PRIVATE|MAP_ANONYMOUS|MAP_STACK' })
  const hex = low.toString(16)
  if (stack === undefined)
    script.call(
      creator,
      at + 0.0002,
      `mprotect(0x${(low + 4096).toString(16)}, 8388608, PROT_READ|PROT_WRITE) = 0`,
    )
  script.call(
    creator,
    at + 0.0004,
    `clone3({flags=${FLAGS}, child_tid=0x1, parent_tid=0x1, exit_signal=0, stack=0x${hex}, stack_size=0x7ffe80, tls=0x1} => {parent_tid=[${child}]}, 88) = ${child}`,
  )
  script.call(child, at + 0.001, 'rseq(0x7f, 0x20, 0, 0x53053053) = 0')
  if (Number.isFinite(life)) script.call(child, at + life, 'exit(0) = ?')
  return low
}

describe('thread stacks', () => {
  it('never joined: whoever starts the threads is named', async () => {
    const script = new Script().busy(10, 0.5, 99)
    for (let k = 0; k < 12; k += 1) start(script, 11, 100 + k, 3 + 7 * k, 0.3)
    script.busy(11, 98, 99)
    const result = await attributed(await script.trace(), [])
    const account = accountOf(result, 'thread-stack')!
    expect(account.culprit?.tid).toBe(11)
    expect(account.acquiredBytes).toBe(12 * STACK)
    // The last one may still be in the cache.
    expect(account.liveBytes).toBe(11 * STACK)
    expect(account.overdueCount).toBe(11)
    expect(result.threads.filter((thread) => thread.createdBy === 11)).toHaveLength(12)
  })

  it('taken from the cache by one, mapped anew by another: the taker is named (d14)', async () => {
    const script = new Script().busy(10, 0.5, 99)
    for (let k = 0; k < 12; k += 1) {
      const stack = start(script, 12, 200 + k, 3 + 7 * k, 0.05)
      start(script, 11, 100 + k, 5 + 7 * k, 0.3, stack)
    }
    const account = accountOf(await attributed(await script.trace(), []), 'thread-stack')!
    expect(account.culprit?.tid).toBe(11)
    expect(account.shares.find((share) => share.tid === 12)!.acquiredBytes).toBe(12 * STACK)
    expect(account.shares.find((share) => share.tid === 11)!.acquiredBytes).toBe(0)
  })

  it('used again and again: nobody', async () => {
    const script = new Script().busy(10, 0.5, 99)
    const first = start(script, 11, 100, 3, 0.3)
    const second = start(script, 11, 101, 3.1, 0.3)
    for (let k = 1; k < 12; k += 1) {
      start(script, 11, 100 + 2 * k, 3 + 7 * k, 0.3, first)
      start(script, 11, 101 + 2 * k, 3.1 + 7 * k, 0.3, second)
    }
    const account = accountOf(await attributed(await script.trace(), []), 'thread-stack')!
    expect(account.culprit).toBeNull()
  })

  it('threads that are started and go on running: likely their starter, and never certain', async () => {
    const script = new Script().busy(10, 0.5, 99)
    for (let k = 0; k < 12; k += 1) start(script, 11, 100 + k, 3 + 7 * k, Number.POSITIVE_INFINITY)
    const account = accountOf(await attributed(await script.trace(), []), 'thread-stack')!
    expect(account.culprit).toEqual({ tid: 11, certainty: 'likely' })
    expect(account.liveBytes).toBe(12 * STACK)
    expect(account.overdueCount).toBe(0)
    expect(account.culpritReason.en).toContain('A thread that runs needs its stack')
  })

  it('joined one round late: nobody', async () => {
    //     new stack for job 2 while job 1 is not joined yet; from then on two stacks go round
    const script = new Script().busy(10, 0.5, 99)
    const stacks = [start(script, 11, 100, 3, 0.3), start(script, 11, 101, 10, 0.3)]
    for (let k = 2; k < 12; k += 1) start(script, 11, 100 + k, 3 + 7 * k, 0.3, stacks[k % 2]!)
    expect(accountOf(await attributed(await script.trace(), []), 'thread-stack')!.culprit).toBeNull()
  })

  it('unmapped by whoever overflows the cache: nothing is left', async () => {
    const script = new Script().busy(10, 0.5, 99)
    for (let k = 0; k < 6; k += 1) {
      const stack = start(script, 11, 100 + k, 3 + 7 * k, 0.3)
      script.unmap(11, 5 + 7 * k, stack, STACK)
    }
    const account = accountOf(await attributed(await script.trace(), []), 'thread-stack')!
    expect(account.culprit).toBeNull()
    expect(account.liveBytes).toBe(0)
  })
})
