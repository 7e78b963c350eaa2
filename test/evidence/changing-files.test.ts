/** Plain files that are no longer as they were found when their readers come. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { StringTable } from '../../src/base/string-table.ts'
import { discover } from '../../src/evidence/discover.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import { readSnapshots } from '../../src/smaps/read-snapshots.ts'
import { readTraces } from '../support/read-traces.ts'

const folder = mkdtempSync(join(tmpdir(), 'changing-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const call = (second: number): string =>
  `10:00:${second} mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f00000${second}000 <0.000004>\n`
const log = Array.from({ length: 40 }, (_, k) => call(10 + k).replace(' mmap', '.000001 mmap')).join('')
const snapshot = '7f0000000000-7f0000001000 rw-p 00000000 00:00 0 \nRss:                   4 kB\n'

const readLog = async (file: EvidenceFile, diagnostics: Diagnostics) => {
  const { traces } = await readTraces([file], diagnostics)
  return traces.reduce((calls, { events }) => calls + events.length, 0)
}
const readSnapshot = async (file: EvidenceFile, diagnostics: Diagnostics) =>
  (await readSnapshots(file, new StringTable(), diagnostics)).length

describe.each([
  ['a strace log', 'app.77', log, readLog],
  ['a snapshot', 'smaps_77_202611221940', snapshot, readSnapshot],
])('%s', (_, name, text, read) => {
  const found = async (): Promise<{ path: string; file: EvidenceFile; diagnostics: Diagnostics }> => {
    const own = mkdtempSync(join(folder, 'one-'))
    const path = join(own, name)
    writeFileSync(path, text)
    const diagnostics = new Diagnostics()
    const { files } = await discover([own], diagnostics)
    return { path, file: files[0]!, diagnostics }
  }
  const told = (diagnostics: Diagnostics) => diagnostics.list().map(({ code, message }) => [code, message.en])

  it('that is gone is told, and throws nothing', async () => {
    const { path, file, diagnostics } = await found()
    rmSync(path)
    expect(await read(file, diagnostics)).toBe(0)
    expect(told(diagnostics)).toContainEqual([
      'evidence-unreadable',
      expect.stringContaining('no such file or directory'),
    ])
  })

  it('that became shorter is told, and read as far as it goes', async () => {
    const { path, file, diagnostics } = await found()
    truncateSync(path, text.length - 10)
    expect(await read(file, diagnostics)).toBeGreaterThan(0)
    expect(told(diagnostics)).toContainEqual([
      'evidence-changed',
      expect.stringContaining('it became shorter'),
    ])
  })
})
