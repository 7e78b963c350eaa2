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
let keyThread: i32 = 0
let keyName: i32 = 0
let keyDescriptor: i32 = 0
let keyText: i32 = 0
let sumCalls: i32 = 0
let sumErrors: i32 = 0
let sumMicros: i32 = 0
let sumResults: i32 = 0

/**
 * Makes room for statistics of `most` rows and for `mostContexts` contexts, powers of two; memory must reach to the place
 * that is returned.
 */
export function setCapacity(most: i32, mostContexts: i32): i32 {
  capacity = most
  contextCapacity = mostContexts
  statistics = 0
  sumCalls = STATISTICS
  sumErrors = sumCalls + most * 8 + APART
  sumMicros = sumErrors + most * 8 + APART
  sumResults = sumMicros + most * 8 + APART
  keyThread = sumResults + most * 8 + APART
  keyName = keyThread + most * 4 + APART
  keyDescriptor = keyName + most * 4 + APART
  keyText = keyDescriptor + most * 4 + APART
  tableAt = keyText + most * 4 + APART
  tableMask = FEWEST_SLOTS - 1
  contextParts = tableAt + most * 8
  contextTable = contextParts + mostContexts * 12
  contextMask = FEWEST_SLOTS - 1
  return contextTable + mostContexts * 8
}

export function statisticsRows(): i32 { return statistics }

// @ts-ignore: decorator
@inline
function hashOfRow(thread: i32, name: i32, fd: i32): u32 {
  const hash: u32 = (<u32>thread * 0x9e3779b1) ^ (<u32>name * 0x85ebca6b) ^ (<u32>fd * 0xc2b2ae35)
  return hash ^ (hash >> 15)
}

/** Doubles the slots of the statistics. */
function growTable(): void {
  tableMask = tableMask * 2 + 1
  memory.fill(tableAt, 0, (tableMask + 1) << 2)
  for (let row = 0; row < statistics; row++) {
    const at = row << 2
    let slot: i32 = hashOfRow(load<i32>(keyThread + at), load<i32>(keyName + at), load<i32>(keyDescriptor + at)) & tableMask
    while (load<i32>(tableAt + (slot << 2)) != 0) slot = (slot + 1) & tableMask
    store<i32>(tableAt + (slot << 2), row + 1)
  }
}

/** Slot of the row of this thread, name and descriptor, or the one where a new row has to go. */
// @ts-ignore: decorator
@inline
function slotOf(thread: i32, name: i32, fd: i32): i32 {
  let slot: i32 = hashOfRow(thread, name, fd) & tableMask
  while (true) {
    const row = load<i32>(tableAt + (slot << 2)) - 1
    if (row < 0) return slot
    const at = row << 2
    if (load<i32>(keyName + at) == name && load<i32>(keyDescriptor + at) == fd && load<i32>(keyThread + at) == thread) return slot
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
  store<i32>(keyThread + (row << 2), thread)
  store<i32>(keyName + (row << 2), name)
  store<i32>(keyDescriptor + (row << 2), fd)
  store<f64>(sumMicros + (row << 3), NaN)
  if (statistics * 2 > tableMask) growTable()
  return row
}

// @ts-ignore: decorator
@inline
export function countCall(row: i32, failed: bool, micros: f64, result: f64): void {
  const at = row << 3
  store<f64>(sumCalls + at, load<f64>(sumCalls + at) + 1)
  if (failed) store<f64>(sumErrors + at, load<f64>(sumErrors + at) + 1)
  else if (result > 0) store<f64>(sumResults + at, load<f64>(sumResults + at) + result)
  if (micros == micros) {
    hasDurations = true
    const sum = load<f64>(sumMicros + at)
    store<f64>(sumMicros + at, sum == sum ? sum + micros : micros)
  }
}

/** Whether -y says something else about a thread's descriptor, which is the argument at `place`, than last time. */
export function isNewText(thread: i32, fd: i32, place: i32): bool {
  const row = statisticsRow(thread, TEXT_KEY, fd)
  if (row < 0) return true
  const text = internText(load<i32>(ARGUMENT_START + (place << 2)), load<i32>(ARGUMENT_END + (place << 2)))
  if (text != 0 && load<i32>(keyText + (row << 2)) == text) return false
  store<i32>(keyText + (row << 2), text)
  return true
}

/** The caller has read what -y says about a thread's descriptor: the next that is read here is told again. */
export function forgetText(thread: i32, fd: i32): void {
  const row = load<i32>(tableAt + (slotOf(thread, TEXT_KEY, fd) << 2)) - 1
  if (row >= 0) store<i32>(keyText + (row << 2), 0)
}
