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
import { FLAG } from './flags.ts'
import type { OpenTable } from './open-table.ts'

const USUAL_STACK = 8 * MIB
/** Guards are one page (64 KiB at most) unless a program or the JVM asks for more. */
const LARGEST_GUARD = MIB
/** Stack sizes that programs ask for are multiples of this, with or without the guard. */
const ROUND = 64 * KIB
/** PTHREAD_STACK_MIN. */
const SMALLEST_STACK = 16 * KIB
/** A stack merges with what lies above it and has its flags. From this many usual stacks on, the rest is the most of it. */
const MERGED_FACTOR = 2

/** Marks stacks above a guard, and the guards, among the rows that are still open. */
export function markGuardedStacks(open: OpenTable): void {
  const sizes = new Map<number, number>()
  const guarded: number[] = []
  for (const guard of open.reserves) {
    const row = guard + 1
    if (!isGuarded(open, row)) continue
    guarded.push(row)
    sizes.set(open.size(row), (sizes.get(open.size(row)) ?? 0) + 1)
  }
  for (const row of guarded) markGuarded(open, row, sizes.get(open.size(row))! > 1)
}

/** Whether the row below, a reserve, is a guard and `row` could be a stack. */
function isGuarded(open: OpenTable, row: number): boolean {
  const guard = row - 1
  if (!open.touchesNext(guard)) return false
  if (!open.isOpen(row) || !open.isWritable(row) || open.size(row) < SMALLEST_STACK) return false
  if (open.isOpen(guard)) return open.size(guard) <= LARGEST_GUARD
  // An arena's reserve whose end sticks out holds the guard of the stack above it.
  return open.kind(guard) === 'malloc-arena-reserve' && open.end(guard) % MIB !== 0
}

/** `repeated`: another guarded mapping has the same size, as the stacks of a pool of threads have. */
function markGuarded(open: OpenTable, row: number, repeated: boolean): void {
  const size = open.size(row)
  const guard = open.size(row - 1)
  const usual = size === USUAL_STACK || size + guard === USUAL_STACK
  if (!repeated && !usual && !open.hasFlag(row, FLAG.nh) && isOpenedInside(open, row)) return
  const round = size % ROUND === 0 || (size + guard) % ROUND === 0
  const large = size > MERGED_FACTOR * USUAL_STACK
  // MADV_NOHUGEPAGE sets the flag of MAP_STACK as well, and a mapping that has it merges with a stack.
  const marked = open.hasFlag(row, FLAG.nh) && (!large || isRunOfStacks(size))
  const sure = repeated || marked || (round && size <= USUAL_STACK)
  const merged = !sure && large
  const basis = sure ? 'layout' : 'guess'
  if (!merged) open.set(row, 'thread-stack', basis)
  if (open.isOpen(row - 1)) open.set(row - 1, 'stack-guard', basis)
}

/**
 * Whether a reserve larger than any guard goes on above: then `row` is a piece that a runtime opened in the middle of
 * its reservation, as the JVM does for classes, and what lies below is more of it.
 */
const isOpenedInside = (open: OpenTable, row: number): boolean =>
  open.touchesNext(row) && open.isReserve(row + 1) && open.size(row + 1) > LARGEST_GUARD

const PAGES = [4 * KIB, 16 * KIB, 64 * KIB]

/** Stacks with guard regions: whole multiples of 8 MiB + one page, on kernels that mark them or MAP_STACK. */
export function isUnguardedStack(open: OpenTable, row: number): boolean {
  return open.isWritable(row) && open.hasFlag(row, FLAG.gu | FLAG.nh) && isRunOfStacks(open.size(row))
}

const isRunOfStacks = (size: number): boolean => PAGES.some((page) => size % (USUAL_STACK + page) === 0)
