import type { ReadSnapshot } from '../model/snapshot.ts'
import { QUANTITIES, type Quantity } from '../model/timeline.ts'
import { FIELDS_OF } from './amounts.ts'
import { addressOrder, type Layout } from './layout.ts'

/** Sums of single regions of a snapshot, addressed by the rows of its layout. */
export class RegionAmounts {
  readonly #layout: Layout
  readonly #order: Uint32Array | null
  readonly #columns: ReadonlyMap<Quantity, readonly Float64Array[] | null>

  constructor(snapshot: ReadSnapshot, layout: Layout) {
    this.#layout = layout
    this.#order = addressOrder(snapshot.mappings)
    this.#columns = new Map(
      QUANTITIES.filter(isSummed).map((quantity) => {
        const columns = FIELDS_OF[quantity].map((field) => snapshot.mappings.fields.get(field))
        return [quantity, columns.every((column) => column !== undefined) ? columns : null]
      }),
    )
  }

  /** Sums over rows; `null` for a field that is not known for each of them. */
  of(rows: readonly number[]): { readonly [Q in Quantity]: number | null } {
    const sums = {} as { [Q in Quantity]: number | null }
    for (const quantity of QUANTITIES)
      sums[quantity] =
        quantity === 'ranges'
          ? rows.length
          : quantity === 'size'
            ? this.#size(rows)
            : this.#sum(quantity, rows)
    return sums
  }

  #size(rows: readonly number[]): number {
    return rows.reduce((sum, row) => sum + this.#layout.end[row]! - this.#layout.start[row]!, 0)
  }

  #sum(quantity: Quantity, rows: readonly number[]): number | null {
    const columns = this.#columns.get(quantity)
    if (!columns) return null
    let sum = 0
    for (const column of columns)
      for (const row of rows) sum += column[this.#order ? this.#order[row]! : row]!
    return Number.isNaN(sum) ? null : sum
  }
}

const isSummed = (quantity: Quantity): quantity is keyof typeof FIELDS_OF => quantity in FIELDS_OF
