import { describe, expect, it } from 'vitest'
import type { Trace } from '../../src/model/trace.ts'
import fc from '../support/property.ts'
import { anyOptions, anyRun, type Expected, printInterleaved, printPerThread } from './a-log.ts'
import { allEvents, read, statisticsOf, textFile } from './support.ts'

type Found = ReturnType<typeof allEvents>[number]

const byThread = (a: { tid: number }, b: { tid: number }): number => a.tid - b.tid

/** The memory events of a trace, thread by thread in order of their lines. */
const eventsOf = (trace: Trace): Found[] => allEvents(trace).sort((a, b) => a.tid - b.tid || a.line - b.line)

function check(trace: Trace, expected: readonly Expected[]): void {
  const events = expected.filter(({ call }) => call.event).sort(byThread)
  const found = eventsOf(trace)
  expect(found.map(({ tid, call }) => [tid, call])).toEqual(
    events.map(({ tid, call }) => [tid, call.event!.call]),
  )
  events.forEach(({ time, duration, call }, index) => {
    expect(found[index]).toMatchObject({ time, duration, ...call.event })
  })
  const counts = new Map<string, number[]>()
  for (const { tid, duration, call } of expected) {
    const key = `${tid} ${call.name} ${call.fd}`
    const row = counts.get(key) ?? [0, 0, Number.NaN]
    row[0]! += 1
    row[1]! += call.failed ? 1 : 0
    if (!Number.isNaN(duration)) row[2] = (Number.isNaN(row[2]!) ? 0 : row[2]!) + duration
    counts.set(key, row)
  }
  const statistics = statisticsOf(trace)
  expect(Object.keys(statistics).sort()).toEqual([...counts.keys()].sort())
  for (const [key, [calls, errors, micros]] of counts) {
    expect(statistics[key]!.slice(0, 2)).toEqual([calls, errors])
    if (Number.isNaN(micros)) expect(statistics[key]![2]).toBeNaN()
    else expect(statistics[key]![2]! / 1e3).toBeCloseTo(micros!, 0)
  }
}

describe('random runs, printed in random options', () => {
  it('one file (-f): every call is found as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRun,
        anyOptions,
        fc.integer({ min: 1, max: 500 }),
        async (steps, options, chunk) => {
          const { text, expected } = printInterleaved(steps, options)
          const { traces, diagnostics } = await read(textFile('log', Buffer.from(text), chunk))
          expect(diagnostics.list()).toEqual([])
          check(traces[0]!, expected)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('a file a thread (-ff) says the same as one file', async () => {
    await fc.assert(
      fc.asyncProperty(anyRun, anyOptions, async (steps, given) => {
        const options = given.stamp === '-r' ? { ...given, stamp: '-tt' as const } : given
        const { files, expected } = printPerThread(steps, options)
        const { traces } = await read(
          ...[...files].map(([tid, text]) => textFile(`run.${tid}`, Buffer.from(text))),
        )
        const trace = traces[0]!
        check(trace, expected)
        const single = (await read(textFile('run', Buffer.from(printInterleaved(steps, options).text))))
          .traces[0]!
        const same = ({ line: _, ...event }: Found) => event
        expect(eventsOf(single).map(same)).toEqual(eventsOf(trace).map(same))
        expect(statisticsOf(single)).toEqual(statisticsOf(trace))
        expect([...single.threads.values()].map(({ tid, calls, futexes }) => [tid, calls, futexes])).toEqual(
          [...trace.threads.values()].map(({ tid, calls, futexes }) => [tid, calls, futexes]),
        )
      }),
      { numRuns: 300 },
    )
  })
})
