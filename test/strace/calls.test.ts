import { describe, expect, it } from 'vitest'
import { FAILED, INJECTED, UNFINISHED } from '../../src/model/trace.ts'
import { allEvents, codes, dump, read, readText, textFile } from './support.ts'

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
    { result: 12 },
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

  it('what -y says is told for each thread, whatever the number of the descriptor', async () => {
    const { traces } = await read(
      textFile('log', '7 read(1048576</srv/a>, "", 1) = 0\n8 read(0</srv/a>, "", 1) = 0\n'),
    )
    const { descriptors } = dump(traces[0]!)
    expect(descriptors.map(({ tid, fd, text }) => ({ tid, fd, text }))).toEqual([
      { tid: 7, fd: 1048576, text: '/srv/a' },
      { tid: 8, fd: 0, text: '/srv/a' },
    ])
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
