import { SECOND } from '../../base/units.ts'
import type { ClaimKernel } from './claim-kernel.ts'

/** What held of a range and when, in columns. */
export interface Statements {
  readonly length: number
  readonly start: Float64Array
  readonly end: Float64Array
  readonly from: Float64Array
  readonly to: Float64Array
  readonly state: Uint8Array
}

/** States of a range, as in kernel/book.as. */
export const FREE = 0
export const MAPPED = 1
export const WRITABLE = 2

/** A file name says when the reading was begun, not when each line was written. */
export const SLACK = 1 * SECOND

/** What held no longer than that cannot be held against a snapshot. */
export const LEAST_HELD = 2 * SLACK

/** Claims taken: enough to tell candidates apart, few enough to try many. */
const MOST = 4000

/** A claim in the kernel's memory, doubles: start, end, from, to, state. See kernel/held-list.as. */
const DOUBLES = 5

/** An even sample of the claims in one of the kernel's lists. */
export function statementsAt({ calls, doubles }: ClaimKernel, list: number): Statements {
  const held = calls.heldIn(list)
  const every = Math.max(1, Math.ceil(held / MOST))
  const length = Math.ceil(held / every)
  const first = calls.heldAt(list) >>> 3
  const column = (double: number) =>
    Float64Array.from({ length }, (_, at) => doubles[first + at * every * DOUBLES + double]!)
  return {
    length,
    start: column(0),
    end: column(1),
    from: column(2),
    to: column(3),
    state: Uint8Array.from(column(4)),
  }
}
