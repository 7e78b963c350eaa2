import { expect, it } from 'vitest'
import type { MemoryEvents, RowsVisitor } from '../../../src/model/trace.ts'
import { ThreadChains } from '../../../src/strace/effects/thread-chains.ts'
import { surveyEvents } from '../../../src/strace/event-survey.ts'
import { FORM, WORD_BITS } from '../../../src/strace/row-words.ts'
import fc from '../../support/property.ts'

const TIDS = [70, 71, 72]

/** Events of these threads, one after another. */
function eventsOf(threads: readonly number[]): MemoryEvents {
  const events = {
    length: threads.length,
    forms: {
      length: TIDS.length,
      tid: Int32Array.from(TIDS),
      inRow: new Uint8Array(TIDS.length),
      time: new Float64Array(TIDS.length).fill(1),
    },
    visitRows: (visit: RowsVisitor) => {
      const words = new Int32Array(threads.length << WORD_BITS)
      for (const [event, thread] of threads.entries()) words[(event << WORD_BITS) + FORM] = thread
      visit(words, 0, 0, threads.length)
    },
  }
  return { ...events, survey: surveyEvents(events as unknown as MemoryEvents) } as unknown as MemoryEvents
}

/** Each thread's events, as its chain has them. */
function chainsOf(events: MemoryEvents): number[][] {
  const chains = new ThreadChains(events)
  return chains.heads.map((head, thread) => {
    const found: number[] = []
    for (let event = head; event >= 0; event = chains.next(thread, event)) found.push(event)
    return found
  })
}

const expected = (threads: readonly number[]): number[][] =>
  [...new Set(threads)].map((one) => [...threads.keys()].filter((event) => threads[event] === one))

const inRuns = (lengths: readonly number[]): number[] =>
  lengths.flatMap((length, run) => new Array<number>(length).fill(run % TIDS.length))

it.each([0, 1, 2, 15, 16, 17, 18, 5000, 9000])('finds all events of each thread in %i runs', (runs) => {
  for (const length of [1, 3]) {
    const threads = inRuns(new Array(runs).fill(length))
    expect(chainsOf(eventsOf(threads))).toEqual(expected(threads))
  }
})

it('finds all events of each thread in runs of any length', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 60 }), (lengths) => {
      const threads = inRuns(lengths)
      expect(chainsOf(eventsOf(threads))).toEqual(expected(threads))
    }),
    { numRuns: 60 },
  )
})
