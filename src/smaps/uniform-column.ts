/**
 * Columns in which every row is the same are the rule: 0 (KSM, LazyFree, hugetlb, ...) and the page size. They share one
 * array for each value, which nobody may write to.
 */
const uniformColumns = new Map<number, UniformColumn>()
const MOST_UNIFORM = 16

interface UniformColumn {
  readonly all: Float64Array
  /** As much of it as was asked for last: all such fields of a table are as long, and the next table's often. */
  asked: Float64Array
}

export function uniformColumn(value: number, length: number): Float64Array {
  let column = uniformColumns.get(value)
  if (!column || column.all.length < length) {
    const all = new Float64Array(Math.max(1024, length * 2)).fill(value)
    column = { all, asked: all }
    if (uniformColumns.size < MOST_UNIFORM || uniformColumns.has(value)) uniformColumns.set(value, column)
  }
  if (column.asked.length !== length) column.asked = column.all.subarray(0, length)
  return column.asked
}

/** The one value of a column; `null` when it has several or none. */
export function uniformValue(values: Float64Array, length: number): number | null {
  const first = values[0]
  if (first === undefined || length < 2) return null
  for (let row = 1; row < length; row++) if (values[row] !== first) return null
  return first
}
