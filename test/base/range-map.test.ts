import { describe, expect, it } from 'vitest'
import { startReplay } from '../../src/attribution/replay-kernel.ts'
import { RangeMap } from '../../src/base/range-map.ts'
import fc from '../support/property.ts'

const room = startReplay()

/** `a` is owner 1, `b` owner 2, …; a dot is unmapped; one character is one address. */
function draw(map: RangeMap, width = 24): string {
  const cells = new Array<string>(width).fill('.')
  map.forEach((start, end, owner) => {
    for (let at = start; at < end; at += 1) cells[at] = String.fromCharCode(96 + owner)
  })
  return cells.join('')
}

function parse(picture: string): RangeMap {
  const map = new RangeMap(room)
  for (let at = 0; at < picture.length; at += 1)
    if (picture[at] !== '.') map.set(at, at + 1, picture.charCodeAt(at) - 96, 0)
  return map
}

/** Where `x` stands is the range of the operation. */
function span(picture: string): [number, number] {
  return [picture.indexOf('x'), picture.lastIndexOf('x') + 1]
}

describe('every overlap of a new range with what is mapped', () => {
  const cases: [name: string, before: string, where: string, set: string, removed: string][] = [
    ['free space', '....aaaa....', '.........xx.', '....aaaa.zz.', '....aaaa....'],
    ['touches from the left', '....aaaa....', '..xx........', '..zzaaaa....', '....aaaa....'],
    ['touches from the right', '....aaaa....', '........xx..', '....aaaazz..', '....aaaa....'],
    ['overlaps the start', '....aaaa....', '..xxxx......', '..zzzzaa....', '......aa....'],
    ['overlaps the end', '....aaaa....', '......xxxx..', '....aazzzz..', '....aa......'],
    ['inside: splits', '....aaaa....', '.....xx.....', '....azza....', '....a..a....'],
    ['inside, same start', '....aaaa....', '....xx......', '....zzaa....', '......aa....'],
    ['inside, same end', '....aaaa....', '......xx....', '....aazz....', '....aa......'],
    ['exact', '....aaaa....', '....xxxx....', '....zzzz....', '............'],
    ['covers', '....aaaa....', '..xxxxxxxx..', '..zzzzzzzz..', '............'],
    ['covers, same start', '....aaaa....', '....xxxxxx..', '....zzzzzz..', '............'],
    ['covers, same end', '....aaaa....', '..xxxxxx....', '..zzzzzz....', '............'],
    ['bridges a hole', '..aaa..bbb..', '....xxxx....', '..aazzzzbb..', '..aa....bb..'],
    ['covers several', '.aa.bb.cc.d.', '..xxxxxxx...', '.azzzzzzz.d.', '.a........d.'],
    ['cuts first and last of several', '.aaabbbccc..', '...xxxxx....', '.aazzzzzcc..', '.aa.....cc..'],
    ['only a hole', '.aa......bb.', '....xxx.....', '.aa.zzz..bb.', '.aa......bb.'],
  ]
  for (const [name, before, where, set, removed] of cases) {
    it(`set: ${name}`, () => {
      const map = parse(before)
      const [start, end] = span(where)
      map.set(start, end, 26, 0)
      expect(draw(map, before.length)).toBe(set)
    })
    it(`remove: ${name}`, () => {
      const map = parse(before)
      const [start, end] = span(where)
      const seen: string[] = []
      map.remove(start, end, (from, to, owner) => {
        for (let at = from; at < to; at += 1) seen.push(`${at}${String.fromCharCode(96 + owner)}`)
      })
      expect(draw(map, before.length)).toBe(removed)
      const gone = [...before].flatMap((cell, at) =>
        cell !== '.' && at >= start && at < end ? [`${at}${cell}`] : [],
      )
      expect(seen).toEqual(gone)
    })
  }

  it('retag splits, keeps the owner and joins again when the tag returns', () => {
    const map = new RangeMap(room)
    map.set(0, 10, 1, 3)
    map.retag(4, 6, 0)
    expect(map.pieces(0, 10)).toEqual([
      { start: 0, end: 4, owner: 1, tag: 3 },
      { start: 4, end: 6, owner: 1, tag: 0 },
      { start: 6, end: 10, owner: 1, tag: 3 },
    ])
    map.retag(4, 6, 3)
    expect(map.size).toBe(1)
  })

  it('takes a range from end to end, and no part of one', () => {
    const map = parse('.aa.bbb.')
    expect(map.take(4, 7)).toBe(2)
    expect(map.take(1, 2)).toBe(-1)
    expect(map.take(2, 3)).toBe(-1)
    expect(map.take(0, 3)).toBe(-1)
    expect(map.take(4, 7)).toBe(-1)
    expect(draw(map, 8)).toBe('.aa.....')
    expect(map.bytes).toBe(2)
  })

  it('does nothing for an empty or reversed range', () => {
    const map = parse('.aa.')
    map.set(2, 2, 5, 0)
    map.set(3, 1, 5, 0)
    map.remove(3, 1)
    expect(draw(map, 4)).toBe('.aa.')
  })

  it('finds the range of an address, and nothing beside it', () => {
    const map = parse('..aa..b.')
    expect(map.at(2)).toEqual({ start: 2, end: 4, owner: 1, tag: 0 })
    expect(map.at(3)?.owner).toBe(1)
    expect(map.at(4)).toBeNull()
    expect(map.at(1)).toBeNull()
    expect(map.at(7)).toBeNull()
  })

  it('holds addresses beyond 2^53 that are page aligned, as [vsyscall] is', () => {
    const map = new RangeMap(room)
    map.set(0xffffffffff600000, 0xffffffffff601000, 1, 5)
    expect(map.at(0xffffffffff600000)?.owner).toBe(1)
    expect(map.bytes).toBe(4096)
  })
})

describe('against an array of cells', () => {
  const WIDTH = 600
  const step = fc.record({
    kind: fc.constantFrom('set', 'remove', 'retag', 'take', 'set again'),
    start: fc.integer({ min: 0, max: WIDTH - 1 }),
    length: fc.integer({ min: 1, max: 40 }),
    owner: fc.integer({ min: 1, max: 4 }),
    tag: fc.integer({ min: 0, max: 2 }),
  })

  it('gives the same cells, sums and ordered, joined ranges after any sequence', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 400 }), (steps) => {
        const map = new RangeMap(room)
        const cells = new Array<string | null>(WIDTH).fill(null)
        const taken: [number, number][] = []
        for (const step of steps) {
          const { owner, tag, kind } = step
          let { start } = step
          let end = Math.min(WIDTH, start + step.length)
          if (kind === 'take') {
            const piece = map.at(start)
            if (piece === null) continue
            ;({ start, end } = piece)
            taken.push([start, end])
            expect(map.take(start, end)).toBe(piece.owner)
            expect(map.isFree(start, end)).toBe(true)
          } else if (kind === 'set again') {
            if (taken.length === 0) continue
            ;[start, end] = taken[step.length % taken.length]!
            map.set(start, end, owner, tag)
          } else if (kind === 'set') map.set(start, end, owner, tag)
          else if (kind === 'remove') map.remove(start, end)
          else map.retag(start, end, tag)
          for (let at = start; at < end; at += 1)
            if (kind === 'set' || kind === 'set again') cells[at] = `${owner}:${tag}`
            else if (kind === 'remove' || kind === 'take') cells[at] = null
            else if (cells[at] !== null) cells[at] = `${cells[at]!.split(':')[0]}:${tag}`
        }
        const found = new Array<string | null>(WIDTH).fill(null)
        let last = { end: -1, value: '' }
        let ranges = 0
        let total = 0
        map.forEach((start, end, owner, tag) => {
          const value = `${owner}:${tag}`
          expect(start).toBeGreaterThanOrEqual(last.end)
          if (start === last.end) expect(value).not.toBe(last.value)
          for (let at = start; at < end; at += 1) found[at] = value
          last = { end, value }
          ranges += 1
          total += end - start
        })
        expect(found).toEqual(cells)
        expect(map.size).toBe(ranges)
        expect(map.bytes).toBe(total)
      }),
      { numRuns: 300 },
    )
  })

  it('finds all that is left when thousands of ranges came and went, each at a place of its own', () => {
    const map = new RangeMap(room)
    const [all, kept] = [10_000, 50]
    for (let k = 0; k < all; k += 1) {
      map.set(k * 10, k * 10 + 5, k + 1, 0)
      if (k >= kept) expect(map.take((k - kept) * 10, (k - kept) * 10 + 5)).toBe(k - kept + 1)
    }
    expect(map.pieces(0, all * 10).map(({ owner }) => owner)).toEqual(
      Array.from({ length: kept }, (_, k) => all - kept + k + 1),
    )
    expect(map.isFree(0, (all - kept) * 10)).toBe(true)
  })

  it('passes over a hole a few times only, however often a place is looked at', () => {
    const map = new RangeMap(room)
    const many = 20_000
    for (let k = 0; k < many; k += 1) {
      map.set(k * 10, k * 10 + 5, 1, k % 2)
      map.set(1e9 + k * 10, 1e9 + k * 10 + 5, 2, k % 2)
    }
    for (let k = 0; k < many; k += 1) map.take(k * 10, k * 10 + 5)
    for (const look of [
      () => expect(map.isFree(0, many * 10)).toBe(true),
      () => expect(map.pieces(0, many * 10)).toEqual([]),
      () => map.remove(0, many * 10),
      () => map.retag(0, many * 10, 7),
    ])
      look()
    expect(map.size).toBe(many)
    expect(map.overlap(1e9, 2e9)).toBe(many * 5)
  })

  it('stays ordered over many blocks, and a copy is independent', () => {
    const map = new RangeMap(room)
    for (let k = 0; k < 20_000; k += 1) {
      const start = ((k * 7919) % 20_000) * 10
      map.set(start, start + 5, k + 1, k % 3)
    }
    expect(map.size).toBe(20_000)
    const copy = map.copy()
    map.remove(1000, 199_000)
    expect(map.size).toBe(200)
    expect(copy.size).toBe(20_000)
    expect(copy.overlap(0, 200_000)).toBe(100_000)
    let last = -1
    copy.forEach((start, end) => {
      expect(start).toBeGreaterThan(last)
      last = end
    })
  })
})
