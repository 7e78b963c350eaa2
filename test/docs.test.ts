/** What the pages name is there: a newcomer looks for it where they say. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FILES } from './support/imports.ts'

const ROOT = resolve(import.meta.dirname, '..')
const PAGES = [
  'README.md',
  'src/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const NAMES = new Set(FILES.map((file) => file.slice(file.lastIndexOf('/') + 1)))

const found = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1]!)

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8')

  it('links to pages that are there', () => {
    const links = found(text, /\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([])
  })

  it('names folders and files that are there', () => {
    const paths = found(text, /`((?:src|test|docs|templates|samples)\/[\w./-]*)`/g)
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })
})

it('src/README.md names every folder of src/ and every file that stands in it', () => {
  const named = found(readFileSync(join(ROOT, 'src/README.md'), 'utf8'), /`([\w./-]+?)\/?`/g)
  const there = readdirSync(join(ROOT, 'src')).filter((name) => name !== 'README.md')
  expect(there.filter((name) => !named.includes(name))).toEqual([])
})

it.each(['docs/architecture.md', 'docs/writing-a-rule.md', 'docs/writing-for-the-report.md'])(
  '%s names source files by names that are there',
  (page) => {
    const names = found(readFileSync(join(ROOT, page), 'utf8'), /`([a-z][\w-]*\.ts)`/g)
    const known = [...NAMES, ...readdirSync(join(ROOT, 'test/report'))]
    expect(names.filter((name) => !known.includes(name))).toEqual([])
  },
)
