// What is known by name: calls, threads by tid, texts of arguments.

import {
  LONGEST_NAME, MOST_NAMES, MOST_TEXTS, NAME_AT, NAME_HEAD, NAME_LENGTH, NAME_NUMBER, NAME_POOL, NAME_POOL_END,
  NAME_SLOTS, NAME_TABLE, NAME_TRAITS, TEXT_AT, TEXT_LENGTH, TEXT_POOL, TEXT_POOL_END, TEXT_SLOTS, TEXT_TABLE,
  TID_KEY, TID_SLOTS, TID_THREAD,
} from './places'
import { byteAt, hashOf, head, mix, sameBytes } from './bytes'

let names: i32 = 0
let poolUsed: i32 = NAME_POOL

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

/** Entry of the name at `[from, from + length)`, -1 when it is not known. */
// @ts-ignore: decorator
@inline
function findName(from: i32, length: i32): i32 {
  const first = head(from, length)
  let slot: i32 = (mix(first) + length) & (NAME_SLOTS - 1)
  while (true) {
    const entry = load<i32>(NAME_TABLE + (slot << 2)) - 1
    if (entry < 0) return -1
    if (load<u64>(NAME_HEAD + (entry << 3)) == first && load<i32>(NAME_LENGTH + (entry << 2)) == length) {
      if (length <= 8 || sameBytes(load<i32>(NAME_AT + (entry << 2)), from, length)) return entry
    }
    slot = (slot + 1) & (NAME_SLOTS - 1)
  }
}

/** Sets the traits of a known name. */
export function setTraits(from: i32, to: i32, traits: i32): void {
  const entry = findName(from, to - from)
  if (entry >= 0) store<i32>(NAME_TRAITS + (entry << 2), traits)
}

/** Makes the name at `[from, to)` known. A name that finds no more room stays unknown. */
export function addName(from: i32, to: i32, number: i32, traits: i32): void {
  const length = to - from
  if (length == 0 || length > LONGEST_NAME) return
  if (names == MOST_NAMES || poolUsed + length > NAME_POOL_END || findName(from, length) >= 0) return
  const first = head(from, length)
  let slot: i32 = (mix(first) + length) & (NAME_SLOTS - 1)
  while (load<i32>(NAME_TABLE + (slot << 2)) != 0) slot = (slot + 1) & (NAME_SLOTS - 1)
  memory.copy(poolUsed, from, length)
  store<i32>(NAME_AT + (names << 2), poolUsed)
  store<i32>(NAME_LENGTH + (names << 2), length)
  store<u64>(NAME_HEAD + (names << 3), first)
  store<i32>(NAME_NUMBER + (names << 2), number)
  store<i32>(NAME_TRAITS + (names << 2), traits)
  poolUsed += length
  names++
  store<i32>(NAME_TABLE + (slot << 2), names)
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

/** Length of the name that ends at the first byte of this kind; -1 when it is too long. */
// @ts-ignore: decorator
@inline
function nameLength(from: i32, end: i8): i32 {
  let length = ctz(i8x16.bitmask(i8x16.eq(v128.load(from), i8x16.splat(end))))
  if (length > 16) length = 16 + ctz(i8x16.bitmask(i8x16.eq(v128.load(from, 16), i8x16.splat(end))))
  return length > LONGEST_NAME ? -1 : length
}

/** Entry of the name that was read last. */
export let nameEntry: i32 = -1

const RESUMED: u64 = 0x64656d7573657220 // " resumed"

/**
 * Behind the name of the call at `at`, whose bracket comes next; of `<... NAME resumed>` when a call with the number `half`
 * is under way. -1 when it is not the one that has to come, or not known.
 */
// @ts-ignore: decorator
@inline
export function readName(at: i32, half: i32): i32 {
  if (byteAt(at) != 60) {
    if (half != 0) return -1
    // The name ends at the first bracket, and is one that is known.
    const length = nameLength(at, 40)
    if (length < 0) return -1
    nameEntry = findName(at, length)
    return nameEntry < 0 ? -1 : at + length
  }
  if (half == 0 || (load<u32>(at) & 0xffffff) != 0x2e2e3c || byteAt(at + 3) != 46 || byteAt(at + 4) != 32) return -1
  const name = at + 5
  const length = nameLength(name, 32)
  if (length < 0 || load<u64>(name + length) != RESUMED || byteAt(name + length + 8) != 62) return -1
  nameEntry = findName(name, length)
  if (nameEntry < 0 || load<i32>(NAME_NUMBER + (nameEntry << 2)) != half) return -1
  return name + length + 8
}
