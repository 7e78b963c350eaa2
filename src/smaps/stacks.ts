/**
 * Stacks of threads (glibc nptl/allocatestack.c). Up to glibc 2.41 a stack is a guard without access and the stack above
 * it; 8 MiB is the usual RLIMIT_STACK. Before 2.27 the guard is inside the 8 MiB, after it on top of them. From 2.42 on
 * Linux 6.13 the guard is a region inside one mapping (VmFlags `gu` where the kernel shows it), and stacks merge.
 *
 *   | ---p 4 KiB | rw-p 8 MiB |          | rw-p 8 MiB + 4 KiB |  | rw-p 10 x (8 MiB + 4 KiB) |
 *
 * What it cannot know: whether the thread still lives, and whether a lone guarded mapping of an odd size is a stack or
 * guarded memory of a library.
 */
import { KIB, MIB } from '../base/units.ts'
import type { Layout } from './layout.ts'

const USUAL_STACK = 8 * MIB
/** Guards are one page (64 KiB at most) unless a program or the JVM asks for more. */
const LARGEST_GUARD = MIB
/** Stack sizes that programs ask for are multiples of this, with or without the guard. */
const ROUND = 64 * KIB
/** Above the usual size by this factor, a guarded mapping is a stack merged with something bigger: not called a stack. */
const MERGED_FACTOR = 2

/** Marks stacks and guards among the rows that are still open. */
export function markStacks(layout: Layout): void {
  const guarded: number[] = []
  for (let row = 0; row + 1 < layout.length; row++) if (isGuarded(layout, row)) guarded.push(row + 1)
  const usual = usualSize(layout, guarded)
  for (const row of guarded) markGuarded(layout, row, usual)
  for (let row = 0; row < layout.length; row++) markUnguarded(layout, row)
}

/** Whether `row` is a guard and the row above it could be a stack. */
function isGuarded(layout: Layout, row: number): boolean {
  if (!layout.isReserve(row) || !layout.touchesNext(row)) return false
  if (!layout.isOpen(row + 1) || !layout.isWritable(row + 1)) return false
  if (layout.isOpen(row)) return layout.size(row) <= LARGEST_GUARD
  // An arena's reserve whose end sticks out holds the guard of the stack above it.
  return layout.kind(row) === 'malloc-arena-reserve' && layout.end(row) % MIB !== 0
}

/** The size that most guarded mappings have, when at least two agree. */
function usualSize(layout: Layout, guarded: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const row of guarded) counts.set(layout.size(row), (counts.get(layout.size(row)) ?? 0) + 1)
  let usual = USUAL_STACK
  let most = 1
  for (const [size, count] of counts)
    if (count > most || (count === most && most > 1 && size < usual)) {
      usual = size
      most = count
    }
  return usual
}

function markGuarded(layout: Layout, row: number, usual: number): void {
  const size = layout.size(row)
  const guard = layout.size(row - 1)
  const sure =
    layout.hasFlag(row, 'nh') ||
    size === usual ||
    size === USUAL_STACK ||
    size % ROUND === 0 ||
    (size + guard) % ROUND === 0
  const guardOpen = layout.isOpen(row - 1)
  if (size > MERGED_FACTOR * Math.max(usual, USUAL_STACK)) {
    if (guardOpen) layout.set(row - 1, 'stack-guard', 'guess')
    return
  }
  layout.set(row, 'thread-stack', sure ? 'layout' : 'guess')
  if (guardOpen) layout.set(row - 1, 'stack-guard', sure ? 'layout' : 'guess')
}

/** Stacks with guard regions: whole multiples of 8 MiB + one page, on kernels that mark them or MAP_STACK. */
function markUnguarded(layout: Layout, row: number): void {
  if (!layout.isOpen(row) || !layout.isWritable(row)) return
  if (!layout.hasFlag(row, 'gu') && !layout.hasFlag(row, 'nh')) return
  for (const page of [4 * KIB, 16 * KIB, 64 * KIB]) {
    if (layout.size(row) % (USUAL_STACK + page) !== 0) continue
    layout.set(row, 'thread-stack', 'layout')
    return
  }
}
