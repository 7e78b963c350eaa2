import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { openBag } from '../../src/bundle/open-bag.ts'
import { ZipWriter } from '../../src/bundle/zip-writer.ts'
import { bytesHeld } from '../support/bytes-held.ts'

function aZip(): { readonly path: string; readonly zip: ZipWriter } {
  const folder = mkdtempSync(join(tmpdir(), 'entries-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'a.zip')
  return { path, zip: new ZipWriter(path, new Date(Date.UTC(2026, 0, 1)), 1) }
}

/** What is held when the streams of entries that are in have been closed, which takes a few turns. */
async function heldWhenClosed(): Promise<number> {
  for (let turn = 0; turn < 8; turn++) {
    bytesHeld()
    await setImmediate()
  }
  return bytesHeld()
}

it.each([
  ['small', 2_000],
  ['large', 70_000],
])('a zip of thousands of %s entries holds next to nothing of each that is in', async (_, bytes) => {
  const { zip } = aZip()
  const content = Buffer.alloc(bytes, 'some text, ')
  const held: number[] = []
  for (let number = 0; number <= 2000; number++) {
    if (number === 1000 || number === 2000) held.push(await heldWhenClosed())
    await zip.add(`entry-${number}`, [content])
  }
  await zip.close()
  const [halfway = 0, end = 0] = held
  expect((end - halfway) / 1000).toBeLessThan(2 * 1024)
})

it('small and large entries in turn come back as they were, and nothing stands between them', async () => {
  const { path, zip } = aZip()
  const sizes = [0, 1, 3_000_000, 65_536, 65_537, 2, 1_048_576, 1_048_577, 65_535, 0, 700]
  const contents = sizes.map((size, number) =>
    Buffer.from(Array.from({ length: size }, (_, at) => (at * at + number) % 251)),
  )
  for (const [number, content] of contents.entries()) {
    const half = content.length >> 1
    await zip.add(`naïve-${number}`, [content.subarray(0, half), content.subarray(half)])
  }
  await zip.close()
  // Who reads from front to back learns the size of what is stored before its content.
  const beginning = readFileSync(path)
  expect([beginning.readUInt16LE(6) & 8, beginning.readUInt16LE(8)]).toEqual([0, 0])
  const members = await openBag(path)
  expect(members.size).toBe(sizes.length)
  for (const [number, content] of contents.entries()) {
    const parts: Uint8Array[] = []
    for await (const part of members.get(`naïve-${number}`)!.read()) parts.push(Uint8Array.from(part))
    expect(Buffer.concat(parts).equals(content)).toBe(true)
  }
})

it('an entry is refused when the file can be written no more', async () => {
  const { zip } = aZip()
  await zip.add('first', [Buffer.from('a')])
  await zip.abort()
  await expect(zip.add('second', [Buffer.from('b')])).rejects.toThrow('given up')
})

it('what the disk said comes back when the file fails while the content of an entry is read', async () => {
  const { path } = aZip()
  const zip = new ZipWriter(join(path, 'no-folder.zip'), new Date(Date.UTC(2026, 0, 1)), 1)
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a')
    await zip.close().catch(() => undefined)
  }
  await expect(zip.add('first', content())).rejects.toThrow('no-folder.zip')
})

it('an entry whose content is there as a whole gives the bytes of one that comes in pieces', async () => {
  const contents = [1, 700, 65_536, 65_537, 200_000].map((size) => Buffer.alloc(size, 'some text, '))
  const [whole, pieces] = [aZip(), aZip()]
  for (const [number, content] of contents.entries()) {
    await whole.zip.addWhole(`entry-${number}`, content)
    await pieces.zip.add(`entry-${number}`, [content.subarray(0, 99), content.subarray(99)])
  }
  await whole.zip.close()
  await pieces.zip.close()
  expect(readFileSync(whole.path).equals(readFileSync(pieces.path))).toBe(true)
})
