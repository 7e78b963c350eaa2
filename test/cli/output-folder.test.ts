import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encoded } from '../../src/base/encoded.ts'
import { OutputFolder } from '../../src/cli/output-folder.ts'
import fc from '../support/property.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outputs-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Texts of one, two, three and four bytes a character, short ones and ones longer than what is written at once. */
const pieces = fc.array(
  fc
    .tuple(fc.constantFrom('a', 'é', '界', '𝄞', 'a𝄞', ''), fc.integer({ min: 0, max: 50_000 }))
    .map(([character, count]) => character.repeat(count)),
  { maxLength: 8 },
)

describe('a text that comes in pieces', () => {
  it('is written as it is, however long its pieces and its characters are', () => {
    let number = 0
    fc.assert(
      fc.property(pieces, (texts) => {
        const folder = new OutputFolder(join(root, String(number++)))
        folder.write('a.txt', encoded(texts))
        expect(folder.publish()).toEqual(['a.txt'])
        expect(readFileSync(join(folder.path, 'a.txt')).equals(Buffer.from(texts.join('')))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('takes the place of an earlier draft', () => {
    const folder = new OutputFolder(join(root, 'twice'))
    folder.write('a.txt', encoded(['the first, which is longer']))
    folder.write('a.txt', encoded(['the second']))
    expect(folder.publish()).toEqual(['a.txt'])
    expect(readFileSync(join(folder.path, 'a.txt'), 'utf8')).toBe('the second')
  })

  it('leaves nothing when making it fails, and passes the failure on', () => {
    function* broken(): Generator<string> {
      yield 'a'
      throw new RangeError('no more')
    }
    const folder = new OutputFolder(join(root, 'new/deep'))
    expect(() => folder.write('a.txt', encoded(broken()))).toThrow(new RangeError('no more'))
    folder.discard()
    expect(readdirSync(root)).toEqual([])
  })
})
