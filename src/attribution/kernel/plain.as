// Calls that need nothing but the ranges and the books: memory mapped where nothing is, one whole range unmapped, advice
// that teaches nothing. Whatever is not so plain is left to the caller, as it was.

import { Ranges } from '../../base/kernel/ranges'
import { Form } from '../../strace/effects/kernel/lanes'
import { ANONYMOUS, MMAP, MUNMAP } from './makers'
import { Space } from './space'

/** Kinds of forms. */
const MAPS: u8 = 1
const UNMAPS: u8 = 2
const ADVISES: u8 = 3

/**
 * Applies a plain call of this maker (-1 for one that is not known yet) at this instant; false, and no change, when it is
 * not plain. `place` is the address that the call was given, or mmap's result.
 */
// @ts-ignore: decorator
@inline
export function applyPlain(
  space: Space, form: Form, maker: i32, call: i32, place: f64, length: f64, context: i32, time: f64,
): bool {
  if (maker < 0) return false
  const bytes = pageAlign(length, space.pageSize)
  if (form.kind == MAPS) return map(space, form, maker, call, place, bytes, context, time)
  if (form.kind == UNMAPS) return unmap(space, maker, place, bytes, time)
  return form.kind == ADVISES && advise(space, maker, place, time)
}

/**
 * Tries a plain call on a copy of the ranges where nothing was observed: how many bytes more are mapped then; NaN, and no
 * change, for others.
 */
export function tryPlain(copy: Ranges, observed: Ranges, form: Form, start: f64, length: f64, pageSize: f64): f64 {
  const end = start + pageAlign(length, pageSize)
  if ((form.kind != MAPS && form.kind != UNMAPS) || end == start || !observed.isFree(start, end)) return NaN
  const before = copy.bytes
  if (form.kind == UNMAPS) copy.cut(start, end)
  else if (!copy.add(start, end, 0, form.tag)) {
    copy.cut(start, end)
    copy.add(start, end, 0, form.tag)
  }
  return copy.bytes - before
}

/** PAGE_ALIGN: up to the next multiple. */
// @ts-ignore: decorator
@inline
function pageAlign(length: f64, pageSize: f64): f64 { return ceil(length / pageSize) * pageSize }

// @ts-ignore: decorator
@inline
function map(
  space: Space, form: Form, maker: i32, call: i32, start: f64, bytes: f64, context: i32, time: f64,
): bool {
  const key = space.keyOf(context)
  if (key < 0 || bytes == 0 || !space.ranges.add(start, start + bytes, space.records.next(), form.tag)) return false
  const mechanism: i32 = form.mechanism
  space.now = time
  space.moved += bytes
  space.open(maker, call, MMAP, context, key, mechanism, bytes)
  return true
}

// @ts-ignore: decorator
@inline
function unmap(space: Space, maker: i32, start: f64, bytes: f64, time: f64): bool {
  if (bytes == 0) return false
  const owner = space.ranges.take(start, start + bytes)
  if (owner < 0) return false
  space.now = time
  space.moved += bytes
  space.reduce(owner, bytes, maker, MUNMAP)
  return true
}

/** Advice to give pages back teaches something of other threads' memory, and of the heaps of arenas. */
function advise(space: Space, maker: i32, start: f64, time: f64): bool {
  if (space.hasArenas) return false
  const range = space.ranges.holder(start)
  if (range !== null) {
    const record = space.records.at(range.owner)
    if (record.mechanism == ANONYMOUS && record.maker >= 0 && record.maker != maker) return false
  }
  space.now = time
  return true
}
