import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import fc from '../support/property.ts'
import { dump, dumpLog, hasShared, read, SHARED, textFile } from './support.ts'

/** Real logs: every one of the wild, and two of the zoo. */
function realLogs(): [string, Uint8Array][] {
  if (!hasShared) return []
  const folders = [
    'wild/strace',
    'wild/local',
    'wild/local/s10-ff',
    'zoo/d11-nscd/evidence/strace',
    'zoo/d02-mmap-leak/evidence/strace',
  ]
  return folders.flatMap((folder) =>
    readdirSync(path.join(SHARED, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('m0'))
      .map((entry): [string, Uint8Array] => {
        const bytes = readFileSync(path.join(SHARED, folder, entry.name))
        return [`${folder}/${entry.name}`, bytes.subarray(0, bytes.lastIndexOf(10, 120_000) + 1)]
      }),
  )
}

const logs = realLogs()
const withReturns = (bytes: Uint8Array): Uint8Array =>
  Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\n', '\r\n'), 'latin1')

describe.skipIf(!hasShared)('the same log read in other ways (skipped without ../shared)', () => {
  it.each(logs)('%s: by the kernel, line by line, in chunks, with other line ends', (_, bytes) => {
    const expected = dumpLog(bytes, { thorough: true })
    expect(dumpLog(bytes)).toEqual(expected)
    for (const chunk of [1, 7, 4096].slice(bytes.length > 20_000 ? 2 : 0))
      expect(dumpLog(bytes, { chunk })).toEqual(expected)
    const { bytes: longer, trace, ...rest } = dumpLog(withReturns(bytes))
    expect(longer).toBe(bytes.length + expected.lines)
    expect({
      ...rest,
      bytes: bytes.length,
      trace: trace && { ...trace, files: expected.trace!.files },
    }).toEqual(expected)
  })

  it('the name of a file changes nothing but the name', async () => {
    for (const [, bytes] of logs.slice(0, 12)) {
      const [one, other] = await Promise.all(
        ['a', 'trace.out.txt'].map(async (name) => {
          const { traces } = await read(textFile(name, bytes))
          const { name: _, files: __, signals, ...rest } = dump(traces[0]!)
          return { ...rest, signals: signals.map(({ reference, ...signal }) => signal) }
        }),
      )
      expect(other).toEqual(one)
    }
  })

  it('cut, doubled, flipped: never throws, never loses count, and both ways agree', () => {
    const damaged = fc
      .record({
        log: fc.integer({ min: 0, max: logs.length - 1 }),
        from: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.integer({ min: 0, max: 6000 }),
        flips: fc.array(fc.tuple(fc.nat(5999), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
        cuts: fc.array(fc.tuple(fc.nat(5999), fc.nat(200)), { maxLength: 3 }),
        doubles: fc.array(fc.tuple(fc.nat(5999), fc.nat(400)), { maxLength: 3 }),
        chunk: fc.integer({ min: 1, max: 5000 }),
      })
      .map(({ log, from, length, flips, cuts, doubles, chunk }) => {
        const whole = logs[log]![1]
        const start = Math.floor(from * whole.length)
        let bytes = Uint8Array.from(whole.subarray(start, start + length))
        for (const [at, byte] of flips) if (at < bytes.length) bytes[at] = byte
        for (const [at, size] of cuts)
          bytes = new Uint8Array(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]))
        for (const [at, size] of doubles)
          bytes = new Uint8Array(Buffer.concat([bytes.subarray(0, at + size), bytes.subarray(at)]))
        return { text: Buffer.from(bytes).toString('latin1'), chunk }
      })
    fc.assert(
      fc.property(damaged, ({ text, chunk }) => {
        const bytes = Buffer.from(text, 'latin1')
        const plain = dumpLog(bytes)
        expect(plain.bytes).toBe(bytes.length)
        expect(Object.values(plain.counts).reduce((a, b) => a + b, 0)).toBe(plain.lines)
        expect(dumpLog(bytes, { thorough: true })).toEqual(plain)
        expect(dumpLog(bytes, { chunk })).toEqual(plain)
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 300) },
    )
  })
})

/** Numbers of one to twenty digits, in every spelling that strace has. */
const NUMBERS = Array.from({ length: 20 }, (_, index) => '3'.repeat(index + 1)).flatMap((digits) => [
  digits,
  `-${digits}`,
  `0${digits}`,
  `0x${digits}`,
  `0xa${digits}`,
  `0x${digits}f /* name */`,
  `3 /* ${digits} in strace's PID NS */`,
])

/** Lines in which a number stands: as each argument, as the result. */
const placesOf = (number: string): string[] => [
  `mmap(${number}, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f00`,
  `mmap(NULL, ${number}, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f00`,
  `mmap(NULL, 4096, ${number}, MAP_PRIVATE, 3, 0) = 0x7f00`,
  `mmap(NULL, 4096, PROT_READ, ${number}, 3, 0) = 0x7f00`,
  `mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, ${number}, 0) = 0x7f00`,
  `mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, ${number}) = 0x7f00`,
  `mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = ${number}`,
  `brk(${number}) = ${number}`,
  `munmap(${number}, ${number}) = 0`,
  `mremap(${number}, 4096, ${number}, MREMAP_MAYMOVE) = ${number}`,
  `read(${number}, "", ${number}) = ${number}`,
  `openat(${number}, "/tmp/a", O_RDONLY) = ${number}`,
  `clone(child_stack=${number}, flags=CLONE_VM|CLONE_THREAD) = ${number}`,
]

describe('a number of any length', () => {
  it.each(NUMBERS)('%s means the same to the kernel and line by line', (number) => {
    const log = (calls: readonly string[]): string =>
      calls.map((call) => `7 01:12:12.512646 ${call} <0.000021>\n`).join('')
    // The kernel reads calls whose names and flags have been met.
    const met = log([...placesOf('4096'), ...placesOf('0x1000')])
    for (const call of placesOf(number)) {
      const bytes = Buffer.from(met + log([call]) + met, 'latin1')
      expect({ call, ...dumpLog(bytes) }).toEqual({ call, ...dumpLog(bytes, { thorough: true }) })
    }
  })
})

/** What stands behind the length of an mmap. */
const TAILS = [
  'PROT_READ, MAP_PRIVATE, 3, 0',
  'PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0',
  'PROT_READ, MAP_PRIVATE, 3</usr/lib/a(1).so>, 0x1000',
]

/** An mmap with this behind its length, and others that differ from it by little. */
const mappingsLike = (tail: string): string[] => [
  ...NUMBERS.flatMap((number) => [`mmap(${number}, 4096, ${tail})`, `mmap(NULL, ${number}, ${tail})`]),
  `mmap(NULL, 4096,  ${tail})`,
  `mmap(NULL, 4096,${tail})`,
  `mmap(NULL,4096, ${tail})`,
  `mmap( NULL, 4096, ${tail})`,
  `mmap(NULL, 4096, ${tail} )`,
  `mmap(NULL, 4096, ${tail}, 0)`,
  `mmap(NULL, 4096, ${tail}0)`,
  `mmap(NULL, 4096, ${tail.slice(0, -1)})`,
  `mmap(NULL, 4096, ${tail} <unfinished ...>`,
  `mmap(NULL, 4096, ${tail}`,
  `mmap(NULL, 4096)`,
  `mmap(NULLs, 4096, ${tail})`,
  `mmap(0x, 4096, ${tail})`,
  `mmap(NULL, , ${tail})`,
]

describe.each(TAILS)('an mmap behind one with the same %s', (tail) => {
  it.each(['0x7f4ffafc0000', '-1 ENOMEM (Cannot allocate memory)'])(
    'means the same to the kernel and line by line, when it returns %s',
    (result) => {
      const log = (calls: readonly string[]): string =>
        calls.map((call) => `7 01:12:12.512646 ${call} = ${result} <0.000021>\n`).join('')
      const same = `mmap(NULL, 4096, ${tail})`
      for (const call of mappingsLike(tail)) {
        const bytes = Buffer.from(log([same, same, same, call, same, call, call, same]), 'latin1')
        expect({ call, ...dumpLog(bytes) }).toEqual({ call, ...dumpLog(bytes, { thorough: true }) })
      }
    },
  )
})

describe('what -y says about a descriptor', () => {
  const READ = 'read(3</a>, "", 1) = 0'
  const WRITE = 'write(3</b>, "", 1) = 0'
  // Only the parser reads a line with a remark.
  const LONG_WAY = 'write(3</b>, "", 1 /* one */) = 0'

  it.each([
    ['by one call', [READ, READ, 'read(3</b>, "", 1) = 0', READ]],
    ['by two calls', [READ, WRITE, READ, READ, WRITE, WRITE, READ]],
    ['by a call that is told anyway', [READ, READ, 'close(3</b>) = 0', READ, 'close(3</b>) = 0', READ]],
    ['by a call that fails', [READ, 'fsync(3</b>) = -1 EIO (Input/output error)', READ, READ]],
    ['by a line that only the parser reads', [READ, LONG_WAY, READ, LONG_WAY, LONG_WAY, READ]],
    ['of two threads', [READ, `8 ${WRITE}`, READ, `8 ${READ}`, WRITE]],
  ])('is followed %s, by the kernel as line by line', (_, calls) => {
    const lines = calls.map((call) => (call.startsWith('8 ') ? call.slice(2) : call))
    const tids = calls.map((call) => (call.startsWith('8 ') ? 8 : 7))
    const log = lines.map((line, at) => `${tids[at]} 01:12:12.51264${at} ${line} <0.000021>\n`).join('')
    const bytes = Buffer.from(log + log, 'latin1')
    const told = dumpLog(bytes)
    expect(told).toEqual(dumpLog(bytes, { thorough: true }))
    expect(JSON.stringify(told)).toContain('/b')
  })
})

/** Stamps of one kind, and what looks like one. */
const STAMPS: Readonly<Record<string, readonly string[]>> = {
  '-t': [
    '10:00:00',
    '10:00:01',
    '10:00:59',
    '22:30:00',
    '00:00:02',
    '23:59:60',
    '10:00:61',
    '10:00:0a',
    '1:00:00',
  ],
  '-tt': [
    '10:00:00.000001',
    '10:00:01.5',
    '23:59:59.999999',
    '00:00:00.000000',
    '10:00:00',
    '10:00:00.00000a',
  ],
  '-ttt': ['1700000000.000001', '1700000001.999999', '1700000001', '999999999.000001', '17000000001.000001'],
  seconds: ['1700000000', '1700000001', '1700000001.000001', '170000000', '17000000001', '1700000000 '],
  '-r': [
    '     0.000123',
    '    12.000001',
    ' 12345.999999',
    '123456.000001',
    '  43200.000001',
    ' 12345678.000001',
    ' 123456789.000001',
    '     0.00012',
    '    0.000123',
    '0.000123',
    '     0',
    '     0.0001231',
  ],
}
const CALLS = [
  'read(5, "a", 4096) = 1 <0.000021>',
  'mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f1200000000 <0.000004>',
  'munmap(0x7f1200000000, 8192) = 0 <0.000002>',
  'futex(0x7f00, FUTEX_WAIT_PRIVATE, 2, NULL <unfinished ...>',
  '<... futex resumed>) = 0 <0.5>',
  '+++ exited with 0 +++',
]

describe('a stamp of any kind', () => {
  it.each(Object.keys(STAMPS))('%s means the same to the kernel and line by line', (kind) => {
    const [usual = ''] = STAMPS[kind]!
    const stamp = fc.oneof(
      { weight: 8, arbitrary: fc.constant(usual) },
      { weight: 3, arbitrary: fc.constantFrom(...STAMPS[kind]!) },
      { weight: 1, arbitrary: fc.constantFrom('', ...Object.values(STAMPS).flat()) },
    )
    const line = fc
      .tuple(
        fc.constantFrom('7 ', '8 ', '7  ', '12345 ', '[pid    9] ', ''),
        stamp,
        fc.constantFrom(' ', '  '),
        fc.constantFrom(...CALLS),
      )
      .map((parts) => `${parts.join('')}\n`)
    const log = fc
      .tuple(fc.constantFrom('', '7 ', '12345  ', '[pid    9] '), fc.array(line, { maxLength: 30 }))
      .map(([pid, lines]) => {
        // The kernel reads lines that look like those before.
        const met = CALLS.slice(0, 3).map((call) => `${pid}${usual} ${call}\n`)
        return [...met, ...met, ...lines, ...met].join('')
      })
    fc.assert(
      fc.property(log, fc.boolean(), (text, oneOfMany) => {
        const bytes = Buffer.from(text, 'latin1')
        expect(dumpLog(bytes, { oneOfMany })).toEqual(dumpLog(bytes, { thorough: true, oneOfMany }))
      }),
      { numRuns: 150 },
    )
  })
})

describe('what -r adds up', () => {
  it('keeps what a stamp of seven digits left behind', () => {
    const brk = 'brk(NULL) = 0x5500000\n'
    const line = `7      1.000001 ${brk}`
    const bytes = Buffer.from(`${line.repeat(4)}7      1.0000011 ${brk}${line.repeat(4)}`)
    expect(dumpLog(bytes)).toEqual(dumpLog(bytes, { thorough: true }))
  })
})

it('the first call of a thread is the same behind a signal', () => {
  const lines = [
    '7 read(5, "a", 4096) = 1\n7 brk(NULL) = 0x5500000\n'.repeat(4),
    '8 --- SIGCHLD {si_signo=SIGCHLD} ---\n',
    '7 read(5, "a", 4096) = 1\n7 brk(NULL) = 0x5500000\n'.repeat(4),
    '8 brk(NULL) = 0x5500000\n',
    '7 read(5, "a", 4096) = 1\n'.repeat(20),
  ]
  const bytes = Buffer.from(lines.join(''))
  const read = dumpLog(bytes)
  expect(read.trace?.coverage).toBe('some')
  expect(read).toEqual(dumpLog(bytes, { thorough: true }))
})
