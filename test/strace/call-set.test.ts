/** Whether all calls of a trace are in others: one that is not, among thousands, is found. */
import { describe, expect, it } from 'vitest'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { Trace } from '../../src/model/trace.ts'
import { haveEachCall } from '../../src/strace/call-set.ts'
import { readTraces } from '../support/read-traces.ts'
import { textFile } from './support.ts'

const CALLS = 3000

/** A log in which call `at` of so many is changed. */
async function traceOf(change: (line: string, at: number) => string = (line) => line): Promise<Trace> {
  const lines = Array.from({ length: CALLS }, (_, at) => {
    const time = (1_796_000_000 + at / 1000).toFixed(6)
    const place = (0x7f00_0000_0000 + at * 0x10000).toString(16)
    return change(
      `77 ${time} mmap(NULL, 65536, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${place} <0.000004>\n`,
      at,
    )
  })
  const { traces } = await readTraces([textFile('trace.log', lines.join(''))], new Diagnostics())
  return traces[0]!
}

describe('each call of a trace', () => {
  it('is in a copy of it, and in two that have half of it each', async () => {
    const trace = await traceOf()
    const half = (first: boolean) => traceOf((line, at) => (at < CALLS / 2 === first ? line : ''))
    expect(await haveEachCall(trace, [await traceOf()], true)).toBe(true)
    expect(await haveEachCall(trace, [await half(true), await half(false)], true)).toBe(true)
    expect(await haveEachCall(trace, [await half(true)], true)).toBe(false)
  })

  it.each([
    ['another place', /= 0x7f00/, '= 0x7f11'],
    ['another length', '65536', '65537'],
    ['another time', /\.(\d{5})\d/, '.$19'],
    ['another call', /mmap\(NULL, 65536.*= 0x(\w+)/, 'munmap(0x$1, 65536) = 0'],
  ])('is not where one has %s', async (_, from, to) => {
    const altered = await traceOf((line, at) => (at === 1777 ? line.replace(from, to) : line))
    expect(await haveEachCall(altered, [await traceOf()], true)).toBe(false)
    expect(await haveEachCall(await traceOf(), [altered], true)).toBe(false)
  })

  it('is of the same thread, where threads are known', async () => {
    const altered = await traceOf((line, at) => (at === 1777 ? line.replace('77 ', '78 ') : line))
    expect(await haveEachCall(altered, [await traceOf()], true)).toBe(false)
    expect(await haveEachCall(altered, [await traceOf()], false)).toBe(true)
  })
})
