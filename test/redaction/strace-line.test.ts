import { describe, expect, test } from 'vitest'
import { createRedactor } from '../../src/redaction/redactor.ts'
import fc from '../support/property.ts'

const standard = createRedactor('standard')
const strict = createRedactor('strict')
const line = (text: string) => standard.line(text, 'strace-log')
const strictLine = (text: string) => strict.line(text, 'strace-log')

describe('payload of data calls', () => {
  test('becomes its length and a token; call, numbers, result and time stay', () => {
    expect(line('19:48:42.285553 write(8, "200 301 OK\\n", 11) = 11 <0.000034>')).toMatch(
      /^19:48:42\.285553 write\(8, "\[11:[0-9a-f]{12}\]", 11\) = 11 <0\.000034>$/,
    )
  })

  test('equal stays equal, different stays different', () => {
    const token = (text: string) => /\[\d+:([0-9a-f]+)\]/.exec(line(text))?.[1]
    expect(token('read(3, "abc", 3) = 3')).toBe(token('12:00:00 write(9, "abc", 3) = 3'))
    expect(token('read(3, "abc", 3) = 3')).not.toBe(token('read(3, "abd", 3) = 3'))
  })

  test.each([
    ['escaped quotes', 'read(3, "a\\"SECRET\\\\", 9) = 9'],
    ['cut by -s', 'read(3, "SECRET"..., 4096) = 4096'],
    ['cut in mid-string', '19:48:42 read(3, "xxSECRET'],
    ['the resumed half', '2997 <... read resumed>"SECRET", 4096) = 6'],
    ['vectors', 'writev(1, [{iov_base="SECRET", iov_len=6}, {iov_base="SECRET", iov_len=6}], 2) = 12'],
    [
      'messages',
      'sendmsg(3, {msg_name=NULL, msg_iov=[{iov_base="SECRET", iov_len=6}], msg_iovlen=1}, 0) = 6',
    ],
    ['arguments of a program', 'execve("/bin/sh", ["sh", "-c", "SECRET"], 0x7ffd /* 50 vars */) = 0'],
    ['the environment', 'execve("/bin/sh", ["sh"], ["A=b", "TOKEN=SECRET"]) = 0'],
    ['an unknown call', 'frobnicate(3, "SECRET") = 0'],
    ['quotes that got lost', 'read(5, REQ SECRET sku=1.., 4096) = 192'],
    ['output mixed into the line', 'write(1, "x"..., 46file: SECRET...'],
    ['a line without its beginning', 'xSECRETx", 4096) = 192 <0.0001>'],
    ['noise', '\u0001\u0002SECRET\u0003'],
    ['a hex dump', ' | 00000  53 45 43 52 45 54                                SECRET           |'],
    ['a socket option', 'setsockopt(3, SOL_TCP, TCP_MD5SIG, "SECRET", 6) = 0'],
    ['behind a collector prefix', '#5 0.491 write(2, "SECRET", 6) = 6'],
  ])('is gone from %s', (_, text) => {
    expect(line(text)).not.toContain('SECRET')
  })
})

describe('what the analysis needs survives both policies', () => {
  test.each([
    'mmap(NULL, 507904, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f6befed2000 <0.000020>',
    '19:48:41.741014 brk(0x55d0c0a21000) = 0x55d0c0a21000 <0.000022>',
    'mremap(0x7f0000000000, 4096, 8192, MREMAP_MAYMOVE) = 0x7f1111111000',
    'futex(0x55e87aecf0e0, FUTEX_WAIT_BITSET_PRIVATE, 0, {tv_sec=6986, tv_nsec=493387049}, FUTEX_BITSET_MATCH_ANY) = -1 ETIMEDOUT (Connection timed out) <15.000082>',
    'read(5,  <unfinished ...>',
    '<... read resumed> <unfinished ...>) = ?',
    '+++ exited with 0 +++',
    '+++ killed by SIGSEGV (core dumped) +++',
    '--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL} ---',
    'strace: Process 16730 attached',
    '[pid  1096] 13:48:03.024655 restart_syscall(<... resuming interrupted call ...> <unfinished ...>',
    ') = 0x7fe8a85ba000',
    ' => {parent_tid=[16730]}, 88) = 16730',
    'clone3({flags=CLONE_VM|CLONE_FS, child_tid=0x7f, stack=0x7f, stack_size=0x7fff80, tls=0x7f} => {parent_tid=[16730]}, 88) = 16730',
    '% time     seconds  usecs/call     calls    errors syscall',
    ' 99.78  100.000000         500    200000           futex',
    'openat(AT_FDCWD, "/usr/lib/libc.so.6", O_RDONLY|O_CLOEXEC) = 3',
    'mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3</usr/lib/libc.so.6>, 0) = 0x7f0000000000',
  ])('%s', (text) => {
    expect(line(text)).toBe(text)
    expect(strictLine(text)).toBe(text)
  })
})

describe('what others put around a line of strace', () => {
  const brk = '19:48:41.741014 brk(0x55d0c0a21000) = 0x55d0c0a21000 <0.000022>'
  test.each([
    `\u001b[32m${brk}\u001b[0m`,
    `  "${brk}",`,
    `"${brk}\\n"`,
    `> ${brk}`,
    `#5 0.491 ${brk}`,
    `2024-05-01T10:00:00.1234567Z ${brk}`,
    `  12\t[pid  1096] ${brk}`,
    `2026-11-22T19:48:41.634671123Z stderr F ${brk}`,
  ])('stays: %s', (text) => {
    expect(line(text)).toBe(text)
    expect(strictLine(text)).toBe(text)
  })

  test.each([
    [`May  1 10:00:00 db1 strace[123]: ${brk}`, /^May {2}1 10:00:00 host-[0-9a-f]{12} strace\[123\]: 19/],
    [`app_1  | ${brk}`, /^w-[0-9a-f]{12} {2}\| 19/],
    [
      `2026-11-22T19:48:41+0100 db1 strace[123]: ${brk}`,
      /^2026-11-22T19:48:41\+0100 (?:host|w)-[0-9a-f]{12} strace\[123\]: 19/,
    ],
    [
      `Nov 22 19:48:41.634671 db1 strace[123]: ${brk}`,
      /^Nov 22 19:48:41\.634671 (?:host|w)-[0-9a-f]{12} strace\[123\]: 19/,
    ],
    [
      `[pod/app-1/main] 2026-11-22T19:48:41.634671123Z ${brk}`,
      /^\[w-[0-9a-f]{12}\/w-[0-9a-f]{12}\/w-[0-9a-f]{12}\] 2026-11-22T19:48:41\.634671123Z 19/,
    ],
    [`[pod/app-1/main] ${brk}`, /^\[w-[0-9a-f]{12}\/w-[0-9a-f]{12}\/w-[0-9a-f]{12}\] 19/],
  ])('keeps its form under strict: %s', (text, form) => {
    expect(line(text)).toBe(text)
    expect(strictLine(text)).toMatch(form)
  })
})

test('the number of bytes stays where the terminal shows nothing else', () => {
  expect(line('write(1, "abc", 26')).toMatch(/, 26$/)
  expect(line('write(1, "abc", 26strace: Process 12 attached')).toMatch(/, 26strace: Process 12 attached$/)
})

describe('names', () => {
  test('a user of the host goes, the path stays', () => {
    expect(line('openat(AT_FDCWD, "/home/alice/app/data.bin", O_RDONLY) = 3')).toMatch(
      /"\/home\/user-[0-9a-f]{12}\/app\/data\.bin"/,
    )
  })

  test('strict hides paths of the customer by their parts and keeps those of the system', () => {
    const shown = strictLine(
      'openat(AT_FDCWD, "/opt/shop/customers.db", O_RDONLY) = 3</opt/shop/customers.db>',
    )
    expect(shown).not.toMatch(/shop|customers/)
    expect(shown).toMatch(/"\/opt\/n-[0-9a-f]{12}\/n-[0-9a-f]{12}\.db", O_RDONLY\) = 3<\/opt\/n-/)
  })

  test('an escaped path gets the token of the path it means', () => {
    const plain = strict.path('/srv/\u00e9')
    expect(strictLine('stat("/srv/\\303\\251", {st_mode=S_IFREG}) = 0')).toContain(`"${plain}"`)
    expect(strictLine('stat("\\x2f\\x73\\x72\\x76\\x2f\\xc3\\xa9", {st_mode=S_IFREG}) = 0')).toContain(
      `"${plain}"`,
    )
  })

  test('thread names stay under standard and go under strict, wherever they stand', () => {
    const prctl = 'prctl(PR_SET_NAME, "billing") = 0'
    const prefix = '11914<billing> read(3, "", 1) = 0'
    expect(line(prctl)).toBe(prctl)
    expect(line(prefix)).toBe(prefix)
    const name = strict.name('billing')
    expect(strictLine(prctl)).toContain(`"${name}"`)
    expect(strictLine(prefix)).toContain(`11914<${name}> `)
  })

  test('peers on the Internet go under standard, private ones only under strict', () => {
    const peer = (address: string) =>
      `connect(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("${address}")}, 16) = 0`
    expect(line(peer('8.8.4.4'))).not.toContain('8.8.4.4')
    expect(line(peer('10.1.2.3'))).toContain('10.1.2.3')
    expect(strictLine(peer('10.1.2.3'))).not.toContain('10.1.2.3')
    expect(line('read(5<TCP:[10.0.0.1:22->8.8.4.4:999]>, "", 1) = 0')).not.toContain('8.8.4.4')
  })
})

test('redacting twice changes nothing', () => {
  const piece = fc.constantFrom(
    'read(3, "',
    'write(1, "',
    '", 10) = 10',
    '\\"',
    '\\\\',
    'abc',
    '/home/bob/x',
    '<... read resumed>',
    ' <0.1>',
    '3</srv/x>',
    'password=hunter2',
    '8.8.8.8',
    'AKIAABCDEFGHIJKLMNOP',
    '{iov_base="',
    '[',
    ']',
    'prctl(PR_SET_NAME, "',
    '12:00:00 ',
  )
  for (const redactor of [standard, strict])
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: 'binary-ascii' })), { maxLength: 12 }),
        (pieces) => {
          const once = redactor.line(pieces.join(' ').replaceAll('\n', ' '), 'strace-log')
          expect(redactor.line(once, 'strace-log')).toBe(once)
        },
      ),
      { numRuns: 1000 },
    )
})
