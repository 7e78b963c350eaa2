import { describe, expect, it } from 'vitest'
import { readSideEvidence } from '../../../src/evidence/side/read-side-evidence.ts'
import { Diagnostics } from '../../../src/model/diagnostics.ts'
import type { SideEvidence } from '../../../src/model/side-evidence.ts'
import { directoryOf, discovered, SMAPS } from '../support.ts'

/** Discovers and reads the files; `side` is what each was taken for. */
async function read(
  files: Record<string, string>,
): Promise<SideEvidence & { side: Record<string, string | null>; silent: string[] }> {
  const capture = await discovered(directoryOf(files))
  expect(capture.skipped).toEqual([])
  const diagnostics = new Diagnostics()
  const evidence = await readSideEvidence(capture.files, diagnostics)
  return {
    ...evidence,
    side: Object.fromEntries(capture.files.map((file) => [file.path, file.side])),
    silent: diagnostics.list().map(({ code, file }) => `${code} ${file}`),
  }
}

const at = (text: string): number => Date.parse(`${text}Z`) * 1000
const ref = (file: string, firstLine: number, lastLine = firstLine) => ({ file, firstLine, lastLine })

describe('lists of threads', () => {
  it('takes names from ps -T and the program from its main thread', async () => {
    const { threadNames, programs, side } = await read({
      'ps.txt':
        '  PID  SPID TTY          TIME CMD\n 1085  1085 ?        00:00:00 thumbd\n 1085  1087 ?        00:00:02 decode\n',
    })
    expect(side).toEqual({ 'ps.txt': 'ps' })
    expect(threadNames).toEqual([
      { pid: 1085, tid: 1085, name: 'thumbd', reference: ref('ps.txt', 2) },
      { pid: 1085, tid: 1087, name: 'decode', reference: ref('ps.txt', 3) },
    ])
    expect(programs).toEqual([{ pid: 1085, program: 'thumbd', reference: ref('ps.txt', 2) }])
  })

  it('takes no thread name from ps -eLf, whose CMD is the command line of the process', async () => {
    const { threadNames, programs } = await read({
      'ps-eLf.txt':
        'UID        PID  PPID   LWP  C NLWP STIME TTY          TIME CMD\n' +
        'root      1085     1  1085  0    2 19:42 ?        00:00:01 /usr/sbin/nscd -f /etc/nscd.conf\n' +
        'root      1085     1  1086  0    2 19:42 ?        00:00:00 /usr/sbin/nscd -f /etc/nscd.conf\n',
    })
    expect(threadNames).toEqual([])
    expect(programs).toEqual([{ pid: 1085, program: 'nscd', reference: ref('ps-eLf.txt', 2) }])
  })

  it('reads ps -eLo pid,tid,comm and names with blanks', async () => {
    const { threadNames } = await read({
      'threads.txt': '  PID   TID COMMAND\n    1    59 vsock console\n',
    })
    expect(threadNames).toMatchObject([{ pid: 1, tid: 59, name: 'vsock console' }])
  })

  it('takes the ids of top -H as threads of nobody known, and each once', async () => {
    const screen =
      'top - 19:42:06 up 58 min,  0 user,  load average: 3.32, 3.55, 2.46\n' +
      'Threads:   2 total,   0 running,   2 sleeping,   0 stopped,   0 zombie\n\n' +
      '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n' +
      '   1086 root      20   0  922536   2104   1724 S   0.3   0.1   0:00.01 decode\n' +
      '   1087 root      20   0  922536   2104   1724 S   0.0   0.1   0:00.01 very-long-name+\n\n'
    const { threadNames, programs, side } = await read({ 'top.txt': screen + screen })
    expect(side['top.txt']).toBe('top')
    expect(threadNames).toEqual([{ pid: null, tid: 1086, name: 'decode', reference: ref('top.txt', 5) }])
    expect(programs).toEqual([])
  })

  it('takes no thread name from top -H -c, whose COMMAND is the command line', async () => {
    const { threadNames } = await read({
      'top.txt':
        'Threads:   2 total,   0 running\n\n' +
        '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n' +
        '   1086 root      20   0  922536   2104   1724 S   0.3   0.1   0:00.01 /usr/sbin/nscd -f /etc/nscd.conf\n' +
        '   1087 root      20   0  922536   2104   1724 S   0.3   0.1   0:00.01 nscd -f x\n' +
        '   1088 root      20   0  922536   2104   1724 S   0.3   0.1 1234:56 decode\n',
    })
    expect(threadNames).toMatchObject([{ tid: 1088, name: 'decode' }])
  })

  it('takes the ids of top without -H as processes', async () => {
    const { threadNames, programs } = await read({
      'top.txt':
        'Tasks: 109 total,   4 running, 105 sleeping,   0 stopped,   0 zombie\n\n' +
        '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n' +
        '   1085 root      20   0  922536   2104   1724 S   0.3   0.1   0:00.01 nscd\n',
    })
    expect(threadNames).toEqual([])
    expect(programs).toMatchObject([{ pid: 1085, program: 'nscd' }])
  })

  it('calls kernel threads as ps does where it has room for no brackets', async () => {
    const { programs, threadNames } = await read({
      'ps-ef.txt':
        'UID          PID    PPID  C STIME TTY          TIME CMD\n' +
        'root          12       2  0 19:42 ?        00:00:01 [kworker/0:1H-kblockd]\n' +
        'root        1085       1  0 19:42 ?        00:00:00 [acme orders] <defunct>\n',
      'ps-e.txt':
        '    PID TTY          TIME CMD\n' +
        '     12 ?        00:00:00 kworker/0:1H-kblockd\n' +
        '     14 ?        00:00:00 ksoftirqd/0\n' +
        '   1086 ?        00:00:00 bin/acmed\n',
      'ps-eL.txt':
        '    PID     LWP TTY          TIME CMD\n     15      15 ?        00:00:00 kworker/u16:2+events\n',
    })
    expect(programs.map(({ pid, program }) => [pid, program])).toEqual([
      [12, 'kworker/0:1H-kblockd'],
      [14, 'ksoftirqd/0'],
      [1086, 'acmed'],
      [15, 'kworker/u16:2+events'],
      [12, 'kworker/0:1H-kblockd'],
      [1085, 'acme orders'],
    ])
    expect(threadNames.map(({ name }) => name)).toEqual(['kworker/u16:2+events'])
  })

  it('takes a command line of the program [ for no name in brackets', async () => {
    const { programs } = await read({
      'ps-ef.txt':
        'UID          PID    PPID  C STIME TTY          TIME CMD\n' +
        'root        1085       1  0 19:42 ?        00:00:01 [ -d hunter2 ]\n' +
        'root        1086       1  0 19:42 ?        00:00:00 [acme orders] --fast\n',
    })
    expect(programs.map(({ pid, program }) => [pid, program])).toEqual([
      [1085, '['],
      [1086, '[acme'],
    ])
  })

  it('reads comm by grep, by tail and as a copy', async () => {
    const { threadNames, programs } = await read({
      'comms.txt': '/proc/1085/task/1085/comm:thumbd\n/proc/1085/task/1087/comm:a:b\n',
      'tail.txt': '==> /proc/1085/task/1088/comm <==\nresize\n\n==> /proc/1085/task/1089/comm <==\nencode\n',
      '1085/task/1090/comm': 'index er\n',
    })
    expect(threadNames.map(({ pid, tid, name }) => [pid, tid, name])).toEqual([
      [1085, 1090, 'index er'],
      [1085, 1085, 'thumbd'],
      [1085, 1087, 'a:b'],
      [1085, 1088, 'resize'],
      [1085, 1089, 'encode'],
    ])
    expect(programs).toMatchObject([{ pid: 1085, program: 'thumbd' }])
  })

  it('reads the first line of a comm as a name, whatever it looks like', async () => {
    const { threadNames } = await read({
      'tail.txt':
        '==> /proc/1085/task/1088/comm <==\n==> b <==\n\n==> /proc/1085/task/1089/comm <==\n# /proc/1/a\n',
      '1085/task/1090/comm': '==> a <==\n',
    })
    expect(threadNames.map(({ tid, name }) => [tid, name])).toEqual([
      [1090, '==> a <=='],
      [1088, '==> b <=='],
      [1089, '# /proc/1/a'],
    ])
  })
})

describe('files of /proc and of cgroups', () => {
  it('reads status of a process and of a thread', async () => {
    const { threadNames, programs } = await read({
      'status.txt': 'Name:\tnscd\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t1085\nNgid:\t0\nPid:\t1085\n',
      'thread-status.txt': 'Name:\tworker\nTgid:\t1085\nPid:\t1087\n',
    })
    expect(threadNames.map(({ pid, tid, name }) => [pid, tid, name])).toEqual([
      [1085, 1085, 'nscd'],
      [1085, 1087, 'worker'],
    ])
    expect(programs).toMatchObject([{ pid: 1085, program: 'nscd' }])
  })

  it('reads the soft limits, unlimited as null, with the pid of the name, the folder or the session', async () => {
    const table =
      'Limit                     Soft Limit           Hard Limit           Units     \n' +
      'Max data size             unlimited            unlimited            bytes     \n' +
      'Max open files            1024                 1048576              files     \n' +
      'Max address space         2147483648           unlimited            bytes     \n'
    const { limits } = await read({
      'limits_1085.txt': table,
      '2077/limits': table,
      'session.txt': `[root@web01 ~]# cat /proc/3099/limits\n${table}`,
    })
    expect(limits.map(({ pid, kind, value }) => [pid, kind, value])).toEqual([
      [2077, 'data', null],
      [2077, 'address-space', 2147483648],
      [1085, 'data', null],
      [1085, 'address-space', 2147483648],
      [3099, 'data', null],
      [3099, 'address-space', 2147483648],
    ])
  })

  it('reads cmdline with its NUL bytes', async () => {
    const { programs } = await read({ '1085/cmdline': '/usr/sbin/nscd\u0000-f\u0000/etc/nscd.conf\u0000' })
    expect(programs).toMatchObject([{ pid: 1085, program: 'nscd' }])
  })

  it('reads cgroup limits of both versions, and the kill counter as a kill', async () => {
    const { limits, kills } = await read({
      'cgroup.txt':
        '/sys/fs/cgroup/system.slice/nscd.service/memory.max:536870912\n' +
        '/sys/fs/cgroup/system.slice/nscd.service/memory.swap.max:max\n' +
        '/sys/fs/cgroup/system.slice/nscd.service/memory.events:max 12\n' +
        '/sys/fs/cgroup/system.slice/nscd.service/memory.events:oom_kill 2\n',
      'memory.limit_in_bytes': '9223372036854771712\n',
      'memory.current': '104857600\n',
    })
    expect(limits.map(({ kind, value }) => [kind, value])).toEqual([
      ['cgroup-memory', 536870912],
      ['cgroup-swap', null],
      ['cgroup-memory', null],
    ])
    expect(kills).toEqual([
      {
        pid: null,
        program: null,
        time: null,
        rss: null,
        text: 'memory.events: oom_kill 2',
        reference: ref('cgroup.txt', 4),
      },
    ])
  })

  it('reads vm.max_map_count', async () => {
    const { limits } = await read({ 'sysctl.txt': 'vm.max_map_count = 65530\n', max_map_count: '262144\n' })
    expect(limits.map(({ kind, value }) => [kind, value])).toEqual([
      ['map-count', 262144],
      ['map-count', 65530],
    ])
  })

  it('reads descriptors of ls and of lsof', async () => {
    const { descriptors } = await read({
      'fd_1085.txt':
        'total 0\n' +
        'lr-x------ 1 root root 64 Nov 22 19:42 0 -> /dev/null\n' +
        'lrwx------ 1 root root 64 Nov 22 19:42 14 -> socket:[163054]\n' +
        "l-wx------ 1 root root 64 Nov 22 19:42 15 -> '/var/log/a b -> c (deleted)'\n",
      'lsof.txt':
        'COMMAND  PID USER   FD      TYPE             DEVICE SIZE/OFF   NODE NAME\n' +
        'nscd    2077 root  cwd       DIR              254,0     4096      2 /\n' +
        'nscd    2077 root    5u     unix 0x0000000000000000      0t0 163054 /run/nscd/socket type=STREAM\n',
    })
    expect(descriptors.map(({ pid, fd, target }) => [pid, fd, target])).toEqual([
      [1085, 0, '/dev/null'],
      [1085, 14, 'socket:[163054]'],
      [1085, 15, '/var/log/a b -> c (deleted)'],
      [2077, 5, '/run/nscd/socket type=STREAM'],
    ])
  })
})

describe('stacks', () => {
  it('reads gdb, innermost first, without arguments', async () => {
    const { stacks, threadNames } = await read({
      'gdb.txt':
        '[New LWP 1087]\n[Thread debugging using libthread_db enabled]\n\n' +
        'Thread 2 (Thread 0x7f5517f5f6c0 (LWP 1087) "resize"):\n' +
        '#0  0x00007f5518032545 in __GI___clock_nanosleep (req=req@entry=0x7f5517f5ee80, key="secret (1)") at ../clock_nanosleep.c:48\n' +
        '#1  0x00007f5518036d8a in sleep () from /lib/libc.so.6\n' +
        '#2  w (a=0x0) at t.c:5\n\n' +
        'Thread 1 (process 1085):\n#0  0x00007f in main ()\n',
    })
    expect(stacks).toEqual([
      {
        tid: 1087,
        name: 'resize',
        frames: [
          '__GI___clock_nanosleep at ../clock_nanosleep.c:48',
          'sleep from /lib/libc.so.6',
          'w at t.c:5',
        ],
        reference: ref('gdb.txt', 4, 7),
      },
      { tid: 1085, name: null, frames: ['main'], reference: ref('gdb.txt', 9, 10) },
    ])
    expect(threadNames).toMatchObject([{ tid: 1087, name: 'resize' }])
  })

  it('reads jstack: nid in hexadecimal and in decimal is the tid', async () => {
    const { stacks, threadNames } = await read({
      'jstack.txt':
        '2026-11-22 21:44:35\nFull thread dump OpenJDK 64-Bit Server VM (17.0.15+6 mixed mode):\n\n' +
        '"main" #1 prio=5 os_prio=0 cpu=408.19ms elapsed=4.29s tid=0x00007fef08018040 nid=0x43d waiting on condition  [0x00007fef101fe000]\n' +
        '   java.lang.Thread.State: TIMED_WAITING (sleeping)\n' +
        '\tat java.lang.Thread.sleep(java.base@17.0.15/Native Method)\n\tat J.main(J.java:1)\n\n' +
        '"GC Thread#0" os_prio=0 cpu=1.27ms elapsed=4.29s tid=0x00007fef0806a000 nid=1086 runnable  \n',
    })
    expect(stacks).toMatchObject([
      {
        tid: 1085,
        name: 'main',
        frames: ['java.lang.Thread.sleep(java.base@17.0.15/Native Method)', 'J.main(J.java:1)'],
      },
    ])
    expect(threadNames.map(({ tid, name }) => [tid, name])).toEqual([
      [1085, 'main'],
      [1086, 'GC Thread#0'],
    ])
  })
})

describe('malloc_info', () => {
  const document =
    '<malloc version="1">\n<heap nr="0">\n<sizes>\n  <size from="5009" to="5009" total="5009" count="1"/>\n</sizes>\n' +
    '<total type="fast" count="0" size="0"/>\n<total type="rest" count="2" size="111"/>\n' +
    '<system type="current" size="270336"/>\n</heap>\n<heap nr="1">\n<total type="rest" count="2" size="222"/>\n</heap>\n' +
    '<total type="fast" count="1" size="48"/>\n<total type="rest" count="4" size="260561"/>\n' +
    '<total type="mmap" count="1" size="4198400"/>\n<system type="current" size="405504"/>\n' +
    '<system type="max" size="405504"/>\n</malloc>\n'

  it('takes the sums over all arenas and the time of the name', async () => {
    const { heaps } = await read({ 'malloc_info_1085_202611221942.xml': document })
    expect(heaps).toEqual([
      {
        pid: 1085,
        time: at('2026-11-22T19:42:00'),
        arenas: 2,
        systemBytes: 405504,
        freeBytes: 260609,
        mmapBytes: 4198400,
        reference: ref('malloc_info_1085_202611221942.xml', 1, 18),
      },
    ])
  })

  it('says nothing about a document that is cut', async () => {
    const { heaps, silent } = await read({ 'malloc_info_1085.xml': document.slice(0, -12) })
    expect(heaps).toEqual([])
    expect(silent).toEqual(['side-evidence-empty malloc_info_1085.xml'])
  })
})

describe('kills', () => {
  const killed =
    'Killed process 1085 (nscd) total-vm:92536kB, anon-rss:81234kB, file-rss:6kB, shmem-rss:0kB, UID:28'
  const cases: readonly [name: string, line: string, time: number | null, text: string][] = [
    ['dmesg', `[12345.678901] Out of memory: ${killed}`, null, 'Out of memory: Killed process 1085 (nscd)'],
    [
      'dmesg -T',
      `[Sun Nov 22 19:42:05 2026] Memory cgroup out of memory: ${killed}`,
      at('2026-11-22T19:42:05'),
      'Memory cgroup out of memory: Killed process 1085 (nscd)',
    ],
    [
      'journal, ISO',
      `2026-11-22T19:42:05.250000+0800 web01 kernel: Out of memory: ${killed}`,
      at('2026-11-22T19:42:05.250'),
      'Out of memory: Killed process 1085 (nscd)',
    ],
    [
      'syslog, year from the capture',
      `Nov 22 19:42:05 web01 kernel: [12345.6] Out of memory: ${killed}`,
      at('2026-11-22T19:42:05'),
      'Out of memory: Killed process 1085 (nscd)',
    ],
  ]
  it.each(cases)('%s', async (_, line, time, text) => {
    const { kills } = await read({ 'log.txt': `${line}\n`, smaps_1085_202611221942: SMAPS })
    expect(kills).toEqual([
      { pid: 1085, program: 'nscd', time, rss: 81240 * 1024, text, reference: ref('log.txt', 1) },
    ])
  })

  it('knows no time of a syslog line when no file has a stamp', async () => {
    const { kills } = await read({ 'log.txt': `Nov 22 19:42:05 web01 kernel: Out of memory: ${killed}\n` })
    expect(kills).toMatchObject([{ pid: 1085, time: null }])
  })

  it('reads the two-line form of older kernels once', async () => {
    const { kills } = await read({
      'dmesg.txt':
        '[ 345.678901] Out of memory: Kill process 1085 (java) score 900 or sacrifice child\n' +
        '[ 345.678902] Killed process 1085 (java), UID 28, total-vm:92536kB, anon-rss:4kB, file-rss:0kB\n',
    })
    expect(kills).toMatchObject([{ pid: 1085, program: 'java', rss: 4096, reference: ref('dmesg.txt', 2) }])
  })

  it('lists a log without a kill as read and empty', async () => {
    const { kills, silent } = await read({
      'dmesg.txt': '[    0.000000] Linux version 6.18\n[    0.100000] x86\n',
    })
    expect(kills).toEqual([])
    expect(silent).toEqual(['side-evidence-empty dmesg.txt'])
  })
})

it('reads several commands in one file', async () => {
  const { limits, programs, threadNames, side } = await read({
    'collected.txt':
      '# cat /proc/1085/limits\n' +
      'Limit                     Soft Limit           Hard Limit           Units     \n' +
      'Max address space         unlimited            unlimited            bytes     \n' +
      '# sysctl vm.max_map_count\nvm.max_map_count = 65530\n' +
      '# ps -T -p 1085\n  PID  SPID TTY          TIME CMD\n 1085  1085 ?        00:00:00 nscd\n\n',
  })
  expect(side['collected.txt']).toBe('ps+proc-limits+max-map-count')
  expect(limits.map(({ pid, kind, value }) => [pid, kind, value])).toEqual([
    [1085, 'address-space', null],
    [null, 'map-count', 65530],
  ])
  expect(programs).toMatchObject([{ pid: 1085, program: 'nscd' }])
  expect(threadNames).toMatchObject([{ tid: 1085, name: 'nscd' }])
})

describe('one line of a file that has one', () => {
  it('takes what follows a name in a pasted session for something else', async () => {
    const { programs } = await read({
      'session.txt':
        '[root@db ~]# cat /proc/1085/comm\nnscd\n[root@db ~]# whoami\nroot\n[root@db ~]# cat /proc/1085/limits\n' +
        'Limit                     Soft Limit           Hard Limit           Units     \n',
    })
    expect(programs).toMatchObject([{ pid: 1085, program: 'nscd' }])
  })

  it('takes the program of a command line with newlines from its first line', async () => {
    const { programs } = await read({ '1085/cmdline': 'bash\0-c\0set -e\nmysql orders\ndone\n\0' })
    expect(programs).toMatchObject([{ pid: 1085, program: 'bash' }])
  })
})

describe('an argument that nothing closes', () => {
  it('says nothing of its own, and ends where a table begins', async () => {
    const { limits, threadNames } = await read({
      'collected.txt':
        '==> /proc/1085/cmdline <==\nthumbd\0-g\0first\nvm.max_map_count = 65530\n' +
        '    PID    TID COMMAND\n   1085   1087 decoder\n',
    })
    expect(limits).toEqual([])
    expect(threadNames).toMatchObject([{ tid: 1087, name: 'decoder' }])
  })

  it('begins in no line of a log that NULs of a crash precede', async () => {
    const { kills } = await read({
      'kern.log':
        '\0\0\0Nov 22 19:50:40 db kernel: a\nNov 22 19:50:41 db kernel: Out of memory: Killed process 1085 (nscd) total-vm:92536kB, anon-rss:81234kB, file-rss:0kB, shmem-rss:0kB\n',
    })
    expect(kills).toMatchObject([{ pid: 1085, program: 'nscd' }])
  })
})

it('takes no descriptor from a row of lsof that is wider than its columns', async () => {
  const { descriptors } = await read({
    'lsof.txt':
      'COMMAND  PID USER   FD   TYPE DEVICE SIZE/OFF   NODE NAME\n' +
      'nscd    1085 root    5r   REG    8,1     4096      2 /var/run/a\n' +
      'nscd    1085 root    6r   REG    8,1     4096 1656669 /var/run/b\n',
  })
  expect(descriptors.map(({ target }) => target)).toEqual(['/var/run/a'])
})
