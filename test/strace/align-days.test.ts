import { describe, expect, it } from 'vitest'
import { allEvents, read, textFile } from './support.ts'

const DAY = 86400e6
const line = (time: string, call = 'munmap(0x7f00, 4096) = 0'): string => `${time}.000000 ${call}\n`
const clone = (tid: number): string => `clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = ${tid}`

/** Day of the first line of each thread. */
async function days(files: Record<string, string>): Promise<Record<number, number>> {
  const { traces } = await read(...Object.entries(files).map(([name, text]) => textFile(name, text)))
  const found: Record<number, number> = {}
  for (const thread of traces[0]!.threads.values()) found[thread.tid] = Math.floor(thread.firstTime / DAY)
  expect(Math.min(...allEvents(traces[0]!).map((event) => event.time))).toBe(traces[0]!.firstTime)
  return found
}

describe('files of one run on one line of time', () => {
  it('all on one day', async () => {
    expect(await days({ 'a.1': line('09:00:00'), 'a.2': line('23:00:00') })).toEqual({ 1: 0, 2: 0 })
  })

  it('a file after midnight follows files before it', async () => {
    expect(await days({ 'a.1': line('23:50:00'), 'a.2': line('00:10:00'), 'a.3': line('23:55:00') })).toEqual(
      {
        1: 0,
        2: 1,
        3: 0,
      },
    )
  })

  it('a file that crosses midnight itself shows where the night is', async () => {
    expect(await days({ 'a.1': line('22:00:00') + line('01:00:00'), 'a.2': line('00:30:00') })).toEqual({
      1: 0,
      2: 1,
    })
  })

  it('a thread begins after the clone that made it, however long the run', async () => {
    const files = {
      'a.1':
        line('10:00:00') +
        line('22:00:00') +
        line('09:00:00') +
        line('20:00:00') +
        line('07:00:00', clone(2)),
      'a.2': line('07:00:01') + line('19:00:00', clone(3)),
      'a.3': line('18:59:59'),
    }
    expect(await days(files)).toEqual({ 1: 0, 2: 2, 3: 2 })
  })

  it('-ff with -r has no common clock', async () => {
    const { traces, diagnostics } = await read(
      textFile('a.1', '     0.000100 munmap(0x7f00, 4096) = 0\n'),
      textFile('a.2', '     0.000100 munmap(0x7f00, 4096) = 0\n'),
    )
    expect(traces[0]!.clock.kind).toBe('none')
    expect(allEvents(traces[0]!).map((event) => event.time)).toEqual([Number.NaN, Number.NaN])
    expect(diagnostics.list().some(({ code }) => code === 'strace-relative-only')).toBe(true)
  })
})
