import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { aFolder, memdossier } from '../support/command.ts'

/** Enough for threads to read and to hash. */
const BYTES = 101 * 1024 * 1024
const FILES = 4
const PADDING = 'x'.repeat(30_000)

/** A thread's log: few calls, long ones. */
function logOf(tid: number): string {
  const lines: string[] = []
  for (let at = 0, bytes = 0; bytes < BYTES / FILES; at++) {
    const stamp = `10:00:${String(at % 60).padStart(2, '0')}.${String(tid * 1000 + (at % 1000)).padStart(6, '0')}`
    const place = `0x7f${(tid * 4096 + at).toString(16)}000`
    const line =
      at % 2 === 0
        ? `${stamp} write(${at % 40}, "${PADDING}", 30000) = 30000 <0.000012>\n`
        : `${stamp} mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = ${place} <0.000004>\n`
    lines.push(line)
    bytes += line.length
  }
  return lines.join('')
}

it('the report of a large capture is the same for every --jobs', () => {
  const folder = aFolder()
  const capture = join(folder, 'capture')
  mkdirSync(capture)
  for (let tid = 10; tid < 10 + FILES; tid++) writeFileSync(join(capture, `app.${tid}`), logOf(tid), 'latin1')
  const reports = ['1', '2', '3'].map((jobs) => {
    const out = join(folder, `out-${jobs}`)
    const ran = memdossier(['report', capture, '--formats', 'json', '--jobs', jobs, '-o', out])
    expect(ran.stderr).not.toMatch(/error/i)
    return readFileSync(join(out, 'report.json'), 'utf8')
  })
  expect(reports[1]).toBe(reports[0])
  expect(reports[2]).toBe(reports[0])
  expect(JSON.parse(reports[0]!).inputs).toHaveLength(FILES)
}, 300_000)
