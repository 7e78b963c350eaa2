import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contentOf, directoryOf, discovered, listing, PROJECT, SMAPS, STRACE, scratch } from './support.ts'

const isRoot = process.getuid?.() === 0

describe('directories', () => {
  it('lists every file once, sorted by code unit, whatever the order on disk', async () => {
    const names = [
      'b/smaps_2_20261122',
      'a/smaps_1_20261122',
      'B/smaps_3_20261122',
      'a.b/smaps_4_20261122',
      'ä/smaps_5_20261122',
    ]
    const { files } = await discovered(
      directoryOf(Object.fromEntries(names.map((name, i) => [name, `${SMAPS}${'\n'.repeat(i)}`]))),
    )
    expect(files.map(({ path }) => path)).toEqual([...names].sort())
  })

  it('finds the two samples as they are', async () => {
    const { files, skipped, diagnostics, name } = await discovered(
      join(PROJECT, 'samples/captures/mmap-leak'),
    )
    expect(name).toBe('mmap-leak')
    expect(files.filter(({ format }) => format === 'smaps')).toHaveLength(48)
    expect(files.filter(({ format }) => format === 'strace-log')).toHaveLength(6)
    expect(files).toHaveLength(54)
    expect(skipped.map(({ path }) => path)).toEqual(['README.md'])
    expect(diagnostics.map(({ file }) => file)).toEqual(['README.md'])
  })

  it('knows a log of -k by its calls, however many frames stand under each', async () => {
    const frame = ' > /usr/lib/x86_64-linux-gnu/libc.so.6(malloc+0x4a) [0x9f21a]\n'
    const call =
      '19:44:30.516261 mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f00 <0.000012>\n'
    const { files } = await discovered(
      directoryOf({ 'app.k.7': call + frame.repeat(200), frames: frame.repeat(9) }),
    )
    expect(files.map(({ path, format }) => [path, format])).toEqual([['app.k.7', 'strace-log']])
  })

  it('puts the name of each root in front when there are several, made unique', async () => {
    const one = directoryOf({ 'x/smaps_1_20261122': SMAPS })
    const two = directoryOf({ 'x/smaps_1_20261122': `${SMAPS}\n`, nscd: '' })
    writeFileSync(join(two, 'smaps_9_20261122'), SMAPS)
    const capture = await discovered(join(one, 'x'), join(two, 'x'), join(two, 'smaps_9_20261122'))
    expect(capture.files.map(({ path }) => path)).toEqual([
      'smaps_9_20261122',
      'x/smaps_1_20261122',
      'x~2/smaps_1_20261122',
    ])
    expect(capture.name).toBe('x')
  })

  it('reports a path that is not there, and one without permission', async () => {
    const root = directoryOf({ 'locked/smaps_1_20261122': SMAPS, smaps_2_20261122: SMAPS })
    const missing = await discovered(join(root, 'nothing'))
    expect(missing.files).toEqual([])
    expect(missing.skipped).toEqual([{ path: 'nothing', bytes: 0, reason: 'no such file or directory' }])
    expect(missing.diagnostics).toMatchObject([{ code: 'evidence-unreadable', severity: 'error' }])
    if (isRoot) return
    chmodSync(join(root, 'locked'), 0)
    chmodSync(join(root, 'smaps_2_20261122'), 0)
    const capture = await discovered(root)
    chmodSync(join(root, 'locked'), 0o755)
    expect(capture.skipped).toEqual([
      { path: 'locked', bytes: 0, reason: 'no permission to read it' },
      { path: 'smaps_2_20261122', bytes: SMAPS.length, reason: 'no permission to read it' },
    ])
  })

  it('follows no link out, in a circle, or to nothing', async () => {
    const outside = directoryOf({ smaps_9_20261122: SMAPS })
    const root = directoryOf({ 'real/smaps_1_20261122': SMAPS })
    symlinkSync(outside, join(root, 'out'))
    symlinkSync('real', join(root, 'in'))
    symlinkSync('..', join(root, 'real/up'))
    symlinkSync('nowhere', join(root, 'broken'))
    expect(listing(await discovered(root))).toEqual({
      'real/smaps_1_20261122': 'smaps',
      broken: 'skipped: a symbolic link to nothing (nowhere)',
      in: 'skipped: a symbolic link; its target is in the evidence and is read there',
      out: 'skipped: a symbolic link out of the evidence, not followed',
      'real/up': 'skipped: a symbolic link; its target is in the evidence and is read there',
    })
  })

  it('tells links whose name alone says pid, thread or time from those with which nothing is lost', async () => {
    const root = directoryOf({
      'store/blob0': SMAPS,
      'store/smaps_1085_202611221942': `${SMAPS}\n`,
      'store/nscd.28330': STRACE,
    })
    const lost = {
      smaps_1085_202611221000: 'store/blob0',
      smaps_202611221000: 'store/blob0',
      smaps_1085_202611221943: 'store/smaps_1085_202611221942',
      'nscd.28331': 'store/nscd.28330',
      '1085': 'store',
    }
    const harmless = {
      latest: 'store/smaps_1085_202611221942',
      smaps_1085: 'store/smaps_1085_202611221942',
      'smaps_1085_202611221942.txt': 'store/smaps_1085_202611221942',
      'nscd.28330': 'store/nscd.28330',
      blob: 'store/blob0',
    }
    for (const [name, target] of Object.entries({ ...lost, ...harmless }))
      symlinkSync(target, join(root, name))
    const { diagnostics, skipped } = await discovered(root)
    const linksOf = (code: string): unknown =>
      diagnostics.filter((entry) => entry.code === code).map(({ file }) => file)
    expect(linksOf('evidence-link')).toEqual(Object.keys(lost).sort())
    expect(linksOf('evidence-link-inside')).toEqual(Object.keys(harmless).sort())
    expect(skipped.find(({ path }) => path === 'smaps_1085_202611221000')?.reason).toBe(
      "a symbolic link; its target is read under its own name, without the pid or time of the link's",
    )
  })

  it('waits for no pipe, socket or device', async () => {
    const root = directoryOf({ smaps_1_20261122: SMAPS })
    const server = createServer().listen(join(root, 'socket'))
    await once(server, 'listening')
    const capture = await discovered(root)
    server.close()
    expect(listing(capture)).toEqual({
      smaps_1_20261122: 'smaps',
      socket: 'skipped: a pipe, socket or device, not a file',
    })
    expect((await discovered('/dev/zero')).skipped).toMatchObject([{ path: 'zero', bytes: 0 }])
  })

  it('reads names of 255 bytes, names that are not UTF-8, and names with control characters', async () => {
    const long = `smaps_1085_20261122_${'x'.repeat(235)}`
    const root = directoryOf({ [long]: SMAPS, 'nscd\n.1085': STRACE })
    writeFileSync(
      Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9]), Buffer.from('.7')]),
      `${STRACE}\n`,
    )
    const { files } = await discovered(root)
    expect(files.map(({ path, hints }) => [path, hints.pid ?? hints.tid])).toEqual([
      ['caf\\xe9.7', 7],
      ['nscd\n.1085', 1085],
      [long, 1085],
    ])
    expect(files[0]!.diskPath).toBeNull()
    expect(String(await contentOf(files[0]!))).toBe(`${STRACE}\n`)
  })

  it('reads ten thousand files', async () => {
    const root = scratch()
    for (let i = 0; i < 10_000; i++) {
      if (i % 100 === 0) mkdirSync(join(root, `d${i / 100}`))
      writeFileSync(join(root, `d${Math.floor(i / 100)}`, `smaps_${i + 1}_20261122`), SMAPS)
    }
    const { files, skipped } = await discovered(root)
    expect(files).toHaveLength(10_000)
    expect(skipped).toEqual([])
    expect(new Set(files.map(({ hints }) => hints.pid)).size).toBe(10_000)
  })
})

describe('what each file is', () => {
  it('decides by content before name', async () => {
    const capture = await discovered(
      directoryOf({
        smaps_1_20261122: STRACE,
        'nscd.2': SMAPS,
        'rollup.txt':
          '5651255b1000-7ffc457f5000 ---p 00000000 00:00 0                          [rollup]\nRss:               10540 kB\n',
        'maps.3': '7f0a1c000000-7f0a1c021000 rw-p 00000000 00:00 0 \n',
        'pmap.txt': '1085:   nscd\n0000000000400000    108K r-x-- nscd\n total              108K\n',
        'summary.txt':
          '% time     seconds  usecs/call     calls    errors syscall\n------ ----------- ----------- --------- --------- ----------------\n100.00    0.000104          17         6           mmap\n',
        'quoted.txt': SMAPS.replace(/^/gm, '> '),
        'build.txt': STRACE.replace(/^/gm, '2024-05-01T10:00:00.1234567Z '),
        'compose.txt': STRACE.replace(/^/gm, 'app_1  | '),
        'numbered.txt': STRACE.replace(/^/gm, ' 12\t'),
        'smaps.json': JSON.stringify(SMAPS.trimEnd().split('\n'), null, 2),
        'crlf.4': STRACE.replaceAll('\n', '\r\n'),
        'colour.5': STRACE.replaceAll('mmap', '\u001b[1mmmap\u001b[0m'),
      }),
    )
    expect(listing(capture)).toEqual({
      'build.txt': 'strace-log',
      'colour.5': 'strace-log',
      'compose.txt': 'strace-log',
      'crlf.4': 'strace-log',
      'maps.3': 'maps',
      'nscd.2': 'smaps',
      'numbered.txt': 'strace-log',
      'smaps.json': 'smaps',
      'pmap.txt': 'pmap',
      'quoted.txt': 'smaps',
      'rollup.txt': 'smaps-rollup',
      smaps_1_20261122: 'strace-log',
      'summary.txt': 'strace-summary',
    })
    for (const file of capture.files) expect(file.why).not.toBe('')
  })

  it('finds evidence behind pages of other text', async () => {
    const prose = 'what we typed that night\n'.repeat(2_000)
    const capture = await discovered(directoryOf({ 'session.txt': prose + SMAPS.repeat(40) }))
    expect(listing(capture)).toEqual({ 'session.txt': 'smaps' })
  })

  it('tells empty files apart', async () => {
    const capture = await discovered(
      directoryOf({
        smaps__20261122194044: '',
        smaps_1085_20261122194049: '',
        'nscd.1085': STRACE,
        'nscd.1086': '',
        'other.7': '',
        'notes.txt': '',
      }),
    )
    expect(listing(capture)).toEqual({
      smaps__20261122194044: 'empty-snapshot',
      smaps_1085_20261122194049: 'empty-snapshot',
      'nscd.1085': 'strace-log',
      'nscd.1086': 'strace-log',
      'other.7': 'skipped: empty file',
      'notes.txt': 'skipped: empty file',
    })
  })

  it('takes the message of a missing process for an empty snapshot, of a missing right for no evidence', async () => {
    const capture = await discovered(
      directoryOf({
        smaps_1085_20261122194044: 'cat: /proc/1085/smaps: No such file or directory\n',
        smaps_1085_20261122194049: 'cat: /proc/1085/smaps: Permission denied\n',
      }),
    )
    expect(listing(capture)).toEqual({
      smaps_1085_20261122194044: 'empty-snapshot',
      smaps_1085_20261122194049:
        'skipped: holds only the message that reading was not permitted: collect it as root or as the same user',
    })
  })

  const foreign: readonly [tool: string, text: string][] = [
    [
      'python-ptrace',
      'brk(NULL)                                = 0x091ac000\nmmap2(NULL, 4096, <PROT_READ|PROT_WRITE> (3), 34, -1, 0) = 0xb776d000\n',
    ],
    [
      "gVisor's log",
      'I0102 15:04:05.123456       1 strace.go:567] [   1:   1] app E mmap(0x0, 0x1000, 0x3, 0x22, -1, 0x0)\nI0102 15:04:05.123457       1 strace.go:605] [   1:   1] app X mmap(0x0, 0x1000, 0x3, 0x22, -1, 0x0) = 0x7f (12.3µs)\n',
    ],
    ["u-root's strace", '[pid 4007] E brk(0x0)\n[pid 4007] X brk(0x0) = 0x55d000 (1.2µs)\n'],
    [
      'ltrace',
      'SYS_brk(0)                                       = 0x1690000\nSYS_mmap(0, 4096, 3, 34, 0xffffffff)             = 0x7f7ea5488000\n',
    ],
    [
      'ltrace',
      '__libc_start_main(0x401136, 1, 0x7ffc, 0x401180 <unfinished ...>\nmalloc(24)                                       = 0x16902a0\n+++ exited (status 0) +++\n',
    ],
    [
      'perf trace',
      '     0.000 ( 0.004 ms): nscd/1085 mmap(len: 8192, prot: READ|WRITE, flags: PRIVATE|ANONYMOUS) = 0x7f\n     0.010 (         ): nscd/1085 futex(uaddr: 0x7f, op: WAIT) ...\n',
    ],
    [
      'truss',
      'mmap(0x0,32768,PROT_READ|PROT_WRITE,MAP_PRIVATE|MAP_ANON,-1,0x0) = 34366119936 (0x800622000)\nopen("/etc/x",O_RDONLY,00)\t\t ERR#2 \'No such file or directory\'\n',
    ],
    [
      'sysdig',
      '28 13:53:53.157 0 nscd (1085) > mmap addr=0 length=8192 prot=3 flags=34\n29 13:53:53.158 0 nscd (1085) < mmap res=7F0A vm_size=4000\n',
    ],
  ]
  it.each(foreign)('refuses %s by name', async (tool, text) => {
    const { files, skipped, diagnostics } = await discovered(directoryOf({ 'nscd.1085': text }))
    expect(files).toEqual([])
    expect(skipped).toEqual([
      {
        path: 'nscd.1085',
        bytes: Buffer.byteLength(text),
        reason: `written by ${tool}, not by strace: its columns mean other things`,
      },
    ])
    expect(diagnostics).toMatchObject([{ code: 'evidence-other-tool', severity: 'data-loss' }])
  })

  it('says what the rest is', async () => {
    const capture = await discovered(
      directoryOf({
        core: Buffer.from('7f454c4602010100', 'hex'),
        'a.png': Buffer.from('89504e470d0a1a0a', 'hex'),
        'a.html': '<!DOCTYPE html><p>hello',
        'a.json': '{"a": 1}',
        'a.sh': '#!/bin/sh\ncat /proc/$1/smaps\n',
        noise: Buffer.from(Array.from({ length: 600 }, (_, i) => i % 16)),
        crashed: Buffer.alloc(5000),
        'README.md': `# What we saw\n${'It grows.\n'.repeat(60)}An example:\n\n    ${SMAPS}`,
      }),
    )
    expect(capture.files).toEqual([])
    expect(Object.values(listing(capture)).every((reason) => reason.startsWith('skipped: '))).toBe(true)
    expect(listing(capture)).toMatchObject({
      core: 'skipped: an ELF file (a program, a library or a core dump)',
      crashed: 'skipped: holds only NUL bytes, as a file does that was open when the machine went down',
      noise: 'skipped: binary data of no known kind',
      'README.md': 'skipped: text of no known kind: not smaps, strace or side evidence',
    })
    expect(capture.diagnostics.map(({ code, file }) => [code, file])).toHaveLength(8)
  })

  it('reads once what an editor, a desktop or a download has copied beside it', async () => {
    const snapshot = 'smaps_1085_20261122194044'
    const marks = [
      `${snapshot}~`,
      `${snapshot}.bak`,
      `${snapshot} (1)`,
      `#${snapshot}#`,
      `Copy of ${snapshot}`,
    ]
    const capture = await discovered(
      directoryOf({
        [snapshot]: SMAPS,
        ...Object.fromEntries(marks.map((name) => [name, SMAPS])),
        'nscd.1085': STRACE,
        'nscd.1085.orig': STRACE,
        'nscd.1086': STRACE,
        'smaps_1085_20261122194049~': `${SMAPS}\n`,
      }),
    )
    expect(listing(capture)).toEqual({
      [snapshot]: 'smaps',
      ...Object.fromEntries(marks.map((name) => [name, `skipped: the same as ${snapshot}`])),
      'nscd.1085': 'strace-log',
      'nscd.1085.orig': 'skipped: the same as nscd.1085',
      'nscd.1086': 'strace-log',
      'smaps_1085_20261122194049~': 'smaps',
    })
  })

  it('counts a repeated file once, but not the same side evidence of two processes', async () => {
    const limits = 'Limit                     Soft Limit           Hard Limit           Units     \n'
    const capture = await discovered(
      directoryOf({
        'a/smaps_1085_20261122194044': SMAPS,
        'b/smaps_1085_20261122194044': SMAPS,
        'c/smaps_1085_20261122194044': `${SMAPS}\n`,
        '1085/limits': limits,
        '1086/limits': limits,
      }),
    )
    expect(listing(capture)).toEqual({
      '1085/limits': 'side-evidence',
      '1086/limits': 'side-evidence',
      'a/smaps_1085_20261122194044': 'smaps',
      'b/smaps_1085_20261122194044': 'skipped: the same as a/smaps_1085_20261122194044',
      'c/smaps_1085_20261122194044': 'smaps',
    })
  })
})

describe('reading', () => {
  it('gives the bytes of the disk', async () => {
    const root = join(PROJECT, 'samples/captures/nscd')
    const { files } = await discovered(root)
    for (const file of files.slice(0, 3).concat(files.slice(-3))) {
      const bytes = readFileSync(join(root, file.path))
      expect(file.bytes).toBe(statSync(join(root, file.path)).size)
      expect((await contentOf(file)).equals(bytes)).toBe(true)
    }
  })

  it('ends a log that grew where it ended at discovery, and says so once', async () => {
    const root = directoryOf({ 'nscd.1': STRACE })
    const capture = await discovered(root)
    writeFileSync(join(root, 'nscd.1'), STRACE + STRACE)
    for (const _ of [1, 2]) expect(String(await contentOf(capture.files[0]!))).toBe(STRACE)
    expect(capture.collector.list()).toMatchObject([{ code: 'evidence-changed', file: 'nscd.1', count: 1 }])
  })

  it('reports a file that shrank or went away, and never throws', async () => {
    const root = directoryOf({ 'nscd.1': STRACE, 'nscd.2': `${STRACE}\n` })
    const capture = await discovered(root)
    truncateSync(join(root, 'nscd.1'), 10)
    truncateSync(join(root, 'nscd.2'), 0)
    expect((await contentOf(capture.files[0]!)).length).toBe(10)
    expect((await contentOf(capture.files[1]!)).length).toBe(0)
    expect(capture.collector.list().map(({ code, file }) => [code, file])).toEqual([
      ['evidence-changed', 'nscd.1'],
      ['evidence-changed', 'nscd.2'],
    ])
  })

  it('reads a file of /proc, whose size is said to be 0', async () => {
    const capture = await discovered(`/proc/${process.pid}/limits`)
    expect(capture.files).toMatchObject([{ side: 'proc-limits' }])
    expect(capture.files[0]!.bytes).toBeGreaterThan(500)
    expect((await contentOf(capture.files[0]!)).length).toBe(capture.files[0]!.bytes)
  })
})

it('looks at many files of blanks without looking at any blank again and again', async () => {
  const blanks = `x${'\t'.repeat(65_000)}\n`
  const names = Array.from({ length: 400 }, (_, at) => `smaps_1085_2026112219${String(at).padStart(4, '0')}`)
  const { skipped } = await discovered(directoryOf(Object.fromEntries(names.map((name) => [name, blanks]))))
  expect(skipped).toHaveLength(names.length)
}, 60_000)
