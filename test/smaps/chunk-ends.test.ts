/** Mappings that lie across the end of what is read at once from disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { StringTable } from '../../src/base/string-table.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { scanSnapshots } from '../../src/smaps/read-snapshots.ts'
import { SmapsParser } from '../../src/smaps/smaps-parser.ts'
import { type BlockText, blockOf, smapsText } from './a-smaps.ts'
import { memoryFile, plain, read } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'chunk-ends-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

const CHUNK = 1 << 20
const rows = (count: number): BlockText[] => Array.from({ length: count }, (_, row) => blockOf(row))

async function readDisk(text: string, strings: StringTable) {
  const diskPath = join(folder, 'smaps')
  writeFileSync(diskPath, text)
  const file = { ...memoryFile(Buffer.from(text)), diskPath }
  const { snapshots } = await scanSnapshots(file, strings, new Diagnostics())
  return snapshots.map(plain)
}

it('are those of their own process, in many small files that were written into one', async () => {
  const FIELDS =
    'Rss Pss Pss_Dirty Pss_Anon Pss_File Pss_Shmem Shared_Clean Shared_Dirty Private_Clean Private_Dirty Referenced Anonymous LazyFree AnonHugePages ShmemPmdMapped FilePmdMapped Shared_Hugetlb Private_Hugetlb Swap SwapPss Locked'
  const pids = Array.from({ length: 12 }, (_, at) => 1001 + at)
  const texts = pids.map((pid) =>
    [
      `==> /proc/${pid}/smaps_rollup <==`,
      `55d0c0e0${pid}-7ffc5a5fe000 ---p 00000000 00:00 0                          [rollup]`,
      ...FIELDS.split(' ').map((field) => `${`${field}:`.padEnd(16)}${String(pid).padStart(8)} kB`),
      '',
    ].join('\n'),
  )
  const found = await readDisk(texts.join('\n'), new StringTable())
  expect(found).toMatchObject(pids.map((pid) => ({ pid })))
  expect(found).toEqual((await read(texts.join('\n'), { lineByLine: true })).snapshots.map(plain))
})

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
