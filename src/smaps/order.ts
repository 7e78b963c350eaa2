import type { Diagnostics } from '../model/diagnostics.ts'
import type { TableBuilder } from './table-builder.ts'

/**
 * The rows in ascending order of addresses, or `null` when they are already. The kernel always prints them so; edited
 * and concatenated text may not. While a process runs, one mapping can be read, grow, and be read again:
 *
 *   [---- read first ----)
 *   [---- read again ----------)      the wider one, read later, holds both
 *
 * Of two rows of which one contains the other the wider is kept, of equal ones the later. Ranges that overlap in part
 * are both kept and reported: nothing says which is right.
 */
export function orderRows(table: TableBuilder, file: string, diagnostics: Diagnostics): Uint32Array | null {
  const { length } = table
  let sorted = true
  let apart = true
  for (let row = 1; row < length; row++) {
    if (table.startOf(row) < table.startOf(row - 1)) sorted = false
    if (table.startOf(row) < table.endOf(row - 1)) apart = false
  }
  if (sorted && apart) return null

  const rows = Array.from({ length }, (_, row) => row)
  if (!sorted) {
    diagnostics.report('smaps-unsorted', file)
    rows.sort((a, b) => table.startOf(a) - table.startOf(b) || a - b)
  }
  const kept: number[] = []
  for (const row of rows) {
    while (kept.length > 0 && contains(table, row, kept.at(-1)!)) {
      diagnostics.report('smaps-read-twice', file, table.lineOf(kept.pop()!))
    }
    const before = kept.at(-1)
    if (before !== undefined && table.startOf(row) < table.endOf(before)) {
      if (contains(table, before, row)) {
        diagnostics.report('smaps-read-twice', file, table.lineOf(row))
        continue
      }
      diagnostics.report('smaps-overlap', file, table.lineOf(row))
    }
    kept.push(row)
  }
  return Uint32Array.from(kept)
}

const contains = (table: TableBuilder, outer: number, inner: number): boolean =>
  table.startOf(outer) <= table.startOf(inner) && table.endOf(outer) >= table.endOf(inner)
