/** The kernel against the plain rules, which are its oracle: every byte the same, and most lines done by it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EvidenceFormat } from '../../src/model/evidence.ts'
import { Keeper } from '../../src/redaction/keeper.ts'
import { Kernel } from '../../src/redaction/kernel.ts'
import { createRedactor, type Redactor } from '../../src/redaction/redactor.ts'
import { redactStream } from '../../src/redaction/stream.ts'
import fc from '../support/property.ts'

const WILD = resolve(import.meta.dirname, '../../../shared/wild')
const SAMPLES = resolve(import.meta.dirname, '../../samples/captures')

const below = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true })
        .map((name) => join(folder, String(name)))
        .filter((path) => statSync(path).isFile())
        .sort()
    : []

/** Line by line by the plain rules. */
const plainly = (bytes: Buffer, format: EvidenceFormat, redactor: Redactor): Buffer =>
  Buffer.from(
    bytes
      .toString('latin1')
      .split('\n')
      .map((line) => {
        const [, text, end] = /^(.*?)(\r?)$/s.exec(line)!
        return redactor.rawLine(text!, format) + end
      })
      .join('\n'),
    'latin1',
  )

async function streamed(
  bytes: Buffer,
  format: EvidenceFormat,
  redactor: Redactor,
  size: number,
): Promise<Buffer> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  const parts: Uint8Array[] = []
  for await (const part of redactStream(chunks(), format, redactor, 'file')) parts.push(Uint8Array.from(part))
  return Buffer.concat(parts)
}

// biome-ignore format: a list of words
const NAME_PARTS = [
  '/usr/lib/', 'libc.so.6', ' (deleted)', '[heap]', '[anon:', ']', 'socket:[123]', 'anon_inode:', '/memfd:', '/home/alice/',
  'alice', 'password=', 'hunter2', '192.0.2.7', 'AKIAIOSFODNN7EXAMPLE', 'a@b.example', ' ', '\t', '\x01', '\xa0', '\xe4',
  'Inode', 'Rss', 'kB', ':', '/', 'n-0123456789ab', 'x'.repeat(60), 'malloc', 'read',
]
const HEADERS = [
  '7f6bed947000-7f6bf0000000 rw-p 00000000 00:00 0 ',
  '7f00-7f01 r-xp 0 fd:01 131 ',
  '7f00-7f01 r-xp 0 fd:01 131',
  '7f00-7f01 r-xp 0 fd:01 ',
  '7f00- r-xp 0 fd:01 131 ',
  '7f00-7f01 r p 0 fd:01 131 ',
  '7f00-7f01 r\txp 0 fd:01 131 ',
  '7f00-7f01 bob\xa0 0 fd:01 131 ',
  '7f00-7f01 r\xa0xp 0 fd:01 131 ',
  '7f00-7f01 zzzz 0 fd:01 ',
  '7f00-7f01 -pin 0 00:00 ',
  '7f00-7f01 r-xp  fd:01 131 ',
  '7f00-7f01 r-xp 0 :01 131 ',
  '0123456789abcdef0-7f01 r-xp 0 fd:01 131 ',
]

describe.each(['standard', 'strict'] as const)('%s', (policy) => {
  const logs = [
    ...below(join(WILD, 'strace')),
    ...below(join(WILD, 'local')),
    ...below(join(SAMPLES, 'mmap-leak/strace')),
    ...below(join(SAMPLES, 'nscd/strace')),
  ]
  const maps = [...below(join(WILD, 'smaps')), ...below(join(SAMPLES, 'restart/smaps'))]

  test.each([
    ['strace-log', logs],
    ['smaps', maps],
  ] as const)('%s: real files give the same bytes and the same counts', async (format, paths) => {
    for (const path of paths) {
      const bytes = readFileSync(path)
      const [fast, plain] = [createRedactor(policy), createRedactor(policy)]
      const expected = plainly(bytes, format, plain)
      expect((await streamed(bytes, format, fast, 1 << 18)).equals(expected), path).toBe(true)
      expect(fast.counts(), path).toEqual(plain.counts())
      expect((await streamed(bytes, format, fast, 997)).equals(expected), path).toBe(true)
    }
  })

  test('lines that look like those it knows but in one thing', async () => {
    const both = async (format: EvidenceFormat, lines: readonly string[]) => {
      for (const line of lines) {
        const bytes = Buffer.from(`${line}\n`, 'latin1')
        const fast = await streamed(bytes, format, createRedactor(policy), 1 << 18)
        expect(fast.toString('latin1')).toBe(
          plainly(bytes, format, createRedactor(policy)).toString('latin1'),
        )
      }
    }
    await both('strace-log', [
      'mmap(NULL, 8, MAP_STACKAKIAIOSFODNN7EXAMPLE, 0) = 0x7f00',
      'read(7, "abc", 0x10000000000000000) = 1',
      'read(7, "abc", 0x1000000000000000) = 1',
      'futex(0x7f00, FUTEX_WAIT, 1) = -0xfffffffff ETIMEDOUT (Connection timed out)',
      ...[
        '<5>',
        '<0>',
        '<0.000005>',
        '<>',
        '<.5>',
        '<5.>',
        '<0.0.0015>',
        '<0..00010>',
        '<0.05.192.0.2.7>',
      ].flatMap((time) => [
        `tgkill(1, 2, SIGABRT) = -1 ENOMEM (Cannot allocate memory) ${time}`,
        `close(7) = 0 ${time}`,
      ]),
      'close(33<3</a>/var/log/x>) = 0',
      'close(33</dev/pts/0<char 136:0>>) = 0',
      'close(33<a<b>>) = 0',
    ])
    await both(
      'smaps',
      ['VmFlaAs', 'VmFlazs', 'VmFl0gs', 'VmFlagZ', 'VmFlags'].map((name) => `${name}: rd wr mr mw me ac`),
    )
  })

  const piece = fc.oneof(
    fc.constantFrom(
      'read(',
      'write(5, ',
      'recvfrom(3, ',
      'futex(',
      'mmap(',
      'openat(AT_FDCWD, ',
      '"',
      '\\"',
      '\\\\',
      '\\x41',
      '\\0',
      '\\17',
      ') = 0',
      ')  = -1 EAGAIN (Resource temporarily unavailable)',
      ' <0.000010>',
      ' <unfinished ...>',
      '<... read resumed>',
      '<... futex resumed> ',
      '[pid  12] ',
      '12:00:00.123 ',
      '0x7f00',
      'NULL',
      ', ',
      '...',
      '{iov_base=',
      'iov_len=5',
      'MSG_DONTWAIT',
      'password=x',
      'tv_sec=1',
      '3</srv/x>',
      '[2:0123456789ab]',
      'secret',
      'SECRET',
      '10.0.0.1',
      'AKIAABCDEFGHIJKLMNOP',
      '= ?',
      '= 0x7f',
      '}',
      ']',
    ),
    fc.string({ unit: 'binary-ascii', maxLength: 6 }),
  )

  test('strace-log: any line gives the same', async () => {
    const [fast, plain] = [createRedactor(policy), createRedactor(policy)]
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(piece, { maxLength: 14 }), { maxLength: 6 }), async (lines) => {
        const bytes = Buffer.from(lines.map((pieces) => pieces.join('')).join('\n'), 'latin1')
        const shown = (text: Buffer) => text.toString('latin1')
        expect(shown(await streamed(bytes, 'strace-log', fast, 64))).toBe(
          shown(plainly(bytes, 'strace-log', plain)),
        )
      }),
      {
        numRuns: 1500,
        examples: [
          [[['0', '<... read resumed>', ' <unfinished ...>']]],
          [[['read(', '= 0x7f', '<... futex resumed> ', ') = 0']]],
          [[['read(', 'password=x', 'A', '= 0x7f', ')  = -1 EAGAIN (Resource temporarily unavailable)']]],
          [[['read(', ') = 0', ')  = -1 EAGAIN (Resource temporarily unavailable)']]],
          [[['read(5</srv/x) = 0', '>, ', 'secret', ') = 0']]],
        ],
      },
    )
  })

  test('strace-log: words that any sign joins give the same', async () => {
    const words = [
      '0',
      '0x7f',
      'NULL',
      'PROT_READ',
      'read',
      'secret',
      '-1',
      'iov_len=5',
      '5</srv/x>',
      '0x7f5<alice>',
      '',
    ]
    const signs = [...'+-*~&|=.,:/[]{}() !@#$%^;?', '...', ', ', ' ', '...-', '-...', '..', '....']
    const [fast, plain] = [createRedactor(policy), createRedactor(policy)]
    const lines = ['read', 'futex'].flatMap((call) =>
      words.flatMap((one) =>
        signs.flatMap((sign) =>
          words.flatMap((other) => [
            `${call}(${one}${sign}${other}) = 0`,
            `${call}(3, ${one}${sign}${other}${sign}, 5) = 0 <0.000010>`,
            `<... ${call} resumed>${one}${sign}${other}) = 0`,
          ]),
        ),
      ),
    )
    const bytes = Buffer.from(lines.join('\n'), 'latin1')
    const found = (await streamed(bytes, 'strace-log', fast, 1 << 16)).toString('latin1').split('\n')
    const expected = plainly(bytes, 'strace-log', plain).toString('latin1').split('\n')
    expect(found.length).toBe(lines.length)
    expect(
      lines.flatMap((line, at) => (found[at] === expected[at] ? [] : [[line, found[at], expected[at]]])),
    ).toEqual([])
    expect(fast.counts()).toEqual(plain.counts())
  })

  test('smaps: a header with any name gives the same', async () => {
    const header = fc
      .tuple(fc.constantFrom(...HEADERS), fc.array(fc.constantFrom(...NAME_PARTS), { maxLength: 5 }))
      .map(([columns, parts]) => columns + parts.join(''))
    const [fast, plain] = [createRedactor(policy), createRedactor(policy)]
    await fc.assert(
      fc.asyncProperty(fc.array(header, { maxLength: 8 }), async (lines) => {
        const bytes = Buffer.from(lines.join('\n'), 'latin1')
        const shown = (text: Buffer) => text.toString('latin1')
        expect(shown(await streamed(bytes, 'smaps', fast, 1 << 16))).toBe(
          shown(plainly(bytes, 'smaps', plain)),
        )
        expect(fast.counts()).toEqual(plain.counts())
      }),
      { numRuns: 1500 },
    )
  })

  test('smaps: any line gives the same', async () => {
    const part = fc.oneof(
      fc.constantFrom(
        'Rss:',
        'VmFlags:',
        ' rd',
        ' wr',
        '   12',
        ' kB',
        '7f00-7f01',
        ' rw-p',
        ' 00000000',
        ' 00:00',
        ' 0 ',
        '[heap]',
        '/home/bob/x',
        'Name:',
        ' secret',
      ),
      fc.string({ unit: 'binary-ascii', maxLength: 4 }),
    )
    const [fast, plain] = [createRedactor(policy), createRedactor(policy)]
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const bytes = Buffer.from(parts.join('').replaceAll('\n', ' '), 'latin1')
        const shown = (text: Buffer) => text.toString('latin1')
        expect(shown(await streamed(bytes, 'smaps', fast, 64))).toBe(shown(plainly(bytes, 'smaps', plain)))
      }),
      { numRuns: 1500 },
    )
  })
})

/** Share of the lines that a kernel leaves to the plain rules. */
function leftBy(kernel: Kernel, bytes: Buffer, form: 'strace' | 'smaps'): number {
  let lines = 0
  const count = (line: string): string => {
    lines++
    return line
  }
  for (const _ of kernel.redact(bytes, form, count));
  return lines / bytes.toString('latin1').split('\n').length
}
const aKernel = (): Kernel => Kernel.of(new Keeper('standard', () => new Uint8Array(32), false))

test('what strace and the kernel write every day is left to the kernel', () => {
  const left = (path: string, form: 'strace' | 'smaps'): number =>
    leftBy(aKernel(), readFileSync(join(SAMPLES, path)), form)
  expect(left('mmap-leak/strace/thumbd.9797', 'strace')).toBeLessThan(0.3)
  expect(left('mmap-leak/smaps/smaps_9791_20261122194741', 'smaps')).toBe(0)
})

test('names of a thousand files are left to the kernel, and those of ten thousand leave room for the words of calls', () => {
  const headers = (count: number): Buffer =>
    Buffer.from(
      Array.from({ length: count }, (_, at) => `7f00-7f01 rw-p 0 00:00 1 /usr/lib/${at}.so\n`).join(''),
    )
  const kernel = aKernel()
  expect(leftBy(kernel, headers(1000), 'smaps')).toBe(0)
  expect(leftBy(kernel, headers(10_000), 'smaps')).toBeGreaterThan(0.5)
  expect(leftBy(kernel, headers(1000), 'smaps')).toBe(0)
  expect(leftBy(kernel, readFileSync(join(SAMPLES, 'mmap-leak/strace/thumbd.9797')), 'strace')).toBeLessThan(
    0.3,
  )
})

test.each([1, 100_000, 600_000, 1_000_000])('a payload of %i bytes, and lines around it', async (length) => {
  const [fast, plain] = [createRedactor('standard'), createRedactor('standard')]
  const bytes = Buffer.from(
    `read(3, "ab", 2) = 2\nread(3, "${'x'.repeat(length)}", 2) = 2\nread(3, "cd", 2) = 2\n`,
  )
  expect(
    (await streamed(bytes, 'strace-log', fast, 1 << 18)).equals(plainly(bytes, 'strace-log', plain)),
  ).toBe(true)
})

test('a log that was cut behind the dots of a resumed call', async () => {
  const [fast, plain] = [createRedactor('standard'), createRedactor('standard')]
  const bytes = Buffer.from('1096  10:00:00.000001 <... futex resumed>) = 0\n1097  10:00:00.000002 <...')
  const expected = plainly(bytes, 'strace-log', plain).toString()
  expect((await streamed(bytes, 'strace-log', fast, 1 << 18)).toString()).toBe(expected)
})
