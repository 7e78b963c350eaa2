/** The picture in docs/architecture.md is drawn from the imports. Renew it with `npm run docs`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { FILES, IMPORTS, layerOf } from './support/imports.ts'

const PAGE = resolve(import.meta.dirname, '../docs/architecture.md')
const BEGIN = '<!-- picture: begin, drawn from the imports by npm run docs -->'
const END = '<!-- picture: end -->'
/** What every folder may use; arrows to them would hide the others. */
const GROUND = new Set(['base', 'model'])
/** No part of the way of the data: it makes dist/. */
const APART = new Set(['build'])

/** pipeline.ts tells the run and run/ does it: one room. */
const roomOf = (file: string): string => (layerOf(file) === '(top)' ? 'run' : layerOf(file))

/** Folder to the folders it imports from. */
function arrows(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const file of FILES) {
    const from = roomOf(file)
    if (GROUND.has(from) || APART.has(from)) continue
    const targets = found.get(from) ?? new Set()
    found.set(from, targets)
    for (const target of (IMPORTS.get(file) ?? []).map(roomOf))
      if (target !== from && target !== '..' && !GROUND.has(target) && !APART.has(target)) targets.add(target)
  }
  return found
}

/** Whether `to` can be reached from `from` over some other folder. */
function isImplied(all: Map<string, Set<string>>, from: string, to: string): boolean {
  const seen = new Set<string>()
  const visit = (at: string): boolean => {
    if (at === to) return true
    if (seen.has(at)) return false
    seen.add(at)
    return [...(all.get(at) ?? [])].some(visit)
  }
  return [...all.get(from)!].some((next) => next !== to && visit(next))
}

function picture(): string {
  const all = arrows()
  const label = (folder: string): string => (folder === 'run' ? 'run["pipeline.ts, run"]' : folder)
  const lines = [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([from, targets]) =>
      [...targets]
        .filter((to) => !isImplied(all, from, to))
        .sort()
        .map((to) => `  ${label(from)} --> ${label(to)}`),
    )
  return ['```mermaid', 'flowchart LR', ...lines, '```'].join('\n')
}

test('docs/architecture.md shows the folders and arrows that are there', () => {
  const page = readFileSync(PAGE, 'utf8')
  const from = page.indexOf(BEGIN) + BEGIN.length
  const to = page.indexOf(END)
  expect(from).toBeGreaterThan(BEGIN.length)
  expect(to).toBeGreaterThan(from)
  const fresh = `${page.slice(0, from)}\n\n${picture()}\n\n${page.slice(to)}`
  if (process.env.UPDATE_DOCS) writeFileSync(PAGE, fresh)
  expect(readFileSync(PAGE, 'utf8')).toBe(fresh)
})
