/** Rows that the kernel read, copied into columns of a table. */
import type { BlockKernel } from './block-kernel.ts'

/** From this many rows on a view, which a copy at once takes, costs less than going through them. */
const MANY_ROWS = 64

/** Copies the first `rows` numbers. */
export function copyRows(target: Float64Array, first: number, source: Float64Array, rows: number): void {
  if (rows >= MANY_ROWS) target.set(source.subarray(0, rows), first)
  else for (let row = 0; row < rows; row++) target[first + row] = source[row]!
}

/** Copies the first `rows` ids of the kernel as ids of the string table; most neighbours have the same. */
export function copyIds(
  target: Uint32Array,
  first: number,
  source: Int32Array,
  rows: number,
  kernel: BlockKernel,
): void {
  let last = 0
  let id = kernel.idOf(0)
  for (let row = 0; row < rows; row++) {
    const text = source[row]!
    if (text !== last) {
      last = text
      id = kernel.idOf(text)
    }
    target[first + row] = id
  }
}
