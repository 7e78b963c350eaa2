import { compareLayouts, sizeOf } from './compare.ts'
import { HistoryBook } from './history-book.ts'
import type { Layout } from './layout.ts'
import { LineageForest } from './lineage-forest.ts'
import type { Step } from './step.ts'
import { ComparisonRoom, type SameRows } from './sweep.ts'
import { TrackedLineages } from './tracked-lineage.ts'

/** What the rows of one lineage add up to in one snapshot. */
interface Sum {
  readonly id: number
  start: number
  end: number
  size: number
  rss: number
  ranges: number
  largest: number
}

function addRow(sum: Sum, layout: Layout, row: number): void {
  const start = layout.start[row]!
  const end = layout.end[row]!
  if (sum.ranges === 0) sum.start = start
  sum.end = Math.max(sum.end, end)
  sum.size += end - start
  sum.rss += layout.rss[row]!
  sum.ranges += 1
  if (sum.largest < 0 || end - start > layout.end[sum.largest]! - layout.start[sum.largest]!)
    sum.largest = row
}

/** Rows that are the same are of the same lineage. */
function passOn(previous: Layout, layout: Layout, { runs, before, after, length }: SameRows): void {
  for (let run = 0; run < runs; run++) {
    const from = before[run]!
    layout.lineage.set(previous.lineage.subarray(from, from + length[run]!), after[run]!)
  }
}

/** Change records kept over all lineages of one process (44 bytes each); beyond, histories are thinned. */
const MOST_RECORDS = 4_000_000

/**
 * Follows the mappings of one segment. Two mappings that become one were one lineage all along: their histories are
 * added up, so that a series never jumps because neighbours merged.
 */
export class LineageTracker {
  #forest = new LineageForest()
  #book = new HistoryBook()
  #previous: Layout | null = null
  readonly #room = new ComparisonRoom()
  /** By lineage, the place of its sum and 1 while sums are taken; 0 for those that nothing happened to. */
  #places = new Uint32Array(0)
  thinned = false

  /** Ids that rows and steps may name. */
  get size(): number {
    return this.#forest.size
  }

  /** Lineage a row or an earlier id belongs to by now. */
  root(id: number): number {
    return this.#forest.root(id)
  }

  /** Takes the next snapshot (`index` ascending); fills in `layout.lineage`; the steps since the last one. */
  add(layout: Layout, index: number): readonly Step[] {
    const previous = this.#previous
    this.#previous = layout
    if (!previous) {
      this.#begin(layout, index)
      return []
    }
    const { steps, same } = compareLayouts(previous, layout, this.#room)
    passOn(previous, layout, same)
    if (steps.length === 0) return steps
    for (const step of steps) this.#follow(previous, layout, step)
    this.#record(layout, index, this.#affected(previous, layout, steps))
    return steps
  }

  /** In a first snapshot every row is a lineage. */
  #begin(layout: Layout, index: number): void {
    this.#forest = new LineageForest(layout.length)
    this.#book = new HistoryBook(layout.length)
    for (let row = 0; row < layout.length; row++) {
      const id = this.#forest.create()
      const start = layout.start[row]!
      const end = layout.end[row]!
      layout.lineage[row] = id
      this.#forest.describe(id, layout, row)
      this.#note(id, index, start, end, end - start, layout.rss[row]!, 1)
    }
  }

  #follow(previous: Layout, layout: Layout, step: Step): void {
    if (step.after.length === 0) return
    const forest = this.#forest
    let id = -1
    if (step.before.length === 0) id = forest.create()
    else {
      const largest = step.before.reduce((a, b) => (sizeOf(previous, [b]) > sizeOf(previous, [a]) ? b : a))
      id = forest.root(previous.lineage[largest]!)
      for (const row of step.before) {
        const other = forest.root(previous.lineage[row]!)
        if (other !== id) forest.join(other, id)
      }
    }
    for (const row of step.after) layout.lineage[row] = id
  }

  /** A sum, still empty, for each lineage that some step names, and for what it is part of by now. */
  #affected(previous: Layout, layout: Layout, steps: readonly Step[]): Sum[] {
    if (this.#places.length < this.size) this.#places = new Uint32Array(2 * this.size)
    const places = this.#places
    const sums: Sum[] = []
    const enter = (id: number): void => {
      if (places[id] !== 0) return
      sums.push({ id, start: 0, end: 0, size: 0, rss: 0, ranges: 0, largest: -1 })
      places[id] = sums.length
    }
    const enterBoth = (id: number): void => {
      enter(id)
      enter(this.root(id))
    }
    for (const step of steps) {
      for (const row of step.before) enterBoth(previous.lineage[row]!)
      for (const row of step.after) enterBoth(layout.lineage[row]!)
    }
    return sums
  }

  /** Adds the rows of the affected lineages up and notes what they are now; those without rows have ended. */
  #record(layout: Layout, index: number, sums: readonly Sum[]): void {
    const { lineage, length } = layout
    const places = this.#places
    const forest = this.#forest
    for (let row = 0; row < length; row++) {
      const id = forest.root(lineage[row]!)
      lineage[row] = id
      const place = places[id]!
      if (place > 0) addRow(sums[place - 1]!, layout, row)
    }
    for (const { id, start, end, size, rss, ranges, largest } of sums) {
      places[id] = 0
      if (ranges > 0) forest.describe(id, layout, largest)
      this.#note(id, index, start, end, size, rss, ranges)
    }
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

  /** What all lineages were. Nothing may be added after. */
  finish(): TrackedLineages {
    return new TrackedLineages(this.#forest, this.#book)
  }
}
