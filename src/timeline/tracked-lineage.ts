import { type History, joined } from './history.ts'
import { type HistoryBook, type Variation, variationOf } from './history-book.ts'
import type { Description, LineageForest } from './lineage-forest.ts'

/** The lineages of a segment: there are many, and few are looked at for long. */
export interface TrackedLineages {
  readonly ids: readonly number[]
  /** Made anew for each call. */
  lineage(id: number): TrackedLineage
}

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

  get alive(): boolean {
    const book = this.#book
    return this.#ids ? this.#ids.some((id) => book.lastRanges(id) > 0) : book.lastRanges(this.id) > 0
  }

  get description(): Description {
    return this.#forest.description(this.id)
  }

  /** Made anew whenever it is asked for; where it is one record it is written into `single`. */
  history(single: History | null = null): History {
    return this.#ids ? joined(this.#ids.map((id) => this.#book.of(id))) : this.#book.of(this.id, single)
  }

  get variation(): Variation {
    return this.#ids ? variationOf(this.history()) : this.#book.variation(this.id)
  }
}
