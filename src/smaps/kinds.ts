/**
 * What each mapping is for. By name where a name says it (name-kinds.ts), by the layout of neighbours for the unnamed
 * (arenas.ts, stacks.ts), and by where runtimes place their heaps. A kind that cannot be told from plain anonymous memory
 * stays `anonymous`: growth there is growth by mmap, whoever made it.
 */
import { GIB } from '../base/units.ts'
import type { MappingTable } from '../model/snapshot.ts'
import { markArenas } from './arenas.ts'
import { OPEN } from './kind-index.ts'
import { KindSheet } from './kind-sheet.ts'
import { GO_HEAP, isGoHeap, OpenTable } from './open-table.ts'
import { isUnguardedStack, markGuardedStacks } from './stacks.ts'

/** Where HotSpot puts one with compressed pointers when libjvm.so is mapped. */
const JVM_HEAP = { from: 2 * GIB, to: 64 * GIB } as const

/** Fills `table.kind` and `table.basis`, by name first, then by neighbours. The rows must be in order of addresses. */
export function classify(table: MappingTable): void {
  const sheet = KindSheet.of(table)
  const { kind, basis, length } = table
  kind.set(sheet.kind.subarray(0, length))
  basis.set(sheet.basis.subarray(0, length))
  const open = new OpenTable(table, sheet)
  if (open.wordBits === 64) markRuntimeHeaps(open, sheet.hasJvm)
  markArenas(open)
  markGuardedStacks(open)
  for (const row of sheet.maybeStacks)
    if (open.isOpen(row) && isUnguardedStack(open, row)) open.set(row, 'thread-stack', 'layout')
  const { restKind, restBasis } = sheet
  for (let row = 0; row < length; row++)
    if (kind[row] === OPEN) {
      kind[row] = restKind[row]!
      basis[row] = restBasis[row]!
    }
}

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
