// What is known by name: calls, threads by tid, texts of arguments.

import {
  LONGEST_NAME, MOST_NAMES, MOST_TEXTS, NAMES, NAME_BYTES, NAME_LENGTH, NAME_NUMBER, NAME_SLOTS, NAME_TABLE, NAME_TRAITS,
  TEXT_AT, TEXT_LENGTH, TEXT_POOL, TEXT_POOL_END, TEXT_SLOTS, TEXT_TABLE, TID_KEY, TID_SLOTS, TID_THREAD,
} from './places'
import { byteAt, firstBytes, hashOf, mix, sameBytes } from './bytes'

let names: i32 = 0

/** Makes a thread known by its number. */
export function addTid(tid: i32, thread: i32): void {
  let slot: i32 = (<u32>tid * 0x9e3779b1) >> 15
  while (load<i32>(TID_KEY + (slot << 2)) != 0 && load<i32>(TID_KEY + (slot << 2)) != tid + 1) slot = (slot + 1) & (TID_SLOTS - 1)
  store<i32>(TID_KEY + (slot << 2), tid + 1)
  store<i32>(TID_THREAD + (slot << 2), thread)
}

let lastTid: i32 = -1
let lastTidThread: i32 = -1

/** Thread of this number, -1 when it is not known. */
// @ts-ignore: decorator
@inline
export function threadOf(tid: i32): i32 {
  if (tid == lastTid) return lastTidThread
  let slot: i32 = (<u32>tid * 0x9e3779b1) >> 15
  while (true) {
    const key = load<i32>(TID_KEY + (slot << 2))
    if (key == 0) return -1
    if (key == tid + 1) break
    slot = (slot + 1) & (TID_SLOTS - 1)
  }
  lastTid = tid
  lastTidThread = load<i32>(TID_THREAD + (slot << 2))
  return lastTidThread
}

// @ts-ignore: decorator
@inline
function slotOf(first: v128, length: i32): i32 {
  return (mix(i64x2.extract_lane(first, 0)) + length) & (NAME_SLOTS - 1)
}

/** Place of what is known by the name at `[from, from + length)`, 0 when it is not known. */
// @ts-ignore: decorator
@inline
export function findName(from: i32, length: i32): i32 {
  const first = firstBytes(from, length)
  let slot = slotOf(first, length)
  while (true) {
    const name = load<i32>(NAME_TABLE + (slot << 2))
    if (name == 0) return 0
    if (!v128.any_true(v128.xor(first, v128.load(name))) && load<i32>(name, NAME_LENGTH) == length) {
      if (length <= 16 || sameBytes(name + 16, from + 16, length - 16)) return name
    }
    slot = (slot + 1) & (NAME_SLOTS - 1)
  }
}

/** Sets the traits of a known name. */
export function setTraits(from: i32, to: i32, traits: i32): void {
  const name = findName(from, to - from)
  if (name != 0) store<i32>(name, traits, NAME_TRAITS)
}

/** Makes the name at `[from, to)` known. A name that finds no more room stays unknown. */
export function addName(from: i32, to: i32, number: i32, traits: i32): void {
  const length = to - from
  if (length == 0 || length > LONGEST_NAME || names == MOST_NAMES || findName(from, length) != 0) return
  let slot = slotOf(firstBytes(from, length), length)
  while (load<i32>(NAME_TABLE + (slot << 2)) != 0) slot = (slot + 1) & (NAME_SLOTS - 1)
  const name = NAMES + names++ * NAME_BYTES
  memory.copy(name, from, length)
  store<i32>(name, length, NAME_LENGTH)
  store<i32>(name, number, NAME_NUMBER)
  store<i32>(name, traits, NAME_TRAITS)
  store<i32>(NAME_TABLE + (slot << 2), name)
}

let texts: i32 = 0
let textsUsed: i32 = TEXT_POOL

/** Number of the text at `[from, to)`, from 1; 0 when there is no room for a new one. */
export function internText(from: i32, to: i32): i32 {
  const length = to - from
  let slot: i32 = hashOf(from, to) & (TEXT_SLOTS - 1)
  while (true) {
    const number = load<i32>(TEXT_TABLE + (slot << 2))
    if (number == 0) break
    const entry = number - 1
    if (load<i32>(TEXT_LENGTH + (entry << 2)) == length && sameBytes(load<i32>(TEXT_AT + (entry << 2)), from, length)) return number
    slot = (slot + 1) & (TEXT_SLOTS - 1)
  }
  if (texts == MOST_TEXTS || textsUsed + length > TEXT_POOL_END) return 0
  memory.copy(textsUsed, from, length)
  store<i32>(TEXT_AT + (texts << 2), textsUsed)
  store<i32>(TEXT_LENGTH + (texts << 2), length)
  textsUsed += length
  texts++
  store<i32>(TEXT_TABLE + (slot << 2), texts)
  return texts
}

/** Length of the name that ends at the first byte of this kind; more than the longest when it is too long. */
// @ts-ignore: decorator
@inline
export function nameLength(from: i32, end: i8): i32 {
  const found = i8x16.bitmask(i8x16.eq(v128.load(from), i8x16.splat(end)))
  if (found != 0) return ctz(found)
  const next = i8x16.bitmask(i8x16.eq(v128.load(from, 16), i8x16.splat(end)))
  return 16 + ctz(next)
}

/** Behind the second half's `<... NAME resumed>` that was read last. */
export let resumedEnd: i32 = 0

const RESUMED: u64 = 0x64656d7573657220 // " resumed"

/** Place of what is known by the name of `<... NAME resumed>` at `at`, when its number is `half`; else 0. */
export function resumedName(at: i32, half: i32): i32 {
  if (load<u32>(at) != 0x2e2e2e3c || byteAt(at + 4) != 32) return 0 // "<..."
  const from = at + 5
  const length = nameLength(from, 32)
  if (length > LONGEST_NAME || load<u64>(from + length) != RESUMED || byteAt(from + length + 8) != 62) return 0
  resumedEnd = from + length + 9
  const name = findName(from, length)
  return name != 0 && load<i32>(name, NAME_NUMBER) == half ? name : 0
}
