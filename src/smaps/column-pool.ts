/**
 * Memory for the columns of tables that are done with before the next file is read: fresh memory costs a page fault for
 * every 4 KiB, and much of it a collection. What stands in a column that is lent again is whatever stood there last.
 */
export class ColumnPool {
  readonly #doubles = new Shelf((length) => new Float64Array(length))
  readonly #words = new Shelf((length) => new Uint32Array(length))
  readonly #bytes = new Shelf((length) => new Uint8Array(length))

  doubles(length: number): Float64Array {
    return this.#doubles.lend(length)
  }

  words(length: number): Uint32Array {
    return this.#words.lend(length)
  }

  bytes(length: number): Uint8Array {
    return this.#bytes.lend(length)
  }

  /** Takes back all that was lent: whoever has it must be done with it. */
  takeBack(): void {
    for (const shelf of [this.#doubles, this.#words, this.#bytes]) shelf.takeBack()
  }

  /** Leaves all that was lent to whoever has it. */
  giveAway(): void {
    for (const shelf of [this.#doubles, this.#words, this.#bytes]) shelf.giveAway()
  }
}

/** Columns of one type, by length. */
class Shelf<Column extends { readonly length: number }> {
  readonly #make: (length: number) => Column
  readonly #free = new Map<number, Column[]>()
  #lent: Column[] = []

  constructor(make: (length: number) => Column) {
    this.#make = make
  }

  lend(length: number): Column {
    const column = this.#free.get(length)?.pop() ?? this.#make(length)
    this.#lent.push(column)
    return column
  }

  takeBack(): void {
    for (const column of this.#lent) {
      const free = this.#free.get(column.length)
      if (free) free.push(column)
      else this.#free.set(column.length, [column])
    }
    this.#lent.length = 0
  }

  giveAway(): void {
    this.#lent = []
  }
}
