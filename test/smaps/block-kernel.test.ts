import { describe, expect, it } from 'vitest'
import { type BlockText, smapsText } from './a-smaps.ts'
import { nameOf, plain, type ReadOptions, read } from './support.ts'

const BASE = 0x7f0000000000

/** Reads fast and line by line, and expects the same; gives the fast reading. */
async function both(text: string, options: ReadOptions = {}) {
  const fast = await read(text, options)
  const slow = await read(text, { ...options, lineByLine: true })
  expect(fast.snapshots.map(plain)).toEqual(slow.snapshots.map(plain))
  expect(fast.counts).toEqual(slow.counts)
  expect(fast.diagnostics).toEqual(slow.diagnostics)
  return fast
}

const rows = (count: number, more: (row: number) => Partial<BlockText>): BlockText[] =>
  Array.from({ length: count }, (_, row) => ({
    start: BASE + row * 8192,
    end: BASE + row * 8192 + 4096,
    ...more(row),
  }))

describe('the compiled kernel', () => {
  it('reads more mappings than it holds at once', async () => {
    const { snapshots } = await both(smapsText(rows(3000, (row) => ({ fields: { Rss: row } }))))
    expect(Array.from(snapshots[0]!.mappings.fields.get('Rss')!, (value) => value / 1024)).toEqual(
      Array.from({ length: 3000 }, (_, row) => row),
    )
  })

  it('goes on when its table of texts is full', async () => {
    const { snapshots } = await both(
      smapsText(rows(6000, (row) => ({ name: `/srv/${row}`, inode: row + 1 }))),
    )
    expect(nameOf(snapshots[0]!.mappings, 5999)).toBe('/srv/5999')
    const long = 'x'.repeat(4000)
    expect((await both(smapsText(rows(120, (row) => ({ name: `/${row}${long}`, inode: 1 }))))).codes).toEqual(
      [],
    )
  })

  it('tells texts of every length and of one byte of difference apart', async () => {
    const text = smapsText(
      rows(200, (row) => ({
        name: `/${'a'.repeat(row % 50)}${String.fromCharCode(98 + (row % 7))}`,
        inode: 1,
      })),
    )
    await both(text)
  })

  it('leaves numbers that outgrow their column to the lines', async () => {
    const text = smapsText(rows(50, (row) => ({ fields: { Rss: row % 7 === 0 ? 123_456_789_012 : row } })))
    await both(text)
  })

  it('begins a section anew, whose row has the number of the last that was read whole', async () => {
    const first = smapsText(rows(2, (row) => ({ fields: { Rss: row } })))
    const second = smapsText(rows(2, (row) => ({ fields: { Rss: row + 7, Other_Field: 3 } })))
    const { snapshots, codes } = await both(`${first}==> /proc/7/smaps <==\n${second}`)
    expect(snapshots.map(({ mappings }) => mappings.length)).toEqual([2, 2])
    expect(codes).toEqual([])
  })

  it('learns again when the layout changes in the middle', async () => {
    const other = rows(60, (row) => (row < 20 ? {} : { fields: { New_Field: row } }))
    await both(smapsText(other))
    await both(smapsText(rows(60, (row) => (row % 2 ? {} : { fields: { New_Field: row } }))))
  })

  it('reads several files by turns without mixing them', async () => {
    const texts = [
      smapsText(rows(300, (row) => ({ name: `/a${row}`, inode: 1 }))),
      smapsText(rows(300, (row) => ({ fields: { Other: row } }))),
    ]
    const alone = await Promise.all(texts.map(async (text) => (await read(text)).snapshots.map(plain)))
    const turns = await Promise.all(texts.map((text) => read(text, { chunk: 5000 })))
    expect(turns.map((result) => result.snapshots.map(plain))).toEqual(alone)
  })

  it('stops at every kind of damage in the text it has learned', async () => {
    const text = smapsText(rows(12, (row) => ({ name: '/a', inode: 1, fields: { Rss: row } })))
    const at = text.indexOf(`${(BASE + 5 * 8192).toString(16)}-`)
    const end = text.indexOf(`${(BASE + 6 * 8192).toString(16)}-`)
    for (let place = at; place < end; place++)
      for (const byte of ['\n', 'x', '7', ' ', '\u0000'])
        await both(text.slice(0, place) + byte + text.slice(place + 1))
  })

  it('takes no number for one that has anything but blanks before its digits', async () => {
    const text = smapsText(rows(12, (row) => ({ fields: { Rss: 4096 + row } })))
    const column = '    4101'
    expect(text).toContain(column)
    for (const other of [
      '!   4101',
      '   /4101',
      ' 1  4101',
      '    4 01',
      '        ',
      '0000410:',
      '\u0010   4101',
    ])
      await both(text.replace(column, other))
    const { snapshots } = await both(text.replace(column, '99999999'))
    expect(snapshots[0]!.mappings.fields.get('Rss')![5]).toBe(99_999_999 * 1024)
  })

  it('reads addresses of every length, and mappings that differ from the one before in one thing', async () => {
    const lengths = Array.from({ length: 13 }, (_, digits) => ({
      start: 16 ** (digits + 3),
      end: 16 ** (digits + 3) + 4096,
    }))
    const { snapshots } = await both(smapsText(lengths))
    expect(Array.from(snapshots[0]!.mappings.start)).toEqual(lengths.map(({ start }) => start))
    const different: Partial<BlockText>[] = [
      {},
      { name: '/a', inode: 7 },
      { name: '/a', inode: 8 },
      { permissions: 'r-xp' },
      { fields: { Rss: 4 } },
      { fields: { Rss: 4, Pss: 4 } },
      { flags: 'rd mr mw me' },
    ]
    await both(smapsText(rows(300, (row) => different[(row * row) % different.length]!)))
    await both(smapsText(rows(300, (row) => different[Math.floor(row / 3) % different.length]!)))
  })

  it('takes no range that only its size or its neighbours tell from a damaged one', async () => {
    const fields = (names: readonly string[]) =>
      names.map((name) => `${name}:                   4 kB\n`).join('')
    const mapping = (range: string, tail: string, names: readonly string[]) =>
      `${range} r--p 00000000 ${tail}\n${fields(names)}`
    const sized = ['Size', 'Rss']
    const bare = ['Rss', 'Pss']
    const file = 'fe:00 7 /a'
    const damaged = [
      mapping('1000-2000', file, bare) + mapping('f0000002000-7f0000003000', file, bare),
      mapping('7f0000000000-7f0000001000', '00:00 0 ', bare) +
        mapping('7f0000001000-1fffffffffffff', '00:00 0 ', bare),
      mapping('7f5c409ff000-7f5c40a00000', '00:00 0 [stack]', sized) +
        `ffffffffff600000-7f5c45d96000 r--p 00000000 ${file}\n` +
        mapping('7f5c45e0b000-7f5c45e0c000', 'fe:00 8 /b', sized),
      mapping('1000-2000', '00:00 0 ', sized) + mapping('2000-3000', '00:00 0 \r\r', sized),
      mapping('1000-2000', '00:00 0 ', sized) + mapping('2000-3000', 'fe:00 7 /a\r\r', sized),
    ]
    const codes: (readonly string[])[] = []
    for (const text of damaged) codes.push((await both(text)).codes)
    expect(codes.slice(0, 2)).toEqual([['smaps-range-mended'], ['smaps-bad-range']])
    const rollup = `7f0000000000-ffffffffff601000 ---p 00000000 00:00 0 [rollup]\n${fields(bare)}`
    expect((await both(rollup)).snapshots[0]!.mappings.length).toBe(1)
  })
})
