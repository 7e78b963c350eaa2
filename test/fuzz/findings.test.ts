import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { CHECKS } from './checks.ts'

const folder = path.join(import.meta.dirname, 'findings')
/** `TARGET-WHAT.txt`: inputs that once broke a parser. */
const findings = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .sort()

describe('what the fuzzer once found', () => {
  it('is there', () => expect(findings.length).toBeGreaterThan(0))

  it.each(findings)('%s', async (name) => {
    const check = CHECKS[name.split('-')[0]!]!
    const bytes = new Uint8Array(readFileSync(path.join(folder, name)))
    for (const chunk of [1, 7, 100]) await check(bytes, chunk)
  })
})
