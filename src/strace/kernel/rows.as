// Rows for the caller: finished ones as memory-table.ts keeps them, and those that it has to finish.

import {
  ARGUMENT, ARGUMENTS, ARGUMENT_END, ARGUMENT_PLACES, ARGUMENT_TEXT, ARGUMENT_VALUE, BEFORE, BRK, DECODED,
  DECODES_ARGUMENTS, DESCRIPTOR, DURATION, ERROR_END, ERROR_START, FAILED, FINISHED, FINISHED_BEFORE, FINISHED_BYTES,
  FINISHED_SHIFT, FORMS, IS_FUTEX, IS_MEMORY, LINE, MADVISE, MMAP, MOST_ARGUMENTS, MOST_FINISHED, MOST_SHAPES, MPROTECT, MUNMAP,
  NAME, RECENT, ROWS, SHAPE, SHAPE_KEY, SHAPE_SLOTS, SHAPE_TABLE, SHAPE_WIDTH, STATE, THREAD, TIME, VALUE,
} from './places'
import { contextOf } from './contexts'
import { argumentCount, argumentsUsed, decodeArgument } from './arguments'
import { keepTail } from './memory-lines'
import { duration, errorEnd, errorStart, resultValue } from './results'
import { file, lineTime } from './prefix'

export let rows: i32 = 0
export let finished: i32 = 0
/** No more lines may be read before the caller has taken the rows. */
export let isFull: bool = false
/** Rows that teach the caller something by which it spares itself rows like them, and how many end a run. */
let lessons: i32 = 0
const MOST_LESSONS: i32 = 32

/** The caller has taken the rows. */
export function beginRows(): void {
  rows = 0
  finished = 0
  argumentsUsed = 0
  lessons = 0
  isFull = false
}

let shapes: i32 = 0

/** Number of the shape with this key of six words, new when needed; -1 when there is no room. */
export function shapeOf(thread: i32, call: i32, protection: i32, flags: i32, fd: i32): i32 {
  let hash: u32 = (<u32>thread * 0x9e3779b1) ^ (<u32>call * 0x85ebca6b) ^ (<u32>protection * 0xc2b2ae35)
  hash = ((hash ^ (hash >> 15)) + <u32>flags) * 0x9e3779b1
  hash = ((hash ^ (hash >> 13)) + <u32>fd + (<u32>file << 8)) * 0x85ebca6b
  let slot: i32 = (hash >> 16) & (SHAPE_SLOTS - 1)
  while (true) {
    const shape = load<i32>(SHAPE_TABLE + (slot << 2)) - 1
    if (shape < 0) break
    const at = SHAPE_KEY + shape * SHAPE_WIDTH
    if (
      load<i32>(at) == thread && load<i32>(at + 4) == call && load<i32>(at + 8) == protection && load<i32>(at + 12) == flags &&
      load<i32>(at + 16) == fd && load<i32>(at + 20) == file
    ) return shape
    slot = (slot + 1) & (SHAPE_SLOTS - 1)
  }
  if (shapes == MOST_SHAPES) return -1
  const shape = shapes++
  const at = SHAPE_KEY + shape * SHAPE_WIDTH
  store<i32>(at, thread)
  store<i32>(at + 4, call)
  store<i32>(at + 8, protection)
  store<i32>(at + 12, flags)
  store<i32>(at + 16, fd)
  store<i32>(at + 20, file)
  store<i32>(SHAPE_TABLE + (slot << 2), shape + 1)
  return shape
}

/** Time that finished rows count from; NaN when none can be finished. */
export let base: f64 = NaN
/** Shape of the row that could not be finished, from 1, because its form is not known; else 0. */
let unknownShape: i32 = 0

/** What a finished row has room for. */
export const PLACES: f64 = 281474976710656 // 2 ** 48
export const WORDS: f64 = 4294967296

export function setBase(time: f64): void { base = time }
export function finishedRows(): i32 { return finished }

/** Flags of a decoded argument as part of a shape's key: a text's number, or less than 0 for a number; 0 for neither. */
// @ts-ignore: decorator
@inline
function flagsKey(place: i32): i32 {
  const value = load<f64>(ARGUMENT_VALUE + (place << 3))
  if (value == value) return value >= 0 && value < 0x3fffffff ? -1 - <i32>value : 0
  return load<i32>(ARGUMENT_TEXT + (place << 2))
}

/** Finishes the row of a memory call that succeeded and whose numbers have room in it; false when that cannot be done. */
function finishRow(
  thread: i32, number: i32, call: i32, line: i32, first: i32, count: i32,
): bool {
  const time = lineTime
  const value = resultValue
  unknownShape = 0
  const since = time - base
  if (!(since >= 0 && since < PLACES)) return false
  if (count != (call == MMAP ? 6 : call == MUNMAP ? 2 : call == BRK ? 1 : 3)) return false
  const address = load<f64>(ARGUMENT_VALUE + (first << 3))
  const length: f64 = call == BRK ? 0 : load<f64>(ARGUMENT_VALUE + ((first + 1) << 3))
  if (!(address >= 0 && address < PLACES && length >= 0 && length < WORDS)) return false
  let protection = 0
  let flags = 0
  let fd = -1
  if (call == MMAP || call == MPROTECT) {
    protection = flagsKey(first + 2)
    if (protection == 0) return false
  }
  if (call == MMAP) {
    flags = flagsKey(first + 3)
    const descriptorValue = load<f64>(ARGUMENT_VALUE + ((first + 4) << 3))
    if (flags == 0 || !(descriptorValue >= -1 && descriptorValue < 2147483648)) return false
    if (load<f64>(ARGUMENT_VALUE + ((first + 5) << 3)) != 0) return false
    fd = <i32>descriptorValue
  } else if (call == MADVISE) {
    flags = flagsKey(first + 2)
    if (flags == 0) return false
  } else if (call == BRK && address > 0 && value != address) return false

  const isAddress = address > 0
  const place = isAddress ? address : value
  const isResult = place == value
  if (!(place >= 0 && place < PLACES) || !(isResult || value == 0)) return false
  const isTimed = duration == duration
  if (isTimed && duration >= WORDS) return false
  const shape = shapeOf(thread, (number << 3) | (isAddress ? 1 : 0) | (isResult ? 2 : 0) | (isTimed ? 4 : 0), protection, flags, fd)
  if (shape < 0) return false
  const form = load<i32>(FORMS + (shape << 2))
  if (form == 0) {
    unknownShape = shape + 1
    return false
  }
  const recent = RECENT + thread * 12
  const context = contextOf(thread, load<i32>(recent), load<i32>(recent + 4), load<i32>(recent + 8))
  if (context < 0) return false
  finish(<i64>since, <u64>place, <u32>length, isTimed ? <u32>duration : 0, line, context, form)
  const ends = ARGUMENT_END + (first << 2)
  const behind = load<i32>(ends + (count << 2) - 4)
  keepTail(call, call == BRK ? behind : load<i32>(ends, 4), behind, protection, flags, fd)
  return true
}

/** Adds a finished row. */
// @ts-ignore: decorator
@inline
export function finish(since: i64, place: u64, length: u32, micros: u32, line: i32, context: i32, form: i32): void {
  const at = FINISHED + finished++ * FINISHED_BYTES
  store<u32>(at, <u32>since)
  store<u32>(at, <u32>place, 4)
  store<u32>(at, <u32>(since >> 32) | (<u32>(place >> 32) << 16), 8)
  store<u32>(at, length, 12)
  store<u32>(at, micros, 16)
  store<i32>(at, line, 20)
  store<i32>(at, context, 24)
  store<i32>(at, form - 1, 28)
  if (finished == MOST_FINISHED) isFull = true
}

/** Adds the row of the call whose arguments were read last. */
export function addRow(
  thread: i32, number: i32, traits: i32, line: i32, fd: i32, result: i32, firstArgument: i32,
): void {
  const count = argumentCount
  let shape = 0
  let state = result
  if ((traits & DECODES_ARGUMENTS) != 0) {
    const call = traits >> FINISHED_SHIFT
    for (let index = 0; index < count; index++) decodeArgument(firstArgument + index)
    if (call != 0 && (state & FAILED) == 0) {
      if (finishRow(thread, number, call, line, firstArgument, count)) return
      shape = unknownShape
    }
    state |= DECODED
  }
  // Whoever takes the row asks for its context again: made now, it counts in the order of the lines.
  const recent = RECENT + thread * 12
  if ((traits & IS_MEMORY) != 0) contextOf(thread, load<i32>(recent), load<i32>(recent + 4), load<i32>(recent + 8))
  const row = rows++
  argumentsUsed += count
  if (shape != 0 || (traits & IS_FUTEX) != 0) lessons++
  if (lessons == MOST_LESSONS || rows == ROWS || argumentsUsed > ARGUMENT_PLACES - MOST_ARGUMENTS) isFull = true
  store<i32>(SHAPE + (row << 2), shape)
  store<i32>(FINISHED_BEFORE + (row << 2), finished)
  store<f64>(TIME + (row << 3), lineTime)
  store<f64>(VALUE + (row << 3), resultValue)
  store<f64>(DURATION + (row << 3), duration)
  store<i32>(LINE + (row << 2), line)
  store<i32>(THREAD + (row << 2), thread)
  store<i32>(NAME + (row << 2), number)
  store<i32>(DESCRIPTOR + (row << 2), fd)
  store<i32>(ERROR_START + (row << 2), (result & FAILED) != 0 ? errorStart : 0)
  store<i32>(ERROR_END + (row << 2), (result & FAILED) != 0 ? errorEnd : 0)
  store<i32>(ARGUMENT + (row << 2), firstArgument)
  memory.copy(BEFORE + row * 12, recent, 12)
  store<u8>(ARGUMENTS + row, count)
  store<u8>(STATE + row, state)
}
