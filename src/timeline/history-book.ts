import { History } from './history.ts'

/** Many processes of few mappings each may be followed at a time. */
const FEWEST = 16

/** Records of one lineage that there is room for at first. */
const RECORDS_EACH = 4

/** Histories of all lineages of a segment while they are written: one table, each record linked to its lineage's last. */
export class HistoryBook {
  /** Records of all histories. */
  length = 0
  #columns: Columns
  /** By lineage, its last record; -1 for none. */
  #last: Int32Array

  /** With room for so many lineages; memory that nothing is written to yet costs nothing. */
  constructor(lineages = 0) {
    this.#columns = columnsFor(Math.max(FEWEST, RECORDS_EACH * lineages))
    this.#last = new Int32Array(Math.max(FEWEST, lineages)).fill(-1)
  }

  /** Adds a record to a lineage unless it says the same as its last one. Snapshots come in ascending order. */
  add(
    lineage: number,
    snapshot: number,
    start: number,
    end: number,
    size: number,
    rss: number,
    ranges: number,
  ): boolean {
    if (lineage >= this.#last.length) this.#makeRoom(lineage)
    const last = this.#last[lineage]!
    const columns = this.#columns
    if (
      last >= 0 &&
      columns.size[last] === size &&
      Object.is(columns.rss[last], rss) &&
      columns.start[last] === start &&
      columns.end[last] === end &&
      columns.ranges[last] === ranges
    )
      return false
    const at = this.length++
    if (at === columns.lineage.length) this.#columns = enlarged(columns)
    const to = this.#columns
    to.lineage[at] = lineage
    to.before[at] = last
    to.snapshot[at] = snapshot
    to.start[at] = start
    to.end[at] = end
    to.size[at] = size
    to.rss[at] = rss
    to.ranges[at] = ranges
    this.#last[lineage] = at
    return true
  }

  /** A lineage's records; a single one is written into `single`, good until that is given again. */
  of(lineage: number, single: History | null = null): History {
    const { before, snapshot, start, end, size, rss, ranges } = this.#columns
    let length = 0
    for (let at = this.#last[lineage] ?? -1; at >= 0; at = before[at]!) length++
    const history = length === 1 && single ? single : new History(length)
    history.length = length
    for (let at = this.#last[lineage] ?? -1, to = length - 1; at >= 0; at = before[at]!, to--) {
      history.snapshot[to] = snapshot[at]!
      history.start[to] = start[at]!
      history.end[to] = end[at]!
      history.size[to] = size[at]!
      history.rss[to] = rss[at]!
      history.ranges[to] = ranges[at]!
    }
    return history
  }

  /** Snapshot of a lineage's first record. */
  firstSnapshot(lineage: number): number {
    const { before, snapshot } = this.#columns
    let at = this.#last[lineage]!
    while (before[at]! >= 0) at = before[at]!
    return snapshot[at]!
  }

  /** Ranges of a lineage in its last record. */
  lastRanges(lineage: number): number {
    return this.#columns.ranges[this.#last[lineage]!]!
  }

  /** How much a lineage varied. */
  variation(lineage: number): Variation {
    const { before, size, rss } = this.#columns
    const sizes = new Spread()
    const resident = new Spread()
    let beginSize = 0
    for (let at = this.#last[lineage]!; at >= 0; at = before[at]!) {
      sizes.add(size[at]!)
      resident.add(rss[at]!)
      beginSize = size[at]!
    }
    return { changed: resident.width + sizes.width, beginSize }
  }

  /** Leaves out every second record of each lineage between its first and its last one. */
  thin(): void {
    const columns = this.#columns
    const last = this.#last
    const seen = new Uint32Array(last.length)
    const kept = new Int32Array(last.length).fill(-1)
    let length = 0
    for (let at = 0; at < this.length; at++) {
      const lineage = columns.lineage[at]!
      const isOdd = seen[lineage]! % 2 === 1
      seen[lineage]! += 1
      if (isOdd && at !== last[lineage]) continue
      for (const name of COLUMNS) columns[name][length] = columns[name][at]!
      columns.before[length] = kept[lineage]!
      kept[lineage] = length++
    }
    this.length = length
    this.#last = kept
  }

  #makeRoom(lineage: number): void {
    const last = new Int32Array(2 * (lineage + 1)).fill(-1)
    last.set(this.#last)
    this.#last = last
  }
}

/** How much a history varied: highest minus lowest Rss and size together, and the size at first. */
export interface Variation {
  readonly changed: number
  readonly beginSize: number
}

/** Lowest and highest of what is known of some amounts. */
class Spread {
  #low = Number.POSITIVE_INFINITY
  #high = 0

  add(amount: number): void {
    if (amount < this.#low) this.#low = amount
    if (amount > this.#high) this.#high = amount
  }

  get width(): number {
    return Math.max(0, this.#high - this.#low)
  }
}

/** The same of a history by itself. */
export function variationOf({ length, size, rss }: History): Variation {
  const sizes = new Spread()
  const resident = new Spread()
  for (let at = 0; at < length; at++) {
    sizes.add(size[at]!)
    resident.add(rss[at]!)
  }
  return { changed: resident.width + sizes.width, beginSize: size[0] ?? 0 }
}

type Columns = ReturnType<typeof columnsFor>

function columnsFor(room: number) {
  return {
    lineage: new Uint32Array(room),
    /** The record of the same lineage before, -1 for none. */
    before: new Int32Array(room),
    snapshot: new Uint32Array(room),
    start: new Float64Array(room),
    end: new Float64Array(room),
    size: new Float64Array(room),
    rss: new Float64Array(room),
    ranges: new Uint32Array(room),
  }
}

const COLUMNS = Object.keys(columnsFor(0)) as (keyof Columns)[]

function enlarged(old: Columns): Columns {
  const grown = columnsFor(2 * old.lineage.length)
  for (const name of COLUMNS) grown[name].set(old[name])
  return grown
}
