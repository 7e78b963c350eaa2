import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
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
const ANY = Number.POSITIVE_INFINITY

/** Path of the next file that is hashed. */
function next(order: HashOrder, largest: number): string | null {
  const [hash] = hashNext(order, largest)
  return hash?.path ?? null
}

describe('an order to hash', () => {
  it('gives each file to one of those who share it, in order', () => {
    const mine = orderOf(['a', 'b', 'c', 'd'].map((path) => file(path, 10)))
    // What another thread is sent: its own objects over the same memory.
    const theirs = { files: structuredClone(mine.files), taken: mine.taken }
    const taken = [mine, theirs, theirs, mine, theirs, mine].map((order) => next(order, ANY))
    expect(taken).toEqual(['a', 'b', 'c', 'd', null, null])
  })

  it('leaves a file that is too large to whoever takes any', () => {
    const order = orderOf([file('a', 10), file('b', 100), file('c', 10)])
    expect(next(order, 50)).toBe('a')
    expect(next(order, 50)).toBe(null)
    expect(next(order, ANY)).toBe('b')
    expect(next(order, 50)).toBe('c')
    expect(next(order, ANY)).toBe(null)
  })

  it('passes over a file that is not as it was found', () => {
    const grown = { ...file('b', 11), bytes: 10 }
    const gone = { ...file('c', 10), diskPath: join(folder, 'gone') }
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    expect([...hashNext(orderOf([file('a', 10), grown, gone, file('d', 20)]), ANY)]).toEqual([
      { path: 'a', format: 'smaps', original: { bytes: 10, sha256: sha256(content('a', 10)) } },
      { path: 'd', format: 'smaps', original: { bytes: 20, sha256: sha256(content('d', 20)) } },
    ])
  })

  it('of no file gives none', () => {
    expect(next(orderOf([]), ANY)).toBe(null)
  })
})
