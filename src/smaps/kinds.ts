/**
 * What each mapping is for. By name where a name says it (name-kinds.ts), by the layout of neighbours for the unnamed
 * (arenas.ts, stacks.ts), and by where runtimes place their heaps. A kind that cannot be told from plain anonymous memory
 * stays `anonymous`: growth there is growth by mmap, whoever made it.
 */
import { GIB } from '../base/units.ts'
import { EXECUTE, type MappingTable, READ, SHARED, WRITE } from '../model/snapshot.ts'
import { markArenas } from './arenas.ts'
import { FLAG } from './flags.ts'
import { NameBook, type NameFacts } from './name-book.ts'
import { fileKind, type NameRule } from './name-kinds.ts'
import { BASIS_INDEX, GO_HEAP, isGoHeap, KIND_INDEX, OPEN, OpenTable } from './open-table.ts'
import { isUnguardedStack, markGuardedStacks } from './stacks.ts'

/** Where HotSpot puts one with compressed pointers when libjvm.so is mapped. */
const JVM_HEAP = { from: 2 * GIB, to: 64 * GIB } as const

/** Fills `table.kind` and `table.basis`, by name first, then by neighbours. The rows must be in order of addresses. */
export function classify(table: MappingTable): void {
  const open = new OpenTable(table, NameBook.of(table.strings))
  let jvm = false
  for (let row = 0; row < table.length; row++) {
    const name = table.name[row]!
    const facts = name === 0 ? null : open.names.facts(name)
    classifyByName(open, row, facts)
    if (facts?.isJvm) jvm = true
  }
  if (open.wordBits === 64) markRuntimeHeaps(open, jvm)
  markArenas(open)
  markGuardedStacks(open)
  const executableData = hasExecutableData(open)
  for (let row = 0; row < table.length; row++)
    if (open.isOpen(row)) classifyUnnamed(open, row, executableData)
}

function classifyByName(open: OpenTable, row: number, facts: NameFacts | null): void {
  const { table } = open
  if (open.hasFlag(row, FLAG.ht)) open.set(row, 'huge-pages', 'name')
  else if (facts === null) table.kind[row] = OPEN
  else if (facts.rules.length === 0 && open.hasFlag(row, FLAG.pf | FLAG.io)) open.set(row, 'device', 'layout')
  else {
    const place = table.permissions[row]! | (table.inode[row]! > 0 ? IS_FILE : 0)
    const packed = facts.kinds[place] ?? kindByName(facts, place)
    facts.kinds[place] = packed
    table.kind[row] = packed & 0xff
    table.basis[row] = packed >> 8
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

/** Heaps that a runtime puts at addresses of its own choice, in a 64-bit process: Go's are the highest. */
function markRuntimeHeaps(open: OpenTable, jvm: boolean): void {
  for (let row = 0; row < open.length; row++) {
    const start = open.start(row)
    if (start >= GO_HEAP.to) return
    if (!open.isOpen(row)) continue
    const go = isGoHeap(start)
    if (!go && !(jvm && start >= JVM_HEAP.from && start < JVM_HEAP.to)) continue
    if (open.isReserve(row)) open.set(row, 'anonymous-reserve', 'layout')
    else if (open.isWritable(row)) open.set(row, 'managed-heap', go ? 'layout' : 'guess')
  }
}

/** Old ports and personality READ_IMPLIES_EXEC make all data executable: then execution says nothing. */
function hasExecutableData(open: OpenTable): boolean {
  for (let row = 0; row < open.length; row++) {
    if (open.isOpen(row) || !open.isExecutable(row)) continue
    const kind = open.kind(row)
    if (kind === 'main-heap' || kind === 'main-stack') return true
  }
  return false
}

function classifyUnnamed(open: OpenTable, row: number, executableData: boolean): void {
  const permissions = open.table.permissions[row]!
  if (isUnguardedStack(open, row)) open.set(row, 'thread-stack', 'layout')
  else if ((permissions & SHARED) !== 0) open.set(row, 'shared-memory', 'guess')
  else if (open.isReserve(row)) open.set(row, 'anonymous-reserve', 'layout')
  else if ((permissions & EXECUTE) !== 0 && !executableData) open.set(row, 'jit', 'layout')
  else open.set(row, 'anonymous', 'layout')
}
