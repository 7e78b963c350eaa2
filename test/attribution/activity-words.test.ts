import { describe, expect, it } from 'vitest'
import { attributed, traceOf } from './support.ts'

/** A thread that waits for work by these calls in turn, answers, and maps memory for each. */
async function sequencesAfter(sources: readonly string[]): Promise<readonly (readonly string[])[]> {
  const lines = sources.flatMap((source, round) => [
    `${round}.1 ${source} = 64 <10>`,
    `${round}.2 write(4, "x", 1) = 1 <10>`,
    `${round}.3 mmap(NULL, 65536, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f${(round + 16).toString(16)}00000000 <10>`,
  ])
  const { threads } = await attributed(await traceOf({ 11: lines.join('\n') }), [])
  return threads.flatMap(({ activities }) => activities.map(({ sequence }) => sequence))
}

const READ = 'read(5, "x", 64)'
const RECEIVE = 'recvfrom(6, "x", 64, 0, NULL, NULL)'
const WAIT = 'epoll_wait(7, [], 8, 100)'

describe('what a thread usually does before it allocates', () => {
  it('is the round of work, where it was the same for most', async () => {
    expect(await sequencesAfter([READ, READ, RECEIVE, READ, WAIT, READ])).toEqual([
      ['read(5)', 'write(4)', 'mmap'],
    ])
  })

  it('is only the call that was always there, where the rounds differ', async () => {
    expect(await sequencesAfter([READ, RECEIVE, WAIT, READ, RECEIVE, WAIT])).toEqual([['write(4)', 'mmap']])
  })
})

describe('what a thread keeps', () => {
  it('may be more blocks than a call takes arguments', async () => {
    const blocks = 150_000
    const lines = Array.from(
      { length: blocks },
      (_, at) =>
        `${(1 + at / 1e4).toFixed(4)} mmap(NULL, 65536, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${(0x7f00_0000_0000 + at * 0x2_0000).toString(16)} <1>`,
    )
    const { threads } = await attributed(await traceOf({ 11: lines.join('\n') }), [])
    expect(threads[0]!.activities[0]).toMatchObject({ never: blocks, count: blocks })
    expect(threads[0]!.activities[0]!.oldestAge! / 1e6).toBeCloseTo(15, 1)
  })
})
