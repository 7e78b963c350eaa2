import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fill } from '../../src/language/fill.ts'
import { WORDS } from '../../src/language/words.ts'

const root = join(import.meta.dirname, '../..')
const textsUnder = (folder: string): string =>
  readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((name) => /\.(ts|hbs)$/.test(name))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n')

/** Groups that are looked up by a value of the document, not by a key written in the source. */
const BY_VALUE = new Set(['kind', 'changeKind', 'eventKind', 'mechanism', 'glossary'])

describe('the catalogue of words', () => {
  const used = `${textsUnder('src/report')}\n${textsUnder('src/gates')}\n${textsUnder('templates')}\n${textsUnder('src/client')}`

  it('has no word that nothing says', () => {
    const silent = Object.entries(WORDS).flatMap(([group, entries]) =>
      BY_VALUE.has(group)
        ? []
        : Object.keys(entries)
            .filter((key) => !new RegExp(`[.']${key}\\b`).test(used))
            .map((key) => `${group}.${key}`),
    )
    expect(silent).toEqual([])
  })

  it('asks for the same values in both languages, and Chinese has no English sentences', () => {
    for (const entries of Object.values(WORDS))
      for (const [key, { en, zh }] of Object.entries(entries)) {
        const places = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
        if (!en.includes('|')) expect(places(zh), key).toEqual(places(en))
        if (/^[A-Z].* .* .* /.test(en)) expect(zh, key).toMatch(/[\u4e00-\u9fff]/)
        expect(zh, key).not.toContain('|')
      }
  })
})

describe('fill', () => {
  it.each([
    ['{n} file|{n} files', { n: 1 }, '1 file'],
    ['{n} file|{n} files', { n: 2 }, '2 files'],
    ['{a} and {b}', { a: 'x', b: 'y' }, 'x and y'],
    ['{a}', { a: '{b}', b: 'no' }, '{b}'],
    ['{missing}', {}, '{missing}'],
    ['{a}', { a: '$& $1' }, '$& $1'],
  ])('%s', (text, values, filled) => {
    expect(fill(text, values)).toBe(filled)
  })
})
