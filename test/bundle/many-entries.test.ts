import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ZipWriter } from '../../src/bundle/zip-writer.ts'
import { bytesHeld } from '../support/bytes-held.ts'

/** What is held when the streams of entries that are in have been closed, which takes a few turns. */
async function heldWhenClosed(): Promise<number> {
  for (let turn = 0; turn < 8; turn++) {
    bytesHeld()
    await setImmediate()
  }
  return bytesHeld()
}

it('a zip of thousands of entries holds next to nothing of each that is in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'entries-'))
  try {
    const zip = new ZipWriter(join(folder, 'a.zip'), new Date(Date.UTC(2026, 0, 1)), 1)
    const held: number[] = []
    for (let number = 0; number <= 2000; number++) {
      if (number === 1000 || number === 2000) held.push(await heldWhenClosed())
      await zip.add(`entry-${number}`, [Buffer.from('x'.repeat(2000))])
    }
    await zip.close()
    const [halfway = 0, end = 0] = held
    expect((end - halfway) / 1000).toBeLessThan(2 * 1024)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
