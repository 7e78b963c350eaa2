import { describe, expect, it } from 'vitest'
import { allEvents, codes, parseLog, read, readText, textFile } from './support.ts'

const MMAP = 'mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0d723d7000'
const CONTEXT = 'unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023'
const MIDNIGHT = 19 * 3600e6 + 48 * 60e6 + 21e6

/** One mmap with each prefix: thread (0 unknown), time (NaN none), name of the thread. */
const PREFIXES: readonly (readonly [
  title: string,
  prefix: string,
  tid: number,
  time: number,
  name: string | null,
])[] = [
  ['nothing', '', 0, Number.NaN, null],
  ['pid padded to five', '2997  ', 2997, Number.NaN, null],
  ['pid of five digits', '12345 ', 12345, Number.NaN, null],
  ['pid of seven digits', '2324610 ', 2324610, Number.NaN, null],
  ['[pid N]', '[pid 11923] ', 11923, Number.NaN, null],
  ['[pid  N] padded', '[pid  2804] ', 2804, Number.NaN, null],
  ['-Y', '11914<work) = 0x1> ', 11914, Number.NaN, 'work) = 0x1'],
  ['-Y on stderr', '[pid 11935<t>] ', 11935, Number.NaN, 't'],
  ['-Y with octal', '9728<w\\76o\\74rk "q"> ', 9728, Number.NaN, 'w>o<rk "q"'],
  ['--secontext', `[${CONTEXT}] `, 0, Number.NaN, null],
  ['--secontext behind a pid', `12345 [${CONTEXT}] 19:48:21 `, 12345, MIDNIGHT, null],
  ['-t', '19:48:21 ', 0, MIDNIGHT, null],
  ['-t, milliseconds', '19:48:21.606 ', 0, MIDNIGHT + 606e3, null],
  ['-tt', '19:48:21.606018 ', 0, MIDNIGHT + 606018, null],
  ['-t, nanoseconds', '19:48:21.606018500 ', 0, MIDNIGHT + 606018.5, null],
  ['-ttt', '1795383789.963719 ', 0, 1795383789963719, null],
  ['unix, seconds', '1795383789 ', 0, 1795383789e6, null],
  ['unix, milliseconds', '1795383789.963 ', 0, 1795383789963e3, null],
  ['unix, nanoseconds', '1795383789.963719617 ', 0, 1795383789963719.5, null],
  ['-r', '     0.000123 ', 0, 123, null],
  ['-r behind [pid N]', '[pid 505533]      0.000511 ', 505533, 511, null],
  ['-r behind a pid', '9739       0.000255 ', 9739, 255, null],
  ['-r with -tt', '19:48:21.606018 (+     0.000123) ', 0, MIDNIGHT + 606018, null],
  ['-n', '[   9] ', 0, Number.NaN, null],
  ['-i', '[00007f7727db7ad7] ', 0, Number.NaN, null],
  ['-i on 32 bit', '[f7fd9549] ', 0, Number.NaN, null],
  ['-i unknown', '[????????????????] ', 0, Number.NaN, null],
  [
    '-f -tt -r -n -i',
    '[pid 11923] 19:48:21.606018 (+     0.000392) [   9] [00007fb90a5a1ca3] ',
    11923,
    MIDNIGHT + 606018,
    null,
  ],
  ['pid, then -tt', '28339 19:48:21.606018 ', 28339, MIDNIGHT + 606018, null],
]

describe('prefixes', () => {
  it.each(PREFIXES)('%s', async (_, prefix, tid, time, name) => {
    const { traces, diagnostics } = await read(textFile('log', `${prefix}${MMAP}\n`))
    expect(diagnostics.list().filter(({ code }) => code !== 'strace-tid-unknown')).toEqual([])
    const [event] = allEvents(traces[0]!)
    expect(event).toMatchObject({ tid, time, call: 'mmap', result: 0x7f0d723d7000, length1: 8192, line: 1 })
    expect(traces[0]!.threads.get(tid)!.name).toBe(name)
  })

  it('a log of all threads that is named like that of one is told by its first lines, in pieces of any size', async () => {
    const log = [42, 42, 42, 43].map((tid) => `${tid} ${MMAP}\n`).join('')
    for (const piece of [1, 50, 1e6]) {
      const { traces } = await read(textFile('app.42', log, piece))
      expect(traces.map(({ name, form }) => [name, form])).toEqual([['app.42', 'interleaved']])
      expect([...traces[0]!.threads.keys()]).toEqual([42, 43])
    }
  })

  it('what others put in front is taken off, and said', async () => {
    const prefixes = ['> ', '>>> ', '#5 0.491 ', '2024-05-01T10:00:00.1234567Z ', 'app_1  | ']
    prefixes.push(
      '    ',
      '\t',
      '  12\t',
      '12: ',
      '   12  ',
      '\u00ef\u00bb\u00bf',
      '\0\0\0\0',
      'May  1 10:00:00 host strace[123]: ',
      'Nov 22 19:48:41.634671 host strace[123]: ',
    )
    const several = [
      '2026-11-22T19:48:41+0100 host strace[123]: ',
      '2026-11-22T19:48:41.634671123Z stderr F ',
      '[pod/app-1/main] 2026-11-22T19:48:41.634671123Z ',
      'app_1  | 2026-11-22T19:48:41.634671123Z ',
    ]
    for (const prefix of [...prefixes, ...several]) {
      const { traces, diagnostics } = await read(textFile('log', `${prefix}${MMAP}\n`))
      expect([prefix, codes(diagnostics)]).toEqual([
        prefix,
        { 'strace-foreign-prefix': 1, 'strace-tid-unknown': 1 },
      ])
      expect(allEvents(traces[0]!)[0]).toMatchObject({ result: 0x7f0d723d7000, time: Number.NaN })
    }
  })

  it('lines that were put into JSON', async () => {
    const lines = [MMAP, 'write(1, "a\\"b\\n", 4) = 4', 'close(3) = 0']
    const json = JSON.stringify({ log: lines.map((line) => `${line}\n`) }, null, 2)
    const { traces, diagnostics } = await read(textFile('log', json))
    expect(traces[0]!.threads.get(0)!.calls).toBe(3)
    expect(allEvents(traces[0]!)[0]).toMatchObject({ result: 0x7f0d723d7000, line: 3 })
    expect(codes(diagnostics)).toMatchObject({ 'strace-foreign-prefix': 3, 'strace-foreign-line': 4 })
  })

  it('mail quoting before a pid and a time', async () => {
    const trace = await readText(`> 2682  19:48:21.606018 ${MMAP}\n`)
    expect(allEvents(trace)[0]).toMatchObject({ tid: 2682, time: MIDNIGHT + 606018 })
  })

  it('colours are taken off', async () => {
    const log = `\u001b[35m19:48:21\u001b[0m \u001b[1mmmap\u001b[0m(NULL, \u001b[36m4096\u001b[0m, PROT_READ, MAP_PRIVATE, -1, 0) = \u001b[32m0x7f00\u001b[0m\n`
    const { traces, diagnostics } = await read(textFile('log', log))
    expect(codes(diagnostics)).toEqual({ 'strace-colours': 1, 'strace-tid-unknown': 1 })
    expect(allEvents(traces[0]!)[0]).toMatchObject({ time: MIDNIGHT, length1: 4096, result: 0x7f00 })
  })

  it('times go on past midnight, back and forth around it', async () => {
    const stamps = [
      '23:59:59.900000',
      '00:00:00.100000',
      '23:59:59.950000',
      '00:00:00.200000',
      '23:59:59',
      '00:00:01',
    ]
    const trace = await readText(stamps.map((stamp) => `${stamp} ${MMAP}\n`).join(''))
    const day = 86400e6
    expect(allEvents(trace).map((event) => event.time - day)).toEqual([-1e5, 1e5, -5e4, 2e5, -1e6, 1e6])
  })

  it('-r adds up, over lines of every kind', async () => {
    const log = `     0.000010 ${MMAP}\n     0.000020 --- SIGCHLD {si_signo=SIGCHLD} ---\n     0.000030 ${MMAP}\n`
    const trace = await readText(log)
    expect(trace.clock).toEqual({ kind: 'relative', resolution: 1 })
    expect(allEvents(trace).map((event) => event.time)).toEqual([10, 60])
  })

  it('the resolution of the clock is that of its stamps', async () => {
    for (const [stamp, resolution] of [
      ['19:48:21', 1e6],
      ['19:48:21.606', 1e3],
      ['19:48:21.606018', 1],
      ['19:48:21.606018123', 1],
    ])
      expect((await readText(`${stamp} ${MMAP}\n`)).clock).toEqual({ kind: 'time-of-day', resolution })
  })
})

describe('-k, -c, -C', () => {
  it('frames belong to the call completed last', async () => {
    const frames = [
      ' > /lib/libc.so(mmap64+0x43) [0x11ba13]',
      ' > /t() [0x12f9]',
      ' > unexpected_backtracing_error [0x800000]',
    ]
    const log = `[pid 5] ${MMAP}\n${frames.join('\n')}\n[pid 5] close(3) = 0\n > /lib/libc.so(close+0x7) [0x1]\n[pid 5] munmap(0x7f0d723d7000, 8192) = 0\n > /lib/libc.so(std::map<int, a>::f(b, c) const+0x9) [0x2]\n`
    const trace = await readText(log)
    expect(trace.hasStacks).toBe(true)
    expect(allEvents(trace).map((event) => event.stack)).toEqual([
      frames.map((frame) => frame.slice(3)).join('\n'),
      '/lib/libc.so(std::map<int, a>::f(b, c) const+0x9) [0x2]',
    ])
  })

  it('the table behind a trace (-C), and one per personality', async () => {
    const table =
      '% time     seconds  usecs/call     calls    errors syscall\n------ ----------- ----------- --------- --------- ----------------\n 49.88    0.000207          10        19         4 mmap\n 14.22    0.000059          14         4           mprotect\n------ ----------- ----------- --------- --------- ----------------\n100.00    0.000415                    41         6 total\n'
    const { traces, summaries } = await read(
      textFile(
        'log',
        `${MMAP}\n+++ exited with 0 +++\n${table}System call usage summary for 32 bit mode:\n${table}`,
      ),
    )
    expect(traces[0]!.events.length).toBe(1)
    const rows = [
      { name: 'mmap', calls: 19, errors: 4, seconds: 0.000207, percent: 49.88, line: 5 },
      { name: 'mprotect', calls: 4, errors: 0, seconds: 0.000059, percent: 14.22, line: 6 },
    ]
    expect(summaries).toEqual([
      { file: 'log', title: null, rows },
      { file: 'log', title: '32 bit mode', rows: rows.map((row) => ({ ...row, line: row.line + 7 })) },
    ])
  })

  it('columns in any order (-U)', async () => {
    const log =
      'syscall              calls    errors % time     seconds\n---------------- --------- --------- ------ -----------\nread                     1             0.00    0.000000\naccess                   1         1   0.00    0.000009\n---------------- --------- --------- ------ -----------\ntotal                    2         1 100.00    0.000009\n'
    const { summaries } = await read({ ...textFile('s', log), format: 'strace-summary' })
    expect(summaries[0]!.rows).toEqual([
      { name: 'read', calls: 1, errors: 0, seconds: 0, percent: 0, line: 3 },
      { name: 'access', calls: 1, errors: 1, seconds: 0.000009, percent: 0, line: 4 },
    ])
  })

  it('columns that are not there are not known', async () => {
    const log = '% time     calls syscall\n------ --------- ----------------\n 10.00         3 mmap\n'
    const { summaries, diagnostics } = await read({ ...textFile('s', log), format: 'strace-summary' })
    expect(summaries[0]!.rows).toEqual([
      { name: 'mmap', calls: 3, errors: null, seconds: null, percent: 10, line: 3 },
    ])
    expect(codes(diagnostics)).toEqual({ 'strace-summary-cut': 1 })
  })
})

describe('every line counts once', () => {
  it('in a log of everything', () => {
    const log = `close(3) = 0\n\n1 read(4,  <unfinished ...>\n1 <... read resumed>"", 1) = 0\nnonsense\n--- SIGCHLD {} ---\n+++ exited with 0 +++\nstrace: Process 9 attached\n > /lib(a) [0x1]\n% time     seconds  usecs/call     calls    errors syscall\n------ ----------- ----------- --------- --------- ----------------\n100.00    0.000415          10        41         6 total\nmmap(NULL,\n 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f00\n`
    const { parser } = parseLog(Buffer.from(log))
    expect(parser.counts).toEqual({
      calls: 2,
      unfinished: 1,
      resumed: 1,
      exits: 1,
      signals: 1,
      messages: 1,
      frames: 1,
      summary: 3,
      joined: 1,
      blank: 1,
      foreign: 1,
    })
    expect(Object.values(parser.counts).reduce((a, b) => a + b)).toBe(parser.lines)
  })
})
