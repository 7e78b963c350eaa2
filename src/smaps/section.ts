import type { StringTable } from '../base/string-table.ts'
import type { ColumnPool } from './column-pool.ts'
import { TableBuilder } from './table-builder.ts'

/** One process's part of a file while it is read: a file holds one, unless several were concatenated. */
export class Section {
  readonly table: TableBuilder
  /** What it began with: the file itself, a `==> path <==` banner, a pmap title, or just a lower address. */
  readonly begin: 'file' | 'banner' | 'title' | 'lower-address'
  readonly firstLine: number
  lastLine = 0
  /** From a banner or a title; `null` when only the file name can tell. */
  pid: number | null = null
  /** Path of the banner. */
  banner: string | null = null
  program: string | null = null
  truncated = false
  #sawTop = false
  #looked = 0

  constructor(
    strings: StringTable,
    begin: Section['begin'],
    firstLine: number,
    capacity: number,
    pool: ColumnPool | null = null,
  ) {
    this.table = new TableBuilder(strings, capacity, pool)
    this.begin = begin
    this.firstLine = firstLine
  }

  /** Whether any mapping has one of `names`; each row is looked at once, so the names must be the same every time. */
  holdsAny(names: ReadonlySet<number>): boolean {
    for (; !this.#sawTop && this.#looked < this.table.length; this.#looked++)
      this.#sawTop = names.has(this.table.nameOf(this.#looked))
    return this.#sawTop
  }
}
