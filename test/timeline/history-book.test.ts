import { describe, expect, it } from 'vitest'
import { History } from '../../src/timeline/history.ts'
import { HistoryBook, variationOf } from '../../src/timeline/history-book.ts'
import fc from '../support/property.ts'

const LINEAGES = 5

/** What a lineage is at a snapshot: few values, so that many repeat. */
const notes = fc.array(
  fc.record({
    lineage: fc.nat(LINEAGES - 1),
    size: fc.nat(2),
    rss: fc.constantFrom(0, 1, Number.NaN),
    ranges: fc.nat(1),
  }),
  { maxLength: 60 },
)

const rowsOf = (history: History) =>
  Array.from({ length: history.length }, (_, at) => [
    history.snapshot[at],
    history.start[at],
    history.end[at],
    history.size[at],
    history.rss[at],
    history.ranges[at],
  ])

describe('the table of all histories', () => {
  it('gives every lineage what was noted of it, once for what stays the same', () => {
    fc.assert(
      fc.property(notes, (list) => {
        const book = new HistoryBook()
        const plain = Array.from({ length: LINEAGES }, () => new History())
        for (const [snapshot, { lineage, size, rss, ranges }] of list.entries()) {
          book.add(lineage, snapshot, 16, 16 + size, size, rss, ranges)
          plain[lineage]!.add(snapshot, 16, 16 + size, size, rss, ranges)
        }
        expect(book.length).toBe(plain.reduce((sum, history) => sum + history.length, 0))
        const first = book.firstSnapshots()
        const { changed, beginSize } = book.variations()
        for (const [lineage, history] of plain.entries()) {
          expect(rowsOf(book.of(lineage))).toEqual(rowsOf(history))
          if (history.length === 0) continue
          expect(first[lineage]).toBe(history.snapshot[0])
          expect(book.lastRanges(lineage)).toBe(history.ranges[history.length - 1])
          const own = variationOf(history)
          expect([changed[lineage], beginSize[lineage]]).toEqual([own.changed, own.beginSize])
        }
      }),
    )
  })

  it('keeps every second record and both ends when it is thinned, and goes on', () => {
    const book = new HistoryBook()
    const add = (snapshot: number) => {
      for (let lineage = 0; lineage < 3000; lineage++)
        if (snapshot < 1 + (lineage % 7)) book.add(lineage, snapshot, 0, snapshot, snapshot, lineage, 1)
    }
    for (let snapshot = 0; snapshot < 7; snapshot++) add(snapshot)
    book.thin()
    expect(Array.from(book.of(6).snapshot)).toEqual([0, 2, 4, 6])
    expect(Array.from(book.of(5).snapshot)).toEqual([0, 2, 4, 5])
    expect(Array.from(book.of(2995).rss)).toEqual([2995, 2995, 2995, 2995])
    expect(book.add(6, 7, 0, 6, 6, 6, 1)).toBe(false)
    expect(book.add(6, 7, 0, 9, 9, 6, 1)).toBe(true)
    expect(Array.from(book.of(6).snapshot)).toEqual([0, 2, 4, 6, 7])
  })
})
