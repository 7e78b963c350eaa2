import type { StringTable } from '../base/string-table.ts'
import { TableBuilder } from './table-builder.ts'

/** One process's part of a file while it is read: a file holds one, unless several were concatenated. */
export class Section {
  readonly table: TableBuilder
  /** From a banner or a pmap title; `null` when only the file name can tell. */
  pid: number | null = null
  /** Path of the banner that opened it; `null` for a section without one. */
  banner: string | null = null
  program: string | null = null
  truncated = false
  firstLine: number
  lastLine = 0
  /** A mapping of the top of the address space was seen: what follows below it is another process. */
  sawTop = false

  constructor(strings: StringTable, firstLine: number, capacity: number) {
    this.table = new TableBuilder(strings, capacity)
    this.firstLine = firstLine
  }
}
