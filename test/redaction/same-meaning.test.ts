/**
 * What a reader finds in redacted evidence is what it finds in the original and shows afterwards: on every real form of
 * smaps, pmap and strace text, under both policies. This is what makes the report from the zip the report of the run.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { StringTable } from '../../src/base/string-table.ts'
import { inspect } from '../../src/evidence/inspect.ts'
import { readSideEvidence } from '../../src/evidence/side/read-side-evidence.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import {
  type EvidenceFile,
  SNAPSHOT_FORMATS,
  type SnapshotFormat,
  TRACE_FORMATS,
} from '../../src/model/evidence.ts'
import type { MappingTable } from '../../src/model/snapshot.ts'
import type { Trace } from '../../src/model/trace.ts'
import { SnapshotNames, showSideEvidence, showSummary, showTrace } from '../../src/redaction/names.ts'
import { createRedactor, type Redactor } from '../../src/redaction/redactor.ts'
import { redactStream } from '../../src/redaction/stream.ts'
import { readSnapshots } from '../../src/smaps/read-snapshots.ts'
import { readTraces } from '../support/read-traces.ts'

const WILD = resolve(import.meta.dirname, '../../../shared/wild')
const SAMPLES = resolve(import.meta.dirname, '../../samples/captures')

const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true })
        .map((name) => join(folder, String(name)))
        .filter((path) => statSync(path).isFile())
        .sort()
    : []

async function evidenceFile(path: string, bytes: Uint8Array): Promise<EvidenceFile | null> {
  async function* read() {
    yield bytes
  }
  const looked = await inspect(
    { path, size: bytes.length, diskPath: null, range: null, read },
    new Diagnostics(),
  )
  return 'file' in looked ? looked.file : null
}

async function redacted(file: EvidenceFile, redactor: Redactor): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of redactStream(file.read(), file.format, redactor, file.path))
    parts.push(Uint8Array.from(part))
  return Buffer.concat(parts)
}

/** Everything a reader says about a file, with names as they may be shown. */
async function meaning(file: EvidenceFile, redactor: Redactor): Promise<unknown> {
  const diagnostics = new Diagnostics()
  const told: unknown[] = [file.format, file.side]
  if (SNAPSHOT_FORMATS.includes(file.format)) {
    const strings = new StringTable()
    const names = new SnapshotNames(strings, redactor)
    for (const snapshot of await readSnapshots(file, strings, diagnostics)) {
      const { mappings, ...rest } = names.show(snapshot)
      told.push(rest, tableOf(mappings))
    }
  }
  if (TRACE_FORMATS.includes(file.format)) {
    const { traces, summaries } = await readTraces([file], diagnostics)
    for (const trace of traces) told.push(traceOf(showTrace(trace, redactor)))
    told.push(summaries.map((table) => showSummary(table, redactor)))
  }
  if (file.format === 'side-evidence')
    told.push(showSideEvidence(await readSideEvidence([file], diagnostics), redactor))
  told.push(diagnostics.list().map(({ code, line, count }) => ({ code, line, count })))
  return told
}

function tableOf(table: MappingTable): unknown {
  const name = (ids: Uint32Array) => Array.from(ids.subarray(0, table.length), (id) => table.strings.get(id))
  const column = (values: ArrayLike<number>) => Array.from(values).slice(0, table.length)
  return {
    start: column(table.start),
    end: column(table.end),
    permissions: column(table.permissions),
    offset: column(table.offset),
    inode: column(table.inode),
    kind: column(table.kind),
    line: column(table.line),
    name: name(table.name),
    device: name(table.device),
    vmFlags: name(table.vmFlags),
    fields: [...table.fields].map(([key, values]) => [key, column(values)]),
  }
}

function traceOf({ strings, events, statistics, descriptors, files, ...rest }: Trace): unknown {
  const texts = new Set(['name', 'error', 'stack', 'text'])
  const columns = (table: object & { length: number }) =>
    Object.entries(table).map(([key, values]) => [
      key,
      typeof values === 'number'
        ? values
        : Array.from(values as ArrayLike<number>)
            .slice(0, table.length)
            .map((value) => (texts.has(key) ? strings.get(value) : value)),
    ])
  return {
    ...rest,
    threads: [...rest.threads],
    files: files.map(({ bytes: _, ...file }) => file),
    events: columns(events),
    statistics: columns(statistics),
    descriptors: columns(descriptors),
  }
}

/** One of each format of snapshot, with names that must not be seen. */
const SNAPSHOTS: Readonly<Record<SnapshotFormat, string>> = {
  smaps:
    '559ab57c4000-559ab57c6000 r-xp 00000000 fe:00 1656669                    /opt/acme/billing\nSize:                  8 kB\nRss:                   4 kB\nVmFlags: rd ex mr mw me\n7ffd21580000-7ffd215a1000 rw-p 00000000 00:00 0                          [stack]\nSize:                132 kB\nRss:                  12 kB\nVmFlags: rd wr mr mw me gd ac\n',
  'smaps-rollup':
    '559ab57c4000-7ffd215a1000 ---p 00000000 00:00 0                          [rollup]\nRss:                  16 kB\nPss:                  12 kB\n',
  maps: '559ab57c4000-559ab57c6000 r-xp 00000000 fe:00 1656669                    /opt/acme/billing\n7ffd21580000-7ffd215a1000 rw-p 00000000 00:00 0                          [stack]\n',
  pmap: '1085:   /opt/acme/billing --password hunter2\nAddress           Kbytes     RSS   Dirty Mode  Mapping\n0000559ab57c4000       8       4       0 r-x-- billing\n00007ffd21580000     132      12      12 rw---   [ stack ]\n---------------- ------- ------- ------- \ntotal kB             140      16      12\n1086:   orders_pw=hunter2 acmed\n0000559ab57c4000      8K r-x-- billing\n total                8K\n> 1087:   /opt/acme/billing.sh hunter2\n> 0000559ab57c4000      8K r-x-- billing\n>  total                8K\n1088:   [ -d hunter2 ]\n0000559ab57c4000      8K r-x-- billing\n total                8K\n1089:   [acme hunter2] billing\n0000559ab57c4000      8K r-x-- billing\n total                8K\n',
  'empty-snapshot': 'cat: /proc/1085/smaps: No such process\n',
}

/** One of each kind of side evidence, with names that must not be seen. */
const SIDE: Readonly<Record<string, string>> = {
  'ps.txt': '    PID     TID COMMAND\n   1085    1085 acmed\n   1085    1086 billing\n   1085    1087 nscd\n',
  'ps-t.txt':
    '    PID    SPID TTY          TIME CMD\n   1085    1085 ?        00:00:01 acmed\n   1085    1086 pts/0    00:00:00 billing run\n',
  'ps-elf.txt':
    'UID          PID    PPID     LWP  C NLWP STIME TTY          TIME CMD\nalice       1085       1    1086  0    6 19:42 ?        00:00:01 /opt/acme/acmed --password hunter2 -f x\n',
  'ps-aux.txt':
    'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nalice       1085  0.0  0.1  92536  2104 ?        Ssl  19:42   0:01 /opt/acme/acmed -k secretkey\n',
  'top.txt':
    'Threads:   2 total,   0 running\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   1086 alice     20   0   92536   2104   1724 S   0.0   0.1   0:00.01 billing\n',
  'ps-columns.txt':
    '    PID USER         TID %CPU %MEM    RSS COMMAND\n   1085 alice       1085  0.0  0.1   2104 acmed -phunter2\n   1085 alice       1086  1.5  0.1   2104 /opt/acme/acmed --key hunter2 x\n',
  'ps-start.txt':
    '    PID USER                      STARTED COMMAND\n   1085 alice    Sun Nov 22 19:42:05 2026 acmed -u root -phunter2 orders\n',
  'ps-ef.txt':
    'UID          PID    PPID  C STIME TTY          TIME CMD\nalice       1085       1  0 19:42 ?        00:00:01 /usr/sbin/acmed -phunter2\nalice       1086       1  0 19:42 pts/1    00:00:01 billing: hunter2@pts/1\n',
  'ps-zombie.txt':
    'UID          PID    PPID  C STIME TTY          TIME CMD\nalice       1085       1  0 19:42 ?        00:00:01 [acme orders] <defunct>\n',
  'top-c.txt':
    'Threads:   2 total,   0 running\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   1085 alice     20   0   92536   2104   1724 S   0.0   0.1 1234:56 acmed\n   1086 alice     20   0   92536   2104   1724 S   0.0   0.1   0:00.01 /opt/acme/acmed --key hunter2\n   1087 alice     20   0   92536   2104   1724 S   0.0   0.1   0:00.01 acmed -phunter2\n   1088 alice     20   0   92536   2104   1724 S   0.0   0.1   0:00.01 billing/3\n',
  'ps-test.txt':
    'UID          PID    PPID  C STIME TTY          TIME CMD\nroot        1085       1  0 19:42 ?        00:00:01 [ -d hunter2 ]\nroot        1086       1  0 19:42 ?        00:00:01 [-d hunter2]\nroot        1087       1  0 19:42 ?        00:00:01 [acme hunter2] billing\n',
  '1087/cmdline': '[\0-d\0hunter2\0]\0',
  'ps-args.txt': '    PID COMMAND\n   1085 acmed pw=hunter2\n   1086 billing hunter2\n   1087 billing\n',
  'ps-assigned.txt':
    'UID          PID    PPID  C STIME TTY          TIME CMD\nroot        1085       1  0 19:42 ?        00:00:01 PW=hunter2 acmed\nroot        1086       1  0 19:42 ?        00:00:01 orders_pw=hunter2\n',
  'ps-args-assigned.txt': '    PID COMMAND\n   1085 PW=hunter2\n   1086 --pw=hunter2 acmed\n',
  'top-c-assigned.txt':
    'Tasks:   2 total,   0 running\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   1085 alice     20   0   92536   2104   1724 S   0.0   0.1   0:00.01 PW=hunter2 acmed\n',
  '1086/cmdline': 'orders_pw=hunter2 alice\0/opt/acme/acmed\0',
  'ps-kernel.txt':
    'UID          PID    PPID  C STIME TTY          TIME CMD\nroot        1085       2  0 19:42 ?        00:00:01 [acme/0:1-orders]\nroot        1086       2  0 19:42 ?        00:00:01 [pin=hunter2]\n',
  'ps-kernel-names.txt':
    '    PID TTY          TIME CMD\n   1085 ?        00:00:00 acme/0:1-orders\n   1086 ?        00:00:00 [acme]\n',
  'ps-owners.txt':
    '    PID LUSER    UNIT                SUPGRP             LABEL         OWNER    TID COMMAND\n   1085 alice    user@alice.service  acme-admins,alice  alice_u:r:t   alice   1085 acmed\n   1085 alice    user@alice.service  acme-admins,alice  alice_u:r:t   alice   1086 billing run\n',
  'top-c-tasks.txt':
    'Tasks:   2 total,   0 running\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   1085 alice     20   0   92536   2104   1724 S   0.0   0.1   0:00.01 acmed hunter2\n',
  'top-names.txt':
    'Threads:   2 total,   0 running\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   1086 alice     20   0   92536   2104   1724 S   0.0   0.1   0:00.01 billing run\n',
  'top-tasks.txt':
    'Tasks:   2 total,   0 running\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   1085 alice     20   0   92536   2104   1724 S   0.0   0.1   0:00.01 acmed -u root -phunter2 orders\n',
  'cgroup.txt': '==> acme.service/memory.max <==\n1234567\n==> acme/memory.events <==\noom_kill 1\n',
  'ls_1085.txt':
    "total 0\ndr-x------ 2 alice users  0 Nov 22 19:42 .\ndr-xr-xr-x 9 alice users  0 Nov 22 19:41 ..\nlrwxrwxrwx 1 alice users  0 Nov 22 19:42 exe -> /opt/acme/acmed\nlrwx------ 1 alice users 64 Nov 22 19:42 14 -> 'socket:[163054]'\n",
  'lsof-t.txt':
    'COMMAND  PID  TID TASKCMD  USER   FD      TYPE             DEVICE SIZE/OFF     NODE NAME\nacmed   1085 1086 billing alice  NOFD                                               /proc/1085/fd (opendir: Permission denied)\nacmed   1085 1086 billing alice   14u     unix 0x0000000000000000      0t0   163054 /run/acme/socket type=STREAM\nacmed   1085              alice  mem-r     REG              254,0      512   163055 /srv/acme/orders.log\n',
  'session.txt':
    'alice@acme:~$ cat /proc/1085/comm\nacmed\nalice@acme:~$ mysql -u root -phunter2 orders\n[alice@acme ~]$ cat /proc/1085/limits\nLimit                     Soft Limit           Hard Limit           Units     \nMax address space         1073741824           unlimited            bytes     \n',
  '1085/cmdline': 'bash\0-c\0set -e\nmysql -u root -phunter2 orders\nhunter2\nacmed hunter2\n\0',
  'arguments.txt':
    '==> /proc/1085/cmdline <==\nacmed\0-g\n    PID    TID COMMAND\n   1085   1085 acmed\n   1085   1086 billing\n',
  'script.txt':
    '==> /proc/1085/cmdline <==\nbash\0-c\0set -e\n# see /proc/1086/limits\nmax_map_count:65530\nvm.max_map_count = 65530\nTID 1086:\n#0  0x00007f00 hunter2\nNov 22 19:50:41 db1 kernel: Killed process 1085 (hunter2) total-vm:92536kB\nacmed hunter2\n[alice@acme ~]$ cat /proc/1086/limits\nMax address space         1073741824           unlimited            bytes     \n',
  '1085/task/1086/comm': 'billing\n',
  'comms.txt': '/proc/1085/comm:acmed\n/proc/1085/task/1086/comm:billing\n',
  'status_1085.txt':
    'Name:\tacmed\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t1085\nNgid:\t0\nPid:\t1085\nVmRSS:\t    2104 kB\n',
  'limits_1085.txt':
    'Limit                     Soft Limit           Hard Limit           Units     \nMax data size             unlimited            unlimited            bytes     \nMax address space         1073741824           unlimited            bytes     \n',
  cmdline_1085: '/opt/acme/acmed\0--password\0hunter2\0',
  'fd_1085.txt':
    "total 0\nlrwx------ 1 alice users 64 Nov 22 19:42 14 -> 'socket:[163054]'\nl-wx------ 1 alice users 64 Nov 22 19:42 15 -> /srv/acme/orders.log\n",
  'lsof.txt':
    'COMMAND  PID  USER   FD      TYPE             DEVICE SIZE/OFF     NODE NAME\nacmed   1085 alice   14u     unix 0x0000000000000000      0t0   163054 /run/acme/socket type=STREAM\nacmed   1085 alice   15w      REG              254,0      512   163055 /srv/acme/orders.log\n',
  'memory.max': '1073741824\n',
  'kern.log':
    'Nov 22 19:50:41 db1.acme.example kernel: [12345.678901] Memory cgroup out of memory: Killed process 1085 (acmed) total-vm:92536kB, anon-rss:81234kB, file-rss:0kB, shmem-rss:0kB, UID:28 pgtables:200kB oom_score_adj:0\nNov 22 19:50:42 db1.acme.example acmed[1085]: order 4711 for alice\nNov 22 19:50:43 db1.acme.example systemd[1]: Started Session 3 of user alice.\nNov 22 19:50:44 db1.acme.example systemd[1]: Started /usr/bin/mysql -phunter2.\n',
  'gdb.txt':
    'Core was generated by `/opt/acme/acmed -u root -phunter2\'.\n\nThread 2 (Thread 0x7f1c (LWP 1086) "billing"):\n#0  0x00007f00 in charge (card=0x55 "4111111111111111") at /srv/acme/src/charge.c:210\n#1  0x00007f01 in start_thread () from /lib/x86_64-linux-gnu/libc.so.6\n',
  'jstack.txt':
    '"billing-1" #12 prio=5 os_prio=0 tid=0x00007f nid=0x43e runnable\n\tat com.acme.Charge.run(Charge.java:12)\n\n',
  'malloc_info_1085.xml':
    '<malloc version="1">\n<heap nr="0">\n<total type="rest" count="40" size="1048576"/>\n</heap>\n<total type="fast" count="2" size="128"/>\n<total type="rest" count="40" size="1048576"/>\n<total type="mmap" count="1" size="4198400"/>\n<system type="current" size="12582912"/>\n</malloc>\n',
}

/** Threads and programs may be called anything, also what looks like a line of another file. */
const ODD_NAMES = [
  'pin=hunter2',
  'A=billing',
  '"acme"',
  'acme@b.de',
  "acme's",
  'acme|billing',
  'acme -k',
  '12 acme',
  '1 root acme',
  '/opt/acme',
  '#0 acme',
  'Name:\tacme',
  '<acme>',
  'acme\\',
  ' acme',
  '==> acme <==',
  'max',
]
const ODD: readonly (readonly [path: string, of: (name: string) => string])[] = [
  ['1085/task/1086/comm', (name) => `${name}\n`],
  ['head.txt', (name) => `==> /proc/1085/task/1086/comm <==\n${name}\n`],
  ['grep.txt', (name) => `/proc/1085/comm:${name}\n/proc/1086/comm:verylong_pin=hunter2 ${name}\n`],
  ['cmdline_1085', (name) => `${name}\n\nhunter2 alice secretkey\n`],
  ['1085/cmdline', (name) => `${name}\0-k\0secretkey\0`],
]
const ODD_SIDE = ODD.flatMap(([path, of]) =>
  ODD_NAMES.map((name): [string, string, string] => [`${path}: ${name}`, path, of(name)]),
)

const escaped = (text: string): string =>
  [...text].map((letter) => `\\x${letter.charCodeAt(0).toString(16)}`).join('')

/** Names of descriptors in each form that strace prints. */
const DESCRIPTORS: Readonly<Record<string, readonly string[]>> = {
  'memfd without -y': [
    'memfd_create("billing", MFD_CLOEXEC) = 20 <0.000010>',
    'mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 20, 0) = 0x7f0000000000 <0.000010>',
  ],
  '-y and -xx': [
    `openat(AT_FDCWD<${escaped('/')}>, "${escaped('/home/alice/billing')}", O_RDONLY) = 3<${escaped('/home/alice/billing')}> <0.000010>`,
    `mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3<${escaped('/home/alice/billing')}>, 0) = 0x7f0000000000 <0.000010>`,
    `openat(AT_FDCWD<${escaped('/home')}>, "${escaped('alice')}", O_RDONLY) = 4<${escaped('/home/alice')}> <0.000010>`,
  ],
  'a socket under -xx': [
    `connect(5, {sa_family=AF_UNIX, sun_path="${escaped('/home/alice/billing')}"}, 110) = 0 <0.000010>`,
    `write(6<UNIX-STREAM:[1->2,"${escaped('/home/alice/billing')}"]>, "${escaped('hunter2')}", 7) = 7 <0.000010>`,
  ],
  'octal escapes': [
    'openat(AT_FDCWD</>, "/home/alice/billing\\351", O_RDONLY) = 9</home/alice/billing\\351> <0.000010>',
    'openat(AT_FDCWD</>, "/home/alice/billing<1>", O_RDONLY) = 3</home/alice/billing\\0741\\76> <0.000010>',
  ],
}

/** What others put around the lines of a log; the reader takes it off. */
const CALLS = [
  '19:49:00.000001 brk(NULL) = 0x41000000 <0.000010>',
  '19:49:01.000001 brk(0x41021000) = 0x41021000 <0.000010>',
  '19:49:02.000001 read(3, "hunter2", 4096) = 7 <0.000010>',
  '19:49:03.000001 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000000000 <0.000010>',
]
const DRESSED: Readonly<Record<string, (line: string) => string>> = {
  colours: (line) => `\u001b[32m${line}\u001b[0m`,
  'colours inside': (line) => line.replace(' ', ' \u001b[1m').replace('(', '\u001b[0m('),
  JSON: (line) => `  ${JSON.stringify(line)},`,
  mail: (line) => `> ${line}`,
  syslog: (line) => `Nov 22 19:00:00 acme1 strace[1]: ${line}`,
  'docker compose': (line) => `acme_1  | ${line}`,
  pods: (line) => `[pod/acme-1/main] ${line}`,
  'output of the program in front': (line) => `Hello hunter2 ${line.slice(16)}`,
}

/** What others put around the lines of a snapshot. */
const COLLECTED: Readonly<Record<string, (line: string) => string>> = {
  'the time': (line) => `2026-11-22T10:05:00Z ${line}`,
  syslog: (line) => `Nov 22 19:00:00 acme1 collect: ${line}`,
  'docker compose': (line) => `acme-1  | ${line}`,
  pods: (line) => `[pod/acme-1/main] ${line}`,
  'an editor': (line) => `  12\t${line}`,
}

/** Arguments, data and user names, which both policies take out. */
const SECRETS = /hunter2|secretkey|4111111111111111|alice/
const NAMES = /acme|billing|orders/

describe.each(['standard', 'strict'] as const)('%s', (policy) => {
  const side = Object.entries(SIDE).map(([path, text]): [string, string, string] => [path, path, text])
  test.each([...side, ...ODD_SIDE])('side evidence: %s', async (_, path, text) => {
    const redactor = createRedactor(policy)
    const original = await evidenceFile(path, Buffer.from(text))
    expect(original?.format).toBe('side-evidence')
    const bytes = await redacted(original!, redactor)
    const stored = await evidenceFile(path, bytes)
    // Whoever verifies has another key.
    const verifier = createRedactor(policy, () => new Uint8Array(32).fill(1))
    const told = await meaning(original!, redactor)
    expect(stored && (await meaning(stored, verifier))).toEqual(told)
    expect(JSON.stringify(told)).not.toMatch(SECRETS)
    const shown = Buffer.from(bytes).toString()
    expect(shown).not.toMatch(SECRETS)
    // Symbols of stacks stay: without them a stack says nothing.
    if (policy === 'strict') expect(shown.replace(/com\.acme\.\w+/g, '')).not.toMatch(NAMES)
  })

  /** A snapshot means the same when it is redacted, and gives nothing away; returns it as it is stored. */
  const sameSnapshot = async (format: string, text: string) => {
    const redactor = createRedactor(policy)
    const original = await evidenceFile('smaps_1085_202611221942', Buffer.from(text))
    expect(original?.format).toBe(format)
    const bytes = await redacted(original!, redactor)
    const stored = await evidenceFile('smaps_1085_202611221942', bytes)
    expect(stored && (await meaning(stored, redactor))).toEqual(await meaning(original!, redactor))
    const shown = Buffer.from(bytes).toString()
    expect(shown).not.toMatch(SECRETS)
    if (policy === 'strict') expect(shown).not.toMatch(NAMES)
    return { redactor, stored: stored!, shown }
  }

  test.each(Object.entries(SNAPSHOTS))('snapshots: %s', async (format, text) => {
    await sameSnapshot(format, text)
  })

  test.each(
    Object.entries(COLLECTED).flatMap(([name, dress]) =>
      (['smaps', 'maps'] as const).map((format) => [name, format, dress] as const),
    ),
  )('snapshots behind %s: %s', async (_, format, dress) => {
    const lines = SNAPSHOTS[format].trimEnd().split('\n')
    const text = [...lines, 'hunter2 secretkey'].map((line) => `${dress(line)}\n`).join('')
    const { redactor, stored, shown } = await sameSnapshot(format, text)
    expect(Buffer.from(await redacted(stored, redactor)).toString()).toBe(shown)
  })

  test('snapshots: pmap -x in another language', async () => {
    const redactor = createRedactor(policy)
    const text =
      '1085:   nscd\nAdresse           Kbytes     RSS   Dirty Modus Zuordnung\n000055d000000000       4       4       0 r---- nscd\n---------------- ------- ------- ------- \nGesamt kB             4       4       0\n'
    for (const [written, rows] of [
      ['whole', text],
      ['heading', text.split('\n').slice(1, 2).join('\n')],
    ] as const) {
      const original = await evidenceFile('pmap_1085_202611221942', Buffer.from(rows))
      expect(original?.format, written).toBe('pmap')
      const bytes = await redacted(original!, redactor)
      const stored = await evidenceFile('pmap_1085_202611221942', bytes)
      expect(stored && (await meaning(stored, redactor))).toEqual(await meaning(original!, redactor))
      const shown = Buffer.from(bytes).toString()
      expect(shown).not.toMatch(/Adresse|Modus|Zuordnung|Gesamt/)
      expect(Buffer.from(await redacted(stored!, redactor)).toString()).toBe(shown)
    }
  })

  test.each(Object.entries(DESCRIPTORS))('descriptors of strace: %s', async (_, lines) => {
    const redactor = createRedactor(policy)
    const text = lines.map((line, at) => `19:49:0${at}.000001 ${line}\n`).join('')
    const original = await evidenceFile('acmed.1085', Buffer.from(text))
    expect(original?.format).toBe('strace-log')
    const stored = await evidenceFile('acmed.1085', await redacted(original!, redactor))
    const told = await meaning(original!, redactor)
    expect(stored && (await meaning(stored, redactor))).toEqual(told)
    expect(JSON.stringify(told)).not.toMatch(SECRETS)
    if (policy === 'strict') expect(JSON.stringify(told)).not.toMatch(/billing|\\x/)
    else expect(JSON.stringify(told)).toContain('billing')
  })

  test.each(Object.entries(DRESSED))('lines of strace in %s', async (_, dress) => {
    const redactor = createRedactor(policy)
    const text = CALLS.map((line) => `${dress(line)}\n`).join('')
    const original = await evidenceFile(
      'acmed.1085',
      Buffer.from(CALLS.map((line) => `${line}\n`).join('') + text),
    )
    const bytes = await redacted(original!, redactor)
    const stored = await evidenceFile('acmed.1085', bytes)
    expect(stored && (await meaning(stored, redactor))).toEqual(await meaning(original!, redactor))
    expect(Buffer.from(bytes).toString()).not.toMatch(policy === 'strict' ? /hunter2|acme/ : /hunter2/)
  })

  const paths = [
    ...filesBelow(WILD),
    ...filesBelow(join(SAMPLES, 'restart/strace')),
    ...filesBelow(join(SAMPLES, 'nscd/strace')),
  ]
  test.skipIf(!existsSync(WILD))('the samples of the wild are there', () => {
    expect(paths.length).toBeGreaterThan(90)
  })

  test.each(paths.map((path) => [relative(resolve(WILD, '../..'), path), path]))('%s', async (_, path) => {
    const redactor = createRedactor(policy)
    const original = await evidenceFile(path, readFileSync(path))
    if (!original) return
    const stored = await evidenceFile(path, await redacted(original, redactor))
    expect(stored && (await meaning(stored, redactor))).toEqual(await meaning(original, redactor))
  })
})
