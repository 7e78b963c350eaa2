/**
 * Long lines that repeat what each rule begins with. What grows faster than the line would take minutes to
 * hours for one of them; all of them together take seconds.
 */
import { describe, expect, test } from 'vitest'
import { LONGEST_LINE } from '../../src/base/line-scanner.ts'
import type { EvidenceFormat } from '../../src/model/evidence.ts'
import { createRedactor } from '../../src/redaction/redactor.ts'
import { redactStream } from '../../src/redaction/stream.ts'

const LENGTH = 1 << 18
/** Seconds are needed. A rule that looks at 2^36. */
const PATIENCE = 300_000

const HEADS: Partial<Record<EvidenceFormat, readonly string[]>> = {
  'strace-log': ['', 'read(5, "', 'mmap(', 'prctl(1, "', 'openat(AT_FDCWD, "', ' > ', 'read(5) = 0'],
  smaps: ['', '7f00-7f01 rw-p 00000000 00:00 0 /'],
  'side-evidence': ['', '#1 0x1 in ', '9791 ', 'Thread 1 (LWP 1 "'],
}
const PIECES = [
  ...['a', 'a1', '1', '1 ', '. ', '.', '"', '\\"', '"a" ', '<', '1<', '1</a<b>', ') = ', ' (', '( ', '] '],
  ...[
    'token_',
    'a-token-',
    'eyJaaaaaaaa-',
    'SG.aaaaaaaaaaaaaaaa-',
    'x.',
    'a@b.',
    'a.a@',
    '[12345678]',
    '::1',
  ],
  ...[
    '/proc/1/root',
    '/home/a',
    '==> ',
    'Inode ',
    'Killed process 1 (',
    '1:00 ',
    'PID A ',
    'Thread 1 (',
    'f () ',
    ' \t',
  ],
]

describe.each(['standard', 'strict'] as const)('%s', (policy) => {
  test.each(Object.keys(HEADS) as EvidenceFormat[])(
    'long lines of %s end',
    (format) => {
      for (const head of HEADS[format]!)
        for (const piece of PIECES) {
          const line = (head + piece.repeat(LENGTH / piece.length)).slice(0, LENGTH - 1)
          expect(createRedactor(policy).rawLine(`${line}!`, format).length).toBeGreaterThan(0)
        }
    },
    PATIENCE,
  )
})

test(
  'command lines that look like columns over and over end',
  () => {
    const redactor = createRedactor('strict')
    for (const piece of ['1 a ', '1', ' ', 'PID '])
      for (let at = 0; at < 500; at++) {
        const line = `root 9791 ${at} ${piece.repeat(8192)}`.slice(0, 8190)
        expect(redactor.rawLine(`${line}!`, 'side-evidence')).not.toBe('')
      }
  },
  PATIENCE / 5,
)

test('a line that no reader takes becomes one that no reader takes, and stays so', async () => {
  const redactor = createRedactor('standard')
  const redacted = async (bytes: Buffer): Promise<Buffer> => {
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
    }
    const parts: Uint8Array[] = []
    for await (const part of redactStream(chunks(), 'strace-log', redactor, 'log'))
      parts.push(Uint8Array.from(part))
    return Buffer.concat(parts)
  }
  const once = await redacted(Buffer.from(`brk(NULL) = 0\n${'secret '.repeat(300_000)}\nbrk(NULL) = 0\n`))
  const [first, long, last] = once.toString('latin1').split('\n')
  expect([first, last]).toEqual(['brk(NULL) = 0', 'brk(NULL) = 0'])
  expect(long).toMatch(/^\[2100000:[0-9a-f]{12}\] +$/)
  expect(long).toHaveLength(LONGEST_LINE + 1)
  expect((await redacted(once)).equals(once)).toBe(true)
})

test('a line that names one place behind another ends', () => {
  const line = '/sys/a:'.repeat(1168)
  for (const policy of ['standard', 'strict'] as const) {
    const redactor = createRedactor(policy)
    const parts = redactor
      .lines('side-evidence', 'ps.txt')!
      .redact(Buffer.from(`    PID COMMAND\n   1085 nscd\n${line}\n`))
    expect(Buffer.concat(Array.from(parts, (part) => Uint8Array.from(part))).length).toBeGreaterThan(40)
    expect(redactor.rawLine('/proc/1/a:/proc/2/b:hunter2', 'side-evidence')).not.toContain('hunter2')
  }
})

test('a result that closes its decoration over and over takes no longer than others', () => {
  const redactor = createRedactor('standard')
  const line = `mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) = 1<${'"> ()'.repeat(3200)}x`
  const unquoted = line.replaceAll('"', '-')
  const started = performance.now()
  for (let count = 0; count < 10; count++) {
    redactor.rawLine(line, 'strace-log')
    redactor.rawLine(`${unquoted}${count}`, 'strace-log')
  }
  // Some ten milliseconds; by trying each bracket with each other, five seconds.
  expect(performance.now() - started).toBeLessThan(2500)
})
