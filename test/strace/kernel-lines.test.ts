import { describe, expect, it } from 'vitest'
import fc from '../support/property.ts'
import { dumpLog } from './support.ts'

/** Reads lines behind others like them, by the kernel and line by line: both must say the same. */
function expectSame(met: readonly string[], lines: readonly string[]): void {
  const bytes = Buffer.from([...met, ...met, ...lines, ...met].map((line) => `${line}\n`).join(''), 'latin1')
  expect(dumpLog(bytes)).toEqual(dumpLog(bytes, { thorough: true }))
}

const PREFIXES = ['', '7 ', '10:00:00.000001 ', '7 10:00:00.000001 ']

describe.each(PREFIXES)(
  'behind the prefix %o, the kernel says what reading line by line says of',
  (prefix) => {
    /** Many calls in one log, each with others around it. */
    const same = (met: readonly string[], calls: readonly string[]): void => {
      const known = met.map((line) => prefix + line)
      for (let at = 0; at < calls.length; at += 40)
        expectSame(
          known,
          calls.slice(at, at + 40).flatMap((call) => [prefix + call, ...known]),
        )
    }
    const READ = 'read(5, "a", 4096) = 1 <0.000021>'
    const WAIT = 'epoll_wait(4, [{events=EPOLLIN, data={u32=7, u64=5}}], 128, 1000) = 1 <0.000003>'

    it('a closing bracket behind so many bytes', () => {
      const ends = Array.from({ length: 140 }, (_, length) => 'x'.repeat(length))
      same(
        [READ],
        [
          ...ends.map((text) => `read(5, "${text}", 9) = 1 <0.000021>`),
          ...ends.map((text) => `read(5, "${text})", 9) = 1 <0.000021>`),
          ...ends.map((text) => `read(5, "${text}\\") = 2", 9) = 1 <0.000021>`),
          ...ends.map((text) => `read(5, "${text}\\\\", 9) = 1 <0.000021>`),
          ...ends.map((text) => `read(5, "${text}) = 1 <0.000021>`),
          ...ends.map((text) => `read(5, ${text}) = 1 <0.000021>`),
        ],
      )
    })

    it('a quote behind a backslash that is in no string', () => {
      const long = 'x'.repeat(80)
      same(
        [READ],
        ['"a"\\", 5', '\\"""', 'x\\", 5', '"a" \\"(") = 3, "a"', `"${long}"\\"""`, `${long}\\", 5, "a"`].map(
          (text) => `read(6, ${text}) = 3 <0.000017>`,
        ),
      )
    })

    it('brackets and strings in any order', () => {
      const piece = fc.constantFrom(
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        '()',
        '[]',
        '{}',
        '[{',
        '}]',
        '"',
        '"a)"',
        '"\\""',
        '\\',
        ', ',
        'a',
        '*',
        '/',
        '/* b */',
        '<',
        '>',
        '3</c>',
        '\t',
        '\b',
        '\x02',
        '\0',
        'long enough to reach the next block of bytes',
      )
      const line = fc
        .tuple(fc.constantFrom('epoll_wait(4, ', 'poll(', 'read('), fc.array(piece, { maxLength: 12 }))
        .map(([start, pieces]) => `${prefix}${start}${pieces.join('')}) = 1 <0.000021>`)
      const met = [READ, WAIT, 'poll([{fd=3, events=POLLIN}], 1, 0) = 0 (Timeout) <0.000021>'].map(
        (call) => prefix + call,
      )
      fc.assert(
        fc.property(fc.array(line, { maxLength: 8 }), (lines) => expectSame(met, lines)),
        { numRuns: 250 },
      )
    })

    it('brackets within brackets, however deep', () => {
      for (const [open = '', close = ''] of ['()', '[]', '{}'])
        same(
          [READ],
          Array.from(
            { length: 70 },
            (_, depth) => `read(5, ${open.repeat(depth)}${close.repeat(depth)}) = 1 <0.000021>`,
          ),
        )
    })

    it('results, errors and durations of all kinds', () => {
      const results = [
        '0',
        '1',
        '4096',
        '1234567',
        '12345678',
        '123456789',
        '0x5',
        '-1',
        '-0',
        '-4095',
        '-4096',
        '?',
        '',
        '00012',
        '-1 EAGAIN (Resource temporarily unavailable)',
        '-1 EAGAIN (Resource temporarily unavailable',
        '-1 EAGAIN',
        '-1 EAGAIN (Resource busy)',
        '-1 EAGAIX (Resource temporarily unavailable)',
        '-2 EAGAIN (x)',
        '-1 (errno 99)',
        '-1 EAGAIN (Resource temporarily unavailable)x',
        '-1 EAGAIN (a very long text, longer than any that strace has)',
        '? ERESTARTSYS (To be restarted)',
        '1 (Timeout)',
        '1 ([{fd=3}])',
        '5</a>',
        '-1 ENOENT (No such file or directory)',
      ]
      const durations = [
        '',
        ' <0.000021>',
        ' <1.000021>',
        ' <0.00002>',
        ' <0.0000211>',
        ' <0.00002a>',
        ' <0.000021> ',
        '<0.000021>',
        ' <0.000021',
      ]
      const met = results.slice(0, 3).concat('-1 EAGAIN (Resource temporarily unavailable)')
      const lines = results.flatMap((result) =>
        durations.map((took) => `read(5, "a", 4096) = ${result}${took}`),
      )
      const log = met.map((result) => `read(5, "a", 4096) = ${result} <0.000021>`)
      same(log, [
        ...lines,
        'read(5, "a", 4096)  = 1 <0.000021>',
        'read(5, "a", 4096)=1 <0.000021>',
        'read(5, "a", 4096) =  1 <0.000021>',
        `${READ}\r`,
      ])
    })

    it('names that begin alike', () => {
      const names = [
        'clock_nanosleep',
        'clock_nanosleep_',
        'sched_getaffinity',
        'sched_getaffinitx',
        'sched_setaffinity',
        'read',
        'reads',
        'rea',
      ]
      const calls = names.map((name) => `${name}(5, NULL) = 0 <0.000021>`)
      same(calls, [
        ...calls,
        'rea\0d(5, NULL) = 0 <0.000021>',
        '(5) = 0 <0.000021>',
        `${'x'.repeat(40)}(5) = 0 <0.000021>`,
      ])
    })

    it('memory calls with one thing or another in them', () => {
      const addresses = [
        'NULL',
        '0x7f4fdcce0000',
        '0x0',
        '0x',
        '0xFFFFFFFFFFFF',
        '0x1000000000000',
        '4096',
        'NULLs',
      ]
      const lengths = [
        '4096',
        '0',
        '04096',
        '12345678',
        '134217728',
        '4294967295',
        '4294967296',
        '-1',
        '0x1000',
        '',
      ]
      const tails: Readonly<Record<string, readonly string[]>> = {
        mmap: [
          ', PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0',
          ', PROT_READ, MAP_PRIVATE, 3, 0',
          ', PROT_READ, MAP_PRIVATE, 3, 0x1000',
          ', 0x3, 0x22, -1, 0',
        ],
        munmap: ['', ', 1', ' '],
        mprotect: [', PROT_NONE', ', PROT_READ', ', PROT_READ|PROT_WRITE', ', PROT_NONE, 1'],
        madvise: [', MADV_DONTNEED', ', MADV_FREE', ', MADV_', ''],
      }
      const range = fc
        .constantFrom(...Object.keys(tails))
        .chain((name) =>
          fc.tuple(
            fc.constant(name),
            fc.constantFrom(...addresses.slice(0, 2), ...addresses),
            fc.constantFrom(...lengths.slice(0, 2), ...lengths),
            fc.constantFrom(...tails[name]!),
          ),
        )
        .map(([name, address, length, tail]) => `${name}(${address}, ${length}${tail})`)
      const brk = fc.constantFrom(...addresses).map((address) => `brk(${address})`)
      const result = fc.constantFrom(
        '0',
        '0',
        '0x7f4fdcce0000',
        '0x7f4fdcce1000',
        '0x1000000000000',
        '1',
        '-1 ENOMEM (Cannot allocate memory)',
      )
      const other = fc.constantFrom(READ, WAIT, 'futex(0x5510, FUTEX_WAKE_PRIVATE, 1) = 1 <0.000021>')
      const took = fc.constantFrom(' <0.000021>', ' <0.000004>', '', ' <4294.967296>')
      const line = fc.oneof(
        fc
          .tuple(fc.oneof({ weight: 4, arbitrary: range }, brk), result, took)
          .map(([call, value, time]) => `${call} = ${value}${time}`),
        other,
      )
      const met = [
        'mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f4fdcce0000 <0.000021>',
        'munmap(0x7f4fdcce0000, 4096) = 0 <0.000021>',
        'mprotect(0x7f4fdcce0000, 4096, PROT_NONE) = 0 <0.000021>',
        'madvise(0x7f4fdcce0000, 4096, MADV_DONTNEED) = 0 <0.000021>',
        'brk(NULL) = 0x55d000 <0.000021>',
        'brk(0x55d000) = 0x55d000 <0.000021>',
      ].map((call) => prefix + call)
      fc.assert(
        fc.property(fc.array(line, { maxLength: 20 }), (lines) =>
          expectSame(
            met,
            lines.map((call) => prefix + call),
          ),
        ),
        { numRuns: 150 },
      )
    })
  },
)

it('files of several threads keep what each has', () => {
  const line = (tid: number, call: string) => `${tid} 10:00:00.000001 ${call} <0.000004>`
  const calls = [
    'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f00',
    'munmap(0x7f00, 4096) = 0',
    'mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE, 3, 0) = 0x7f00',
  ]
  const lines = Array.from({ length: 600 }, (_, at) => line(7 + (at % 3) * 256, calls[at % calls.length]!))
  const mixed = Array.from({ length: 600 }, (_, at) =>
    line(7 + (at % 5) * 256, calls[(at >> 1) % calls.length]!),
  )
  expectSame(lines.slice(0, 9), [...lines, ...mixed])
})

describe.each(['', '10:00:00.000001 ', '1773478800.000001 ', '     0.000001 '])(
  'before the stamp %o, the kernel says what reading line by line says of',
  (stamp) => {
    const CALLS = [
      'read(5, "a", 4096) = 1 <0.000021>',
      'munmap(0x7f0000000000, 4096) = 0 <0.000021>',
      'futex(0x55d0c0c4058, FUTEX_WAIT_PRIVATE, 2, NULL <unfinished ...>',
      '<... futex resumed>) = 0 <0.000021>',
      'clone(child_stack=NULL, flags=CLONE_VM|CLONE_THREAD) = 7 <0.000021>',
      '+++ exited with 0 +++',
    ]
    const pid = fc.constantFrom(1, 7, 42, 4200, 4201, 42001, 99999, 100000, 4194304, 12345678, 123456789)
    const written = fc.constantFrom<(tid: number) => string>(
      (tid) => `${String(tid).padEnd(5)} `,
      (tid) => `${tid} `,
      (tid) => `${tid}    `,
      (tid) => `0${tid} `,
      (tid) => `[pid ${String(tid).padStart(5)}] `,
    )
    const line = fc
      .tuple(pid, fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, written), fc.constantFrom(...CALLS))
      .map(([tid, other, call]) => `${other?.(tid) ?? `${String(tid).padEnd(5)} `}${stamp}${call}`)

    it('pids of any width, with any blanks', () => {
      fc.assert(
        fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), (lines) =>
          expectSame([`4200  ${stamp}${CALLS[0]}`, `42001 ${stamp}${CALLS[0]}`], lines),
        ),
        { numRuns: 100 },
      )
    })
  },
)
