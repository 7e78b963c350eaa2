/** Numbers that nothing can be are unknown and counted at their line; a report made of them still proves itself. */
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aCapture, aFolder, memdossier, readReport } from '../support/command.ts'

const DIGITS = '9'.repeat(26)

test.each([
  [`read(3, "x", 1) = ${DIGITS}`, 'strace-impossible-number'],
  [`read(3, "x", 1) = 1 <${DIGITS}.000010>`, 'strace-impossible-number'],
  [
    `mmap(NULL, ${DIGITS}, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000`,
    'replay-untold-calls',
  ],
])('a call: %s', (call, code) => {
  const capture = aCapture('mmap-leak')
  appendFileSync(join(capture, 'strace/thumbd.9797'), `19:59:00.000001 ${call}\n`)
  expect(reportOf(capture).diagnostics.map((entry) => entry.code)).toContain(code)
})

test.each([
  ['Rss:', (at: number) => `Rss:  ${at + 1}000000000000 kB`, 'smaps-bad-value'],
  ['Rss:', () => `Rss:  ${DIGITS} kB`, 'smaps-bad-value'],
])('a snapshot, %s', (field, change, code) => {
  const capture = aCapture('mmap-leak')
  const folder = join(capture, 'smaps')
  for (const [at, name] of readdirSync(folder).entries()) {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n')
    lines[lines.findLastIndex((line) => line.startsWith(field))] = change(at)
    writeFileSync(join(folder, name), lines.join('\n'))
  }
  expect(reportOf(capture).diagnostics.map((entry) => entry.code)).toContain(code)
})

test('a range larger than any address space is no mapping', () => {
  const capture = aFolder()
  for (let at = 0; at < 3; at++)
    writeFileSync(
      join(capture, `maps_77_20260101000${at}`),
      '00400000-00500000 r-xp 00000000 08:01 131 /usr/bin/x\n100000000000-ffffffff00000000 ---p 00000000 00:00 0 \n',
    )
  const { diagnostics, snapshots } = reportOf(capture)
  expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'smaps-bad-range', line: 2 }))
  expect(snapshots.map(({ sizeBytes }) => sizeBytes)).toEqual([0x100000, 0x100000, 0x100000])
})

/** The report, after its page was searched for what is no number and its bundle was verified. */
function reportOf(capture: string): ReturnType<typeof readReport> {
  const out = aFolder()
  const ran = memdossier([capture, '-o', out])
  expect(ran.status, ran.stderr).toBe(0)
  expect(readFileSync(join(out, 'report.md'), 'utf8')).not.toMatch(/NaN|Infinity/)
  const verified = memdossier(['verify', join(out, 'evidence.zip')])
  expect(verified.stdout + verified.stderr).toContain('the report is what the evidence gives')
  return readReport(out)
}
