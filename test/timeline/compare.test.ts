import { describe, expect, it } from 'vitest'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import { compareLayouts, sizeOf } from '../../src/timeline/compare.ts'
import { type Layout, layoutOf, Names } from '../../src/timeline/layout.ts'
import fc from '../support/property.ts'
import { aSnapshot, type MappingSketch } from '../support/synthetic-capture.ts'

const names = new Names()
const layout = (mappings: readonly MappingSketch[]): Layout =>
  layoutOf(aSnapshot(mappings), 0 as never, names)

/** What happened, by kind, with the start of the rows on either side. */
function told(before: readonly MappingSketch[], after: readonly MappingSketch[]): string[] {
  const [a, b] = [layout(before), layout(after)]
  return compareLayouts(a, b).steps.map((step) => {
    const at = (side: Layout, rows: readonly number[]): string =>
      rows.map((row) => side.start[row]!.toString(16)).join('+')
    return `${step.kind} ${at(a, step.before) || '-'} > ${at(b, step.after) || '-'}`
  })
}

const anon = (start: number, size: number, rss = size): MappingSketch => ({ start, size, rss })
const none = (start: number, size: number): MappingSketch => ({ start, size, rss: 0, permissions: '---p' })

describe('what became of a mapping', () => {
  it.each<[string, MappingSketch[], MappingSketch[], string[]]>([
    ['nothing', [anon(0x1000, 0x1000)], [anon(0x1000, 0x1000)], []],
    [
      'its pages were touched',
      [anon(0x1000, 0x2000, 0x1000)],
      [anon(0x1000, 0x2000)],
      ['touched 1000 > 1000'],
    ],
    ['it grew upwards', [anon(0x1000, 0x1000)], [anon(0x1000, 0x3000)], ['grew 1000 > 1000']],
    ['it grew downwards, as mmap goes', [anon(0x9000, 0x1000)], [anon(0x5000, 0x5000)], ['grew 9000 > 5000']],
    ['it shrank', [anon(0x1000, 0x4000)], [anon(0x2000, 0x1000)], ['shrank 1000 > 2000']],
    ['it slid', [anon(0x1000, 0x4000)], [anon(0x3000, 0x4000)], ['moved 1000 > 3000']],
    [
      'two became one',
      [anon(0x1000, 0x1000), anon(0x4000, 0x1000)],
      [anon(0x1000, 0x4000)],
      ['merged 1000+4000 > 1000'],
    ],
    [
      'a hole was cut',
      [anon(0x1000, 0x5000)],
      [anon(0x1000, 0x1000), anon(0x5000, 0x1000)],
      ['split 1000 > 1000+5000'],
    ],
    [
      'an arena grew into its reserve',
      [anon(0x10000, 0x1000), none(0x11000, 0xf000)],
      [anon(0x10000, 0x4000), none(0x14000, 0xc000)],
      ['grew 10000 > 10000', 'shrank 11000 > 14000'],
    ],
    [
      'an arena began in its reserve',
      [none(0x10000, 0x10000)],
      [anon(0x10000, 0x1000), none(0x11000, 0xf000)],
      ['shrank 10000 > 11000', 'reprotected - > 10000'],
    ],
    ['it was reprotected', [none(0x1000, 0x4000)], [anon(0x1000, 0x4000)], ['reprotected 1000 > 1000']],
    ['it came', [], [anon(0x1000, 0x1000)], ['appeared - > 1000']],
    ['it went', [anon(0x1000, 0x1000)], [], ['unmapped 1000 > -']],
    ['mremap moved it', [anon(0x100000, 0x40000)], [anon(0x900000, 0x50000)], ['moved 100000 > 900000']],
    [
      'one went and a much larger one came',
      [anon(0x100000, 0x40000)],
      [anon(0x900000, 0x90000)],
      ['unmapped 100000 > -', 'appeared - > 900000'],
    ],
    [
      'one went and an empty one came',
      [anon(0x100000, 0x40000)],
      [anon(0x900000, 0x50000, 0)],
      ['unmapped 100000 > -', 'appeared - > 900000'],
    ],
    [
      'its file was deleted',
      [{ start: 0x1000, size: 0x1000, rss: 0, name: '/tmp/x' }],
      [{ start: 0x1000, size: 0x1000, rss: 0, name: '/tmp/x (deleted)' }],
      [],
    ],
    [
      'another file took its place',
      [{ start: 0x1000, size: 0x1000, rss: 0, name: '/tmp/x' }],
      [{ start: 0x1000, size: 0x1000, rss: 0, name: '/tmp/y' }],
      ['reprotected 1000 > 1000'],
    ],
    [
      'another System V segment took its place',
      [{ start: 0x1000, size: 0x1000, rss: 0, name: '/SYSV00000000 (deleted)', inode: 4 }],
      [{ start: 0x1000, size: 0x1000, rss: 0, name: '/SYSV00000000 (deleted)', inode: 5 }],
      ['reprotected 1000 > 1000'],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(told(before, after)).toEqual(expected)
  })
})

/** An address space of up to 30 mappings that do not overlap; close together, so that they meet the other side's. */
const space = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 3 }),
      pages: fc.integer({ min: 1, max: 6 }),
      rss: fc.integer({ min: 0, max: 6 }),
      permissions: fc.constantFrom('rw-p', '---p', 'r--p'),
      name: fc.constantFrom('', '', '', '[heap]', '/lib/a.so'),
    }),
    { maxLength: 30 },
  )
  .map((list) => {
    let at = 0x100
    return list.map(({ gap, pages, rss, permissions, name }) => {
      const start = (at + gap) * 4096
      at += gap + pages
      return { start, size: pages * 4096, rss: rss * 4096, permissions, name }
    })
  })

const checkConservation = (a: ReadSnapshot, b: ReadSnapshot): void => {
  const [before, after] = [layoutOf(a, 0 as never, names), layoutOf(b, 0 as never, names)]
  const { steps, same } = compareLayouts(before, after)
  const touched = steps.filter((step) => step.kind === 'touched')
  const moves = steps.filter((step) => step.kind !== 'touched')
  const rowsOf = (first: Int32Array): number[] =>
    Array.from(same.length.subarray(0, same.runs), (length, run) =>
      Array.from({ length }, (_, row) => first[run]! + row),
    ).flat()
  const [sameBefore, sameAfter] = [rowsOf(same.before), rowsOf(same.after)]
  const rowsBefore = [...sameBefore, ...moves.flatMap((step) => step.before)].sort((x, y) => x - y)
  const rowsAfter = [...sameAfter, ...moves.flatMap((step) => step.after)].sort((x, y) => x - y)
  expect(rowsBefore).toEqual(Array.from({ length: before.length }, (_, row) => row))
  expect(rowsAfter).toEqual(Array.from({ length: after.length }, (_, row) => row))
  const size = steps.reduce((sum, step) => sum + sizeOf(after, step.after) - sizeOf(before, step.before), 0)
  const total = (side: Layout): number =>
    sizeOf(
      side,
      Array.from({ length: side.length }, (_, row) => row),
    )
  expect(size).toBe(total(after) - total(before))
  for (const step of touched) expect(sameAfter).toContain(step.after[0])
}

describe('bytes between two snapshots', () => {
  it('are conserved, every row in exactly one step', () => {
    fc.assert(
      fc.property(space, space, (a, b) => checkConservation(aSnapshot(a), aSnapshot(b))),
      { numRuns: 500 },
    )
  })

  it('are conserved when a damaged file repeats and overlaps its rows', () => {
    const damaged = fc
      .array(fc.record({ start: fc.integer({ min: 1, max: 40 }), pages: fc.integer({ min: 1, max: 9 }) }), {
        maxLength: 20,
      })
      .map((list) => list.map(({ start, pages }) => anon(start * 4096, pages * 4096)))
    fc.assert(
      fc.property(damaged, damaged, (a, b) => checkConservation(aSnapshot(a), aSnapshot(b))),
      { numRuns: 500 },
    )
  })
})
