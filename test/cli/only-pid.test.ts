import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder, memdossier, SAMPLES } from '../support/command.ts'

test('--pid speaks of that process alone and does not give it the threads of another', () => {
  const folder = aFolder()
  for (const name of ['mmap-leak', 'nscd'])
    cpSync(join(SAMPLES, name), join(folder, 'evidence', name), { recursive: true })
  const out = join(folder, 'out')
  const args = [join(folder, 'evidence'), '--pid', '28328', '--formats', 'json', '-o', out]
  expect(memdossier(args).status).toBe(0)
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))
  const tids = report.threads.map((thread: { tid: number }) => thread.tid)
  expect(report.processes.map((process: { pid: number }) => process.pid)).toEqual([28328])
  expect(new Set(report.threads.map((thread: { pid: number }) => thread.pid))).toEqual(new Set([28328]))
  expect(tids).toContain(28330)
  expect(tids).not.toContain(9791)
  expect(tids).not.toContain(9797)
})
