import { describe, expect, it } from 'vitest'
import { FAILED, RESUMED_ONLY, UNFINISHED } from '../../src/model/trace.ts'
import { allEvents, codes, read, readText, textFile } from './support.ts'

describe('halves', () => {
  const cases: readonly (readonly [title: string, log: string, expected: Record<string, unknown>])[] = [
    [
      'two blanks after a comma',
      '1 mmap(NULL, 4096,  <unfinished ...>\n2 close(3) = 0\n1 <... mmap resumed>PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f00\n',
      { length1: 4096, result: 0x7f00, line: 1 },
    ],
    [
      'cut after the last argument',
      '1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0 <unfinished ...>\n1 <... mmap resumed>) = 0x7f00\n',
      { fd: 3, offset: 0, line: 1 },
    ],
    [
      'blank after > (up to 4.26)',
      '1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0 <unfinished ...>\n1 <... mmap resumed> )             = 0x7f00 <0.000020>\n',
      { offset: 0, duration: 20 },
    ],
    [
      'the whole argument list resumed',
      '1 clone( <unfinished ...>\n2 close(3) = 0\n1 <... clone resumed> child_stack=0x7f75, flags=CLONE_VM|CLONE_THREAD) = 2\n',
      { flags: 0x10100, address: 0x7f75, result: 2 },
    ],
    [
      'clone3 in two',
      '1 clone3({flags=CLONE_VM, stack=0x7f00, stack_size=0x1000, tls=0x7f} <unfinished ...>\n1 <... clone3 resumed> => {parent_tid=[0]}, 88) = 2\n',
      { length1: 0x1000, result: 2 },
    ],
    [
      'died while suspended',
      '1 madvise(0x7f00, 4096, MADV_DONTNEED <unfinished ...>\n1 <... madvise resumed> <unfinished ...>) = ?\n',
      { state: UNFINISHED, flags: 4 },
    ],
    [
      'never resumed',
      '1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0 <unfinished ...>\n',
      { state: UNFINISHED, length1: 4096, result: Number.NaN },
    ],
    [
      'killed while suspended',
      '1 munmap(0x7f00, 4096 <unfinished ...>\n1 +++ killed by SIGKILL +++\n',
      { state: UNFINISHED, length1: 4096 },
    ],
    ['detached', '1 munmap(0x7f00, 4096 <detached ...>\n', { state: UNFINISHED, length1: 4096 }],
    [
      'resumed without a start',
      '1 <... mmap resumed>) = 0x7f00\n',
      { state: RESUMED_ONLY, length1: Number.NaN, result: 0x7f00 },
    ],
    [
      'resumed without a start, failed',
      '1 <... mmap resumed>) = -1 ENOMEM (Cannot allocate memory)\n',
      { state: RESUMED_ONLY | FAILED },
    ],
    [
      'the clone of which only the end is there',
      '1 <... clone resumed>child_stack=0x7f75, flags=CLONE_VM|CLONE_THREAD) = 2\n',
      { state: RESUMED_ONLY, flags: 0x10100 },
    ],
  ]
  it.each(cases)('%s', async (_, log, expected) => {
    const trace = await readText(log)
    const events = allEvents(trace)
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({ tid: 1, ...expected })
  })

  it('a release stands where it began, an acquisition where it returned', async () => {
    const log =
      '1 munmap(0x7f0000, 4096 <unfinished ...>\n2 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0 <unfinished ...>\n3 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f0000\n1 <... munmap resumed>) = 0 <0.5>\n2 <... mmap resumed>) = 0x7f1000\n'
    expect(
      allEvents(await readText(log)).map(({ tid, call, line, state, duration }) => [
        tid,
        call,
        line,
        state,
        duration,
      ]),
    ).toEqual([
      [1, 'munmap', 1, 0, 5e5],
      [3, 'mmap', 3, 0, Number.NaN],
      [2, 'mmap', 2, 0, Number.NaN],
    ])
  })

  it('the bare second half that strace -z writes', async () => {
    const log =
      '1 madvise(0x7f00, 8192, MADV_DONTNEED <unfinished ...>\n)                    = 0\n1 wait4(-1,  <unfinished ...>\nNULL, 0, NULL)       = 12\n1 mmap(NULL, 4096,  <unfinished ...>\nPROT_READ, MAP_PRIVATE, 3, 0) = 0x7f00 <0.000010>\n'
    const { traces, diagnostics } = await read(textFile('log', log))
    expect(codes(diagnostics)).toEqual({ 'strace-joined-line': 3 })
    expect(traces[0]!.threads.get(1)!.calls).toBe(3)
    expect(allEvents(traces[0]!).map(({ call, state, result, line }) => [call, state, result, line])).toEqual(
      [
        ['madvise', 0, 0, 1],
        ['mmap', 0, 0x7f00, 5],
      ],
    )
  })

  it('-T and the stamp of the second half give the entry of a call whose first half is missing', async () => {
    const trace = await readText('1 10:00:01.000000 <... mmap resumed>) = 0x7f00 <0.250000>\n')
    expect(allEvents(trace)[0]!.time).toBe(36000e6 + 750e3)
  })

  it('counted calls keep their descriptor and their depth over the cut', async () => {
    const log =
      '1 read(7,  <unfinished ...>\n2 read(8, "a) = 1", 6) = 6\n1 <... read resumed>"(", 1) = 1 <0.1>\n'
    const { statistics } = await readText(log)
    expect([...statistics.fd]).toEqual([7, 8])
    expect(statistics.seconds[0]).toBeCloseTo(0.1)
  })

  it('execve from a thread: it goes on under the number of the leader, in one file', async () => {
    const log =
      '11 clone(child_stack=0x7f75, flags=CLONE_VM|CLONE_THREAD) = 14\n14 execve("/proc/self/exe", ["t"], 0x3a5bdc092048 /* 0 vars */ <pid changed to 11 ...>\n11 +++ superseded by execve in pid 14 +++\n11 <... execve resumed>) = -1 (errno 18446744073709551595)\n11 brk(NULL) = 0x5500\n11 +++ exited with 0 +++\n'
    const trace = await readText(log)
    expect(allEvents(trace)[1]).toMatchObject({
      tid: 11,
      call: 'execve',
      name: '/proc/self/exe',
      state: 0,
      line: 2,
      result: 0,
    })
    expect(trace.threads.get(14)!.end).toBe('superseded')
    expect(trace.threads.get(11)!.end).toBe('exited')
  })

  it.each([
    ['leader read first', 11, 14],
    ['leader read last', 14, 11],
  ])('execve from a thread in files of their own, %s', async (_, leader, thread) => {
    const { traces } = await read(
      textFile(
        `out.${leader}`,
        `10:00:00.000001 clone(child_stack=0x7f75, flags=CLONE_VM|CLONE_THREAD) = ${thread}\n10:00:00.000300 +++ superseded by execve in pid ${thread} +++\n10:00:00.000400 <... execve resumed>) = 0 <0.000200>\n`,
      ),
      textFile(
        `out.${thread}`,
        `10:00:00.000200 execve("/proc/self/exe", ["t"], 0x7f /* 35 vars */ <pid changed to ${leader} ...>\n`,
      ),
    )
    const exec = allEvents(traces[0]!).filter((event) => event.call === 'execve')
    expect(exec).toHaveLength(1)
    expect(exec[0]).toMatchObject({ name: '/proc/self/exe', state: 0, duration: 200, time: 36000e6 + 200 })
  })
})

describe('events and messages', () => {
  it('signals of all versions', async () => {
    const texts = [
      'SIGCHLD (Child exited) @ 0 (0)',
      '{si_signo=SIGCHLD, si_code=CLD_EXITED} (Child exited)',
      'SIGCHLD {si_signo=SIGCHLD}',
      'stopped by SIGSTOP',
    ]
    const trace = await readText(
      texts
        .map((text) => `1 ${text.startsWith('stopped') ? `--- ${text} ---` : `--- ${text} ---`}\n`)
        .join(''),
    )
    expect(trace.signals.map(({ tid, text, reference }) => [tid, text, reference.firstLine])).toEqual(
      texts.map((text, index) => [1, text, index + 1]),
    )
  })

  it.each([
    ['+++ exited with 0 +++', 'exited'],
    ['+++ killed by SIGSEGV +++', 'killed by SIGSEGV'],
    ['+++ killed by SIGABRT (core dumped) +++', 'killed by SIGABRT'],
  ])('%s', async (line, end) => {
    expect((await readText(`1 close(3) = 0\n1 ${line}\n`)).threads.get(1)!.end).toBe(end)
    expect((await readText(`[ 231] close(3) = 0\n[ 231] ${line}\n`)).threads.get(0)!.end).toBe(end)
  })

  it('attach messages inside calls are taken out and the call is joined', async () => {
    const log =
      '[pid 10] mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, -1, 0strace: Process 12 attached\n) = 0x7f00\n[pid 10] clone(child_stack=NULL, flags=SIGCHLDstrace: Process 13 attached\n, child_tidptr=0x7f8b7b3eea10) = 13\n[pid 10] vfork(strace: Process 14 attached\n <unfinished ...>\n[pid 14] exit_group(4) = ?\n[pid 14] +++ exited with 4 +++\n[pid 10] <... vfork resumed>) = 14\n'
    const { traces, diagnostics } = await read(textFile('log', log))
    expect(allEvents(traces[0]!).map(({ tid, call, result, line }) => [tid, call, result, line])).toEqual([
      [10, 'mmap', 0x7f00, 1],
      [10, 'clone', 13, 3],
      [14, 'exit_group', Number.NaN, 7],
      [10, 'vfork', 14, 5],
    ])
    expect(codes(diagnostics)).toEqual({ 'strace-joined-line': 3 })
  })

  it('two attach messages inside one call are taken out', async () => {
    const log =
      '[pid 10] clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=1000000}, strace: Process 12 attached\nstrace: Process 11 attached\nNULL) = 0\n[pid 12] close(3) = 0\n[pid 11] close(4) = 0\n'
    const { traces, diagnostics } = await read(textFile('log', log))
    expect([...traces[0]!.threads.values()].map(({ tid, calls }) => [tid, calls])).toEqual([
      [10, 1],
      [11, 1],
      [12, 1],
    ])
    expect(codes(diagnostics)).toEqual({ 'strace-joined-line': 1 })
  })

  it('lines without a pid belong to the only thread left', async () => {
    const log =
      'execve("./t", ["./t"], 0x7f /* 3 vars */) = 0\nstrace: Process 12 attached\n[pid 11] close(3) = 0\n[pid 12] close(4) = 0\n[pid 11] exit_group(0) = ?\n[pid 11] +++ exited with 0 +++\nclose(5) = 0\n'
    const trace = await readText(log)
    expect([...trace.threads.values()].map(({ tid, calls }) => [tid, calls])).toEqual([
      [11, 3],
      [12, 2],
    ])
  })

  it('wrapped lines, backslashes and program output are joined', async () => {
    const wrapped =
      '[pid 4] 04:50:51 mmap(0x20000000, 2147483648, PROT_READ,\nMAP_SHARED|MAP_FIXED, 3, 0) = 0x20000000\n'
    expect(allEvents(await readText(wrapped))[0]).toMatchObject({ flags: 0x11, result: 0x20000000, line: 1 })
    const folded = 'mmap(0x20000000, 4096, PROT_READ, MAP_SHARED|\\\nMAP_FIXED, 3, 0) = 0x20000000\n'
    expect(allEvents(await readText(folded))[0]).toMatchObject({ flags: 0x11 })
    const output = 'write(1, "file: ASCII text"..., 46file: ASCII text (1273)\n) = 46\n'
    expect((await readText(output)).threads.get(0)!.calls).toBe(1)
    const error = '> 2 10:00:00 accept(33, 0x82fa7e0, [16]) = ? ERESTARTSYS (To be\n> restarted) <0.385453>\n'
    expect((await readText(error)).statistics.seconds[0]).toBeCloseTo(0.385453)
    const result = 'mmap(0x20000000, 4096, PROT_READ, MAP_SHARED, 3, 0)\n    = 0x20000000\n'
    expect(allEvents(await readText(result))[0]).toMatchObject({ result: 0x20000000 })
  })

  it('a line that nobody completes is a call without a result; the next line is read for itself', async () => {
    const { traces, diagnostics } = await read(
      textFile('log', '1 mmap(NULL, 4096, PROT_R\n1 munmap(0x7f00, 4096) = 0\n1 brk('),
    )
    expect(allEvents(traces[0]!).map(({ call, state }) => [call, state])).toEqual([
      ['mmap', UNFINISHED],
      ['munmap', 0],
      ['brk', UNFINISHED],
    ])
    expect(codes(diagnostics)).toEqual({
      'strace-cut-line': 2,
      'strace-ends-mid-line': 1,
      'strace-unfinished': 2,
    })
  })

  it('foreign lines are counted with their places', async () => {
    const { diagnostics } = await read(
      textFile(
        'log',
        'close(3) = 0\nAborted (core dumped) strace -f\nI0102 strace.go:587] [   1:   1] prog E mmap(0x0)\nclose(4) = 0\n',
      ),
    )
    expect(diagnostics.list().find(({ code }) => code === 'strace-foreign-line')).toMatchObject({
      count: 2,
      line: 2,
    })
  })
})
