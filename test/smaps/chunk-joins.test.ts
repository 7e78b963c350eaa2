/** Text that is read to the kernel's own memory in small chunks, as large files are in large ones. */
import { describe, expect, it, vi } from 'vitest'
import { StringTable } from '../../src/base/string-table.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { scanSnapshots } from '../../src/smaps/read-snapshots.ts'
import fc from '../support/property.ts'
import { type BlockText, blockOf, blockText } from './a-smaps.ts'
import { memoryFile, plain } from './support.ts'

/** Sizes of the chunks of the next file, over and over; all at once where there are none. */
let sizes: readonly number[] = []

vi.mock('../../src/evidence/read-whole.ts', () => ({
  async readWhole(
    file: { read(): AsyncIterable<Uint8Array> },
    take: (chunk: Uint8Array) => void,
    target: Uint8Array | number,
  ) {
    const parts: Uint8Array[] = []
    for await (const part of file.read()) parts.push(part.slice())
    const bytes = Buffer.concat(parts)
    const own = typeof target === 'number' ? new Uint8Array(target) : target
    for (let at = 0, turn = 0; at < bytes.length; turn++) {
      const piece = bytes.subarray(at, at + (sizes[turn % sizes.length] ?? bytes.length))
      own.set(piece)
      take(own.subarray(0, piece.length))
      own.fill(63, 0, piece.length)
      at += piece.length
    }
  },
}))

const CHANGES: readonly ((one: BlockText) => string)[] = [
  (one) => blockText({ ...one, flags: null }),
  (one) => blockText({ ...one, fields: { Added: 1 } }),
  (one) => blockText({ ...one, name: `/${'x'.repeat(5000)}` }),
  (one) => blockText(one).replaceAll('\n', '\r\n'),
  (one) => blockText(one).replace(/^Rss.*\n/m, ''),
  (one) => blockText(one).replace(/^Rss.*$/m, 'Rss: many kB'),
  (one) => blockText(one).slice(0, 150),
  (one) => blockText({ ...one, start: one.start - 99 * 16384, end: one.end - 99 * 16384 }),
  () => '==> /proc/7/smaps <==\n',
  () => `${'y'.repeat(6000)}\n`,
  () => '\n',
]

const aFile = fc
  .record({
    rows: fc.integer({ min: 1, max: 25 }),
    changes: fc.array(fc.tuple(fc.nat(24), fc.nat(CHANGES.length - 1)), { maxLength: 3 }),
    missing: fc.oneof(fc.constant(0), fc.nat(600)),
    chunks: fc.array(fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 60, max: 6000 })), {
      minLength: 1,
      maxLength: 6,
    }),
  })
  .map(({ rows, changes, missing, chunks }) => {
    const texts = Array.from({ length: rows }, (_, row) => blockText(blockOf(row)))
    for (const [row, change] of changes) texts[row % rows] = CHANGES[change]!(blockOf(row % rows))
    const text = texts.join('')
    return { text: text.slice(0, Math.max(1, text.length - missing)), chunks }
  })

describe('snapshots in chunks of any size', () => {
  it('are what they are line by line', async () => {
    const view = async (text: string, strings: StringTable, lineByLine: boolean) => {
      const diagnostics = new Diagnostics()
      const { snapshots, counts } = await scanSnapshots(memoryFile(Buffer.from(text)), strings, diagnostics, {
        lineByLine,
      })
      return { snapshots: snapshots.map(plain), counts, diagnostics: diagnostics.list() }
    }
    await fc.assert(
      fc.asyncProperty(fc.array(aFile, { minLength: 1, maxLength: 4 }), async (files) => {
        const strings = new StringTable()
        for (const { text, chunks } of files) {
          sizes = []
          const slow = await view(text, new StringTable(), true)
          sizes = chunks
          expect(await view(text, strings, false)).toEqual(slow)
        }
      }),
      { numRuns: 500 },
    )
  }, 60_000)
})
