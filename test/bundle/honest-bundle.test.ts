/** A bundle that nobody touched proves its report, whatever its lines hold; what they hold shows nowhere. */
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aCapture, aFolder, memdossier } from '../support/command.ts'

const STAMP = '19:59:00.000001'
const LINES: Readonly<Record<string, readonly string[]>> = {
  'messages of strace': [
    'strace: zq9secret@host.example',
    'strace: zq9secret',
    `strace: Process 12 ${'to '.repeat(90)}zq9secret`,
  ],
  'a flag that nobody knows': [`${STAMP} mmap(NULL, 4096, zq9secret, MAP_PRIVATE, -1, 0) = 0x7f0000000000`],
  'a path with brackets': [
    `${STAMP} openat(AT_FDCWD, "x", O_RDONLY) = 3</srv/zq9<zq9secret>zq9>`,
    `${STAMP} openat(AT_FDCWD, "x", O_RDONLY) = 4</srv/zq9<char 1:3>>`,
    `${STAMP} mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</srv/zq9<zq9secret>zq9>, 0) = 0x7f0000000000`,
  ],
  'a line that is too long': [`${STAMP} read(5, "${'zq9secret '.repeat(150_000)}", 9) = 9`],
}

test.each(['standard', 'strict'].flatMap((policy) => Object.keys(LINES).map((name) => [policy, name])))(
  '%s: %s',
  (policy, name) => {
    const capture = aCapture('mmap-leak')
    appendFileSync(join(capture, 'strace/thumbd.9797'), `${LINES[name]!.join('\n')}\n`)
    const out = aFolder()
    const args = [capture, '-o', out, '--redact', policy!, '--formats', 'html,json,sarif,zip']
    const ran = memdossier(args)
    expect(ran.status, ran.stderr).toBe(0)
    const verified = memdossier(['verify', join(out, 'evidence.zip')])
    expect(verified.stdout + verified.stderr).toContain('the report is what the evidence gives')
    if (policy === 'strict' || name !== 'a path with brackets')
      for (const file of ['report.html', 'report.json', 'report.sarif'])
        expect(readFileSync(join(out, file), 'utf8')).not.toContain('zq9secret')
  },
)
