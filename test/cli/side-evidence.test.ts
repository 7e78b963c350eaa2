import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aCapture, memdossier, readReport } from '../support/command.ts'

/** The report on the mmap leak with more files beside it. */
function withBeside(files: Readonly<Record<string, string>>) {
  const capture = aCapture('mmap-leak')
  for (const [name, text] of Object.entries(files)) writeFileSync(join(capture, name), text)
  const out = join(capture, '..', 'out')
  expect(memdossier([capture, '-o', out, '--formats', 'json,md,html']).status).toBe(0)
  return readReport(out)
}

test('a dump of stacks names the thread, shows where it was and stands in the remedy', () => {
  const report = withBeside({
    'gdb.txt': [
      'Thread 2 (Thread 0x7f1234 (LWP 9797) "decode"):',
      '#0  0x00007f0000001234 in read () from /lib/x86_64-linux-gnu/libc.so.6',
      '#1  0x0000555555555555 in decode_upload (secret=0x1234) at decode.c:77',
      '#2  0x0000555555555666 in worker () at main.c:20',
      '',
    ].join('\n'),
  })
  const thread = report.threads.find(({ tid }) => tid === 9797)
  expect(thread).toMatchObject({ name: 'decode', nameSource: 'side-evidence' })
  expect(thread?.stack).toMatchObject({ file: 'gdb.txt', line: 1 })
  expect(thread?.stack?.frames[1]).toContain('decode_upload')
  expect(report.threads.find(({ tid }) => tid === 9798)?.stack).toBeNull()
  const action = report.findings.find(({ culprit }) => culprit?.tid === 9797)?.action
  expect(action).toMatch(/thread 9797 was here: decode_upload.* ← worker/)
  expect(action).toContain('not the call that allocates')
  expect(JSON.stringify(report)).not.toContain('0x1234)')
})

test('a kill is an event also where its evidence has no time of day', () => {
  const { events } = withBeside({
    'dmesg.txt':
      '[12345.678901] Out of memory: Killed process 9791 (thumbd) total-vm:92536kB, anon-rss:81234kB, file-rss:0kB, shmem-rss:0kB\n',
    'cgroup.txt':
      '/sys/fs/cgroup/a.service/memory.events:max 12\n/sys/fs/cgroup/a.service/memory.events:oom_kill 1\n',
    'journal.txt':
      '2026-11-22T19:52:10+0000 host kernel: Out of memory: Killed process 4711 (other) total-vm:92536kB, anon-rss:81234kB, file-rss:0kB, shmem-rss:0kB\n',
  })
  const kills = events.filter(({ kind }) => kind === 'kill')
  expect(kills.map(({ pid, from, to }) => ({ pid, from, to }))).toEqual(
    expect.arrayContaining([
      { pid: 4711, from: '2026-11-22T19:52:10', to: '2026-11-22T19:52:10' },
      { pid: 9791, from: null, to: null },
      { pid: null, from: null, to: null },
    ]),
  )
  expect(kills.find(({ pid }) => pid === 9791)?.text).toContain('no time of day')
  const counted = kills.find(({ pid }) => pid === null)
  expect(counted?.text).toContain('oom_kill 1')
  // Counters are no payload: the bundle gives the same event again.
  expect(counted?.evidence[0]?.lines).toEqual(['/sys/fs/cgroup/a.service/memory.events:oom_kill 1'])
})
