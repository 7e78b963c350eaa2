// Most mappings are in one snapshot as they were in the one before, at the same row. The columns still hold what the last
// run read, and its text stays where it is while the next file is read to the other input: a row whose text is the same
// needs no reading. Whoever lets other text into an input must say `forget` before it runs again, also where that text
// holds no whole line.

import { TEXT_AT, TEXT_BYTES } from './places'
import { same } from './bytes'
import { cursor } from './scan'

/** Rows of the last run whose text still stands where it was read. */
export let known: i32 = 0

/** Other text comes to `[from, end)`. */
export function forget(from: i32, end: i32): void {
  if (known > 0 && load<i32>(TEXT_AT) >= from && load<i32>(TEXT_AT) < end) known = 0
}

/** Behind the text at the cursor when it is what the row was in the last run; 0 when it is not. */
// @ts-ignore: decorator
@inline
export function behindKnown(row: i32, limit: i32): i32 {
  if (row >= known) return 0
  const length = load<i32>(TEXT_BYTES + (row << 2))
  return cursor + length <= limit && same(load<i32>(TEXT_AT + (row << 2)), cursor, length) ? cursor + length : 0
}
