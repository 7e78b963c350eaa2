import { describe, expect, it, vi } from 'vitest'
import { DescriptorHistory } from '../../src/attribution/descriptors.ts'
import { familiesOf } from '../../src/attribution/processes.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { NO_SIDE_EVIDENCE } from '../support/side-evidence.ts'
import { accountOf, attributed, Script, snapshotOf, traceOf } from './support.ts'

const THREAD =
  'CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM|CLONE_SETTLS|CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID'
const clone = (child: number): string =>
  `clone(child_stack=0x7f00000ff0, flags=${THREAD}, parent_tid=[${child}], tls=0x7f, child_tidptr=0x7f) = ${child}`
const fork = (child: number): string =>
  `clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = ${child}`
const ANON = 'PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0'

describe('processes', () => {
  it('threads belong to their starter’s process, forks to themselves, with a copy of everything', async () => {
    const trace = await traceOf({
      10: `1.0 mmap(NULL, 40960, ${ANON}) = 0x7f0000000000 <10>
           1.1 ${clone(11)} <50>
           1.2 ${fork(20)} <50>
           5.0 getpid() = 10 <1>`,
      11: `1.15 mmap(NULL, 4096, ${ANON}) = 0x7f0000100000 <10>\n5.0 getpid() = 10 <1>`,
      20: '1.3 munmap(0x7f0000000000, 8192) = 0 <10>\n5.0 getpid() = 20 <1>',
    })
    const result = await attributed(trace, [
      await snapshotOf(10, 0, '400-401 r-xp /bin/p'),
      await snapshotOf(10, 2, '400-401 r-xp /bin/p\n7f0000000-7f000000a rw-p\n7f0000100-7f0000101 rw-p'),
      await snapshotOf(10, 4, '400-401 r-xp /bin/p\n7f0000000-7f000000a rw-p\n7f0000100-7f0000101 rw-p'),
      await snapshotOf(20, 3, '400-401 r-xp /bin/p\n7f0000002-7f000000a rw-p\n7f0000100-7f0000101 rw-p'),
      await snapshotOf(20, 4, '400-401 r-xp /bin/p\n7f0000002-7f000000a rw-p\n7f0000100-7f0000101 rw-p'),
    ])
    expect(result.threads.map((thread) => [thread.pid, thread.tid, thread.createdBy])).toEqual([
      [10, 10, null],
      [10, 11, 10],
      [20, 20, 10],
    ])
    expect(result.windows[0]!.pids).toEqual([10, 20])
    expect(result.replays.every((window) => window.differingPages === 0)).toBe(true)
    const account = result.accounts.find((each) => each.pid === 10 && each.mechanism === 'mmap-anon')!
    expect(account.liveBytes).toBe(40960 + 4096)
  })

  it('a thread that was started and has no log of its own is not traced, not silent', async () => {
    const started = `1.0 mmap(NULL, 40960, ${ANON}) = 0x7f0000000000 <10>
                     1.1 ${clone(11)} <50>
                     5.0 getpid() = 10 <1>`
    const missing = await attributed(await traceOf({ 10: started }), [])
    expect(missing.windows[0]!.untracedThreads).toBe(1)
    const [, thread] = missing.threads
    expect(thread).toMatchObject({ tid: 11, traced: false })
    expect(thread!.role.en).toBe('none of its calls is in the evidence')
    const there = await attributed(await traceOf({ 10: started, 11: '1.2 read(3,  <unfinished ...>' }), [])
    expect(there.windows[0]!.untracedThreads).toBe(0)
    expect(there.threads[1]!.role.en).toContain('stayed in one call')
  })

  it('a thread whose only call returned long before the end did not stay in it', async () => {
    const main = `1.0 mmap(NULL, 40960, ${ANON}) = 0x7f0000000000 <10>
                  5.0 getpid() = 10 <1>`
    const roleOf = async (read: string): Promise<string> =>
      (await attributed(await traceOf({ 10: main, 11: `1.2 read(3, "", 1) = 0 <${read}>` }), [])).threads[1]!
        .role.en
    expect(await roleOf('3800000')).toContain('stayed in one call')
    expect(await roleOf('10')).toBe('reads descriptor 3')
  })

  it('processes are not counted as threads', async () => {
    const trace = await traceOf({
      10: `1.0 mmap(NULL, 40960, ${ANON}) = 0x7f0000000000 <10>
           1.1 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f00) = 20 <50>
           1.2 ${clone(11)} <50>
           5.0 getpid() = 10 <1>`,
    })
    const { role } = (await attributed(trace, [])).threads.find(({ tid }) => tid === 10)!
    expect(role.en).toContain('starts threads (1 in the traced time)')
    expect(role.en).toContain('starts processes (1 in the traced time)')
  })

  it('a thread whose number is of another PID namespace is traced under the number of its log', async () => {
    const outside = { 12: '1.2 read(3, "", 1) = 0 <10>' }
    const inside = await attributed(
      await traceOf({
        10: `1.0 mmap(NULL, 40960, ${ANON}) = 0x7f0000000000 <10>
             1.1 ${clone(3)} <50>
             5.0 getpid() = 1 <1>`,
        ...outside,
      }),
      [],
    )
    expect(inside.windows[0]!.untracedThreads).toBe(0)
    const translated = await attributed(
      await traceOf({
        10: `1.0 mmap(NULL, 40960, ${ANON}) = 0x7f0000000000 <10>
             1.1 ${clone(3)} /* 12 in strace's PID NS */ <50>
             5.0 getpid() = 1 <1>`,
        ...outside,
      }),
      [],
    )
    expect(translated.threads.map(({ tid, traced }) => [tid, traced])).toEqual([
      [10, true],
      [12, true],
    ])
  })

  it('a vfork child uses its parent’s memory until execve, and keeps nothing of it afterwards', async () => {
    const trace = await traceOf({
      10: `1.0 mmap(NULL, 40960, ${ANON}) = 0x7f0000000000 <10>
           1.1 vfork() = 20 <5000>
           5.0 getpid() = 10 <1>`,
      20: `1.101 mmap(NULL, 4096, ${ANON}) = 0x7f0000100000 <10>
           1.102 execve("/bin/true", ["true"], 0x7f /* 1 var */) = 0 <100>
           1.2 mmap(NULL, 8192, ${ANON}) = 0x7f0000000000 <10>
           1.3 exit_group(0) = ?`,
    })
    const maps = '400-401 r-xp /bin/p\n7f0000000-7f000000a rw-p\n7f0000100-7f0000101 rw-p'
    const result = await attributed(trace, [
      await snapshotOf(10, 0, '400-401 r-xp /bin/p'),
      await snapshotOf(10, 2, maps),
      await snapshotOf(10, 3, maps),
    ])
    expect(result.replays.every((window) => window.differingPages === 0 && window.conflicts === 0)).toBe(true)
    expect(result.owners.filter((owner) => owner.pid === 10).map((owner) => owner.tid as number)).toEqual([
      10, 20,
    ])
  })

  it('execve ends the other threads and drops what the process had', async () => {
    const trace = await traceOf({
      10: `1.0 mmap(NULL, 40960, ${ANON}) = 0x7f0000000000 <10>
           1.1 ${clone(11)} <50>
           2.0 execve("/usr/bin/server", ["server"], 0x7f /* 1 var */) = 0 <100>
           2.1 mmap(NULL, 8192, ${ANON}) = 0x7f0000000000 <10>
           5.0 getpid() = 10 <1>`,
      11: '1.2 read(3, "", 1) = 0 <10>',
    })
    const result = await attributed(trace, [])
    expect(accountOf(result, 'mmap-anon')!.liveBytes).toBe(8192)
    expect(result.threads.find((thread) => thread.tid === 11)!.endedAt).not.toBeNull()
    expect(result.threads.find((thread) => thread.tid === 10)).toMatchObject({
      name: 'server',
      nameSource: 'exec',
    })
  })

  it('threads of two attached processes are told apart by their private futexes', async () => {
    const logs: Record<number, string> = {}
    for (const [pid, futex] of [
      [10, '0x7f1111111100'],
      [20, '0x7f2222222200'],
    ] as const)
      for (const tid of [pid, pid + 1])
        logs[tid] = `1.0 futex(${futex}, FUTEX_WAKE_PRIVATE, 1) = 0 <5>\n2.0 read(3, "", 1) = 0 <10>`
    const maps = '400-401 r-xp /bin/p'
    const result = await attributed(await traceOf(logs), [
      await snapshotOf(10, 0, maps),
      await snapshotOf(20, 0, maps),
    ])
    expect(result.threads.map((thread) => [thread.pid, thread.tid])).toEqual([
      [10, 10],
      [10, 11],
      [20, 20],
      [20, 21],
    ])
  })

  it('… else by addresses that lie in the mappings of one of them', async () => {
    const result = await attributed(
      await traceOf({
        10: '1.0 read(3, "", 1) = 0 <10>',
        20: '1.0 read(3, "", 1) = 0 <10>',
        21: '1.0 munmap(0x7f2222200000, 4096) = 0 <10>\n1.5 mprotect(0x7f2222201000, 4096, PROT_READ) = 0 <10>',
      }),
      [
        await snapshotOf(10, 0, '7f1111000-7f1112000 rw-p'),
        await snapshotOf(20, 0, '7f2222200-7f2222210 rw-p'),
      ],
    )
    expect(result.threads.find((thread) => thread.tid === 21)!.pid).toBe(20)
  })

  it('… which are taken from the calls once, however many threads ask', async () => {
    const tids = Array.from({ length: 40 }, (_, index) => 21 + index)
    const calls = (tid: number) => `1.0 munmap(0x7f22222${tid}000, 4096) = 0 <10>`
    const trace = await traceOf(Object.fromEntries(tids.map((tid) => [tid, calls(tid)])))
    const looked = vi.spyOn(trace.events, 'state')
    const snapshot = await snapshotOf(20, 0, '7f2222210-7f2222270 rw-p')
    const { roots } = familiesOf(trace, new Map([[20, [snapshot]]]), NO_SIDE_EVIDENCE)
    expect([...roots]).toEqual(tids.map((tid) => [tid, 20]))
    expect(looked.mock.calls).toHaveLength(trace.events.length)
  })

  it('… else they belong to nobody, which is said', async () => {
    const diagnostics = new Diagnostics()
    const maps = '400-401 r-xp /bin/p'
    const result = await attributed(
      await traceOf({
        10: '1.0 read(3, "", 1) = 0 <10>',
        20: '1.0 read(3, "", 1) = 0 <10>',
        21: '1.0 read(3, "", 1) = 0 <10>',
      }),
      [await snapshotOf(10, 0, maps), await snapshotOf(20, 0, maps)],
      NO_SIDE_EVIDENCE,
      diagnostics,
    )
    expect(result.threads.map((thread) => thread.tid as number)).toEqual([10, 20])
    expect(diagnostics.list().map((entry) => entry.code)).toContain('thread-without-process')
    const notes = result.windows[0]!.notes.map(({ en }) => en)
    expect(notes).toContain('One thread could not be given to a process; its calls are not replayed.')
  })

  it('… unless other evidence knows them', async () => {
    const maps = '400-401 r-xp /bin/p'
    const reference = { file: 'ps.txt', firstLine: 1, lastLine: 1 }
    const result = await attributed(
      await traceOf({
        10: '1.0 read(3, "", 1) = 0 <10>',
        20: '1.0 read(3, "", 1) = 0 <10>',
        21: '1.0 read(3, "", 1) = 0 <10>',
      }),
      [await snapshotOf(10, 0, maps), await snapshotOf(20, 0, maps)],
      { ...NO_SIDE_EVIDENCE, threadNames: [{ pid: 20, tid: 21, name: 'worker', reference }] },
    )
    expect(result.threads.find((thread) => thread.tid === 21)).toMatchObject({
      pid: 20,
      name: 'worker',
      nameSource: 'side-evidence',
    })
  })

  it('a number that its own descendant gives out again is another process', async () => {
    const result = await attributed(
      await traceOf({
        10: `1.0 openat(AT_FDCWD, "/dev/shm/one", O_RDWR) = 3 <10>
             1.1 ${fork(20)} <50>
             1.2 exit_group(0) = ? <10>
             3.0 getpid() = 10 <1>`,
        20: `2.0 ${fork(10)} <50>
             2.5 mmap(NULL, 4096, PROT_READ, MAP_SHARED, 3, 0) = 0x7f0000000000 <10>
             4.0 vfork() = 20 <50>`,
      }),
      [],
    )
    expect(result.windows[0]!.pids).toEqual([10, 20])
    expect(result.accounts.find((account) => account.pid === 20)!.mechanism).toBe('shared-memory')
  })

  it.each([
    ['its grandchild gives out', { 11: `1.0 ${fork(12)} <9>`, 12: `2.0 ${fork(10)} <9>` }],
    ['its own thread gives out', { 11: `1.0 ${fork(10)} <9>` }],
  ])('a process that is known by a thread alone may have the number that %s', async (_, logs) => {
    const trace = await traceOf({ ...logs, 10: `3.0 mmap(NULL, 4096, ${ANON}) = 0x7f0000000000 <9>` })
    const { threads } = await attributed(trace, [await snapshotOf(10, 4, '7f0000000-7f0000001 rw-p')])
    expect(threads.map(({ tid, pid }) => [tid, pid])).toContainEqual([10, 10])
  })

  it('a range that another thread moves while the process forks stays what it was made as in the child', async () => {
    const trace = await traceOf({
      10: `0.9 ${clone(11)} <9>
           1.0 mmap(NULL, 4096, ${ANON}) = 0x7f0000000000 <9>
           2.5 ${fork(20)} <9>
           6.0 getpid() = 10 <1>`,
      11: '1.9 mremap(0x7f0000000000, 4096, 8192, MREMAP_MAYMOVE) = 0x7f0000800000 <500000>',
      20: `3.0 mmap(NULL, 4096, ${ANON}) = 0x7f0000100000 <9>
           3.5 munmap(0x7f0000800000, 8192) = 0 <9>
           6.0 getpid() = 20 <1>`,
    })
    const { accounts } = await attributed(trace, [
      await snapshotOf(10, 0, '400-401 r-xp /bin/p'),
      await snapshotOf(10, 2, '400-401 r-xp /bin/p\n7f0000800-7f0000802 rw-p'),
      await snapshotOf(20, 5, '400-401 r-xp /bin/p\n7f0000100-7f0000101 rw-p'),
    ])
    const released = accounts
      .filter(({ pid }) => pid === 20)
      .map(({ mechanism, shares }) => [mechanism, shares.find(({ tid }) => tid === 20)!.releasedBytes])
    expect(released).toEqual([
      ['mmap-anon', 4096],
      ['mremap', 4096],
    ])
  })

  it.each([1.5, 2.5])(
    'what a process made before it forked is older than its child (made at %s)',
    async (made) => {
      const kept = '400-401 r-xp /bin/p\n7f0000000-7f0000001 rw-p'
      const { accounts, owners, replays } = await attributed(
        await traceOf({
          10: `0.9 getpid() = 10 <1>
             ${made} mmap(NULL, 4096, ${ANON}) = 0x7f0000000000 <9>
             ${made + 0.02} mmap(NULL, 8192, ${ANON}) = 0x7f0000200000 <9>
             ${made + 0.04} munmap(0x7f0000200000, 8192) = 0 <9>
             2.6 ${fork(20)} <9>
             6.0 getpid() = 10 <1>`,
          20: `3.0 mmap(NULL, 4096, ${ANON}) = 0x7f0000100000 <9>
             6.0 getpid() = 20 <1>`,
        }),
        [
          await snapshotOf(10, 0, '400-401 r-xp /bin/p'),
          await snapshotOf(10, 2, kept),
          await snapshotOf(20, 3, `${kept}\n7f0000100-7f0000101 rw-p`),
          await snapshotOf(20, 5, `${kept}\n7f0000100-7f0000101 rw-p`),
        ],
      )
      const own = accounts.filter(({ pid }) => pid === 20)
      expect(own.flatMap(({ shares }) => shares.map(({ tid, liveBytes }) => [tid, liveBytes]))).toEqual([
        [20, 4096],
      ])
      expect(owners.filter(({ pid }) => pid === 20).map(({ tid }) => tid)).toEqual([20])
      const windows = replays.filter(({ pid }) => pid === 20)
      expect(windows.map(({ ownedBytes, differingPages }) => [ownedBytes, differingPages])).toEqual([
        [4096, 0],
      ])
    },
  )

  it('a long line of processes, each of which was forked by the one before, is followed to its end', async () => {
    const trace = await traceOf({ 10: '1.0 openat(AT_FDCWD, "/dev/shm/one", O_RDWR) = 3 <10>' })
    let history = new DescriptorHistory(trace, Int32Array.of(0))
    for (let child = 0; child < 50_000; child += 1)
      history = new DescriptorHistory(trace, new Int32Array(), history)
    expect(history.only(3)).toBe('/dev/shm/one')
    expect(history.lastBefore(3, Number.POSITIVE_INFINITY)).toBe('/dev/shm/one')
    expect(history.lastBefore(4, Number.POSITIVE_INFINITY)).toBeNull()
  })

  it('a descriptor stands for one thing in a process and not in its child, in whatever order they are asked', async () => {
    const trace = await traceOf({
      10: '1.0 openat(AT_FDCWD, "/dev/shm/one", O_RDWR) = 3 <10>',
      20: '2.0 openat(AT_FDCWD, "/dev/shm/two", O_RDWR) = 3 <10>',
    })
    const line = () => {
      const parent = new DescriptorHistory(trace, Int32Array.of(0))
      const child = new DescriptorHistory(trace, Int32Array.of(1), parent)
      return [parent, child, new DescriptorHistory(trace, new Int32Array(), child)]
    }
    const meanings = ['/dev/shm/one', null, null]
    const oldestFirst = line()
    expect(oldestFirst.map((history) => history.only(3))).toEqual(meanings)
    expect(oldestFirst.map((history) => history.only(3))).toEqual(meanings)
    const newestFirst = line().reverse()
    expect(newestFirst.map((history) => history.only(3)).reverse()).toEqual(meanings)
    expect(newestFirst.map((history) => history.only(4))).toEqual([null, null, null])
  })

  it('heap that a parent made grow is nobody’s in the child, also where it was another call than was thought', async () => {
    const heap = (end: string): string => `400-401 r-xp /bin/p\n10-${end} rw-p [heap]`
    const result = await attributed(
      await traceOf({
        10: `1.0 brk(NULL) = 0x10000 <10>
             1.1 ${clone(11)} <50>
             1.6 brk(0x20000) = 0x20000 <10>
             2.3 ${fork(20)} <50>
             9.0 getpid() = 10 <1>`,
        11: '1.5 brk(0x18000) = 0x18000 <700000>\n9.0 getpid() = 10 <1>',
        20: '2.5 getpid() = 20 <1>\n9.0 getpid() = 20 <1>',
      }),
      [
        await snapshotOf(10, 0, '400-401 r-xp /bin/p'),
        await snapshotOf(10, 2, heap('20')),
        await snapshotOf(20, 4, heap('20')),
      ],
    )
    const [window] = result.replays
    expect([window!.pid, window!.differingPages]).toEqual([10, 0])
    expect(result.threads.find(({ tid }) => tid === 20)!.pid).toBe(20)
  })

  it('a thread number given out twice is noticed', async () => {
    const diagnostics = new Diagnostics()
    await attributed(
      await traceOf({
        10: `1.0 ${clone(11)} <50>\n2.0 ${clone(11)} <50>\n3.0 getpid() = 10 <1>`,
        11: '2.1 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000 <10>\n2.2 exit(0) = ?',
      }),
      [],
      NO_SIDE_EVIDENCE,
      diagnostics,
    )
    expect(diagnostics.list().map((entry) => entry.code)).toContain('thread-number-reused')
  })
})

describe('threads', () => {
  it('have the name they give themselves, else none, and a role in words', async () => {
    const script = new Script().asleep(10)
    script.call(11, 0.5, 'prctl(PR_SET_NAME, "decode") = 0')
    for (let k = 0; k < 20; k += 1) {
      script.call(11, 1 + k - 0.1, 'epoll_wait(4, [], 8, 100) = 1')
      const at = script.map(11, 1 + k, 300_000 + 4096 * k, { before: 'read(5, "x", 100) = 100' })
      script.unmap(11, 1.5 + k, at, 300_000 + 4096 * k)
    }
    script.busy(12, 1, 60)
    const result = await attributed(await script.trace(), [])
    const [main, decode, other] = result.threads
    expect(decode).toMatchObject({ name: 'decode', nameSource: 'prctl' })
    expect(decode!.role.en).toContain('reads descriptor 5')
    expect(decode!.role.en).toContain('after each read(5)')
    expect(other).toMatchObject({ name: null, nameSource: 'none' })
    expect(main!.role.en).toBe('main thread, stayed in one call during the whole trace')
    expect(decode!.callsOverTime.reduce((sum, slice) => sum + slice.calls, 0)).toBe(40)
    expect(decode!.liveOverTime.at(-1)!.bytes).toBe(0)
  })

  it('what stays is aged by decades of seconds', async () => {
    const script = new Script()
    for (const at of [1, 50, 94.5, 99.5]) script.map(10, at, 8192)
    script.call(10, 100, 'getpid() = 10')
    const { threads } = await attributed(await script.trace(), [])
    const [thread] = threads
    expect(thread!.ages.map((age) => [age.upToSeconds, age.count, age.bytes])).toEqual([
      [1, 1, 8192],
      [10, 1, 8192],
      [100, 2, 16384],
    ])
  })
})

describe('descriptors', () => {
  it('are told by the calls that make them, by other evidence, or stay a number', async () => {
    const reference = { file: 'fd.txt', firstLine: 1, lastLine: 1 }
    const trace = await traceOf({
      10: `1.0 openat(AT_FDCWD, "/var/log/app.log", O_WRONLY) = 7 <10>
           1.1 dup(7) = 8 <10>
           1.2 openat(AT_FDCWD, "/tmp/x", O_RDONLY) = 9 <10>
           1.3 close(9) = 0 <10>
           1.4 read(5, "", 10) = 0 <10>`,
    })
    const result = await attributed(trace, [], {
      ...NO_SIDE_EVIDENCE,
      descriptors: [{ pid: 10, fd: 3, target: 'socket:[123]', reference }],
    })
    expect(result.descriptors.map(({ fd, meaning, source }) => [fd, meaning, source])).toEqual([
      [3, 'socket:[123]', 'side-evidence'],
      [7, '/var/log/app.log', 'trace'],
      [8, '/var/log/app.log', 'trace'],
    ])
  })
})
