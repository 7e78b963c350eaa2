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
import type { Layout } from './layout.ts'

/** HEAP_MAX_SIZE by word size. */
const HEAP = { 32: MIB, 64: 64 * MIB } as const

/** Most that a reserve may stick out over its slot: the guard of the stack above, merged with it. */
const MERGED_GUARD = { 32: 64 * KIB, 64: MIB } as const

/** Below this a 64-bit process maps nothing of its own accord: there lie heaps that runtimes place by hand. */
const LOWEST_MMAP = { 32: 0, 64: 64 * GIB } as const

/** Go places its heap here (runtime/malloc.go, `arenaHint`s), in 64 MiB slots that look the same. */
const GO_HEAP = { from: 0xc0_0000_0000, to: 0x100_0000_0000 } as const

/** Marks accessible parts and reserves of arenas among the rows that are still open. */
export function markArenas(layout: Layout): void {
  const heap = HEAP[layout.wordBits]
  let known = -1
  for (let row = 1; row < layout.length; row++) {
    if (!layout.isOpen(row) || !layout.isReserve(row) || !layout.touchesNext(row - 1)) continue
    if (layout.isWritable(row - 1) && markSlot(layout, row - 1, row, heap)) known = row
  }
  if (known >= 0) markFullHeaps(layout, heap, known)
}

/** Whether `accessible` and `reserve` are one slot; marks them when they are. */
function markSlot(layout: Layout, accessible: number, reserve: number, heap: number): boolean {
  const top = Math.ceil(layout.start(reserve) / heap) * heap
  const base = top - heap
  const overhang = layout.end(reserve) - top
  const start = layout.start(accessible)
  if (top === layout.start(reserve) || start > base || overhang < 0) return false
  if (overhang > MERGED_GUARD[layout.wordBits] || !mayHoldArenas(layout, base)) return false

  const exact = overhang === 0
  layout.set(reserve, 'malloc-arena-reserve', exact ? 'layout' : 'guess')
  // Whole slots below the base are full heaps of the same arena or of a neighbour.
  const ownBytes = layout.end(accessible) - Math.ceil(start / heap) * heap
  if (start % heap === 0) layout.set(accessible, 'malloc-arena', exact ? 'layout' : 'guess')
  else if (ownBytes * 2 >= layout.size(accessible)) layout.set(accessible, 'malloc-arena', 'guess')
  return true
}

function mayHoldArenas(layout: Layout, base: number): boolean {
  if (base < LOWEST_MMAP[layout.wordBits]) return false
  return layout.wordBits === 32 || base < GO_HEAP.from || base >= GO_HEAP.to
}

/**
 * Whole aligned slots without a reserve, in a process that has arenas; `known` is the reserve of one. Mappings of a program
 * pile up between two arenas until they fill such a slot too: up to glibc 2.36 heaps are mapped NORESERVE, and they are not.
 */
function markFullHeaps(layout: Layout, heap: number, known: number): void {
  for (let row = layout.length - 1; row >= 0; row--) {
    if (!layout.isOpen(row) || !layout.isWritable(row)) continue
    if (layout.start(row) % heap !== 0 || layout.size(row) % heap !== 0) continue
    if (!mayHoldArenas(layout, layout.start(row)) || !layout.sameFlags(row, known, FLAG.nr)) continue
    const beside = isArena(layout, row - 1) || isArena(layout, row + 1)
    layout.set(row, 'malloc-arena', beside ? 'layout' : 'guess')
  }
}

const isArena = (layout: Layout, row: number): boolean =>
  row >= 0 && row < layout.length && !layout.isOpen(row) && layout.kind(row).startsWith('malloc-arena')
