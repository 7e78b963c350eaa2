import { ComparisonRoom, compareLayouts, type Step, sizeOf } from './compare.ts'
import { HistoryBook } from './history-book.ts'
import type { Layout } from './layout.ts'
import { TrackedLineage } from './tracked-lineage.ts'

/** What the rows of one lineage add up to in one snapshot. */
interface Sum {
  start: number
  end: number
  size: number
  rss: number
  ranges: number
  largest: number
}

function addRow(sum: Sum | null, layout: Layout, row: number): Sum {
  const start = layout.start[row]!
  const end = layout.end[row]!
  if (!sum) return { start, end, size: end - start, rss: layout.rss[row]!, ranges: 1, largest: row }
  sum.end = Math.max(sum.end, end)
  sum.size += end - start
  sum.rss += layout.rss[row]!
  sum.ranges += 1
  if (end - start > layout.end[sum.largest]! - layout.start[sum.largest]!) sum.largest = row
  return sum
}

/** Change records kept over all lineages of one process (44 bytes each); beyond, histories are thinned. */
const MOST_RECORDS = 4_000_000

/**
 * Follows the mappings of one segment. Two mappings that become one were one lineage all along: their histories are
 * added up, so that a series never jumps because neighbours merged.
 */
export class LineageTracker {
  readonly #parent: number[] = []
  readonly #book = new HistoryBook()
  readonly #kind: number[] = []
  readonly #basis: number[] = []
  readonly #name: number[] = []
  #previous: Layout | null = null
  readonly #room = new ComparisonRoom()
  thinned = false

  /** Lineage a row or an earlier id belongs to by now. */
  root(id: number): number {
    let root = id
    while (this.#parent[root] !== root) root = this.#parent[root]!
    for (let at = id; at !== root; ) {
      const up = this.#parent[at]!
      this.#parent[at] = root
      at = up
    }
    return root
  }

  /** Takes the next snapshot (`index` ascending); fills in `layout.lineage`; the steps since the last one. */
  add(layout: Layout, index: number): readonly Step[] {
    const previous = this.#previous
    this.#previous = layout
    if (!previous) {
      for (let row = 0; row < layout.length; row++) {
        const id = this.#create()
        const [start, end] = [layout.start[row]!, layout.end[row]!]
        layout.lineage[row] = id
        this.#describe(id, layout, row)
        this.#note(id, index, start, end, end - start, layout.rss[row]!, 1)
      }
      return []
    }
    const { steps, same } = compareLayouts(previous, layout, this.#room)
    for (let at = 0; at < same.after.length; at++)
      layout.lineage[same.after[at]!] = previous.lineage[same.before[at]!]!
    for (const step of steps) this.#follow(previous, layout, step)
    const affected = new Set<number>()
    for (const step of steps) {
      for (const row of step.before) affected.add(previous.lineage[row]!)
      for (const row of step.after) affected.add(layout.lineage[row]!)
    }
    this.#record(layout, index, affected)
    return steps
  }

  #create(): number {
    const id = this.#parent.length
    this.#parent.push(id)
    this.#kind.push(0)
    this.#basis.push(0)
    this.#name.push(0)
    return id
  }

  #follow(previous: Layout, layout: Layout, step: Step): void {
    if (step.after.length === 0) return
    let id = -1
    if (step.before.length === 0) id = this.#create()
    else {
      const largest = step.before.reduce((a, b) => (sizeOf(previous, [b]) > sizeOf(previous, [a]) ? b : a))
      id = this.root(previous.lineage[largest]!)
      for (const row of step.before) {
        const other = this.root(previous.lineage[row]!)
        if (other !== id) this.#parent[other] = id
      }
    }
    for (const row of step.after) layout.lineage[row] = id
  }

  /** Adds the rows of the affected lineages up and notes what they are now; those without rows have ended. */
  #record(layout: Layout, index: number, affected: ReadonlySet<number>): void {
    const sums = new Map<number, Sum | null>()
    for (const id of affected) {
      sums.set(id, null)
      sums.set(this.root(id), null)
    }
    for (let row = 0; row < layout.length; row++) {
      const own = layout.lineage[row]!
      const id = this.#parent[own] === own ? own : this.root(own)
      layout.lineage[row] = id
      const sum = sums.get(id)
      if (sum !== undefined) sums.set(id, addRow(sum, layout, row))
    }
    for (const [id, sum] of sums) {
      if (!sum) {
        this.#note(id, index, 0, 0, 0, 0, 0)
        continue
      }
      this.#describe(id, layout, sum.largest)
      this.#note(id, index, sum.start, sum.end, sum.size, sum.rss, sum.ranges)
    }
  }

  /** What a lineage is, as one of its rows says. */
  #describe(id: number, layout: Layout, row: number): void {
    this.#kind[id] = layout.kind[row]!
    this.#basis[id] = layout.basis[row]!
    this.#name[id] = layout.name[row]!
  }

  #note(
    id: number,
    index: number,
    start: number,
    end: number,
    size: number,
    rss: number,
    ranges: number,
  ): void {
    this.#book.add(id, index, start, end, size, rss, ranges)
    if (this.#book.length <= MOST_RECORDS) return
    this.thinned = true
    this.#book.thin()
  }

  /** All lineages, in the order in which they were first seen. */
  finish(): TrackedLineage[] {
    const members = new Map<number, number[]>()
    for (let id = 0; id < this.#parent.length; id++) {
      const root = this.root(id)
      const list = members.get(root)
      if (list) list.push(id)
      else members.set(root, [id])
    }
    return [...members]
      .map(([id, ids]) => {
        const description = { kind: this.#kind[id]!, basis: this.#basis[id]!, name: this.#name[id]! }
        return new TrackedLineage(id, ids, this.#book, description)
      })
      .sort((a, b) => a.first - b.first || a.id - b.id)
  }
}
