import { describe, expect, it } from 'vitest'
import { AddressSpace } from '../../src/attribution/address-space.ts'
import { applyCall } from '../../src/attribution/apply-call.ts'
import { startReplay } from '../../src/attribution/replay-kernel.ts'
import { RangeMap } from '../../src/base/range-map.ts'
import { effectsOf } from '../support/effect-order.ts'
import { KEEPER, traceOf } from './support.ts'

/** Replays one thread's calls on an empty space; `100000-102000 rw- 1`: range, permissions, number of the making call. */
async function replay(calls: string, prepare: (space: AddressSpace) => void = () => undefined) {
  const log = calls
    .trim()
    .split('\n')
    .map((call, at) => `${at + 1} ${call.trim()} <5>`)
    .join('\n')
  const trace = await traceOf({ 10: log })
  const space = new AddressSpace(trace, KEEPER, new RangeMap(startReplay()), 4096)
  prepare(space)
  for (const { event, phase } of effectsOf(trace)) applyCall(space, event, phase)
  const ranges: string[] = []
  space.map.forEach((start, end, owner, tag) => {
    const bits = `${tag & 1 ? 'r' : '-'}${tag & 2 ? 'w' : '-'}${tag & 4 ? 'x' : '-'}${tag & 8 ? 's' : 'p'}`
    ranges.push(`${start.toString(16)}-${end.toString(16)} ${bits} ${owner}`)
  })
  return { ranges, space }
}

const ANON = 'PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0'

describe('mmap', () => {
  it('rounds lengths up to pages, as the kernel does', async () => {
    expect((await replay(`mmap(NULL, 5000, ${ANON}) = 0x100000`)).ranges).toEqual(['100000-102000 rw-p 1'])
  })
  it('a failed call and an invented result change nothing', async () => {
    const { ranges } = await replay(`
      mmap(NULL, 4096, ${ANON}) = -1 ENOMEM (Cannot allocate memory)
      mmap(NULL, 4096, ${ANON}) = -1 ENOMEM (Cannot allocate memory) (INJECTED)
      munmap(0x100000, 4096) = -1 EINVAL (Invalid argument)`)
    expect(ranges).toEqual([])
  })
  it('MAP_FIXED replaces what is there and is no conflict', async () => {
    const { ranges, space } = await replay(`
      mmap(NULL, 16384, ${ANON}) = 0x100000
      mmap(0x101000, 4096, PROT_NONE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x101000`)
    expect(ranges).toEqual(['100000-101000 rw-p 1', '101000-102000 ---p 2', '102000-104000 rw-p 1'])
    expect(space.conflicts).toBe(0)
  })
  it('onto mapped bytes without MAP_FIXED is a conflict', async () => {
    const { space } = await replay(`
      mmap(NULL, 8192, ${ANON}) = 0x100000
      mmap(NULL, 4096, ${ANON}) = 0x101000`)
    expect(space.conflicts).toBe(1)
  })
  it('knows shared mappings, and huge pages by their length', async () => {
    const { ranges } = await replay(`
      mmap(NULL, 4096, PROT_READ, MAP_SHARED, 3, 0) = 0x100000
      mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB, -1, 0) = 0x200000`)
    expect(ranges).toEqual(['100000-101000 r--s 1', '200000-400000 r--p 2'])
  })
})

describe('munmap', () => {
  it('cuts, splits, spans several and ignores holes', async () => {
    const { ranges } = await replay(`
      mmap(NULL, 16384, ${ANON}) = 0x100000
      mmap(NULL, 8192, ${ANON}) = 0x106000
      munmap(0x101000, 4096) = 0
      munmap(0x103000, 16384) = 0`)
    expect(ranges).toEqual(['100000-101000 rw-p 1', '102000-103000 rw-p 1', '107000-108000 rw-p 2'])
  })
  it('takes only what is there: a length that is no multiple of a page is rounded up', async () => {
    expect(
      (await replay(`mmap(NULL, 200000, ${ANON}) = 0x100000\nmunmap(0x100000, 200000) = 0`)).ranges,
    ).toEqual([])
  })
})

describe('mremap', () => {
  const MAP = `mmap(NULL, 8192, ${ANON}) = 0x100000\n`
  it('grows in place: the new part belongs to mremap', async () => {
    expect((await replay(`${MAP}mremap(0x100000, 8192, 16384, MREMAP_MAYMOVE) = 0x100000`)).ranges).toEqual([
      '100000-102000 rw-p 1',
      '102000-104000 rw-p 2',
    ])
  })
  it('shrinks in place', async () => {
    expect((await replay(`${MAP}mremap(0x100000, 8192, 4096, 0) = 0x100000`)).ranges).toEqual([
      '100000-101000 rw-p 1',
    ])
  })
  it('moves: the bytes keep their maker', async () => {
    expect((await replay(`${MAP}mremap(0x100000, 8192, 12288, MREMAP_MAYMOVE) = 0x300000`)).ranges).toEqual([
      '300000-302000 rw-p 1',
      '302000-303000 rw-p 2',
    ])
  })
  it('MREMAP_FIXED replaces the target', async () => {
    const { ranges, space } = await replay(`
      mmap(NULL, 8192, ${ANON}) = 0x100000
      mmap(NULL, 16384, ${ANON}) = 0x300000
      mremap(0x100000, 8192, 8192, MREMAP_MAYMOVE|MREMAP_FIXED, 0x301000) = 0x301000`)
    expect(ranges).toEqual(['300000-301000 rw-p 2', '301000-303000 rw-p 1', '303000-304000 rw-p 2'])
    expect(space.conflicts).toBe(0)
  })
  it('MREMAP_DONTUNMAP leaves the old range mapped', async () => {
    expect(
      (await replay(`${MAP}mremap(0x100000, 8192, 8192, MREMAP_MAYMOVE|MREMAP_DONTUNMAP, 0) = 0x300000`))
        .ranges,
    ).toEqual(['100000-102000 rw-p 1', '300000-302000 rw-p 2'])
  })
  it('an old size of 0 duplicates a shared mapping', async () => {
    expect(
      (
        await replay(`
          mmap(NULL, 8192, PROT_READ, MAP_SHARED, 3, 0) = 0x100000
          mremap(0x100000, 0, 8192, MREMAP_MAYMOVE) = 0x300000`)
      ).ranges,
    ).toEqual(['100000-102000 r--s 1', '300000-302000 r--s 2'])
  })
  it('of a range that nobody saw mapped still maps the target', async () => {
    expect((await replay('mremap(0x100000, 8192, 12288, MREMAP_MAYMOVE) = 0x300000')).ranges).toEqual([
      '300000-303000 rw-p 1',
    ])
  })
})

describe('brk', () => {
  it('grows and shrinks in pages from the break it knows', async () => {
    const { ranges, space } = await replay(`
      brk(NULL) = 0x555000
      brk(0x576000) = 0x576000
      brk(0x570000) = 0x570000`)
    expect(ranges).toEqual(['555000-570000 rw-p 2'])
    expect(space.chain.value).toBe(0x570000)
  })
  it('an odd break maps whole pages once', async () => {
    const { ranges } = await replay(`
      brk(NULL) = 0x555000
      brk(0x555800) = 0x555800
      brk(0x555900) = 0x555900
      brk(0x556001) = 0x556001`)
    expect(ranges).toEqual(['555000-556000 rw-p 2', '556000-557000 rw-p 4'])
  })
})

describe('mprotect', () => {
  it('splits, joins again and leaves holes alone', async () => {
    const { ranges } = await replay(`
      mmap(NULL, 16384, ${ANON}) = 0x100000
      mprotect(0x101000, 4096, PROT_NONE) = 0
      mprotect(0x103000, 8192, PROT_READ) = 0
      mprotect(0x101000, 4096, PROT_READ|PROT_WRITE) = 0`)
    expect(ranges).toEqual(['100000-103000 rw-p 1', '103000-104000 r--p 1'])
  })
})

describe('shared memory', () => {
  it('shmat takes its length from shmget, shmdt releases it', async () => {
    const calls = `
      shmget(IPC_PRIVATE, 10000, IPC_CREAT|0600) = 7
      shmat(7, NULL, 0) = 0x100000`
    expect((await replay(calls)).ranges).toEqual(['100000-103000 rw-s 2'])
    expect((await replay(`${calls}\nshmdt(0x100000) = 0`)).ranges).toEqual([])
  })
  it('a segment of unknown size is asked for, and counted when nobody knows', async () => {
    const asked = await replay('shmat(7, NULL, SHM_RDONLY) = 0x100000', (space) => {
      space.attachedEnd = () => 0x104000
    })
    expect(asked.ranges).toEqual(['100000-104000 r--s 1'])
    const unknown = await replay('shmat(7, NULL, 0) = 0x100000')
    expect(unknown.ranges).toEqual([])
    expect(unknown.space.untold).toBe(1)
  })
})

describe('execve', () => {
  it('drops everything; a failed one nothing', async () => {
    expect(
      (
        await replay(`
          mmap(NULL, 8192, ${ANON}) = 0x100000
          execve("/bin/no", ["no"], 0x7f /* 1 var */) = -1 ENOENT (No such file or directory)`)
      ).ranges,
    ).toEqual(['100000-102000 rw-p 1'])
    expect(
      (
        await replay(`
          mmap(NULL, 8192, ${ANON}) = 0x100000
          execve("/bin/true", ["true"], 0x7f /* 1 var */) = 0`)
      ).ranges,
    ).toEqual([])
  })
})

describe('calls that leave the ranges as they are', () => {
  it('madvise gives pages back, not addresses', async () => {
    const { ranges } = await replay(`
      mmap(NULL, 8192, ${ANON}) = 0x100000
      madvise(0x100000, 8192, MADV_DONTNEED) = 0
      madvise(0x100000, 4096, MADV_GUARD_INSTALL) = 0
      madvise(0x100000, 4096, MADV_REMOVE) = 0`)
    expect(ranges).toEqual(['100000-102000 rw-p 1'])
  })
})
