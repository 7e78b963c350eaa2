import { type History, joined } from './history.ts'
import { type HistoryBook, variationOf } from './history-book.ts'
import type { Description, LineageForest } from './lineage-forest.ts'

/** The lineages of a segment: there are many, and few are looked at for long. */
export class TrackedLineages {
  /** In the order in which they were first seen. */
  readonly ids: readonly number[]
  /** By lineage of several ids, those ids. */
  readonly #joined: ReadonlyMap<number, readonly number[]>
  readonly #forest: LineageForest
  readonly #book: HistoryBook

  constructor(forest: LineageForest, book: HistoryBook) {
    const joined = forest.joined()
    const first = book.firstSnapshots()
    const ids: number[] = []
    for (let id = 0; id < forest.size; id++) if (forest.root(id) === id) ids.push(id)
    // Ids ascend with time: the lowest of those that are one lineage was seen first.
    for (const [id, members] of joined) first[id] = first[members[0]!]!
    if (joined.size > 0) ids.sort((a, b) => first[a]! - first[b]! || a - b)
    this.ids = ids
    this.#joined = joined
    this.#forest = forest
    this.#book = book
  }

  /** Made anew for each call. */
  lineage(id: number): TrackedLineage {
    return new TrackedLineage(id, this.#joined.get(id) ?? null, this.#forest, this.#book)
  }

  /** What each weighs, in the order of `ids`: how much it changed, far less where it is gone; then its size at first. */
  weights(): Float64Array {
    const { ids } = this
    const book = this.#book
    const { changed, beginSize } = book.variations()
    const weights = new Float64Array(ids.length)
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!
      const members = this.#joined.get(id)
      weights[at] = members
        ? this.#weightOfAll(id, members)
        : weightOf(changed[id]!, beginSize[id]!, book.lastRanges(id) > 0)
    }
    return weights
  }

  #weightOfAll(id: number, members: readonly number[]): number {
    const { changed, beginSize } = variationOf(this.lineage(id).history())
    const alive = members.some((member) => this.#book.lastRanges(member) > 0)
    return weightOf(changed, beginSize, alive)
  }
}

const weightOf = (changed: number, beginSize: number, alive: boolean): number =>
  (alive ? changed : changed / 1024) + beginSize / 1e6

/** A lineage before it is judged. */
export class TrackedLineage {
  readonly id: number
  /** Those that turned out to be one lineage, when they are several. */
  readonly #ids: readonly number[] | null
  readonly #forest: LineageForest
  readonly #book: HistoryBook

  constructor(id: number, ids: readonly number[] | null, forest: LineageForest, book: HistoryBook) {
    this.id = id
    this.#ids = ids
    this.#forest = forest
    this.#book = book
  }

  get description(): Description {
    return this.#forest.description(this.id)
  }

  /** Made anew whenever it is asked for; where it is one record it is written into `single`. */
  history(single: History | null = null): History {
    return this.#ids ? joined(this.#ids.map((id) => this.#book.of(id))) : this.#book.of(this.id, single)
  }
}
