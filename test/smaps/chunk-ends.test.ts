/** Mappings that lie across the end of what is read at once, on disk. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { StringTable } from '../../src/base/string-table.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { scanSnapshots } from '../../src/smaps/read-snapshots.ts'
import { SmapsParser } from '../../src/smaps/smaps-parser.ts'
import fc from '../support/property.ts'
import { type BlockText, blockText, smapsText } from './a-smaps.ts'
import { memoryFile, plain, read } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'chunk-ends-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.restoreAllMocks())

const CHUNK = 1 << 20
const BASE = 0x7f0000000000
const block = (row: number): BlockText => ({
  start: BASE + row * 16384,
  end: BASE + row * 16384 + 4096,
  name: row % 3 === 0 ? '' : `/lib/${row % 5}.so`,
  fields: { Rss: row % 4 },
})
const LENGTH = blockText(block(3)).length
/** Of that many a text is longer than two chunks. */
const MANY = Math.ceil((2 * CHUNK) / LENGTH) + 40
/** The row that the end of the first chunk cuts, about. */
const CUT = Math.floor(CHUNK / LENGTH)

const CHANGES: readonly ((one: BlockText) => string)[] = [
  blockText,
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

async function readDisk(text: string, strings = new StringTable()) {
  const diskPath = join(folder, 'smaps')
  writeFileSync(diskPath, text)
  const diagnostics = new Diagnostics()
  const { snapshots, counts } = await scanSnapshots(
    { ...memoryFile(Buffer.from(text)), diskPath },
    strings,
    diagnostics,
  )
  return { snapshots: snapshots.map(plain), counts, diagnostics: diagnostics.list() }
}

it('are what they are line by line, whatever stands there', async () => {
  const many = Array.from({ length: MANY }, (_, row) => blockText(block(row)))
  const changes = fc.array(
    fc.record({ change: fc.nat(CHANGES.length - 1), row: fc.integer({ min: -9, max: 4 }) }),
    { maxLength: 3 },
  )
  await fc.assert(
    fc.asyncProperty(fc.nat(LENGTH), changes, fc.nat(600), async (shift, steps, missing) => {
      const texts = [...many]
      for (const { change, row } of steps) texts[CUT + row] = CHANGES[change]!(block(CUT + row))
      const padding = blockText({ ...block(-1), name: `/${'p'.repeat(shift)}` })
      const text = padding + texts.join('')
      const whole = text.slice(0, text.length - missing)
      const slow = await read(whole, { lineByLine: true })
      const fast = await readDisk(whole)
      expect(fast.counts).toEqual(slow.counts)
      expect(fast.diagnostics).toEqual(slow.diagnostics)
      expect(fast.snapshots).toEqual(slow.snapshots.map(plain))
    }),
    { numRuns: 25 },
  )
}, 120_000)

it('do not leave a line to the parser', async () => {
  const strings = new StringTable()
  // The first file teaches what a mapping looks like.
  await readDisk(smapsText([0, 1, 2, 3].map(block)), strings)
  const lines = vi.spyOn(SmapsParser.prototype, 'line')
  const { snapshots } = await readDisk(
    smapsText(Array.from({ length: MANY }, (_, row) => block(row))),
    strings,
  )
  expect(snapshots).toHaveLength(1)
  expect(lines).not.toHaveBeenCalled()
})
