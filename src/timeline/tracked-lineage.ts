import { type History, joined } from './history.ts'
import { type HistoryBook, type Variation, variationOf } from './history-book.ts'
import type { Description, LineageForest } from './lineage-forest.ts'

/** A lineage before it is judged. */
export class TrackedLineage {
  readonly id: number
  /** Snapshot in which it was first seen. */
  readonly first: number
  readonly alive: boolean
  /** Those that turned out to be one lineage, when they are several. */
  readonly #ids: readonly number[] | null
  readonly #forest: LineageForest
  readonly #book: HistoryBook

  constructor(id: number, ids: readonly number[] | null, forest: LineageForest, book: HistoryBook) {
    this.id = id
    this.#ids = ids
    this.#forest = forest
    this.#book = book
    this.first = ids
      ? ids.reduce((first, member) => Math.min(first, book.firstSnapshot(member)), Number.POSITIVE_INFINITY)
      : book.firstSnapshot(id)
    this.alive = ids ? ids.some((member) => book.lastRanges(member) > 0) : book.lastRanges(id) > 0
  }

  get description(): Description {
    return this.#forest.description(this.id)
  }

  /** Made anew whenever it is read. */
  get history(): History {
    return this.#ids ? joined(this.#ids.map((id) => this.#book.of(id))) : this.#book.of(this.id)
  }

  get variation(): Variation {
    return this.#ids ? variationOf(this.history) : this.#book.variation(this.id)
  }
}
