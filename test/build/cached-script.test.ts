import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keepCompiled, loaded, loadScript } from '../../src/build/cached-script.mjs'
import { aFolder, BIN, cleanEnvironment, memdossier, SAMPLES } from '../support/command.ts'

const SOURCE = `(function(module,require,importMetaUrl,importModule){"use strict";
module.exports={sum:(a,b)=>a+b,where:importMetaUrl,sep:require('node:path').sep,later:()=>importModule('x')}})`

const load = (file: string): Record<string, unknown> =>
  loadScript(file, createRequire(import.meta.url), 'file:///here.js', (id) => Promise.resolve(id))

/** Loads a script, calls it and keeps what V8 made of it; the path of that. */
function compiled(file: string): string {
  loaded.length = 0
  writeFileSync(file, SOURCE)
  ;(load(file).sum as (a: number, b: number) => number)(1, 2)
  keepCompiled()
  const [name] = readdirSync(dirname(file)).filter((other) => other.endsWith('.cache'))
  return join(dirname(file), name!)
}

const wasCompiledBefore = (file: string): boolean => {
  load(file)
  return loaded.at(-1)!.script.cachedDataRejected === false
}

describe('a script with its compiled code', () => {
  it('has what a module has', async () => {
    const file = join(aFolder(), 'a.script.js')
    writeFileSync(file, SOURCE)
    const { sum, where, sep, later } = load(file) as {
      sum: (a: number, b: number) => number
      where: string
      sep: string
      later: () => Promise<string>
    }
    expect([sum(1, 2), where, sep, await later()]).toEqual([3, 'file:///here.js', '/', 'x'])
  })

  it('takes the compiled code that was kept', () => {
    const file = join(aFolder(), 'a.script.js')
    compiled(file)
    expect(wasCompiledBefore(file)).toBe(true)
  })

  it.each<[what: string, spoil: (cache: string, file: string) => void]>([
    ['is damaged', (cache) => spoilByte(cache, 200)],
    ['has a damaged head', (cache) => spoilByte(cache, 5)],
    ['is cut off', (cache) => truncateSync(cache, 100)],
    ['is empty', (cache) => truncateSync(cache, 0)],
    [
      'belongs to other code of the same length',
      (_, file) => writeFileSync(file, SOURCE.replace('a+b', 'a-b')),
    ],
  ])('compiles for itself where that %s', (_, spoil) => {
    const file = join(aFolder(), 'a.script.js')
    const cache = compiled(file)
    spoil(cache, file)
    expect(wasCompiledBefore(file)).toBe(false)
    const sum = load(file).sum as (a: number, b: number) => number
    expect(sum(3, 2)).toBe(readFileSync(file, 'utf8').includes('a-b') ? 1 : 5)
  })
})

function spoilByte(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at]! ^= 0x55
  writeFileSync(path, bytes)
}

describe('the command', () => {
  const chunks = join(dirname(BIN), 'chunks')
  const scripts = readdirSync(chunks).filter((name) => name.endsWith('.script.js'))

  it('comes with the compiled code of each script, for the Node that built it', () => {
    expect(scripts.length).toBeGreaterThan(0)
    for (const script of scripts)
      expect(readdirSync(chunks)).toContain(`${script}.${process.version}-${process.arch}.cache`)
  })

  it('writes the same report where it is damaged', () => {
    const folder = aFolder()
    cpSync(dirname(BIN), join(folder, 'dist'), { recursive: true })
    for (const name of readdirSync(join(folder, 'dist/chunks')))
      if (name.endsWith('.cache')) spoilByte(join(folder, 'dist/chunks', name), 100_000)
    const args = ['report', join(SAMPLES, 'mmap-leak'), '--formats', 'json', '--quiet', '--out']
    const spoilt = join(folder, 'dist/memdossier.js')
    execFileSync(process.execPath, [spoilt, ...args, join(folder, 'a')], { env: cleanEnvironment() })
    memdossier([...args, join(folder, 'b')])
    expect(readFileSync(join(folder, 'a/report.json'))).toEqual(readFileSync(join(folder, 'b/report.json')))
  })
})
