import { describe, expect, it } from 'vitest'
import { MEMORY_CALLS } from '../../src/model/trace.ts'
import { MemoryRow } from '../../src/strace/memory-row.ts'
import { MemoryTable } from '../../src/strace/memory-table.ts'
import fc from '../support/property.ts'

/** Numbers around every limit of a row's room, and what the log does not tell. */
const number = fc.oneof(
  fc.constantFrom(Number.NaN, 0, -1, 0.5, 2 ** 32 - 1, 2 ** 32, 2 ** 48 - 1, 2 ** 48, 2 ** 52, -4095),
  fc.integer({ min: 0, max: 2 ** 50 }),
  fc.integer({ min: 0, max: 300 }).map((page) => page * 4096),
)
const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const row = fc.record({
  call: fc.nat(MEMORY_CALLS.length - 1),
  time: number,
  duration: number,
  address: number,
  length1: number,
  length2: number,
  extra: number,
  result: number,
  protection: fc.nat(7),
  flags: number,
  fd: fc.integer({ min: -2, max: 2 ** 31 - 1 }),
  offset: number,
  state: fc.nat(15),
  error: fc.nat(9),
  name: fc.nat(9),
  file: fc.nat(65535),
  line: word,
  context: fc.nat(9),
})
type Row = Omit<MemoryRow, 'clear'>

const asRow = (fields: Row): MemoryRow => Object.assign(new MemoryRow(), fields)

function readBack(table: MemoryTable, at: number): Row {
  return Object.fromEntries(
    Object.keys(new MemoryRow()).map((name) => [name, table[name as keyof Row](at)]),
  ) as never
}

const CONTEXTS = Uint32Array.from({ length: 10 }, (_, context) => 9 - context)

describe('the table of memory calls', () => {
  it('gives every call back as it was put there, or as it was last written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4), row), { minLength: 1, maxLength: 40 }),
        fc.array(fc.tuple(fc.nat(39), row), { maxLength: 10 }),
        (calls, later) => {
          const table = new MemoryTable()
          const rows = calls.map(([thread, fields]) => {
            const filled = asRow(fields)
            table.append(thread, filled)
            expect(filled).toEqual(asRow(fields))
            return fields
          })
          for (const [at, fields] of later)
            if (at < rows.length) {
              table.write(at, asRow(fields))
              rows[at] = fields
            }
          table.finish([10, 11, 12, 13, 14], CONTEXTS)
          expect(table.length).toBe(calls.length)
          rows.forEach((fields, at) => {
            expect(readBack(table, at)).toEqual({ ...fields, context: CONTEXTS[fields.context] })
            expect(table.tid(at)).toBe(10 + calls[at]![0])
            expect(table.stack(at)).toBe(0)
          })
        },
      ),
    )
  })

  it('moves times and scales offsets of the rows asked for, and of no others', () => {
    const table = new MemoryTable()
    const times = [100, Number.NaN, 1.5, 100]
    for (const time of times) table.append(0, Object.assign(new MemoryRow(), { time, offset: 3 }))
    table.shiftTimes(0, 3, 50)
    table.scaleOffsets([3], 4096)
    table.setStack(2, 7)
    expect(times.map((_, at) => table.time(at))).toEqual([150, Number.NaN, 51.5, 100])
    expect(times.map((_, at) => table.offset(at))).toEqual([3, 3, 3, 12288])
    expect(times.map((_, at) => table.stack(at))).toEqual([0, 0, 7, 0])
  })

  it.each([2, 7, 2048])('keeps calls apart across blocks of rows, %i of them in memory', (blocksHeld) => {
    const table = new MemoryTable(blocksHeld)
    const filled = new MemoryRow()
    for (let at = 0; at < 40_000; at++) {
      filled.time = 1e15 + at
      filled.length1 = at * 4096
      table.append(at % 3, filled)
    }
    filled.time = 1e15
    filled.length1 = 1
    for (const at of [3, 30_001]) table.write(at, filled)
    table.shiftTimes(10_000, 10_010, 1e6)
    table.finish([5, 6, 7], CONTEXTS)
    for (let round = 0; round < 40_000; round++) {
      const at = (round * 17_389) % 40_000
      const isWritten = at === 3 || at === 30_001
      const moved = at >= 10_000 && at < 10_010 ? 1e6 : 0
      const { tid, length1 } = table.at(at)
      expect(tid).toBe(5 + (at % 3))
      expect(length1).toBe(isWritten ? 1 : at * 4096)
      expect(table.time(at)).toBe(isWritten ? 1e15 : 1e15 + at + moved)
    }
  })
})
