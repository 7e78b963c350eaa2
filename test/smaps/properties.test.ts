import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import fc from '../support/property.ts'
import { plain, type ReadOptions, type ReadResult, read, readOne } from './support.ts'

interface Model {
  readonly start: number
  readonly end: number
  readonly permissions: string
  readonly offset: number
  readonly device: string
  readonly inode: number
  readonly name: string
  readonly flags: string
  readonly values: readonly number[]
}

/** How one kernel, and what the text met afterwards, print it. */
interface Printing {
  readonly fields: readonly string[]
  readonly hasFlags: boolean
  readonly thp: string | null
  readonly width: number
  readonly newline: string
  readonly prefix: string
  readonly trailingBlanks: boolean
  readonly finalNewline: boolean
}

const FIELD_NAMES = [
  'Rss',
  'Pss',
  'Pss_Dirty',
  'Shared_Clean',
  'Private_Dirty',
  'Anonymous',
  'Swap',
  'KSM',
  'New_Field2',
]
const FLAG_WORDS = ['rd', 'wr', 'ex', 'mr', 'mw', 'me', 'ac', 'sd', '??', 'nh', 'anon']
const NAMES = [
  '',
  '',
  '[heap]',
  '[stack]',
  '/usr/lib/libc.so.6',
  '/tmp/a b\tc',
  '/memfd: (deleted)',
  '[anon:x: (y)]',
  '/é名',
  '/7f00-7f01 r--p 0 0:0 0 x',
]

const pages = fc.integer({ min: 1, max: 40 })
const kib = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 99_999_999 }) },
  { weight: 1, arbitrary: fc.integer({ min: 100_000_000, max: 2 ** 38 }) },
)

const model: fc.Arbitrary<Model[]> = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 3 }),
      pages,
      permissions: fc.tuple(
        fc.constantFrom('r', '-'),
        fc.constantFrom('w', '-'),
        fc.constantFrom('x', '-'),
        fc.constantFrom('p', 's'),
      ),
      offset: fc.integer({ min: 0, max: 2 ** 40 }),
      device: fc.constantFrom('00:00', 'fe:00', '103:02'),
      inode: fc.integer({ min: 0, max: 2 ** 34 }),
      name: fc.constantFrom(...NAMES),
      flags: fc.subarray(FLAG_WORDS),
      values: fc.array(kib, { minLength: FIELD_NAMES.length, maxLength: FIELD_NAMES.length }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .chain((rows) =>
    fc.constantFrom(0x400000, 0x7f0000000000, Number(0xffff800000000000n)).map((base) => {
      let at = base
      return rows.map(({ gap, pages: count, permissions, flags, ...rest }) => {
        const start = at + gap * 4096
        at = start + count * 4096
        return { ...rest, start, end: at, permissions: permissions.join(''), flags: flags.join(' ') }
      })
    }),
  )

const printing: fc.Arbitrary<Printing> = fc.record({
  fields: fc.shuffledSubarray(FIELD_NAMES, { minLength: 1 }),
  hasFlags: fc.boolean(),
  thp: fc.constantFrom(null, 'THPeligible:    ', 'THPeligible:\t\t', 'THPeligible:           '),
  width: fc.constantFrom(7, 8, 9, 1),
  newline: fc.constantFrom('\n', '\r\n'),
  prefix: fc.constantFrom('', '', '', '> ', '    '),
  trailingBlanks: fc.boolean(),
  finalNewline: fc.boolean(),
})

function print(rows: readonly Model[], how: Printing): string {
  const lines: string[] = []
  for (const row of rows) {
    const hex = (value: number): string => BigInt(value).toString(16).padStart(8, '0')
    const left = `${hex(row.start)}-${hex(row.end)} ${row.permissions} ${hex(row.offset)} ${row.device} ${row.inode} `
    lines.push(row.name === '' ? left : `${left.padEnd(73)}${row.name}`)
    const value = (name: string, number: number): string =>
      `${`${name}:`.padEnd(16)}${String(number).padStart(how.width)} kB`
    lines.push(value('Size', (row.end - row.start) / 1024))
    for (const name of how.fields) lines.push(value(name, row.values[FIELD_NAMES.indexOf(name)]!))
    if (how.thp !== null) lines.push(`${how.thp}1`)
    if (how.hasFlags) lines.push(`VmFlags: ${row.flags}${row.flags === '' ? '' : ' '}`)
  }
  const text = lines
    .map((line) => how.prefix + (how.trailingBlanks ? line : line.replace(/ +$/, '')))
    .join(how.newline)
  return how.finalNewline ? text + how.newline : text
}

const PERMISSION_BITS: Readonly<Record<string, number>> = { r: 1, w: 2, x: 4, s: 8, p: 0, '-': 0 }

function expectModel(snapshot: ReadSnapshot, rows: readonly Model[], how: Printing): void {
  const { rows: got, truncated } = plain(snapshot) as { rows: Record<string, unknown>[]; truncated: boolean }
  expect(truncated).toBe(false)
  const expected = rows.map((row) => ({
    start: row.start,
    end: row.end,
    permissions: [...row.permissions].reduce((bits, letter) => bits | PERMISSION_BITS[letter]!, 0),
    offset: row.offset,
    inode: row.inode,
    device: row.device,
    name: row.name,
    vmFlags: how.hasFlags ? row.flags : '',
    fields: {
      Size: row.end - row.start,
      ...Object.fromEntries(how.fields.map((name) => [name, row.values[FIELD_NAMES.indexOf(name)]! * 1024])),
      ...(how.thp === null ? {} : { THPeligible: 1 }),
    },
  }))
  expect(got.map(({ kind: _, line: __, ...rest }) => rest)).toEqual(expected)
}

describe('printing and reading', () => {
  it('gives back what was printed, in every layout, chunk and file name', async () => {
    await fc.assert(
      fc.asyncProperty(model, printing, fc.integer({ min: 1, max: 3000 }), async (rows, how, chunk) => {
        // One row alone without flags and final newline could be cut: nothing says how its fields end.
        fc.pre(rows.length > 1 || how.finalNewline || how.hasFlags)
        const text = print(rows, how)
        const snapshot = await readOne(text, { chunk, path: `a/${chunk}` })
        expectModel(snapshot, rows, how)
        const slow = await readOne(text, { lineByLine: true, path: `a/${chunk}` })
        expect(plain(slow)).toEqual(plain(snapshot))
      }),
      { numRuns: 300 },
    )
  })
})

const CAPTURES = resolve(import.meta.dirname, '../../samples/captures')
const captures = readdirSync(CAPTURES)
  .sort()
  .map((name) => {
    const folder = resolve(CAPTURES, name, 'smaps')
    return readFileSync(resolve(folder, readdirSync(folder).sort().at(-1)!))
  })

/** A change of a file: what happens to bytes between two machines. */
type Damage = (bytes: Uint8Array) => Uint8Array

const place = fc.double({ min: 0, max: 1, noNaN: true })
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 7 })).map(
    ([at, bit]): Damage =>
      (bytes) => {
        const changed = Uint8Array.from(bytes)
        const index = Math.min(bytes.length - 1, Math.floor(at * bytes.length))
        changed[index] = changed[index]! ^ (1 << bit)
        return changed
      },
  ),
  fc.tuple(place, place).map(
    ([a, b]): Damage =>
      (bytes) => {
        const [from, to] = [a, b].map((at) => Math.floor(at * bytes.length)).sort((x, y) => x - y) as [
          number,
          number,
        ]
        return Buffer.concat([bytes.subarray(0, from), bytes.subarray(Math.min(to, from + 3000))])
      },
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 2500 })).map(
    ([at, length]): Damage =>
      (bytes) => {
        const from = Math.floor(at * bytes.length)
        return Buffer.concat([bytes.subarray(0, from + length), bytes.subarray(from)])
      },
  ),
  place.map(
    (at): Damage =>
      (bytes) =>
        bytes.subarray(0, Math.floor(at * bytes.length)),
  ),
  place.map(
    (at): Damage =>
      (bytes) =>
        bytes.subarray(Math.floor(at * bytes.length)),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 40 })).map(
    ([at, noise]): Damage =>
      (bytes) => {
        const from = Math.floor(at * bytes.length)
        return Buffer.concat([bytes.subarray(0, from), noise, bytes.subarray(from)])
      },
  ),
)

const summary = (result: ReadResult): unknown => ({
  snapshots: result.snapshots.map(plain),
  counts: result.counts,
  diagnostics: result.diagnostics,
})

function expectSound(result: ReadResult, size: number): void {
  expect(result.counts.readBytes + result.counts.skippedBytes).toBe(size)
  for (const { mappings } of result.snapshots) {
    for (const values of mappings.fields.values()) expect(values.length).toBe(mappings.length)
    for (let row = 0; row < mappings.length; row++) {
      expect(mappings.start[row]).toBeLessThan(mappings.end[row]!)
      if (row > 0) expect(mappings.start[row]).toBeGreaterThanOrEqual(mappings.start[row - 1]!)
    }
  }
}

describe('damaged captures', () => {
  it('never throw, lose no byte, and read the same line by line and in any chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...captures),
        fc.array(damage, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 9000 }),
        async (capture, steps, chunk) => {
          // A tenth of the file keeps the run short.
          const bytes = steps.reduce<Uint8Array>(
            (current, step) => step(current),
            capture.subarray(0, 12_000),
          )
          const whole = await read(bytes)
          expectSound(whole, bytes.length)
          expect(summary(await read(bytes, { chunk }))).toEqual(summary(whole))
          expect(summary(await read(bytes, { lineByLine: true }))).toEqual(summary(whole))
        },
      ),
      { numRuns: 400 },
    )
  })

  it('random bytes and random lines are no evidence and no fault', async () => {
    const pieces = fc.constantFrom(
      '7f00-7f10 ',
      'rw-p 0 0:0 0',
      'Rss: ',
      '12 kB',
      '\n',
      '\r',
      ':',
      '==> ',
      ' <==',
      '[rollup]',
      'VmFlags: rd',
      'total',
      '4K',
      '1: x',
    )
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(pieces, { maxLength: 60 }).map((list) => Buffer.from(list.join(''))),
    )
    await fc.assert(
      fc.asyncProperty(
        noise,
        fc.constantFrom<ReadOptions>({}, { format: 'pmap' }, { format: 'maps' }),
        async (bytes, options) => {
          expectSound(await read(bytes, options), bytes.length)
        },
      ),
      { numRuns: 500 },
    )
  })
})
