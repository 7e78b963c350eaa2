// Calls that need nothing but the ranges and the books: memory mapped where nothing is, and one whole range unmapped.
// Whatever is not so plain is left to the caller, as it was.

import { Form, formOf, Row } from '../../strace/effects/kernel/lanes'
import { MMAP, MUNMAP } from './makers'
import { Space } from './space'

/** Kinds of forms. */
const MAPS: u8 = 1
const UNMAPS: u8 = 2

/** Applies a plain call of this maker at this instant; false, and no change, when it is not plain. */
// @ts-ignore: decorator
@inline
export function applyPlain(space: Space, row: Row, maker: i32, time: f64): bool {
  const form = formOf(row)
  if (form.kind == MAPS) return map(space, row, form, maker, time)
  return form.kind == UNMAPS && unmap(space, row, maker, time)
}

/** PAGE_ALIGN: up to the next multiple. */
// @ts-ignore: decorator
@inline
function alignUp(value: f64, to: f64): f64 { return ceil(value / to) * to }

// @ts-ignore: decorator
@inline
function map(space: Space, row: Row, form: Form, maker: i32, time: f64): bool {
  const key = space.keyOf(row.context)
  if (key < 0) return false
  const start = row.place
  const bytes = alignUp(row.length, space.pageSize)
  if (bytes == 0 || !space.ranges.add(start, start + bytes, space.records.next(), form.tag)) return false
  const mechanism: i32 = form.mechanism
  space.now = time
  space.moved += bytes
  const activity = space.activityOf(maker, key, MMAP, mechanism)
  space.open(maker, row.call, MMAP, row.context, mechanism, bytes, activity)
  return true
}

// @ts-ignore: decorator
@inline
function unmap(space: Space, row: Row, maker: i32, time: f64): bool {
  const start = row.place
  const bytes = alignUp(row.length, space.pageSize)
  if (bytes == 0) return false
  const owner = space.ranges.take(start, start + bytes)
  if (owner < 0) return false
  space.now = time
  space.moved += bytes
  space.reduce(owner, bytes, maker, MUNMAP)
  return true
}
