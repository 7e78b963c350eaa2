/** A row is shown while no filter hides it; several filters may hide the same row. */

export type RowFilter = 'text' | 'process' | 'time'

const hiddenBy = new WeakMap<HTMLElement, Set<RowFilter>>()

export function hideRow(row: HTMLElement, filter: RowFilter, hidden: boolean): void {
  const filters = hiddenBy.get(row) ?? new Set<RowFilter>()
  hiddenBy.set(row, filters)
  if (hidden) filters.add(filter)
  else filters.delete(filter)
  row.hidden = filters.size > 0
}
