// Statistics. A row is found by thread, name and descriptor. The table of slots is never more than half full, and only
// as large as that takes: what is spread over megabytes is never in the cache.

import { APART, ARGUMENT_END, ARGUMENT_START, STATISTICS, TEXT_KEY } from './places'
import { internText } from './names'
import { contextCapacity, contextMask, contextParts, contextTable } from './contexts'

let hasDurations: bool = false
export function sawDurations(): bool { return hasDurations }

const FEWEST_SLOTS: i32 = 1024
let capacity: i32 = 0
export let statistics: i32 = 0
let tableAt: i32 = 0
let tableMask: i32 = 0

// What a row counts: calls, errors, microseconds, results, an f64 each.
const SUMS: i32 = 32
const ERRORS: i32 = 8
const MICROS: i32 = 16
const RESULTS: i32 = 24
/** What it is found by: thread, name and descriptor; and a text. An i32 each. */
let keys: i32 = 0
const NAME: i32 = 4
const DESCRIPTOR: i32 = 8
const TEXT: i32 = 12

/**
 * Makes room for statistics of `most` rows and for `mostContexts` contexts, powers of two; memory must reach to the place
 * that is returned.
 */
export function setCapacity(most: i32, mostContexts: i32): i32 {
  capacity = most
  contextCapacity = mostContexts
  statistics = 0
  keys = STATISTICS + most * SUMS + APART
  tableAt = keys + most * 16 + APART
  tableMask = FEWEST_SLOTS - 1
  contextParts = tableAt + most * 16
  contextTable = contextParts + mostContexts * 12
  contextMask = FEWEST_SLOTS - 1
  return contextTable + mostContexts * 16
}

export function statisticsRows(): i32 { return statistics }

// @ts-ignore: decorator
@inline
function hashOfRow(thread: i32, name: i32, fd: i32): u32 {
  const hash: u32 = (<u32>thread * 0x9e3779b1) ^ (<u32>name * 0x85ebca6b) ^ (<u32>fd * 0xc2b2ae35)
  return hash ^ (hash >> 15)
}

/** Doubles the slots of the statistics, of which there is room for two a row. */
function growTable(): void {
  tableMask = tableMask * 2 + 1
  memory.fill(tableAt, 0, (tableMask + 1) << 2)
  for (let row = 0; row < statistics; row++) {
    const key = keys + (row << 4)
    let slot: i32 = hashOfRow(load<i32>(key), load<i32>(key, NAME), load<i32>(key, DESCRIPTOR)) & tableMask
    while (load<i32>(tableAt + (slot << 2)) != 0) slot = (slot + 1) & tableMask
    store<i32>(tableAt + (slot << 2), row + 1)
  }
}

/** The first two words of a row's key. */
// @ts-ignore: decorator
@inline
function keyOf(thread: i32, name: i32): u64 { return <u64><u32>thread | (<u64>name << 32) }

/** Slot of the row of this thread, name and descriptor, or the one where a new row has to go. */
// @ts-ignore: decorator
@inline
function slotOf(thread: i32, name: i32, fd: i32): i32 {
  let slot: i32 = hashOfRow(thread, name, fd) & tableMask
  while (true) {
    const row = load<i32>(tableAt + (slot << 2)) - 1
    if (row < 0) return slot
    const key = keys + (row << 4)
    if (load<u64>(key) == keyOf(thread, name) && load<i32>(key, DESCRIPTOR) == fd) return slot
    slot = (slot + 1) & tableMask
  }
}

/** Row of this thread, name and descriptor, new when needed; -1 when there is no room. */
export function statisticsRow(thread: i32, name: i32, fd: i32): i32 {
  const slot = slotOf(thread, name, fd)
  const known = load<i32>(tableAt + (slot << 2)) - 1
  if (known >= 0) return known
  if (statistics == capacity) return -1
  const row = statistics++
  store<i32>(tableAt + (slot << 2), row + 1)
  const key = keys + (row << 4)
  store<i32>(key, thread)
  store<i32>(key, name, NAME)
  store<i32>(key, fd, DESCRIPTOR)
  store<f64>(STATISTICS + row * SUMS, NaN, MICROS)
  if (statistics * 4 > tableMask && tableMask < capacity * 2) growTable()
  return row
}

/** As `statisticsRow`, where the row is mostly the one that is looked at first. */
// @ts-ignore: decorator
@inline
export function usualRow(thread: i32, name: i32, fd: i32): i32 {
  const row = load<i32>(tableAt + ((hashOfRow(thread, name, fd) & tableMask) << 2)) - 1
  if (row >= 0) {
    const key = keys + (row << 4)
    if (load<u64>(key) == keyOf(thread, name)) if (load<i32>(key, DESCRIPTOR) == fd) return row
  }
  return statisticsRow(thread, name, fd)
}

// @ts-ignore: decorator
@inline
export function countCall(row: i32, failed: bool, micros: f64, result: f64): void {
  const at = STATISTICS + row * SUMS
  store<f64>(at, load<f64>(at) + 1)
  if (failed) store<f64>(at, load<f64>(at, ERRORS) + 1, ERRORS)
  // Results of 0 and less add nothing; no branch, because they come as they like.
  const more = f64x2.extract_lane(f64x2.pmax(f64x2.splat(0), f64x2.splat(result)), 0)
  store<f64>(at, load<f64>(at, RESULTS) + more, RESULTS)
  if (micros == micros) {
    hasDurations = true
    const sum = load<f64>(at, MICROS)
    store<f64>(at, sum == sum ? sum + micros : micros, MICROS)
  }
}

/** Whether -y says something else about a thread's descriptor, which is the argument at `place`, than last time. */
export function isNewText(thread: i32, fd: i32, place: i32): bool {
  const row = statisticsRow(thread, TEXT_KEY, fd)
  if (row < 0) return true
  const text = internText(load<i32>(ARGUMENT_START + (place << 2)), load<i32>(ARGUMENT_END + (place << 2)))
  if (text != 0 && load<i32>(keys + (row << 4), TEXT) == text) return false
  store<i32>(keys + (row << 4), text, TEXT)
  return true
}

/** The caller has read what -y says about a thread's descriptor: the next that is read here is told again. */
export function forgetText(thread: i32, fd: i32): void {
  const row = load<i32>(tableAt + (slotOf(thread, TEXT_KEY, fd) << 2)) - 1
  if (row >= 0) store<i32>(keys + (row << 4), 0, TEXT)
}
