import { type History, joined } from './history.ts'
import { type HistoryBook, type Variation, variationOf } from './history-book.ts'

/** Its largest range when it was last seen: indexes into KINDS and BASES, id of the name. */
export interface Description {
  readonly kind: number
  readonly basis: number
  readonly name: number
}

/** A lineage before it is judged. */
export class TrackedLineage {
  readonly id: number
  readonly description: Description
  /** Snapshot in which it was first seen. */
  readonly first: number
  readonly alive: boolean
  /** Those that turned out to be one lineage; nearly always one. */
  readonly #ids: readonly number[]
  readonly #book: HistoryBook

  constructor(id: number, ids: readonly number[], book: HistoryBook, description: Description) {
    this.id = id
    this.description = description
    this.#ids = ids
    this.#book = book
    let first = Number.POSITIVE_INFINITY
    let alive = false
    for (const member of ids) {
      first = Math.min(first, book.firstSnapshot(member))
      if (book.lastRanges(member) > 0) alive = true
    }
    this.first = first
    this.alive = alive
  }

  /** Made anew whenever it is read. */
  get history(): History {
    return joined(this.#ids.map((id) => this.#book.of(id)))
  }

  get variation(): Variation {
    return this.#ids.length === 1 ? this.#book.variation(this.#ids[0]!) : variationOf(this.history)
  }
}
