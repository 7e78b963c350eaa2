import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { diskSource } from '../../src/evidence/disk.ts'
import { inspect } from '../../src/evidence/inspect.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import { keyOf } from '../../src/redaction/key.ts'
import { smapsText } from '../smaps/a-smaps.ts'

const folder = mkdtempSync(join(tmpdir(), 'key-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A snapshot of more than the key is made of. */
async function aFile(name: string): Promise<EvidenceFile> {
  const text = smapsText(
    Array.from({ length: 300 }, (_, row) => ({
      start: row * 8192,
      end: row * 8192 + 4096,
      name: `/${name}`,
    })),
  )
  const path = join(folder, name)
  writeFileSync(path, text)
  const looked = await inspect(diskSource(name, path, text.length), new Diagnostics())
  if ('skipped' in looked) throw new Error(looked.skipped.reason)
  return looked.file
}

describe('the key', () => {
  it('is the same for plain files and for the same files behind a stream', async () => {
    const files = [await aFile('smaps_1'), await aFile('smaps_2')]
    const key = (await keyOf(files))()
    expect((await keyOf(files.map((file) => ({ ...file, diskPath: null }))))()).toEqual(key)
    expect((await keyOf(files.slice(1)))()).not.toEqual(key)
  })

  it('reads plain files when it is asked for, and once', async () => {
    const file = await aFile('smaps_3')
    const key = await keyOf([file])
    writeFileSync(file.diskPath!, 'changed')
    const changed = key()
    rmSync(file.diskPath!)
    expect(key()).toBe(changed)
    expect((await keyOf([file]))()).not.toEqual(changed)
  })
})
