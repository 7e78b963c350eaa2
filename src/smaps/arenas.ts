/**
 * glibc malloc's arenas (malloc/arena.c, `new_heap`). A heap is mapped without access at a multiple of its largest size,
 * 64 MiB (1 MiB on 32-bit), and made accessible from the front, so a heap is two mappings that fill one slot exactly:
 *
 *   |<------------- 64 MiB, aligned ------------->|
 *   | rw-p, grows by mprotect |  ---p             |
 *
 * Where nothing keeps them apart the kernel merges neighbours: a full heap with the next one, an accessible part with
 * an mmap that ends where the heap begins, a reserve with the guard page of the stack above it.
 *
 * What it cannot know: that a program did not lay out its own memory in just this way; from glibc 2.37 on, whether a whole
 * slot without a reserve is a full heap or plain mappings that grew into the gap between two. The main arena is [heap].
 */
import { GIB, KIB, MIB } from '../base/units.ts'
import { FLAG } from './flags.ts'
import { isGoHeap, type OpenTable } from './open-table.ts'

/** HEAP_MAX_SIZE by word size. */
const HEAP = { 32: MIB, 64: 64 * MIB } as const

/** Most that a reserve may stick out over its slot: the guard of the stack above, merged with it. */
const MERGED_GUARD = { 32: 64 * KIB, 64: MIB } as const

/** Below this a 64-bit process maps nothing of its own accord: there lie heaps that runtimes place by hand. */
const LOWEST_MMAP = { 32: 0, 64: 64 * GIB } as const

/** Marks accessible parts and reserves of arenas among the rows that are still open. */
export function markArenas(open: OpenTable): void {
  const heap = HEAP[open.wordBits]
  let known = -1
  for (const row of open.reserves) {
    if (row === 0 || !open.isOpen(row) || !open.touchesNext(row - 1)) continue
    if (open.isWritable(row - 1) && markSlot(open, row - 1, row, heap)) known = row
  }
  if (known >= 0) markFullHeaps(open, heap, known)
}

/** Whether `accessible` and `reserve` are one slot; marks them when they are. */
function markSlot(open: OpenTable, accessible: number, reserve: number, heap: number): boolean {
  const top = Math.ceil(open.start(reserve) / heap) * heap
  const base = top - heap
  const overhang = open.end(reserve) - top
  const start = open.start(accessible)
  if (top === open.start(reserve) || start > base || overhang < 0) return false
  if (overhang > MERGED_GUARD[open.wordBits] || !mayHoldArenas(open, base)) return false

  const exact = overhang === 0
  open.set(reserve, 'malloc-arena-reserve', exact ? 'layout' : 'guess')
  // Whole slots below the base are full heaps of the same arena or of a neighbour.
  const ownBytes = open.end(accessible) - Math.ceil(start / heap) * heap
  if (start % heap === 0) open.set(accessible, 'malloc-arena', exact ? 'layout' : 'guess')
  else if (ownBytes * 2 >= open.size(accessible)) open.set(accessible, 'malloc-arena', 'guess')
  return true
}

function mayHoldArenas(open: OpenTable, base: number): boolean {
  if (base < LOWEST_MMAP[open.wordBits]) return false
  return open.wordBits === 32 || !isGoHeap(base)
}

/**
 * Whole aligned slots without a reserve, in a process that has arenas; `known` is the reserve of one. Mappings of a program
 * pile up between two arenas until they fill such a slot too: up to glibc 2.36 heaps are mapped NORESERVE, and they are not.
 */
function markFullHeaps(open: OpenTable, heap: number, known: number): void {
  for (let row = open.length - 1; row >= 0; row--) {
    if (!open.isOpen(row) || !open.isWritable(row)) continue
    if (open.start(row) % heap !== 0 || open.size(row) % heap !== 0) continue
    if (!mayHoldArenas(open, open.start(row)) || !open.sameFlags(row, known, FLAG.nr)) continue
    const beside = isArena(open, row - 1) || isArena(open, row + 1)
    open.set(row, 'malloc-arena', beside ? 'layout' : 'guess')
  }
}

const isArena = (open: OpenTable, row: number): boolean =>
  row >= 0 && row < open.length && !open.isOpen(row) && open.kind(row).startsWith('malloc-arena')
