import { describe, expect, it } from 'vitest'
import { micros } from '../../src/base/units.ts'
import { blockText, fieldText, headerText, smapsText } from './a-smaps.ts'
import { flagsOf, nameOf, plain, read, readOne, sumKib } from './support.ts'

const A = { start: 0x55d000000000, end: 0x55d000004000 }
const B = { start: 0x7f0000000000, end: 0x7f0000010000 }

const field = async (text: string, name: string): Promise<number[]> =>
  Array.from((await readOne(text)).mappings.fields.get(name) ?? [])

describe('a byte order mark', () => {
  it('in front of the first mapping, which an editor put there, takes nothing away', async () => {
    const bare = await readOne(smapsText([A, B]))
    const marked = await readOne(`\ufeff${smapsText([A, B])}`)
    expect(marked.truncated).toBe(false)
    expect([...marked.mappings.start]).toEqual([...bare.mappings.start])
    expect(sumKib(marked.mappings, 'Rss')).toBe(sumKib(bare.mappings, 'Rss'))
  })
})

describe('kernels', () => {
  it('2.6.14: six fields, no Pss, no flags', async () => {
    const lines = ['Size', 'Rss', 'Shared_Clean', 'Shared_Dirty', 'Private_Clean', 'Private_Dirty']
    const block = (range: typeof A): string =>
      [
        headerText(range),
        ...lines.map((name) => fieldText(name, name === 'Size' ? (range.end - range.start) / 1024 : 4)),
        '',
      ].join('\n')
    const snapshot = await readOne(block(A) + block(B))
    expect(snapshot.truncated).toBe(false)
    expect([...snapshot.mappings.fields.keys()]).toEqual(lines)
    expect(snapshot.mappings.fields.has('Pss')).toBe(false)
    expect(snapshot.pageSize).toBe(4096)
  })

  it('2.6.18 vendor: Pss last, one column narrower', async () => {
    const text = `${headerText(A)}\nSize:                16 kB\nRss:                 12 kB\nSwap:                 0 kB\nPss:                 12 kB\n`
    expect(sumKib((await readOne(text)).mappings, 'Pss')).toBe(12)
  })

  it('3.x to 4.13: page sizes behind Swap; 4.14: on lines 2 and 3', async () => {
    const old = `${headerText(A)}\n${['Size', 'Rss', 'Pss', 'Swap', 'KernelPageSize', 'Locked'].map((n) => fieldText(n, n === 'Size' ? 16 : 4)).join('\n')}\nVmFlags: rd \n`
    expect((await readOne(old)).pageSize).toBe(4096)
    expect((await readOne(smapsText([A]))).pageSize).toBe(4096)
  })

  it('5.0: three spellings of THPeligible, none with a unit', async () => {
    for (const line of ['THPeligible:    1', 'THPeligible:\t\t1', 'THPeligible:           1']) {
      const text = blockText(A).replace('VmFlags', `${line}\nProtectionKey:         0\nVmFlags`)
      expect(await field(text, 'THPeligible')).toEqual([1])
      expect(await field(text, 'ProtectionKey')).toEqual([0])
    }
  })

  it('a field of one kernel only is kept under its name', async () => {
    const text = blockText(A).replace(
      'VmFlags',
      'HugePFNMap:            8 kB\nksm_state:          3\nVmFlags',
    )
    expect(await field(text, 'HugePFNMap')).toEqual([8192])
    expect(await field(text, 'ksm_state')).toEqual([3])
  })

  it('a field that only some mappings have is unknown in the others, not zero', async () => {
    const odd = blockText(B).replace('VmFlags', 'Nonlinear:             4 kB\nVmFlags')
    const third = { start: B.end, end: B.end + 4096 }
    expect(await field(smapsText([A]) + odd + smapsText([third]), 'Nonlinear')).toEqual([
      Number.NaN,
      4096,
      Number.NaN,
    ])
    expect((await read(smapsText([A]) + odd)).codes).toEqual([])
  })

  it('pages of 16 and 64 KiB; huge pages do not count', async () => {
    const pages = (kib: number): string => smapsText([{ ...A, fields: { KernelPageSize: kib } }])
    expect((await readOne(pages(16))).pageSize).toBe(16384)
    expect((await readOne(pages(64))).pageSize).toBe(65536)
    expect((await readOne(pages(2048))).pageSize).toBe(4096)
  })

  it('Size of 128 TiB', async () => {
    const huge = { start: 0x1000, end: 0x1000 + 2 ** 47 }
    expect(await field(smapsText([huge]), 'Size')).toEqual([2 ** 47])
  })

  it('VmFlags: none, no trailing blank, `??`, longer words, text written behind', async () => {
    const flags = async (line: string): Promise<string> =>
      flagsOf((await readOne(blockText({ ...A, flags: null }) + line)).mappings, 0)
    expect(await flags('VmFlags: \n')).toBe('')
    expect(await flags('VmFlags:\n')).toBe('')
    expect(await flags('VmFlags: rd wr\n')).toBe('rd wr')
    expect(await flags('VmFlags: rd ?? wf dp sl \n')).toBe('rd ?? wf dp sl')
    expect(await flags('VmFlags: rd mg anon \n')).toBe('rd mg anon')
    expect(await flags("VmFlags: rd dw  ==> that's new\n")).toBe('rd dw')
  })

  it('Android before 5.17: the name on a line of its own, free text', async () => {
    const named = { ...A, name: '[anon:dalvik-main space (region space)]' }
    const text = (header: string): string =>
      blockText(A).replace(`${headerText(A)}\n`, `${header}\nName:           [anon:libc: malloc]\n`)
    expect(nameOf((await readOne(text(headerText(A)))).mappings, 0)).toBe('[anon:libc: malloc]')
    expect(nameOf((await readOne(text(headerText(named)))).mappings, 0)).toBe(named.name)
  })
})

describe('systems that imitate smaps', () => {
  it('WSL1: Pss only, everything else unknown', async () => {
    const text = `${headerText(A)}\nPss:                   2 kB\n${headerText(B)}\nPss:                   0 kB\n`
    const snapshot = await readOne(text)
    expect([...snapshot.mappings.fields.keys()]).toEqual(['Pss'])
    expect(snapshot.truncated).toBe(false)
  })

  it('gVisor: page sizes before Locked, odd offsets', async () => {
    const text = `${headerText({ ...A, offset: 3 })}\n${['Size', 'Rss', 'KernelPageSize', 'Locked'].map((n) => fieldText(n, n === 'Size' ? 16 : 4)).join('\n')}\nVmFlags: rd ex \n`
    const { mappings } = await readOne(text)
    expect(mappings.offset[0]).toBe(3)
    expect(sumKib(mappings, 'Rss')).toBe(4)
  })
})

describe('other files of /proc/PID', () => {
  it('smaps_rollup', async () => {
    const text = `55a8de0af000-7ffff7930000 ---p 00000000 00:00 0                          [rollup]\n${['Rss', 'Pss', 'Pss_Anon', 'Swap'].map((n) => fieldText(n, 40)).join('\n')}\n`
    const snapshot = await readOne(text)
    expect(snapshot.detail).toBe('rollup')
    expect(snapshot.mappings.fields.has('Size')).toBe(false)
    expect(sumKib(snapshot.mappings, 'Pss_Anon')).toBe(40)
    expect(snapshot.truncated).toBe(false)
  })

  it('maps: ranges without any field', async () => {
    const snapshot = await readOne([headerText({ ...A, name: '/bin/x' }), headerText(B), ''].join('\n'))
    expect(snapshot.detail).toBe('maps')
    expect(snapshot.mappings.length).toBe(2)
    expect(snapshot.mappings.fields.size).toBe(0)
  })

  it('an empty file is a snapshot of no process, not of a process of size 0', async () => {
    for (const text of ['', '\n']) {
      const { snapshots, codes } = await read(text, {
        hints: { pid: null, tid: null, group: null, stamp: micros(5), stampWidth: micros(1) },
      })
      expect(snapshots).toMatchObject([{ empty: true, pid: null, time: 5, timeWidth: 1, truncated: false }])
      expect(codes).toEqual(['smaps-empty'])
    }
  })
})

describe('the file name and the program', () => {
  it('takes pid and time from the hints', async () => {
    const hints = { pid: 42, tid: null, group: null, stamp: micros(7), stampWidth: micros(60_000_000) }
    expect(await readOne(smapsText([A]), { hints })).toMatchObject({
      pid: 42,
      time: 7,
      timeWidth: 60_000_000,
    })
  })

  it('names the program by its lowest mapping', async () => {
    const program = { ...A, permissions: 'r-xp', inode: 9, name: '/usr/sbin/nscd (deleted)' }
    expect((await readOne(smapsText([program, B]))).program).toBe('nscd')
    expect((await readOne(smapsText([{ ...program, name: '/lib/libc.so.6' }, B]))).program).toBeNull()
    expect((await readOne(smapsText([{ ...program, offset: 4096 }, B]))).program).toBeNull()
  })

  it('keeps every pid apart in a concatenation', async () => {
    const one = smapsText([{ ...A, inode: 3, permissions: 'r-xp', name: '/bin/one' }, B])
    const text = `==> /proc/11/smaps <==\n${one}\n==> /proc/11/cmdline <==\nprog\u0000-x\u0000==> /proc/12/smaps <==\n${one}==> smaps_13_20261122194229 <==\n${one}==> /proc/14/smaps <==\n`
    const { snapshots, counts } = await read(text, {
      hints: { pid: 99, tid: null, group: null, stamp: null, stampWidth: null },
    })
    expect(snapshots.map((s) => [s.pid, s.mappings.length, s.truncated, s.empty])).toEqual([
      [11, 2, false, false],
      [12, 2, false, false],
      [13, 2, false, false],
      [14, 0, false, true],
    ])
    expect(snapshots[2]!.time).toBe(Date.UTC(2026, 10, 22, 19, 42, 29) * 1000)
    expect(counts.banners).toBe(5)
  })

  it('sees another process begin below the top of the one before, and does not guess its pid', async () => {
    const one = smapsText([
      { ...A, inode: 3, permissions: 'r-xp', name: '/bin/one' },
      { start: 0x7ffd00000000, end: 0x7ffd00021000, name: '[stack]' },
    ])
    const { snapshots, codes } = await read(one + one, {
      hints: { pid: 99, tid: null, group: null, stamp: micros(1), stampWidth: micros(1) },
    })
    expect(snapshots.map((s) => [s.pid, s.time, s.mappings.length])).toEqual([
      [99, 1, 2],
      [null, null, 2],
    ])
    expect(codes).toEqual(['smaps-several-processes'])
  })
})

describe('dress', () => {
  const bare = smapsText([{ ...A, name: '/a b', inode: 2 }, B])
  it.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['quoted by mail', (text: string) => text.replace(/^/gm, '> ').replace(/> $/, '')],
    ['quoted three times', (text: string) => text.replace(/^/gm, '>>> ').replace(/>>> $/, '')],
    ['indented', (text: string) => text.replace(/^/gm, '    ').trimEnd()],
    [
      'a JSON list of lines',
      (text: string) =>
        text
          .trimEnd()
          .split('\n')
          .map((line) => `    ${JSON.stringify(line)},`)
          .join('\n'),
    ],
    ['trailing blanks stripped', (text: string) => text.replace(/ +$/gm, '')],
    ['padding collapsed', (text: string) => text.replace(/(:|\d) +/g, '$1 ').replace(/ +$/gm, ' ')],
    ['blank line below the header', (text: string) => text.replace(/^(.*-.* .*)$/gm, '$1\n')],
    ['without a newline at the end', (text: string) => text.trimEnd()],
  ])('%s', async (name, dressed) => {
    const expected = (await readOne(bare)) as never
    const { snapshots } = await read(dressed(bare))
    const strip = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value, (key, entry) => (key === 'line' || key === 'lines' ? undefined : entry)),
      )
    expect([name, snapshots.map((s) => strip(plain(s)))]).toEqual([name, [strip(plain(expected))]])
  })
})
