import { describe, expect, it } from 'vitest'
import { READ, SHARED, WRITE } from '../../src/model/snapshot.ts'
import { flagsOf, kindsOf, nameOf, type ReadResult, read, sumKib } from './support.ts'

const pmap = (lines: readonly string[]): Promise<ReadResult> =>
  read(`${lines.join('\n')}\n`, { format: 'pmap' })

const names = ({ snapshots }: ReadResult): string[] =>
  Array.from({ length: snapshots[0]!.mappings.length }, (_, row) => nameOf(snapshots[0]!.mappings, row))

describe('pmap', () => {
  it('plain: no Rss at all, END is the address and the size', async () => {
    const result = await pmap([
      '3244:   /usr/bin/man pmap',
      '00314000    108K r-x--  /lib/ld-2.10.1.so',
      '00bf5000      4K rw---    [ anon ]',
      '00bf7000    132K rw-s-  /dev/shm/with blank',
      'bf8c0000     84K rw---    [ stack ]',
      ' total      328K',
    ])
    const [snapshot] = result.snapshots
    expect(snapshot).toMatchObject({ detail: 'pmap', pid: 3244, program: 'man', truncated: false })
    expect(names(result)).toEqual(['/lib/ld-2.10.1.so', '', '/dev/shm/with blank', '[stack]'])
    expect(snapshot!.mappings.end[0]).toBe(0x314000 + 108 * 1024)
    expect(snapshot!.mappings.permissions[2]).toBe(READ | WRITE | SHARED)
    expect(snapshot!.mappings.fields.has('Rss')).toBe(false)
    expect(kindsOf(snapshot!.mappings)).toEqual(['file-text', 'anonymous', 'shared-memory', 'main-stack'])
    expect(result.codes).toEqual([])
  })

  it('-x of procps-ng, 16 digits', async () => {
    const result = await pmap([
      '1:   /sbin/init',
      'Address           Kbytes     RSS   Dirty Mode  Mapping',
      '0000000000400000   17416    7488       8 r-x-- ffplay',
      'ffffffffff600000       4       0       0 --x--   [ anon ]',
      '---------------- ------- ------- ------- ',
      'total kB           17420    7488       8',
    ])
    const { mappings, truncated } = result.snapshots[0]!
    expect([sumKib(mappings, 'Size'), sumKib(mappings, 'Rss'), sumKib(mappings, 'Dirty')]).toEqual([
      17420, 7488, 8,
    ])
    expect(mappings.start[1]).toBe(2 ** 64 - 0xa00000)
    expect([truncated, result.codes]).toEqual([false, []])
  })

  it('-x of old procps: a dash is unknown, not zero', async () => {
    const result = await pmap([
      '3401:   man pmap',
      'Address   Kbytes     RSS    Anon  Locked Mode   Mapping',
      '00110000    1272       -       -       - r-x--  libc-2.10.1.so',
      'total       1272       -       -       -',
    ])
    expect(result.snapshots[0]!.mappings.fields.get('Rss')![0]).toBeNaN()
    expect([result.snapshots[0]!.truncated, result.codes]).toEqual([false, []])
  })

  it('-x that prints every row twice', async () => {
    const result = await pmap([
      'Address           Kbytes     RSS   Dirty Mode  Mapping',
      '0000000000400000   17416    7488       0 r-x-- ffplay',
      '0000000000400000       0       0       0 r-x-- ffplay',
      'total kB           17416    7488       0',
    ])
    expect(result.snapshots[0]!.mappings.length).toBe(1)
    expect(result.codes).toEqual(['pmap-doubled-rows'])
  })

  it('-d', async () => {
    const result = await pmap([
      '77:   cat',
      'Address           Kbytes Mode  Offset           Device    Mapping',
      '0000000000400000      52 r-x-- 000000000000c000 008:00001 cat',
      '000000000060b000       4 rw--- 0000000000000000 000:00000   [ anon ]',
      'mapped: 56K    writeable/private: 4K    shared: 0K',
    ])
    const { mappings } = result.snapshots[0]!
    expect([mappings.offset[0], mappings.strings.get(mappings.device[0]!)]).toEqual([0xc000, '008:00001'])
    expect(names(result)).toEqual(['cat', ''])
    expect([result.snapshots[0]!.truncated, result.codes]).toEqual([false, []])
  })

  const X = [
    '9416:   /opt/prog a b',
    '         Address Perm   Offset Device   Inode   Size   Rss THPeligible Mapping',
  ]

  it('-X: columns by their header, a mapping may be empty or hold blanks', async () => {
    const result = await pmap([
      ...X,
      '    55a8de0af000 r--p 00000000  fe:00   26723      4     4           1 my file (deleted)',
      '    55a8de0b0000 rw-p 00001000  00:00       0      8     0           0 ',
      '    55a8de0b2000 rw-p 00001000  00:00       0      8     4           0',
      '    7ffd00000000 rw-p 00001000  00:00       0    132    12           0 [stack]',
      '    7ffd00100000 r--p 00000000  fe:00      99      4     0           0 [stack]',
      '                                                ====== ===== =========== ',
      '                                                   156    20           1 KB ',
    ])
    const { mappings, truncated, pid, program } = result.snapshots[0]!
    expect([pid, program, truncated, result.codes]).toEqual([9416, 'prog', false, []])
    expect(names(result)).toEqual(['my file (deleted)', '', '', '[stack]', '[stack]'])
    expect([sumKib(mappings, 'Size'), sumKib(mappings, 'Rss')]).toEqual([156, 20])
    expect(Array.from(mappings.fields.get('THPeligible')!)).toEqual([1, 0, 0, 0, 0])
    // pmap leaves out directories: with an inode it is a file.
    expect(kindsOf(mappings)).toEqual(['file-data', 'anonymous', 'anonymous', 'main-stack', 'file-data'])
  })

  it('-XX: flags before the mapping, the header in another language', async () => {
    const result = await pmap([
      '      Adresse Zugr  Versatz Gerät   Inode      Size    Rss   y            VmFlags Zuordnung',
      ' 55a8de0af000 r-xp 00000000 fe:00   26723         4      4   0     rd ex mr mw me python3.11',
      ' 55a8de0b0000 rw-p 00001000 00:00       0         8      0   7  rd wr mr mw me ac ',
      ' 55a8de0b2000 r--p 00001000 fe:00       9         8      0   7        rd mr mw me is it',
      '                                              ====== ====== ===',
      '                                                  20      4  14 KB',
    ])
    const { mappings } = result.snapshots[0]!
    expect(names(result)).toEqual(['python3.11', '', 'is it'])
    expect([0, 1, 2].map((row) => flagsOf(mappings, row))).toEqual([
      'rd ex mr mw me',
      'rd wr mr mw me ac',
      'rd mr mw me',
    ])
    expect([...mappings.fields.keys()]).toEqual(['Size', 'Rss', 'y'])
    expect(result.codes).toEqual([])
  })

  it('several processes in one file, quoting, and a cut one', async () => {
    const one = [
      '> 11:   a',
      '> 00400000      4K r-x--  a',
      '>  total        4K',
      '> 12:   b',
      '> 00400000      8K r-x--  b',
    ]
    const { snapshots, codes } = await pmap(one)
    expect(snapshots.map((s) => [s.pid, s.mappings.length, s.truncated])).toEqual([
      [11, 1, false],
      [12, 1, true],
    ])
    expect(codes).toEqual(['smaps-cut'])
  })

  it('-q has neither title nor sums', async () => {
    const { snapshots, codes } = await pmap(['00400000      4K r-x--  a', '00402000      4K rw---  a'])
    expect([snapshots[0]!.mappings.length, snapshots[0]!.truncated, codes]).toEqual([2, false, []])
  })

  it('rows that are none are counted, not guessed', async () => {
    const { snapshots, codes, counts } = await pmap([
      ...X,
      '    55a8de0af000 r--p 00000000  fe:00   26723      4     x           1 a',
      '    55a8de0b0000 r--p 00000000  fe:00   26723      4',
      'Cannot open /proc/1/smaps',
      '                                                ====== ===== =========== ',
    ])
    expect(snapshots[0]!.mappings.length).toBe(0)
    expect(counts.otherLines).toBe(3)
    expect(codes).toContain('smaps-unreadable-line')
  })
})
