import { describe, expect, it } from 'vitest'
import { ColumnPool } from '../../src/smaps/column-pool.ts'
import { type BlockText, smapsText } from './a-smaps.ts'
import { plain, type ReadOptions, read } from './support.ts'

const BASE = 0x7f0000000000

const rows = (count: number, more: (row: number) => Partial<BlockText>): string =>
  smapsText(
    Array.from({ length: count }, (_, row) => ({
      start: BASE + row * 8192,
      end: BASE + row * 8192 + 4096,
      ...more(row),
    })),
  )

describe('columns that are lent again', () => {
  const texts = [
    rows(300, (row) => ({ fields: { Rss: 7 + row, Swap: 9, New_Field: 3 }, name: '/a', inode: 5 })),
    rows(200, (row) => ({ fields: { Rss: row % 2 }, flags: null })),
    rows(90, (row) => (row < 50 ? {} : { fields: { Other: row } })),
    rows(120, () => ({})).replace(/^Rss:.*$/m, 'Rss:  what'),
    rows(2000, (row) => ({ fields: { Pss: row } })),
  ]

  for (const lineByLine of [false, true])
    it(`show nothing of the file before${lineByLine ? ', line by line' : ''}`, async () => {
      const pool = new ColumnPool()
      for (const text of [...texts, ...texts].reverse()) {
        const options: ReadOptions = { lineByLine }
        const lent = await read(text, { ...options, pool })
        const own = await read(text, options)
        expect(lent.snapshots.map(plain)).toEqual(own.snapshots.map(plain))
        expect(lent.diagnostics).toEqual(own.diagnostics)
        pool.takeBack()
      }
    })

  it('are the same memory for a file of the same length, unless they were given away', async () => {
    const pool = new ColumnPool()
    const buffersOf = async (): Promise<Set<ArrayBufferLike>> => {
      const { start, end, offset, inode, fields } = (await read(texts[0]!, { pool })).snapshots[0]!.mappings
      // Columns of zeros are one for all tables.
      const own = [...fields.values()].filter((values) => values.some((value) => value !== 0))
      return new Set([start, end, offset, inode, ...own].map(({ buffer }) => buffer))
    }
    const first = await buffersOf()
    pool.takeBack()
    const second = await buffersOf()
    expect([...second].every((buffer) => first.has(buffer))).toBe(true)
    pool.giveAway()
    expect([...(await buffersOf())].some((buffer) => first.has(buffer))).toBe(false)
  })
})
