import { describe, expect, it } from 'vitest'
import { SECOND } from '../../src/base/units.ts'
import { ClaimBook, type Claims } from '../../src/timeline/clock/claim-book.ts'
import { startClaims } from '../../src/timeline/clock/claim-kernel.ts'
import { FREE, MAPPED, WRITABLE } from '../../src/timeline/clock/held-claims.ts'
import fc from '../support/property.ts'

const PAGE = 4096
const PAGES = 24

const listOf = (claims: Claims) =>
  Array.from({ length: claims.length }, (_, at) => ({
    start: claims.start[at]! / PAGE,
    end: claims.end[at]! / PAGE,
    from: claims.from[at]! / SECOND,
    to: claims.to[at]! / SECOND,
    state: claims.state[at]!,
  }))

/** A book of a log that begins at second 0; places in pages, times in seconds. */
function bookOf(write: (book: ClaimBook) => void, last: number) {
  const book = new ClaimBook(0, startClaims())
  write(book)
  return listOf(book.until(last * SECOND)).sort((a, b) => a.from - b.from || a.start - b.start)
}

describe('what a log claims', () => {
  it('a place that the kernel chose was free before, and is mapped until it is touched', () => {
    const claims = bookOf((book) => {
      book.map(4 * PAGE, 8 * PAGE, 10 * SECOND, true)
      book.unmap(4 * PAGE, 8 * PAGE, 20 * SECOND)
    }, 30)
    expect(claims).toEqual([
      { start: 4, end: 8, from: 0, to: 10, state: FREE },
      { start: 4, end: 8, from: 10, to: 20, state: MAPPED },
      { start: 4, end: 8, from: 20, to: 30, state: FREE },
    ])
  })

  it('says no more of what is left of a range of which a part was unmapped, nor that it was free', () => {
    const claims = bookOf((book) => {
      book.map(4 * PAGE, 8 * PAGE, 10 * SECOND, false)
      book.unmap(5 * PAGE, 6 * PAGE, 20 * SECOND)
      book.map(4 * PAGE, 5 * PAGE, 25 * SECOND, true)
    }, 30)
    expect(claims).toEqual([
      { start: 4, end: 8, from: 10, to: 20, state: MAPPED },
      { start: 5, end: 6, from: 20, to: 30, state: FREE },
      { start: 4, end: 5, from: 25, to: 30, state: MAPPED },
    ])
  })

  it('keeps nothing that held for too short a time, and an even share of what is too much', () => {
    const calls = 40_000
    const claims = bookOf((book) => {
      for (let at = 0; at < calls; at++) {
        book.map(0, PAGE, 4 * at * SECOND, false)
        book.unmap(0, PAGE, (4 * at + 3) * SECOND)
      }
    }, 4 * calls)
    expect(claims.length).toBeGreaterThan(2000)
    expect(claims.length).toBeLessThanOrEqual(4000)
    expect(claims.every(({ state }) => state === MAPPED)).toBe(true)
    const late = claims.filter(({ from }) => from >= 2 * calls).length
    expect(late / claims.length).toBeCloseTo(0.5, 1)
  })

  it('takes no more room for what is too much, also of what still holds', () => {
    const kernel = startClaims()
    const book = new ClaimBook(0, kernel)
    const write = (from: number, to: number): void => {
      for (let at = from; at < to; at++) book.makeWritable(0, PAGE, 3 * at * SECOND)
    }
    write(0, 20_000)
    expect(book.until(60_000 * SECOND).length).toBeGreaterThan(2000)
    const room = kernel.octets.length
    write(20_000, 200_000)
    expect(book.until(600_000 * SECOND).length).toBeGreaterThan(2000)
    expect(kernel.octets.length).toBe(room)
  })

  it('forgets the address space at an execve, but not what was said of the time before', () => {
    const claims = bookOf((book) => {
      book.map(4 * PAGE, 8 * PAGE, 10 * SECOND, false)
      book.forget(20 * SECOND)
      book.map(4 * PAGE, 5 * PAGE, 25 * SECOND, false)
    }, 30)
    expect(claims.map(({ from, to }) => [from, to])).toEqual([
      [10, 20],
      [25, 30],
    ])
  })

  it('never claims what was not so, whatever the calls', () => {
    const place = fc.record({ start: fc.nat(PAGES - 1), pages: fc.integer({ min: 1, max: 6 }) })
    const call = fc.tuple(fc.constantFrom('map', 'unmap', 'makeWritable', 'forget'), place)
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), (calls) => {
        // What each page was like after each call: one call every three seconds.
        const history: { mapped: boolean; writable: boolean }[][] = []
        let pages = Array.from({ length: PAGES + 8 }, () => ({ mapped: false, writable: false }))
        const claims = bookOf(
          (book) => {
            calls.forEach(([name, { start, pages: length }], at) => {
              const time = 3 * (at + 1) * SECOND
              const end = start + length
              const inside = (page: number) => page >= start && page < end
              const wasFree = pages.every((page, number) => !inside(number) || !page.mapped)
              if (name === 'map') book.map(start * PAGE, end * PAGE, time, wasFree)
              else if (name === 'forget') book.forget(time)
              else book[name as 'unmap' | 'makeWritable'](start * PAGE, end * PAGE, time)
              pages = pages.map((page, number) => {
                // Another program may have anything anywhere, of which no claim may be made but by its own calls.
                if (name === 'forget') return { mapped: number % 2 === 0, writable: number % 3 === 0 }
                if (!inside(number)) return page
                if (name === 'makeWritable') return { ...page, writable: true }
                return { mapped: name === 'map', writable: false }
              })
              history.push(pages)
            })
          },
          3 * calls.length + 3,
        )
        for (const { start, end, from, to, state } of claims)
          for (let second = from; second < to; second += 3)
            for (let page = start; page < end; page++) {
              const then = second === 0 ? { mapped: false, writable: false } : history[second / 3 - 1]![page]!
              if (state === WRITABLE) expect(then.writable).toBe(true)
              else expect(then.mapped).toBe(state === MAPPED)
            }
      }),
      { numRuns: 2000 },
    )
  })
})
