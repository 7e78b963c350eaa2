import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { InputHash } from '../../src/bundle/evidence-ledger.ts'
import { type HashOrder, hashNext, orderOf } from '../../src/bundle/hash-order.ts'

const folder = mkdtempSync(join(tmpdir(), 'memdossier-hash-'))
afterAll(() => rmSync(folder, { recursive: true }))

const content = (path: string, bytes: number): string => path.repeat(bytes)

/** A file of one letter as it was found. */
function file(path: string, bytes: number) {
  const diskPath = join(folder, path)
  writeFileSync(diskPath, content(path, bytes))
  return { path, bytes, format: 'smaps' as const, diskPath }
}

/** Path of the next file that is hashed. */
async function next(order: HashOrder): Promise<string | null> {
  for await (const { path } of hashNext(order)) return path
  return null
}

async function allOf(order: HashOrder): Promise<InputHash[]> {
  const hashes: InputHash[] = []
  for await (const hash of hashNext(order)) hashes.push(hash)
  return hashes
}

describe('an order to hash', () => {
  it('gives each file to one of those who share it, in order', async () => {
    const mine = orderOf(['a', 'b', 'c', 'd'].map((path) => file(path, 10)))
    // What another thread is sent: its own objects over the same memory.
    const theirs = { files: structuredClone(mine.files), taken: mine.taken }
    const taken = []
    for (const order of [mine, theirs, theirs, mine, theirs, mine]) taken.push(await next(order))
    expect(taken).toEqual(['a', 'b', 'c', 'd', null, null])
  })

  it('passes over a file that is not as it was found', async () => {
    const grown = { ...file('b', 11), bytes: 10 }
    const gone = { ...file('c', 10), diskPath: join(folder, 'gone') }
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    expect(await allOf(orderOf([file('a', 10), grown, gone, file('d', 20)]))).toEqual([
      { path: 'a', format: 'smaps', original: { bytes: 10, sha256: sha256(content('a', 10)) } },
      { path: 'd', format: 'smaps', original: { bytes: 20, sha256: sha256(content('d', 20)) } },
    ])
  })

  it('of no file gives none', async () => {
    expect(await next(orderOf([]))).toBe(null)
  })
})
