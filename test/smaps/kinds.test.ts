import { describe, expect, it } from 'vitest'
import { GIB, KIB, MIB } from '../../src/base/units.ts'
import { BASES, type KindBasis, type MappingKind } from '../../src/model/mapping-kind.ts'
import { type BlockText, smapsText } from './a-smaps.ts'
import { kindAt, readOne } from './support.ts'

const TOP = 0x7f1000000000
const rw = (start: number, size: number, more: Partial<BlockText> = {}): BlockText => ({
  start,
  end: start + size,
  ...more,
})
const none = (start: number, size: number): BlockText => ({
  ...rw(start, size),
  permissions: '---p',
  flags: 'mr mw me',
})

/** Kinds with their basis, one a mapping. */
async function kinds(...blocks: BlockText[]): Promise<string[]> {
  const { mappings } = await readOne(smapsText(blocks))
  return Array.from(
    { length: mappings.length },
    (_, row) => `${kindAt(mappings, row)} ${BASES[mappings.basis[row]!]}`,
  )
}

/** The kind of one mapping alone. */
const alone = async (name: string, more: Partial<BlockText> = {}): Promise<string> =>
  (await kinds(rw(TOP, 64 * KIB, { name, ...more })))[0]!

describe('by name', () => {
  const shared = { permissions: 'rw-s', inode: 5 }
  const file = { inode: 5 }
  const cases: readonly [string, Partial<BlockText>, MappingKind, KindBasis][] = [
    ['[heap]', {}, 'main-heap', 'name'],
    ['[stack]', {}, 'main-stack', 'name'],
    ['[stack:228264]', {}, 'thread-stack', 'name'],
    ['[anon: glibc: pthread stack: 4711]', {}, 'thread-stack', 'name'],
    ['[anon: glibc: pthread stack: 4711]', { permissions: '---p' }, 'stack-guard', 'name'],
    ['[anon: glibc: malloc arena]', {}, 'malloc-arena', 'name'],
    ['[anon: glibc: malloc arena]', { permissions: '---p' }, 'malloc-arena-reserve', 'name'],
    ['[anon: glibc: malloc]', {}, 'named-anonymous', 'name'],
    ['[anon:stack_and_tls:9912]', {}, 'thread-stack', 'name'],
    ['[anon:thread stack guard]', { permissions: '---p' }, 'stack-guard', 'name'],
    ['[anon: Go: heap]', {}, 'managed-heap', 'name'],
    ['[anon: Go: heap reservation]', { permissions: '---p' }, 'anonymous-reserve', 'name'],
    ['[anon:dalvik-main space (region space)]', {}, 'managed-heap', 'name'],
    ['[anon:dalvik-main space (region space)]', { permissions: '---p' }, 'anonymous-reserve', 'name'],
    ['[anon:dalvik-zygote-jit-code-cache]', { permissions: 'r-xp' }, 'jit', 'name'],
    ['[anon:scudo:primary]', {}, 'named-anonymous', 'name'],
    ['[anon:any name (of) mine:]', {}, 'named-anonymous', 'name'],
    ['[anon_shmem:ring]', { permissions: 'rw-s' }, 'shared-memory', 'name'],
    ['[vdso]', { permissions: 'r-xp' }, 'kernel', 'name'],
    ['[vvar]', { permissions: 'r--p', flags: 'rd mr pf io de dd' }, 'kernel', 'name'],
    ['[vvar_vclock]', { permissions: 'r--p' }, 'kernel', 'name'],
    ['[sigpage]', { permissions: 'r-xp' }, 'kernel', 'name'],
    ['[vectors]', { permissions: 'r-xp' }, 'kernel', 'name'],
    ['[some_new_page]', { permissions: 'r-xp' }, 'kernel', 'guess'],
    ['/usr/lib/libc.so.6', { ...file, permissions: 'r-xp' }, 'file-text', 'name'],
    ['/usr/lib/libc.so.6', { ...file, permissions: 'r--p' }, 'file-data', 'name'],
    ['/usr/lib/libc.so.6', { ...file, permissions: '---p' }, 'file-data', 'name'],
    ['/usr/lib/libc.so.6', file, 'file-private-dirty', 'name'],
    ['/var/cache/nscd/hosts', shared, 'file-shared', 'name'],
    ['/var/cache/fontconfig/x (deleted)', { ...shared, permissions: 'r--s' }, 'file-shared', 'name'],
    ['/tmp/[heap]', file, 'file-private-dirty', 'name'],
    ['/SYSV00000000 (deleted)', shared, 'shared-memory', 'name'],
    ['/SYSV00000000 (deleted)', { ...shared, flags: 'rd wr sh ht' }, 'huge-pages', 'name'],
    ['/dev/shm/ring', shared, 'shared-memory', 'name'],
    ['/memfd:blob (deleted)', shared, 'shared-memory', 'name'],
    ['/memfd: (deleted)', shared, 'shared-memory', 'name'],
    ['/memfd:jit-cache (deleted)', shared, 'jit', 'name'],
    ['/dev/zero (deleted)', shared, 'shared-memory', 'name'],
    ['/dev/zero', file, 'anonymous', 'name'],
    ['/dev/ashmem/CursorWindow', shared, 'shared-memory', 'name'],
    ['/dev/ashmem/dalvik-main space', file, 'managed-heap', 'name'],
    ['/dev/nvidia0', shared, 'device', 'name'],
    ['/drm mm object (deleted)', shared, 'device', 'name'],
    ['/opt/vfio', { ...shared, flags: 'rd wr sh pf io' }, 'device', 'layout'],
    ['anon_inode:[perf_event]', shared, 'device', 'name'],
    ['/anon_hugepage (deleted)', file, 'huge-pages', 'name'],
    ['/dev/hugepages/vm0', shared, 'huge-pages', 'name'],
    ['', { flags: 'rd wr ht' }, 'huge-pages', 'name'],
    ['', {}, 'anonymous', 'layout'],
    ['', { permissions: 'r--p' }, 'anonymous', 'layout'],
    ['', { permissions: '---p' }, 'anonymous-reserve', 'layout'],
    ['', { permissions: 'rw-s' }, 'shared-memory', 'guess'],
    ['', { permissions: 'r-xp' }, 'jit', 'layout'],
    ['', { permissions: 'rwxp' }, 'jit', 'layout'],
  ]
  it.each(cases)('%j %j is %s by %s', async (name, more, kind, basis) => {
    expect(await alone(name, more)).toBe(`${kind} ${basis}`)
  })

  it('execution says nothing where all data is executable', async () => {
    const heap = rw(0x10000000, MIB, { name: '[heap]', permissions: 'rwxp' })
    expect(await kinds(heap, rw(TOP, MIB, { permissions: 'rwxp' }))).toEqual([
      'main-heap name',
      'anonymous layout',
    ])
  })
})

describe('arenas', () => {
  const SLOT = 64 * MIB
  const base = 0x7f6bf0000000

  it('an aligned accessible part and the reserve that fills its 64 MiB', async () => {
    expect(await kinds(rw(base, 132 * KIB), none(base + 132 * KIB, SLOT - 132 * KIB))).toEqual([
      'malloc-arena layout',
      'malloc-arena-reserve layout',
    ])
  })

  it('a full heap merged with the next, and one beside an arena', async () => {
    const end = base + SLOT + 18 * MIB
    expect(
      await kinds(rw(base, end - base), none(end, base + 2 * SLOT - end), rw(base + 2 * SLOT, SLOT)),
    ).toEqual(['malloc-arena layout', 'malloc-arena-reserve layout', 'malloc-arena layout'])
  })

  it('where arenas are NORESERVE, plain mappings that fill the slot between two of them are no heap', async () => {
    const between = (flags: string): Promise<string[]> =>
      kinds(
        rw(base, MIB, { flags: 'rd wr mr mw me nr' }),
        { ...none(base + MIB, SLOT - MIB), flags: 'mr mw me nr' },
        rw(base + SLOT, SLOT, { flags }),
        rw(base + 2 * SLOT, MIB, { flags: 'rd wr mr mw me nr' }),
        { ...none(base + 2 * SLOT + MIB, SLOT - MIB), flags: 'mr mw me nr' },
      )
    expect((await between('rd wr mr mw me ac'))[2]).toBe('anonymous layout')
    expect((await between('rd wr mr mw me nr'))[2]).toBe('malloc-arena layout')
  })

  it('merged with a mapping below it: whichever is the most of it, as a guess', async () => {
    const merged = (below: number): Promise<string[]> =>
      kinds(rw(base - below, below + MIB), none(base + MIB, SLOT - MIB))
    expect(await merged(64 * KIB)).toEqual(['malloc-arena guess', 'malloc-arena-reserve layout'])
    expect(await merged(40 * MIB)).toEqual(['anonymous layout', 'malloc-arena-reserve layout'])
  })

  it('a reserve merged with the guard of the stack above it', async () => {
    const stack = base + SLOT + 4 * KIB
    expect(await kinds(rw(base, MIB), none(base + MIB, SLOT - MIB + 4 * KIB), rw(stack, 8 * MIB))).toEqual([
      'malloc-arena guess',
      'malloc-arena-reserve guess',
      'thread-stack layout',
    ])
  })

  it.each([
    ['not aligned', [rw(base + 4096, MIB), none(base + 4096 + MIB, SLOT - MIB - 4096)]],
    ['the slot not filled', [rw(base, MIB), none(base + MIB, SLOT - 2 * MIB)]],
    ['filled beyond', [rw(base, MIB), none(base + MIB, 2 * SLOT)]],
    ['a gap between', [rw(base, MIB), none(base + 2 * MIB, SLOT - 2 * MIB)]],
    ['aligned and full, but no arena anywhere', [rw(base, SLOT)]],
    [
      'below what mmap gives out: a heap some runtime placed',
      [rw(0x6c0000000, MIB), none(0x6c0000000 + MIB, SLOT - MIB)],
    ],
  ])('%s: no arena', async (_, blocks) => {
    for (const kind of await kinds(...blocks)) expect(kind).not.toContain('arena')
  })

  it('heaps of 1 MiB in a 32-bit process, not in the low part of a 64-bit one', async () => {
    const low = 0x7ff00000
    const pair = [rw(low, 132 * KIB), none(low + 132 * KIB, MIB - 132 * KIB)]
    const stack32 = rw(0xbf8c0000, 84 * KIB, { name: '[stack]' })
    const stack64 = rw(0x7ffd00000000, 84 * KIB, { name: '[stack]' })
    expect((await kinds(...pair, stack32)).slice(0, 2)).toEqual([
      'malloc-arena layout',
      'malloc-arena-reserve layout',
    ])
    expect((await kinds(...pair, stack64)).slice(0, 2)).toEqual([
      'anonymous layout',
      'anonymous-reserve layout',
    ])
  })
})

describe('thread stacks', () => {
  const guard = none(TOP, 4 * KIB)
  const above = TOP + 4 * KIB

  it('8 MiB above a page without access, before and after glibc 2.27', async () => {
    expect(await kinds(guard, rw(above, 8 * MIB))).toEqual(['stack-guard layout', 'thread-stack layout'])
    expect(await kinds(guard, rw(above, 8 * MIB - 4 * KIB))).toEqual([
      'stack-guard layout',
      'thread-stack layout',
    ])
  })

  it('the JVM guards with 16 KiB of 1 MiB', async () => {
    expect(await kinds(none(TOP, 16 * KIB), rw(TOP + 16 * KIB, 1008 * KIB))).toEqual([
      'stack-guard layout',
      'thread-stack layout',
    ])
  })

  it('what the JVM opens in the middle of its reservation for classes is none, whatever its size', async () => {
    const piece = (size: number) => [
      none(TOP, 192 * KIB),
      rw(TOP + 192 * KIB, size),
      none(TOP + 192 * KIB + size, 900 * MIB),
    ]
    for (const size of [1984 * KIB, 14 * MIB + 896 * KIB])
      expect(await kinds(...piece(size))).toEqual([
        'anonymous-reserve layout',
        'anonymous layout',
        'anonymous-reserve layout',
      ])
    expect((await kinds(...piece(8 * MIB)))[1]).toBe('thread-stack layout')
  })

  it('an odd size is a guess alone, and sure where another has it or the kernel marks MAP_STACK', async () => {
    const odd = 1960 * KIB
    expect(await kinds(guard, rw(above, odd))).toEqual(['stack-guard guess', 'thread-stack guess'])
    const second = above + odd + MIB
    expect(await kinds(guard, rw(above, odd), none(second, 4 * KIB), rw(second + 4 * KIB, odd))).toEqual([
      'stack-guard layout',
      'thread-stack layout',
      'stack-guard layout',
      'thread-stack layout',
    ])
    expect(await kinds(guard, rw(above, odd, { flags: 'rd wr mr mw me ac nh' }))).toEqual([
      'stack-guard layout',
      'thread-stack layout',
    ])
  })

  it('merged with something bigger above it: not called a stack', async () => {
    expect(await kinds(guard, rw(above, 500 * MIB))).toEqual(['stack-guard guess', 'anonymous layout'])
    const marked = { flags: 'rd wr mr mw me ac nh' }
    expect(await kinds(guard, rw(above, 264 * MIB, marked))).toEqual([
      'stack-guard guess',
      'anonymous layout',
    ])
    expect(await kinds(guard, rw(above, 16 * MIB, marked))).toEqual([
      'stack-guard layout',
      'thread-stack layout',
    ])
  })

  it('guard regions of glibc 2.42: whole multiples of stack and page in one mapping', async () => {
    const ten = 10 * (8 * MIB + 4 * KIB)
    expect(ten).toBe(81_960 * KIB)
    expect(await kinds(rw(TOP, ten, { flags: 'rd wr mr mw me ac nh gu' }))).toEqual(['thread-stack layout'])
    expect(await kinds(rw(TOP, ten, { flags: 'rd wr mr mw me ac nh' }))).toEqual(['thread-stack layout'])
    expect(await kinds(rw(TOP, ten))).toEqual(['anonymous layout'])
    expect(await kinds(rw(TOP, ten + 8 * KIB, { flags: 'rd wr mr mw me ac nh gu' }))).toEqual([
      'anonymous layout',
    ])
  })

  it.each([
    ['a gap above the guard', [guard, rw(above + 4 * KIB, 8 * MIB)]],
    ['smaller than any stack', [guard, rw(above, 4 * KIB)]],
    ['a reserve too large for a guard', [none(TOP, 2 * MIB), rw(TOP + 2 * MIB, 8 * MIB)]],
    ['not writable', [guard, rw(above, 8 * MIB, { permissions: 'r--p' })]],
    ['a file', [guard, rw(above, 8 * MIB, { name: '/a', inode: 1 })]],
  ])('%s: no stack', async (_, blocks) => {
    for (const kind of await kinds(...blocks)) expect(kind).not.toContain('thread-stack')
  })
})

describe('heaps of runtimes', () => {
  const jvm = rw(0x7f2000000000, MIB, {
    name: '/opt/jdk/lib/server/libjvm.so',
    inode: 7,
    permissions: 'r-xp',
  })

  it('Go, where its slots look like arenas', async () => {
    const go = 0xc000000000
    expect(await kinds(rw(go, 4 * MIB), none(go + 4 * MIB, 60 * MIB))).toEqual([
      'managed-heap layout',
      'anonymous-reserve layout',
    ])
  })

  it('the JVM, only where libjvm is mapped', async () => {
    const heap = [rw(28 * GIB, 256 * MIB), none(28 * GIB + 256 * MIB, GIB)]
    expect((await kinds(...heap, jvm)).slice(0, 2)).toEqual([
      'managed-heap guess',
      'anonymous-reserve layout',
    ])
    expect(await kinds(...heap)).toEqual(['anonymous layout', 'anonymous-reserve layout'])
  })
})
