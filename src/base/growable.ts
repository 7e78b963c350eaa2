/** Typed arrays that grow: by half at a time, so that a finished column wastes little. */

export type Column = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array

/** A copy of `column` with room for `capacity` values. */
export function grown<T extends Column>(column: T, capacity: number): T {
  const larger = new (column.constructor as new (length: number) => T)(capacity)
  larger.set(column)
  return larger
}

/** The next capacity after `capacity`. */
export const nextCapacity = (capacity: number): number => Math.max(1024, capacity + (capacity >> 1))

/** The first `length` values, without the room behind them when that is worth a copy. */
export function fitted<T extends Column>(column: T, length: number): T {
  return (column.length - length > length >> 3 ? column.slice(0, length) : column.subarray(0, length)) as T
}
