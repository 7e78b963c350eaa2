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

  /** By lineage, the snapshot of its first record. */
  firstSnapshots(): Uint32Array {
    const { lineage, before, snapshot } = this.#columns
    const first = new Uint32Array(this.#last.length)
    for (let at = 0; at < this.length; at++) if (before[at]! < 0) first[lineage[at]!] = snapshot[at]!
    return first
  }

  /** Ranges of a lineage in its last record. */
  lastRanges(lineage: number): number {
    return this.#columns.ranges[this.#last[lineage]!]!
  }

  /** By lineage, how much each varied. */
  variations(): Variations {
    const { lineage, before, size, rss } = this.#columns
    const lineages = this.#last.length
    const sizes = new Spreads(lineages)
    const resident = new Spreads(lineages)
    const beginSize = new Float64Array(lineages)
    for (let at = 0; at < this.length; at++) {
      const of = lineage[at]!
      sizes.add(of, size[at]!)
      resident.add(of, rss[at]!)
      if (before[at]! < 0) beginSize[of] = size[at]!
    }
    const changed = new Float64Array(lineages)
    for (let of = 0; of < lineages; of++) changed[of] = resident.width(of) + sizes.width(of)
    return { changed, beginSize }
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

/** How much histories varied, by number: highest minus lowest Rss and size together, and the size at first. */
export interface Variations {
  readonly changed: Float64Array
  readonly beginSize: Float64Array
}

/** Lowest and highest of what is known of the amounts of many. */
class Spreads {
  readonly #low: Float64Array
  readonly #high: Float64Array

  constructor(many: number) {
    this.#low = new Float64Array(many).fill(Number.POSITIVE_INFINITY)
    this.#high = new Float64Array(many)
  }

  add(of: number, amount: number): void {
    if (amount < this.#low[of]!) this.#low[of] = amount
    if (amount > this.#high[of]!) this.#high[of] = amount
  }

  width(of: number): number {
    return Math.max(0, this.#high[of]! - this.#low[of]!)
  }
}

/** The same of one history by itself. */
export function variationOf({ length, size, rss }: History): { changed: number; beginSize: number } {
  const sizes = new Spreads(1)
  const resident = new Spreads(1)
  for (let at = 0; at < length; at++) {
    sizes.add(0, size[at]!)
    resident.add(0, rss[at]!)
  }
  return { changed: resident.width(0) + sizes.width(0), beginSize: size[0] ?? 0 }
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
