import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { StringTable } from '../../src/base/string-table.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import { scanSnapshots } from '../../src/smaps/read-snapshots.ts'
import fc from '../support/property.ts'
import { type BlockText, blockOf, smapsText } from './a-smaps.ts'
import { memoryFile, plain, read } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'known-rows-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ROWS = 30

const first: BlockText[] = Array.from({ length: ROWS }, (_, row) => ({ ...blockOf(row), inode: row % 3 }))

/** What can happen to one row from one snapshot to the next. */
const CHANGES: readonly ((blocks: BlockText[], row: number) => void)[] = [
  () => {},
  (blocks, row) => blocks.splice(row, 1, { ...blocks[row]!, fields: { Rss: 8, Swap: 3 } }),
  (blocks, row) => blocks.splice(row, 1, { ...blocks[row]!, fields: {} }),
  (blocks, row) => blocks.splice(row, 1, { ...blocks[row]!, name: '/lib/x.so' }),
  (blocks, row) => blocks.splice(row, 1, { ...blocks[row]!, flags: 'rd ex mr mw me ac' }),
  (blocks, row) => blocks.splice(row, 1, { ...blocks[row]!, flags: null }),
  (blocks, row) => blocks.splice(row, 1),
  (blocks, row) =>
    blocks.splice(row, 0, {
      ...blocks[row]!,
      start: blocks[row]!.start - 8192,
      end: blocks[row]!.start - 4096,
    }),
  (blocks, row) => blocks.splice(row, 0, ...blocks.splice((row + 1) % blocks.length, 1)),
  (blocks, row) => blocks.splice(row, 1, { ...blocks[row]!, fields: { Added: 1 } }),
]

const runs = fc.array(
  fc.record({
    change: fc.nat(CHANGES.length - 1),
    row: fc.nat(ROWS - 1),
    /** Bytes of the file that were written; mostly all. */
    kept: fc.oneof({ weight: 3, arbitrary: fc.constant(1 << 20) }, fc.nat(400)),
    /** How the file is read: straight from disk, or in chunks of so many bytes. */
    way: fc.constantFrom<'disk' | number>('disk', 1 << 20, 3000),
  }),
  { minLength: 2, maxLength: 8 },
)

function fileOf(text: string, way: 'disk' | number, number: number): EvidenceFile {
  const bytes = Buffer.from(text)
  if (way !== 'disk') return memoryFile(bytes, { chunk: way })
  const diskPath = join(folder, `smaps_${number}`)
  writeFileSync(diskPath, bytes)
  return { ...memoryFile(bytes), diskPath }
}

describe('mappings that are as they were in the snapshot before', () => {
  it('give the same as those that are read line by line', async () => {
    await fc.assert(
      fc.asyncProperty(runs, async (steps) => {
        const strings = new StringTable()
        let blocks = first
        for (const [number, { change, row, kept, way }] of steps.entries()) {
          blocks = [...blocks]
          CHANGES[change]!(blocks, row % blocks.length)
          const text = smapsText(blocks).slice(0, kept)
          const diagnostics = new Diagnostics()
          const fast = await scanSnapshots(fileOf(text, way, number), strings, diagnostics)
          const slow = await read(text, { lineByLine: true })
          expect(fast.snapshots.map(plain)).toEqual(slow.snapshots.map(plain))
          expect(fast.counts).toEqual(slow.counts)
          expect(diagnostics.list()).toEqual(slow.diagnostics)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('are not taken for those of a file that was cut inside its first line', async () => {
    const strings = new StringTable()
    const before = smapsText(first)
    // Only the addresses of the first mapping differ, and those the cut files hold.
    const by = -4096
    const moved = smapsText(
      first.map((block, row) =>
        row === 0 ? { ...block, start: block.start + by, end: block.end + by } : block,
      ),
    )
    expect(moved.length).toBe(before.length)
    const cut = moved.slice(0, 30)
    for (const [number, text] of [before, before, cut, cut, moved].entries()) {
      const fast = await scanSnapshots(fileOf(text, 'disk', number), strings, new Diagnostics())
      const slow = await read(text, { lineByLine: true })
      expect(fast.snapshots.map(plain)).toEqual(slow.snapshots.map(plain))
    }
  })
})
