import { describe, expect, it } from 'vitest'
import { blockText, fieldText, headerText, smapsText } from './a-smaps.ts'
import { hasShared, nameOf, read, readShared, sumKib } from './support.ts'

const A = { start: 0x55d000000000, end: 0x55d000004000, fields: { Rss: 12 } }
const B = { start: 0x7f0000000000, end: 0x7f0000010000, fields: { Rss: 20 } }
const C = { start: 0x7f0000020000, end: 0x7f0000030000, fields: { Rss: 24 } }
const whole = smapsText([A, B, C])

async function damaged(
  text: string,
): Promise<{ rows: number; rss: number; truncated: boolean; codes: readonly string[] }> {
  const { snapshots, codes, counts } = await read(text)
  expect(counts.readBytes + counts.skippedBytes).toBe(Buffer.byteLength(text))
  expect(snapshots.length).toBe(1)
  const { mappings, truncated } = snapshots[0]!
  return { rows: mappings.length, rss: sumKib(mappings, 'Rss'), truncated, codes }
}

describe('cuts', () => {
  it('in the middle of a field line: the half number is unknown, not smaller', async () => {
    const cut = whole.slice(0, whole.lastIndexOf('Rss:') + 23)
    expect(cut.endsWith(' 2')).toBe(true)
    expect(await damaged(cut)).toEqual({
      rows: 3,
      rss: 32,
      truncated: true,
      codes: ['smaps-bad-value', 'smaps-cut'],
    })
  })

  it('between two fields, with and without the newline', async () => {
    const cut = whole.slice(0, whole.lastIndexOf('Pss:'))
    const expected = { rows: 3, rss: 56, truncated: true, codes: ['smaps-cut'] }
    expect(await damaged(cut)).toEqual(expected)
    expect(await damaged(cut.trimEnd())).toEqual(expected)
  })

  it('in a field name', async () => {
    const cut = whole.slice(0, whole.lastIndexOf('Private_Dirty:') + 7)
    expect(await damaged(cut)).toEqual({ rows: 3, rss: 56, truncated: true, codes: ['smaps-cut'] })
  })

  it('in a header: the mapping whose range may be half is left out', async () => {
    for (const kept of [4, 14, 20, 28, 40]) {
      const header = whole.lastIndexOf(headerText(C))
      expect(await damaged(whole.slice(0, header + kept))).toMatchObject({
        rows: 2,
        rss: 32,
        truncated: true,
      })
    }
  })

  it('in the flags', async () => {
    expect(await damaged(whole.slice(0, whole.lastIndexOf('VmFlags') + 13))).toMatchObject({
      rows: 3,
      truncated: true,
    })
    expect(await damaged(whole.slice(0, whole.lastIndexOf('VmFlags') + 3))).toMatchObject({
      rows: 3,
      truncated: true,
    })
  })

  it('at the start: fields without a header are counted, not given to a neighbour', async () => {
    const cut = whole.slice(whole.indexOf('Rss:'))
    expect(await damaged(cut)).toEqual({
      rows: 2,
      rss: 44,
      truncated: true,
      codes: ['smaps-fields-without-header'],
    })
  })

  it('between two mappings cannot be seen', async () => {
    expect(await damaged(smapsText([A, B]))).toMatchObject({ rows: 2, truncated: false, codes: [] })
  })

  it('every cut of a file gives no more than the file and never less than what is whole', async () => {
    const bounds = [0, blockText(A).length, blockText(A).length + blockText(B).length]
    const sums = [0, 12, 32]
    for (let at = 1; at < whole.length; at++) {
      const { rss, truncated } = await damaged(whole.slice(0, at))
      const complete = bounds.findLastIndex((bound) => bound <= at)
      expect(rss).toBeGreaterThanOrEqual(sums[complete]!)
      expect(rss).toBeLessThanOrEqual(56)
      // From the first byte of a mapping to its flags the cut shows, once one mapping has taught how they end.
      const inside = at - bounds[complete]!
      if (
        complete > 0 &&
        inside > 0 &&
        whole.slice(at).includes('VmFlags') &&
        !whole.slice(bounds[complete], at).includes('VmFlags')
      )
        expect([at, truncated || rss === 0]).toEqual([at, true])
    }
  })
})

describe('lost and wrong lines', () => {
  it('a lost header: its fields do not end up in the mapping before', async () => {
    const text = whole.replace(`${headerText(B)}\n`, '')
    expect(await damaged(text)).toEqual({
      rows: 2,
      rss: 36,
      truncated: true,
      codes: ['smaps-fields-without-header'],
    })
  })

  it('an unreadable header: the same', async () => {
    const text = whole.replace(headerText(B), headerText(B).replace('-', '#'))
    const { rows, rss, codes } = await damaged(text)
    expect([rows, rss]).toEqual([2, 36])
    expect(codes).toEqual(['smaps-fields-without-header', 'smaps-unreadable-line'])
  })

  it('a lost header on a kernel without flags', async () => {
    const text = smapsText([A, B, C].map((block) => ({ ...block, flags: null }))).replace(
      `${headerText(B)}\n`,
      '',
    )
    expect(await damaged(text)).toMatchObject({ rows: 2, rss: 36, truncated: true })
  })

  it('prose and blank lines between fields', async () => {
    const text = whole.replace('Pss:', '\nHuh, is this the case?\n\nPss:')
    expect(await damaged(text)).toEqual({
      rows: 3,
      rss: 56,
      truncated: false,
      codes: ['smaps-unreadable-line'],
    })
  })

  it('a field without a number', async () => {
    const text = whole.replace(fieldText('Rss', 20), 'Rss:')
    expect(await damaged(text)).toEqual({
      rows: 3,
      rss: 36,
      truncated: true,
      codes: ['smaps-bad-value', 'smaps-field-missing'],
    })
  })

  it('a missing line', async () => {
    const text = whole.replace(`${fieldText('Rss', 20)}\n`, '')
    expect(await damaged(text)).toEqual({ rows: 3, rss: 36, truncated: true, codes: ['smaps-field-missing'] })
  })

  it('a duplicate field: equal in silence, else the last with a word', async () => {
    const twice = (kib: number): string =>
      whole.replace(fieldText('Rss', 20), `${fieldText('Rss', 20)}\n${fieldText('Rss', kib)}`)
    expect(await damaged(twice(20))).toEqual({ rows: 3, rss: 56, truncated: false, codes: [] })
    expect(await damaged(twice(28))).toEqual({
      rows: 3,
      rss: 64,
      truncated: false,
      codes: ['smaps-duplicate-field'],
    })
  })

  it('a header without fields', async () => {
    const text = `${smapsText([A])}${headerText(B)}\n${smapsText([C])}`
    expect(await damaged(text)).toMatchObject({ rows: 3, rss: 36, truncated: true })
  })

  it('only the range is left of a header', async () => {
    const text = whole.replace(headerText(B), headerText(B).split(' ')[0]!)
    expect(await damaged(text)).toEqual({
      rows: 3,
      rss: 56,
      truncated: false,
      codes: ['smaps-damaged-header'],
    })
  })

  it('a header wrapped behind the device, or before the name', async () => {
    const named = { ...B, inode: 44307431, device: '103:02', name: '/lib/libc-2.30.so' }
    const line = headerText(named)
    for (const wrapped of [line.replace('103:02 ', '103:02\n'), line.replace(/ +\/lib/, '\n/lib')]) {
      const { snapshots, codes } = await read(smapsText([A, named]).replace(line, wrapped))
      expect(snapshots[0]!.mappings.inode[1]).toBe(44307431)
      expect(nameOf(snapshots[0]!.mappings, 1)).toBe('/lib/libc-2.30.so')
      expect(codes).toEqual(['smaps-wrapped-header'])
    }
  })

  it('a line of 3 MB', async () => {
    const text = whole.replace('Pss:', `${'x'.repeat(3_000_000)}\nPss:`)
    for (const chunk of [undefined, 65536]) {
      const { snapshots, codes, counts } = await read(text, chunk ? { chunk } : {})
      expect(sumKib(snapshots[0]!.mappings, 'Rss')).toBe(56)
      expect(codes).toEqual(['smaps-line-too-long'])
      expect(counts.readBytes + counts.skippedBytes).toBe(text.length)
    }
  })

  it('thousands of invented fields', async () => {
    const invented = Array.from({ length: 3000 }, (_, i) => `Field_${i}: 1 kB`).join('\n')
    const { snapshots, codes } = await read(whole.replace('VmFlags', `${invented}\nVmFlags`))
    expect(snapshots[0]!.mappings.fields.size).toBeLessThan(100)
    expect(sumKib(snapshots[0]!.mappings, 'Rss')).toBe(56)
    expect(codes).toEqual(['smaps-too-many-fields'])
  })
})

describe('ranges', () => {
  const renamed = (
    from: string,
    to: string,
  ): Promise<{ rows: number; rss: number; truncated: boolean; codes: readonly string[] }> =>
    damaged(whole.replace(from, to))

  it('a lost first digit is mended by Size', async () => {
    const { snapshots, codes } = await read(whole.replace('7f0000020000-', 'f0000020000-'))
    expect(snapshots[0]!.mappings.start[2]).toBe(0x7f0000020000)
    expect(codes).toEqual(['smaps-range-mended'])
  })

  it('an end below its start that nothing explains: left out, and the sums are lower bounds', async () => {
    expect(await renamed('-7f0000010000', '-7e0000010000')).toEqual({
      rows: 2,
      rss: 36,
      truncated: true,
      codes: ['smaps-bad-range'],
    })
  })

  it('a range that Size contradicts is no growth', async () => {
    expect(await renamed('-7f0000030000', '-7f8000030000')).toEqual({
      rows: 3,
      rss: 56,
      truncated: true,
      codes: ['smaps-size-mismatch'],
    })
  })

  it('the guard page that 2.6.36 to 4.12 print outside a stack is no contradiction', async () => {
    const stack = { start: 0x7ffd00001000, end: 0x7ffd00022000, name: '[stack]', fields: { Size: 136 } }
    expect((await read(smapsText([A, stack]))).codes).toEqual([])
  })

  it('unsorted text is sorted', async () => {
    const { snapshots, codes } = await read(smapsText([B, C, A]))
    expect(Array.from(snapshots[0]!.mappings.start)).toEqual([A.start, B.start, C.start])
    expect(Array.from(snapshots[0]!.mappings.fields.get('Rss')!, (v) => v / 1024)).toEqual([12, 20, 24])
    expect(codes).toEqual(['smaps-unsorted'])
  })

  it('a mapping that grew while it was read counts once, as it was last', async () => {
    const grown = { ...B, end: B.end + 8192, fields: { Rss: 28 } }
    expect(await damaged(smapsText([A, B, grown, C]))).toEqual({
      rows: 3,
      rss: 64,
      truncated: false,
      codes: ['smaps-read-twice'],
    })
    expect(await damaged(smapsText([A, B, B, C]))).toMatchObject({
      rows: 3,
      rss: 56,
      codes: ['smaps-read-twice'],
    })
  })

  it('ranges that overlap in part are kept and told', async () => {
    const part = { start: B.start + 8192, end: B.end + 8192 }
    expect(await damaged(smapsText([A, B, part]))).toMatchObject({ rows: 3, codes: ['smaps-overlap'] })
  })
})

describe.skipIf(!hasShared)('the cut snapshot of the zoo (skipped where ../shared is not there)', () => {
  it('is marked and gives what is whole', async () => {
    const { snapshots, codes } = await read(
      readShared('zoo/d10-restart/evidence/smaps/smaps_26173_20261122194229'),
    )
    expect(snapshots[0]).toMatchObject({ truncated: true, program: 'quoted' })
    expect(snapshots[0]!.mappings.length).toBe(22)
    expect(codes).toEqual(['smaps-cut'])
  })
})
