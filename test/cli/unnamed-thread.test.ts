import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aCapture, aFolder, memdossier, readReport } from '../support/command.ts'

test('calls of logs that tell no thread accuse none, and not the 0 that stands for it', () => {
  const capture = aCapture('mmap-leak')
  for (const [at, name] of readdirSync(join(capture, 'strace')).entries())
    renameSync(join(capture, 'strace', name), join(capture, 'strace', `thumbd-${'abcdef'[at]}.log`))
  const out = aFolder()
  const ran = memdossier([capture, '-o', out, '--formats', 'json'])
  expect(ran.status).toBe(0)
  expect(ran.stdout).not.toMatch(/by thread/)
  const { diagnostics, findings } = readReport(out)
  expect(diagnostics.map(({ code }) => code)).toContain('strace-tid-unknown')
  expect(findings.map(({ culprit }) => culprit)).not.toContainEqual(expect.objectContaining({ tid: 0 }))
})
