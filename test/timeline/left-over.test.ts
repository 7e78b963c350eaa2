import { describe, expect, it } from 'vitest'
import { Peaks } from '../../src/base/peaks.ts'
import { micros } from '../../src/base/units.ts'
import { compareLayouts } from '../../src/timeline/compare.ts'
import type { Layout } from '../../src/timeline/layout.ts'
import fc from '../support/property.ts'

interface Row {
  readonly start: number
  readonly end: number
  readonly key: number
  readonly rss: number
}

const KIB = 1024

const layoutOf = (rows: readonly Row[]): Layout => ({
  file: 'smaps',
  time: micros(0),
  length: rows.length,
  start: Float64Array.from(rows, ({ start }) => start),
  end: Float64Array.from(rows, ({ end }) => end),
  key: Uint32Array.from(rows, ({ key }) => key),
  permissions: new Uint8Array(rows.length),
  kind: new Uint8Array(rows.length),
  basis: new Uint8Array(rows.length),
  name: new Uint32Array(rows.length),
  rss: Float64Array.from(rows, ({ rss }) => rss),
  line: new Uint32Array(rows.length),
  lineage: new Int32Array(rows.length),
})

/** Ranges of these lengths side by side, from an address on. */
const rowsFrom = (address: number, rows: readonly { kib: number; key: number; rss: number }[]): Row[] =>
  rows.map(({ kib, key, rss }, at) => ({
    start: address + at * 2 ** 24,
    end: address + at * 2 ** 24 + kib * KIB,
    key,
    rss,
  }))

/** Each row that vanished, the largest first, takes the smallest new one that it fits and nobody has. */
function movesByLooking(before: readonly Row[], after: readonly Row[]): [number, number][] {
  const length = ({ start, end }: Row) => end - start
  const free = new Set(after.keys())
  const moves: [number, number][] = []
  const order = [...before.keys()].sort((x, y) => length(before[y]!) - length(before[x]!) || x - y)
  for (const a of order) {
    const old = before[a]!
    if (length(old) < 128 * KIB || !(old.rss > 0)) continue
    const fits = [...free].filter((b) => {
      const fresh = after[b]!
      const isLarger = length(fresh) > length(old) && length(fresh) <= 2 * length(old)
      return fresh.key === old.key && isLarger && !(fresh.rss < 0.9 * old.rss)
    })
    fits.sort((x, y) => length(after[x]!) - length(after[y]!) || x - y)
    if (fits.length === 0) continue
    free.delete(fits[0]!)
    moves.push([a, fits[0]!])
  }
  return moves
}

describe('rows that are left over', () => {
  it('move where mremap would have moved them, whatever there is', () => {
    const row = fc.record({
      kib: fc.integer({ min: 31, max: 90 }).map((pages) => pages * 4),
      key: fc.nat(1),
      rss: fc.oneof(
        fc.constant(Number.NaN),
        fc.nat(6).map((many) => many * 40 * KIB),
      ),
    })
    const rows = fc.array(row, { maxLength: 20 })
    fc.assert(
      fc.property(rows, rows, (before, after) => {
        const [old, fresh] = [rowsFrom(2 ** 40, before), rowsFrom(2 ** 41, after)]
        const { steps } = compareLayouts(layoutOf(old), layoutOf(fresh))
        const moved = steps
          .filter(({ kind }) => kind === 'moved')
          .map((step) => [step.before[0], step.after[0]])
        expect(moved).toEqual(movesByLooking(old, fresh))
        expect(steps.filter(({ kind }) => kind === 'unmapped')).toHaveLength(before.length - moved.length)
        expect(steps.filter(({ kind }) => kind === 'appeared')).toHaveLength(after.length - moved.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('may be more than a call takes arguments', () => {
    const many = Array.from({ length: 150_000 }, () => ({ kib: 160, key: 0, rss: 160 * KIB }))
    const larger = many.map((row) => ({ ...row, kib: 164 }))
    const { steps } = compareLayouts(layoutOf(rowsFrom(2 ** 40, many)), layoutOf(rowsFrom(2 ** 45, larger)))
    expect(steps).toHaveLength(150_000)
    expect(steps.every(({ kind }) => kind === 'moved')).toBe(true)
  })
})

describe('peaks', () => {
  it('finds the first that is large enough, as looking at each does', () => {
    const values = fc.array(fc.nat(9), { maxLength: 40 })
    fc.assert(
      fc.property(values, fc.array(fc.nat(40)), fc.nat(45), fc.nat(10), (given, taken, from, least) => {
        const left = given.map((value, at) => (taken.includes(at) ? Number.NEGATIVE_INFINITY : value))
        const peaks = new Peaks(Float64Array.from(given))
        for (const at of taken) if (at < given.length) peaks.remove(at)
        expect(peaks.first(from, least)).toBe(left.findIndex((value, at) => at >= from && value >= least))
      }),
    )
  })
})
