import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDisk } from '../../src/base/read-disk.ts'

const TEXT = 'abcdefghij'

let folder = ''
let path = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-disk-'))
  path = join(folder, 'text')
  writeFileSync(path, TEXT)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What is read, three bytes at a time, while `answer` says what the reader answers to so many chunks. */
function readWith(answer: (chunks: number) => unknown, bytes = TEXT.length, from = 0): string[] {
  const read: string[] = []
  const take = (chunk: Uint8Array): unknown => answer(read.push(Buffer.from(chunk).toString()))
  readDisk(path, bytes, take, 3, from)
  return read
}

describe('reading a file', () => {
  it.each([undefined, true, 0, null, ''])('goes on to its end when a reader answers %o', (answer) => {
    expect(readWith(() => answer)).toEqual(['abc', 'def', 'ghi', 'j'])
    expect(readWith(() => answer, 4, 5)).toEqual(['fgh', 'i'])
  })

  it('ends with the chunk to which a reader answers false, and begins anew next time', () => {
    expect(readWith((chunks) => chunks < 2)).toEqual(['abc', 'def'])
    expect(readWith((chunks) => chunks < 1, 9, 1)).toEqual(['bcd'])
    expect(readWith(() => true)).toEqual(['abc', 'def', 'ghi', 'j'])
  })
})
