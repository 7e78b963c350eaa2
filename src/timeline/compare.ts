import type { ChangeKind } from '../model/timeline.ts'
import type { Layout } from './layout.ts'
import { leftOver } from './left-over.ts'
import type { Step, Taken } from './step.ts'
import { ComparisonRoom, type SameRows, sweep } from './sweep.ts'

/** Rows of both sides that are one thing: they overlap, with the same key. */
interface Group {
  readonly before: number[]
  readonly after: number[]
}

/** How the rows of two layouts belong together. */
export interface Comparison {
  /** Everything that differs; rows that are the same in range and Rss are not in any step. */
  readonly steps: readonly Step[]
  /** Rows that continue each other unchanged in extent. */
  readonly same: SameRows
}

/**
 * Follows rows from one layout to the next by overlap of bytes:
 *
 *   before   |--- A ---|      |-- B --|            A and B become one: merged
 *   after    |------------ A ---------|
 *
 *   before   |======= reserve =======|             rw grows into its reserve: grew and shrank,
 *   after    |-- rw --|== reserve ===|             or, when it starts there, reprotected
 *
 * Rows belong together when they overlap and have the same key. A row left over that overlaps a left-over row of
 * another key is the same memory under other permissions or another name. What is left then appeared or vanished,
 * unless a vanished row fits an appeared one as mremap would move it.
 */
export function compareLayouts(
  before: Layout,
  after: Layout,
  room: ComparisonRoom = new ComparisonRoom(),
): Comparison {
  room.enter(before.length, after.length)
  const { taken } = room
  const { same, steps, links, crossings } = sweep(before, after, room)
  for (const group of groupsOf(links, before.length)) {
    for (const row of group.before) taken.before[row] = 1
    for (const row of group.after) taken.after[row] = 1
    steps.push({ kind: kindOfGroup(before, after, group), before: group.before, after: group.after })
  }
  const changed = reprotected(before, after, crossings, taken)
  return { steps: [...steps, ...changed, ...leftOver(before, after, taken)], same }
}

/** Connected components of the overlaps. They come in address order, so neighbours in the list suffice. */
function groupsOf(links: readonly [number, number][], offset: number): Group[] {
  const parent = new Map<number, number>()
  const find = (node: number): number => {
    let root = node
    for (let up = parent.get(root) ?? root; up !== root; up = parent.get(root) ?? root) root = up
    return root
  }
  for (const [a, b] of links) {
    const [x, y] = [find(a), find(offset + b)]
    if (x !== y) parent.set(Math.max(x, y), Math.min(x, y))
  }
  const groups = new Map<number, { before: Set<number>; after: Set<number> }>()
  for (const [a, b] of links) {
    const root = find(a)
    let group = groups.get(root)
    if (!group) {
      group = { before: new Set(), after: new Set() }
      groups.set(root, group)
    }
    group.before.add(a)
    group.after.add(b)
  }
  return [...groups.values()].map((group) => ({ before: [...group.before], after: [...group.after] }))
}

function kindOfGroup(before: Layout, after: Layout, group: Group): ChangeKind {
  if (group.before.length > group.after.length) return 'merged'
  if (group.before.length < group.after.length) return 'split'
  const delta = sizeOf(after, group.after) - sizeOf(before, group.before)
  return delta > 0 ? 'grew' : delta < 0 ? 'shrank' : 'moved'
}

export function sizeOf(layout: Layout, rows: readonly number[]): number {
  let sum = 0
  for (const row of rows) sum += layout.end[row]! - layout.start[row]!
  return sum
}

/**
 * Left-over rows that overlap left-over rows of another key: the same memory, reprotected or renamed. Of several
 * candidates the one with the most bytes in common wins. A new row that lies in memory whose own row lives on
 * (an arena carved out of its reserve) is reprotected too, but starts a lineage of its own.
 */
function reprotected(
  before: Layout,
  after: Layout,
  crossings: readonly [number, number][],
  taken: Taken,
): Step[] {
  const common = ([a, b]: readonly [number, number]): number =>
    Math.min(before.end[a]!, after.end[b]!) - Math.max(before.start[a]!, after.start[b]!)
  const steps: Step[] = []
  const both = crossings
    .filter(([a, b]) => !taken.before[a] && !taken.after[b])
    .sort((x, y) => common(y) - common(x) || x[0] - y[0] || x[1] - y[1])
  for (const [a, b] of both) {
    if (taken.before[a] || taken.after[b]) continue
    taken.before[a] = 1
    taken.after[b] = 1
    steps.push({ kind: 'reprotected', before: [a], after: [b] })
  }
  for (const [a, b] of crossings) {
    if (!taken.after[b]) {
      taken.after[b] = 1
      steps.push({ kind: 'reprotected', before: [], after: [b] })
    }
    if (!taken.before[a]) {
      taken.before[a] = 1
      steps.push({ kind: 'reprotected', before: [a], after: [] })
    }
  }
  return steps
}
