import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DIAGNOSTIC_CATALOGUE } from '../../src/model/diagnostic-catalogue.ts'
import type { DiagnosticKind } from '../../src/model/diagnostics.ts'
import { PROJECT } from './support.ts'

const PAGE = join(PROJECT, 'docs/evidence-formats.md')
const READING = /^(?:evidence|side|smaps|pmap|snapshot|strace|trace)-/

/** The rows of the catalogue that speak of reading, in its order. */
function table(): string {
  const rows = Object.entries(DIAGNOSTIC_CATALOGUE as Record<string, DiagnosticKind>)
    .filter(([code]) => READING.test(code))
    .map(
      ([code, { severity, message, remedy }]) =>
        `| \`${code}\` | ${severity} | ${message.en} | ${remedy.en} |`,
    )
  return ['| code | severity | what | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

it('docs/evidence-formats.md lists every diagnostic of reading (npm run docs renews it)', () => {
  const page = readFileSync(PAGE, 'utf8')
  const [before, rest] = page.split(/(?<=<!-- diagnostics: begin[^\n]*-->\n)/) as [string, string]
  const after = rest.slice(rest.indexOf('<!-- diagnostics: end -->'))
  const renewed = `${before}\n${table()}\n\n${after}`
  if (process.env.UPDATE_DOCS) writeFileSync(PAGE, renewed)
  else expect(page).toBe(renewed)
})
