/**
 * What each mapping is for. By name where a name says it (name-kinds.ts), by the layout of neighbours for the unnamed
 * (arenas.ts, stacks.ts), and by where runtimes place their heaps. A kind that cannot be told from plain anonymous memory
 * stays `anonymous`: growth there is growth by mmap, whoever made it.
 */
import { GIB } from '../base/units.ts'
import type { MappingKind } from '../model/mapping-kind.ts'
import type { Sentence } from '../model/sentence.ts'
import { EXECUTE, type MappingTable, READ, SHARED, WRITE } from '../model/snapshot.ts'
import { markArenas } from './arenas.ts'
import { FLAG } from './flags.ts'
import { BASES, BASIS_INDEX, KIND_INDEX, type KindBasis, Layout, OPEN } from './layout.ts'
import { NameBook, type NameFacts } from './name-book.ts'
import { fileKind, type NameRule } from './name-kinds.ts'
import { markStacks } from './stacks.ts'

export type { KindBasis } from './layout.ts'

/** One row a kind: what tells it, in words for the method section, and the best basis it can have. */
export const KIND_TABLE: Readonly<
  Record<MappingKind, { readonly basis: KindBasis; readonly told: Sentence }>
> = {
  'main-heap': { basis: 'name', told: { en: 'named [heap]', zh: '名称为 [heap]' } },
  'malloc-arena': {
    basis: 'layout',
    told: {
      en: 'rw-p from a multiple of 64 MiB (1 MiB on 32-bit), filled up by a ---p reserve',
      zh: '从 64 MiB（32 位为 1 MiB）整数倍地址开始的 rw-p，其余由 ---p 保留区补满',
    },
  },
  'malloc-arena-reserve': {
    basis: 'layout',
    told: { en: 'the ---p rest of such a slot', zh: '上述区间中剩余的 ---p 部分' },
  },
  'thread-stack': {
    basis: 'layout',
    told: {
      en: 'named [stack:TID], or rw-p above a guard, or whole multiples of 8 MiB + a page with guard regions',
      zh: '名称为 [stack:TID]，或位于保护页之上的 rw-p，或带保护区域且大小为 8 MiB + 一页的整数倍',
    },
  },
  'stack-guard': { basis: 'layout', told: { en: '---p below such a stack', zh: '线程栈下方的 ---p' } },
  'main-stack': { basis: 'name', told: { en: 'named [stack]', zh: '名称为 [stack]' } },
  anonymous: { basis: 'layout', told: { en: 'no name, private', zh: '无名称、私有' } },
  'anonymous-reserve': {
    basis: 'layout',
    told: { en: 'no access: address space, not memory', zh: '不可访问：只占地址空间，不占内存' },
  },
  'named-anonymous': { basis: 'name', told: { en: 'named [anon:…]', zh: '名称为 [anon:…]' } },
  'file-text': { basis: 'name', told: { en: 'a file, r-xp', zh: '文件映射，r-xp' } },
  'file-data': { basis: 'name', told: { en: 'a file, private, not writable', zh: '文件映射，私有、不可写' } },
  'file-private-dirty': {
    basis: 'name',
    told: { en: 'a file, private and writable', zh: '文件映射，私有、可写' },
  },
  'file-shared': { basis: 'name', told: { en: 'a file, shared', zh: '文件映射，共享' } },
  'shared-memory': {
    basis: 'name',
    told: {
      en: 'SysV, POSIX (/dev/shm), memfd or shared anonymous memory, by name',
      zh: 'SysV、POSIX（/dev/shm）、memfd 或共享匿名内存，由名称判断',
    },
  },
  'huge-pages': {
    basis: 'name',
    told: { en: 'VmFlags ht, or a hugetlbfs name', zh: 'VmFlags 含 ht，或 hugetlbfs 名称' },
  },
  jit: {
    basis: 'layout',
    told: { en: 'no name, private, executable', zh: '无名称、私有、可执行' },
  },
  'managed-heap': {
    basis: 'name',
    told: {
      en: 'named by the runtime (Go, ART), or where Go or the JVM places its heap',
      zh: '由运行时命名（Go、ART），或位于 Go、JVM 放置堆的地址',
    },
  },
  device: { basis: 'name', told: { en: 'a device, or VmFlags pf or io', zh: '设备，或 VmFlags 含 pf、io' } },
  kernel: {
    basis: 'name',
    told: { en: 'a page of the kernel: [vdso], [vvar], …', zh: '内核页：[vdso]、[vvar] 等' },
  },
  rollup: { basis: 'name', told: { en: 'the sum line of smaps_rollup', zh: 'smaps_rollup 的合计行' } },
}

/** Where 64-bit Go puts its heap, and where HotSpot puts one with compressed pointers when libjvm.so is mapped. */
const GO_HEAP = { from: 0xc0_0000_0000, to: 0x100_0000_0000 } as const
const JVM_HEAP = { from: 2 * GIB, to: 64 * GIB } as const

const bases = new WeakMap<MappingTable, Uint8Array>()

/** How sure the kind of `row` is. */
export function kindBasis(table: MappingTable, row: number): KindBasis {
  return BASES[bases.get(table)?.[row] ?? 2] ?? 'guess'
}

/** Fills `table.kind`, in one pass by name and one over neighbours. The rows must be in order of addresses. */
export function classify(table: MappingTable): void {
  const layout = new Layout(table, NameBook.of(table.strings))
  bases.set(table, layout.basis)
  let jvm = false
  for (let row = 0; row < table.length; row++) {
    const name = table.name[row]!
    const facts = name === 0 ? null : layout.names.facts(name)
    classifyByName(layout, row, facts)
    if (facts?.isJvm) jvm = true
  }
  if (layout.wordBits === 64) markRuntimeHeaps(layout, jvm)
  markArenas(layout)
  markStacks(layout)
  const executableData = hasExecutableData(layout)
  for (let row = 0; row < table.length; row++)
    if (layout.isOpen(row)) classifyUnnamed(layout, row, executableData)
}

function classifyByName(layout: Layout, row: number, facts: NameFacts | null): void {
  const { table, basis } = layout
  if (layout.hasFlag(row, FLAG.ht)) layout.set(row, 'huge-pages', 'name')
  else if (facts === null) table.kind[row] = OPEN
  else if (facts.rules.length === 0 && layout.hasFlag(row, FLAG.pf | FLAG.io))
    layout.set(row, 'device', 'layout')
  else {
    const place = table.permissions[row]! | (table.inode[row]! > 0 ? IS_FILE : 0)
    const packed = facts.kinds[place] ?? kindByName(facts, place)
    facts.kinds[place] = packed
    table.kind[row] = packed & 0xff
    basis[row] = packed >> 8
  }
}

const IS_FILE = 16

/** Kind and basis (shifted by 8) of a mapping with this name, these permissions, and an inode or none. */
function kindByName(facts: NameFacts, place: number): number {
  const shared = (place & SHARED) !== 0
  const rule = facts.rules.find((candidate) => holds(candidate, shared, (place & IS_FILE) !== 0))
  if (!rule) {
    const kind = fileKind(shared, (place & WRITE) !== 0, (place & EXECUTE) !== 0)
    return KIND_INDEX[kind] | (BASIS_INDEX.name << 8)
  }
  const accessible = (place & (READ | WRITE | EXECUTE)) !== 0
  const kind = accessible ? rule.kind : (rule.inaccessible ?? rule.kind)
  return KIND_INDEX[kind] | (BASIS_INDEX[rule.guess ? 'guess' : 'name'] << 8)
}

/** Names in brackets with an inode are files whose directory pmap left out. */
const holds = (rule: NameRule, shared: boolean, isFile: boolean): boolean =>
  (rule.only === undefined || (rule.only === 'shared') === shared) &&
  !(isFile && rule.pattern.source.startsWith('^\\['))

/** Heaps that a runtime puts at addresses of its own choice, in a 64-bit process. */
function markRuntimeHeaps(layout: Layout, jvm: boolean): void {
  for (let row = 0; row < layout.length; row++) {
    if (!layout.isOpen(row)) continue
    const start = layout.start(row)
    const go = start >= GO_HEAP.from && start < GO_HEAP.to
    if (!go && !(jvm && start >= JVM_HEAP.from && start < JVM_HEAP.to)) continue
    if (layout.isReserve(row)) layout.set(row, 'anonymous-reserve', 'layout')
    else if (layout.isWritable(row)) layout.set(row, 'managed-heap', go ? 'layout' : 'guess')
  }
}

/** Old ports and personality READ_IMPLIES_EXEC make all data executable: then execution says nothing. */
function hasExecutableData(layout: Layout): boolean {
  for (let row = 0; row < layout.length; row++) {
    if (layout.isOpen(row) || !layout.isExecutable(row)) continue
    const kind = layout.kind(row)
    if (kind === 'main-heap' || kind === 'main-stack') return true
  }
  return false
}

function classifyUnnamed(layout: Layout, row: number, executableData: boolean): void {
  const permissions = layout.table.permissions[row]!
  if ((permissions & SHARED) !== 0) layout.set(row, 'shared-memory', 'guess')
  else if (layout.isReserve(row)) layout.set(row, 'anonymous-reserve', 'layout')
  else if ((permissions & EXECUTE) !== 0 && !executableData) layout.set(row, 'jit', 'layout')
  else layout.set(row, 'anonymous', 'layout')
}
