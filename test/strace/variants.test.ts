import { describe, expect, it } from 'vitest'
import { FAILED, INJECTED, RESUMED_ONLY, UNFINISHED } from '../../src/model/trace.ts'
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
    )
    for (const prefix of prefixes) {
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

/** A call and what is expected of its only event. */
const CALLS: readonly (readonly [line: string, expected: Record<string, unknown>])[] = [
  // B2: results
  [
    'munmap(0x7f00, 4096)                   = 0',
    { call: 'munmap', address: 0x7f00, length1: 4096, state: 0 },
  ],
  ['munmap(0x7f00, 4096) = 0', { result: 0, state: 0 }],
  ['munmap(0x7f00,4096)=0', { call: 'munmap', length1: 4096, result: 0, state: 0 }],
  [
    'mmap(NULL,4096,PROT_READ,MAP_PRIVATE,3,0)=0x7ff9d54ea000',
    { length1: 4096, fd: 3, protection: 1, flags: 2 },
  ],
  [
    'mmap(NULL, 0, PROT_READ, MAP_PRIVATE, 3, 0) = -1 EINVAL (Invalid argument)',
    { length1: 0, error: 'EINVAL', state: FAILED, result: -1 },
  ],
  ['munmap(NULL, 0) = -1 (errno 523)', { error: 'errno 523', state: FAILED }],
  ['munmap(NULL, 0) = -1 ERRNO_523 (Unknown error 523)', { error: 'ERRNO_523', state: FAILED }],
  ['munmap(NULL, 0) = -22', { state: FAILED, result: -22 }],
  ['munmap(0x7f00, 4096) = ?', { state: UNFINISHED, result: Number.NaN }],
  ['munmap(0x7f00, 4096) = ? <unavailable>', { state: UNFINISHED }],
  ['munmap(0x7f00, 4096) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)', { state: UNFINISHED }],
  [
    'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = -1 ENOMEM (Cannot allocate memory) (INJECTED)',
    { state: FAILED | INJECTED },
  ],
  [
    'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = -1 ENOMEM (Cannot allocate memory) (INJECTED: args)',
    { state: FAILED | INJECTED },
  ],
  [
    'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f00 (DELAYED) <0.100063>',
    { state: 0, duration: 100063 },
  ],
  ['munmap(0x7f00, 4096) = 0 (INJECTED) (DELAYED) <0.000017>', { state: INJECTED, duration: 17 }],
  ['munmap(0x7f00, 4096) = 0 <0>', { duration: 0 }],
  ['munmap(0x7f00, 4096) = 0 <1.5>', { duration: 1.5e6 }],
  ['munmap(0x7f00, 4096) = 0 <0.012>', { duration: 12e3 }],
  ['munmap(0x7f00, 4096) = 0 <0.000024296>', { duration: 24.296 }],
  // B3: memory calls
  [
    'mmap(NULL, 2097152, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB|21<<MAP_HUGE_SHIFT, -1, 0) = 0x7f00',
    { flags: 0x54040022, protection: 3 },
  ],
  [
    'mmap(NULL, 4096, 0x5 /* PROT_READ|PROT_EXEC */, 0xa021 /* MAP_SHARED|MAP_ANONYMOUS|MAP_POPULATE|MAP_LOCKED */, -1, 0) = 0x7f00',
    { flags: 0xa021, protection: 5 },
  ],
  ['mmap(NULL, 16384, 0 /* PROT_NONE */, 0x4022, -1, 0) = 0x7f00', { flags: 0x4022, protection: 0 }],
  [
    'mmap(0, 0x1000, 0x1, 0x3, 0xffffffff, 0x2000) = 0x7f00',
    { length1: 4096, flags: 3, fd: -1, offset: 0x2000 },
  ],
  ['mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|0x10000 /* MAP_??? */, 3, 0) = 0x7f00', { flags: 0x10002 }],
  [
    'mmap(NULL, 4096, PROT_READ, MAP_SHARED_VALIDATE|MAP_SYNC, 3, 0x7000) = 0x7f00',
    { flags: 0x80003, offset: 0x7000 },
  ],
  [
    'mmap(0x10000000, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS|MAP_FIXED_NOREPLACE, -1, 0) = 0x10000000',
    { flags: 0x100022, address: 0x10000000 },
  ],
  [
    'mmap(0x10000000, 4096, PROT_READ, MAP_FILE|MAP_PRIVATE|MAP_ANON|MAP_FIXED, -1, 0) = 0x10000000',
    { flags: 0x32 },
  ],
  [
    'mmap(addr=NULL, length=8192, prot=PROT_READ|PROT_WRITE, flags=MAP_PRIVATE|MAP_ANONYMOUS, fd=-1, offset=0) = 0x7f00',
    { address: 0, length1: 8192, protection: 3, flags: 0x22, fd: -1, offset: 0 },
  ],
  [
    'mmap(NULL, 4131552, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_DENYWRITE, 3</lib/x86_64-linux-gnu/libc-2.27.so>, 0x1e7000) = 0x7f00',
    { fd: 3, name: '/lib/x86_64-linux-gnu/libc-2.27.so', offset: 0x1e7000 },
  ],
  ['mmap(NULL, 4096, PROT_READ, MAP_SHARED, 4</tmp/a>(deleted), 0) = 0x7f00', { fd: 4, name: '/tmp/a' }],
  [
    'mmap(NULL, 4096, PROT_READ, MAP_SHARED, 4</tmp/a (deleted)>, 0) = 0x7f00',
    { fd: 4, name: '/tmp/a (deleted)' },
  ],
  [
    'mmap(NULL, 4096, PROT_READ, MAP_SHARED, 4</dev/null<char 1:3>>, 0) = 0x7f00',
    { fd: 4, name: '/dev/null<char 1:3>' },
  ],
  ['old_mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x40019000', { call: 'mmap', result: 0x40019000 }],
  [
    'brk(0)                                  = 0x9972000',
    { call: 'brk', address: 0, result: 0x9972000, state: 0 },
  ],
  ['brk(NULL)                               = 0x9972000', { address: 0, state: 0 }],
  ['brk(0x5572dcb27000)                     = 0x5572dcb27000', { state: 0, address: 0x5572dcb27000 }],
  ['brk(0x1)                                = 0x5572dcb27000', { state: FAILED }],
  [
    'mremap(0x7f00, 4096, 8192, MREMAP_MAYMOVE) = 0x8f00',
    {
      call: 'mremap',
      address: 0x7f00,
      length1: 4096,
      length2: 8192,
      flags: 1,
      extra: Number.NaN,
      result: 0x8f00,
    },
  ],
  [
    'mremap(0x402a9000, 0, 65536, MREMAP_MAYMOVE|MREMAP_FIXED, 0) = 0',
    { length1: 0, flags: 3, extra: 0, result: 0, state: 0 },
  ],
  [
    'mremap(0x7f00, 4096, 4096, MREMAP_MAYMOVE|MREMAP_FIXED|MREMAP_DONTUNMAP, 0x8f00) = 0x8f00',
    { flags: 7, extra: 0x8f00 },
  ],
  ['mremap(0x7f00, 4096, 8192, 0x1, 0x1234) = 0x8f00', { flags: 1, extra: Number.NaN }],
  ['mprotect(0x7f00, 16384, PROT_READ|PROT_WRITE) = 0', { call: 'mprotect', protection: 3 }],
  ['pkey_mprotect(0x7f00, 16384, PROT_NONE, 1) = 0', { call: 'mprotect', protection: 0, length1: 16384 }],
  ['madvise(0x7f00, 8368128, MADV_DONTNEED) = 0', { call: 'madvise', flags: 4 }],
  ['madvise(0x7f00, 4096, MADV_GUARD_INSTALL) = 0', { flags: 102 }],
  ['madvise(0x7f00, 16, 0xc /* MADV_??? */) = -1 EINVAL (Invalid argument)', { flags: 12, state: FAILED }],
  [
    'remap_file_pages(0x7f00, 4096, PROT_NONE, 2, MAP_NONBLOCK) = 0',
    { call: 'remap_file_pages', offset: 2, flags: 0x10000 },
  ],
  [
    'map_shadow_stack(NULL, 4096, SHADOW_STACK_SET_TOKEN) = 0x7f00',
    { call: 'map_shadow_stack', length1: 4096, flags: 1 },
  ],
  [
    'shmget(IPC_PRIVATE, 31498240, 0x1c0|0600) = 11337732',
    { call: 'shmget', length1: 31498240, result: 11337732, flags: 0o600 | 0x1c0 },
  ],
  ['shmat(11337732, 0, 0) = 0x40299000', { call: 'shmat', extra: 11337732, address: 0, result: 0x40299000 }],
  ['shmat(5, 0x20000000, SHM_RDONLY|SHM_RND) = 0x20000000', { extra: 5, address: 0x20000000, flags: 0x3000 }],
  ['shmdt(0x20000000) = 0', { call: 'shmdt', address: 0x20000000 }],
  ['prctl(PR_SET_NAME, "worker") = 0', { call: 'set-name', name: 'worker' }],
  ['prctl(PR_SET_NAME, "work) = 0x1") = 0', { call: 'set-name', name: 'work) = 0x1' }],
  ['prctl(PR_SET_NAME, "\\x77\\x3e\\x6f") = 0', { name: 'w>o' }],
  ['prctl(PR_SET_NAME, "a\\"b\\\\c\\303\\244\\t") = 0', { name: 'a"b\\cä\t' }],
  [
    'prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x7f00, 4096, " Go: page alloc") = 0',
    { call: 'set-vma-name', address: 0x7f00, length1: 4096, name: ' Go: page alloc' },
  ],
  [
    'prctl(0x53564d41 /* PR_??? */, 0, 0x7f00, 0x1000, 0x55) = 0',
    { call: 'set-vma-name', address: 0x7f00, length1: 4096 },
  ],
  [
    'prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, 0x7f00, 4096, "pool \\"a\\" ) = 0x7f00 <unfinishe"...) = -1 EINVAL (Invalid argument)',
    { state: FAILED, name: 'pool "a" ) = 0x7f00 <unfinishe...' },
  ],
  [
    'execve("./t", ["./t", "mem"], 0x7ffe5a2ebfa8 /* 35 vars */) = 0',
    { call: 'execve', name: './t', state: 0 },
  ],
  ['execve("./t", ["./t"], [/* 61 vars */]) = -1 ENOENT (No such file or directory)', { state: FAILED }],
  ['execve("./t", [...], 0x7ffe /* it\'s ( */) = 0', { call: 'execve', state: 0 }],
  ['execveat(AT_FDCWD, "./t", ["./t"], NULL, 0) = 0', { call: 'execve', name: './t' }],
  // Processes and threads
  ['fork() = 4711', { call: 'fork', result: 4711 }],
  ['vfork() = 4711', { call: 'vfork', result: 4711 }],
  [
    'clone(child_stack=0, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f51) = 24',
    { call: 'clone', flags: 0x1200000, address: 0, result: 24 },
  ],
  [
    'clone(child_stack=0x7f758d46df30, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM|CLONE_SETTLS|CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID, parent_tidptr=0x7f75, tls=0x7f, child_tidptr=0x7f) = 12',
    { address: 0x7f758d46df30, flags: 0x3d0f00, length1: Number.NaN },
  ],
  [
    'clone(child_stack=0x7f75, flags=CLONE_VM|CLONE_THREAD, parent_tid=[12], tls=0x7f, child_tidptr=0x7f) = 12',
    { address: 0x7f75, flags: 0x10100 },
  ],
  [
    'clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM|CLONE_SETTLS|CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID, child_tid=0x7f58e4bfae50, parent_tid=0x7f58e4bfae50, exit_signal=0, stack=0x7f58e4bf4000, stack_size=0x6000, tls=0x7f58e4bfab80} => {parent_tid=[113]}, 88) = 113',
    { call: 'clone', address: 0x7f58e4bf4000, length1: 0x6000, flags: 0x3d0f00, result: 113 },
  ],
  [
    'clone3({flags=CLONE_CLEAR_SIGHAND|CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7f00, stack_size=0x9000}, 88) = 5',
    { flags: 0x100004100 },
  ],
  [
    "clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 456 /* 12 in strace's PID NS */",
    { result: 456 },
  ],
  ['clone(child_stack=NULL, flags=SIGCHLD) = 11914<t>', { result: 11914, flags: 0 }],
  ['__clone2(child_stack=0x7f, stack_size=0x1000, flags=CLONE_VM) = 3', { call: 'clone', length1: 0x1000 }],
  ['exit(0)                                 = ?', { call: 'exit', state: 0 }],
  ['_exit(0)                                = ?', { call: 'exit', state: 0 }],
  ['exit_group(3)                           = ?', { call: 'exit_group', state: 0 }],
]

describe('calls', () => {
  it.each(CALLS)('%s', async (line, expected) => {
    const { traces, diagnostics } = await read(textFile('log', `12345 ${line}\n`))
    expect(diagnostics.list()).toEqual([])
    const events = allEvents(traces[0]!)
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject(expected)
  })

  it('-X raw, verbose and abbreviated give the same memory calls', async () => {
    const forms = [
      'mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f00\nmremap(0x7f00, 4096, 8192, MREMAP_MAYMOVE) = 0x8f00\nmadvise(0x7f00, 4096, MADV_FREE) = 0\nmprotect(0x7f00, 4096, PROT_READ) = 0\n',
      'mmap(NULL, 8192, 0x3, 0x22, -1, 0) = 0x7f00\nmremap(0x7f00, 4096, 8192, 0x1) = 0x8f00\nmadvise(0x7f00, 4096, 0x8) = 0\nmprotect(0x7f00, 4096, 0x1) = 0\n',
      'mmap(NULL, 8192, 0x3 /* PROT_READ|PROT_WRITE */, 0x22 /* MAP_PRIVATE|MAP_ANONYMOUS */, -1, 0) = 0x7f00\nmremap(0x7f00, 4096, 8192, 0x1 /* MREMAP_MAYMOVE */) = 0x8f00\nmadvise(0x7f00, 4096, 0x8 /* MADV_FREE */) = 0\nmprotect(0x7f00, 4096, 0x1 /* PROT_READ */) = 0\n',
    ]
    const [abbreviated, raw, verbose] = await Promise.all(
      forms.map(async (form) => allEvents(await readText(form))),
    )
    expect(raw).toEqual(abbreviated)
    expect(verbose).toEqual(abbreviated)
  })

  it('mmap2 offsets of an old strace are pages: none of them is a multiple of a page', async () => {
    const old =
      'mmap2(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0x2) = 0x40000000\nmmap2(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x40001000\n'
    const { traces, diagnostics } = await read(textFile('log', old))
    expect(allEvents(traces[0]!).map((event) => event.offset)).toEqual([0x2000, 0])
    expect(codes(diagnostics)['strace-page-offsets']).toBe(1)
    const recent = await readText('mmap2(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0x2000) = 0x40000000\n')
    expect(allEvents(recent)[0]!.offset).toBe(0x2000)
  })

  it('results that a 64-bit strace sign-extended are masked after the personality line', async () => {
    for (const message of [
      '[ Process PID=31085 runs in 32 bit mode. ]',
      'strace: [ Process PID=31085 runs in 32 bit mode. ]',
    ]) {
      const trace = await readText(
        `execve("./a", ["./a"], [/* 17 vars */]) = 0\n${message}\nmmap2(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0xfffffffff7715000\n`,
      )
      expect(trace.wordBits).toBe(32)
      expect(allEvents(trace)[1]).toMatchObject({ tid: 31085, result: 0xf7715000 })
    }
  })

  it('calls without a name or a number are counted as they are called', async () => {
    const log =
      'syscall_0x270f(0x1, 0x2) = -1 ENOSYS (Function not implemented)\nsyscall_9999(0x1) = 0\nSYS_197(0x1) = 0\nreadv#64(3, [{iov_base="a", iov_len=1}], 1) = 1\n'
    const trace = await readText(log)
    const { statistics, strings } = trace
    expect(
      Array.from({ length: statistics.length }, (_, row) => [
        strings.get(statistics.name[row]!),
        statistics.fd[row],
        statistics.errors[row],
      ]),
    ).toEqual([
      ['SYS_197', -1, 0],
      ['readv', 3, 0],
      ['syscall_0x270f', -1, 1],
      ['syscall_9999', -1, 0],
    ])
  })

  it('an unknown flag is named, the others are read', async () => {
    const { traces, diagnostics } = await read(
      textFile('log', 'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_NEWEST, 3, 0) = 0x7f00\n'),
    )
    expect(allEvents(traces[0]!)[0]!.flags).toBe(2)
    expect(diagnostics.list().find(({ code }) => code === 'strace-unknown-flag')!.message.en).toContain(
      'MAP_NEWEST',
    )
  })
})

/** One line, one call, however odd its arguments. */
const ODD_CALLS: readonly string[] = [
  'write(3, "text) = 0x55\\n\\"q\\" mmap(NULL, 4096"..., 56) = 56',
  'write(3, "<... read resumed>", 18) = 18',
  'write(3, "/* not a comment", 16) = 16',
  'write(3, ""..., 56) = 56',
  'read(3, "\\0\\17\\177\\x41\\v\\f\\r", 7) = 7',
  'poll([{fd=6, events=POLLIN}, {fd=10, events=POLLIN}], 2, 30000) = 1 ([{fd=10, revents=POLLIN}])',
  'select(26, [14<pipe:[3579145]> 24<TCP:[127.0.0.1:8080]> 25<UNIX:[3578806,"/var/opt/gitlab.socket"]>], NULL, NULL, {24, 602754}) = 0 (Timeout)',
  'recvfrom(9<TCP:[1.2.3.4:5->6.7.8.9:10]>, "a) = 1", 8192, 0, NULL, NULL) = 6',
  'fcntl(3, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)',
  'sched_getscheduler(0) = 0 (SCHED_OTHER)',
  'sigreturn() = ? (mask now [])',
  'rt_sigprocmask(SIG_BLOCK, ~[RTMIN RT_1], [INT CHLD], 8) = 0',
  'getsockname(3, {sa_family=AF_INET, sin_port=htons(32811), sin_addr=inet_addr("127.0.0.1")}, [16 => 28]) = 0',
  'fstat(3</a b>, {st_mode=S_IFREG|0755, st_size=2030544, ...}) = 0',
  'openat(AT_FDCWD</root>, "/etc/passwd" [system_u:object_r:passwd_file_t:s0], O_RDONLY) = 3</etc/passwd> [system_u:object_r:passwd_file_t:s0]',
  'nanosleep({1, 0}, NULL) = 0',
  'wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 2806',
  'kill(11935<work) = 0x1>, SIGTERM) = 0',
  'read(3</tmp/a>b, c) = 5>, "x", 1) = 1',
  'ioctl(1, TCGETS, {B38400 opost isig icanon echo ...}) = 0',
  'getdents64(3, 0x55d0 /* 4 entries */, 32768) = 120',
  'restart_syscall(<... resuming interrupted read ...>) = 0',
  'restart_syscall(<... resuming interrupted call ...>) = 1',
  'futex(0x7f, FUTEX_WAIT_PRIVATE, 1, NULL) = ? ERESTARTSYS (To be restarted)',
  'setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0',
  'read(14, ".so.55.1\\n7fff83516000-7fff835170"..., 1024) = 1024   <--- BIG PAUSE',
]

describe('arguments', () => {
  it.each(ODD_CALLS)('%s', async (line) => {
    const { traces, diagnostics } = await read(textFile('log', `12345 ${line}\n12345 close(3) = 0\n`))
    expect(diagnostics.list()).toEqual([])
    expect(traces[0]!.threads.get(12345)!.calls).toBe(2)
  })

  it('the descriptor argument, with and without decoration', async () => {
    const log =
      'read(3, "", 1) = 0\nread(17<socket:[5]>, "", 1) = 0\nopenat(AT_FDCWD, "/x", O_RDONLY) = -1 ENOENT (No such file or directory)\nread(0xffffffff, 0x7f, 0x1) = -1 EBADF (Bad file descriptor)\nopenat(-100, "/etc/x", 0x80000) = 4\nkill(5, SIGTERM) = 0\n'
    const { statistics, strings } = await readText(log)
    expect(
      Array.from(
        { length: statistics.length },
        (_, row) => `${strings.get(statistics.name[row]!)} ${statistics.fd[row]}`,
      ),
    ).toEqual(['kill -1', 'openat -2', 'read -1', 'read 3', 'read 17'])
  })
})

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
