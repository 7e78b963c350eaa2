/** The least and the greatest of any number of values: what is spread into Math.min overflows the stack at some 100,000. */

/** As Math.min; infinity when there are none. */
export function least(values: Iterable<number>): number {
  let found = Number.POSITIVE_INFINITY
  for (const value of values) found = Math.min(found, value)
  return found
}

/** As Math.max; minus infinity when there are none. */
export function greatest(values: Iterable<number>): number {
  let found = Number.NEGATIVE_INFINITY
  for (const value of values) found = Math.max(found, value)
  return found
}
