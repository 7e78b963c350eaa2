/** Mappings that lie across the end of what is read at once from disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { StringTable } from '../../src/base/string-table.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { scanSnapshots } from '../../src/smaps/read-snapshots.ts'
import { SmapsParser } from '../../src/smaps/smaps-parser.ts'
import { type BlockText, smapsText } from './a-smaps.ts'
import { memoryFile, plain, read } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'chunk-ends-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

const CHUNK = 1 << 20
const BASE = 0x7f0000000000
const rows = (count: number): BlockText[] =>
  Array.from({ length: count }, (_, row) => ({
    start: BASE + row * 16384,
    end: BASE + row * 16384 + 4096,
    name: row % 3 === 0 ? '' : `/lib/${row % 5}.so`,
    fields: { Rss: row % 4 },
  }))

async function readDisk(text: string, strings: StringTable) {
  const diskPath = join(folder, 'smaps')
  writeFileSync(diskPath, text)
  const file = { ...memoryFile(Buffer.from(text)), diskPath }
  const { snapshots } = await scanSnapshots(file, strings, new Diagnostics())
  return snapshots.map(plain)
}

it('do not leave a line to the parser', async () => {
  const strings = new StringTable()
  // The first file teaches what a mapping looks like.
  await readDisk(smapsText(rows(4)), strings)
  const text = smapsText(rows(9000))
  expect(text.length).toBeGreaterThan(2 * CHUNK)
  const slow = await read(text, { lineByLine: true })
  const lines = vi.spyOn(SmapsParser.prototype, 'line')
  expect(await readDisk(text, strings)).toEqual(slow.snapshots.map(plain))
  expect(lines).not.toHaveBeenCalled()
})
