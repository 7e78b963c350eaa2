import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BIN } from '../support/command.ts'

/** `file` and whatever it imports at once. */
function loadedWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*"(\.[^"]+)"/g))
    loadedWith(join(dirname(file), path!), seen)
  return seen
}

describe('what every run loads', () => {
  const [, later] = /import\("(\.\/chunks\/command-line-[^"]+)"\)/.exec(readFileSync(BIN, 'utf8'))!
  const files = [...loadedWith(BIN), ...loadedWith(join(dirname(BIN), later!))]

  it('is a handful of files, because each takes time of its own', () => {
    expect(new Set(files).size).toBeLessThanOrEqual(8)
  })

  it('is plain ASCII, because anything else doubles the memory and time that the engine needs for a file', () => {
    const scripts = files.map((file) => file.replace(/\.js$/, '.script.js')).filter(existsSync)
    for (const file of [...files, ...scripts])
      expect(/[^\0-\x7f]/.exec(readFileSync(file, 'utf8'))?.[0], file).toBeUndefined()
  })
})
