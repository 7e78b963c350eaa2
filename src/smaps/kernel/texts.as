// Interned texts.

import { ENTRY_AT, ENTRY_HASH, ENTRY_LENGTH, MOST_ENTRIES, POOL, POOL_END, SLOT_TABLE, TABLE_SLOTS } from './places'
import { same } from './bytes'

let entries: i32 = 0
let poolUsed: i32 = POOL

/** The last run stopped because no more texts can be kept. */
let full: bool = false

// @ts-ignore: decorator
@inline
export function forgetTexts(): void {
  full = false
  entries = 0
  poolUsed = POOL
  memory.fill(SLOT_TABLE, 0, TABLE_SLOTS * 4)
}

export function textAt(entry: i32): i32 { return load<i32>(ENTRY_AT + (entry << 2)) }
export function textLength(entry: i32): i32 { return load<i32>(ENTRY_LENGTH + (entry << 2)) }
export function textCount(): i32 { return entries }
export function isFull(): bool { return full }

/** Id of a text; -1 when the table is full. The empty text is 0, others count from 1. */
export function intern(from: i32, length: i32): i32 {
  if (length == 0) return 0
  let mixed: u64 = length
  let at = from
  const end = from + length
  for (; at + 8 <= end; at += 8) {
    mixed = (mixed ^ load<u64>(at)) * 0x9e3779b97f4a7c15
    mixed ^= mixed >> 32
  }
  for (; at < end; at++) mixed = (mixed ^ load<u8>(at)) * 0x100000001b3
  const hash: u32 = <u32>(mixed ^ (mixed >> 29))
  let slot: u32 = hash & (TABLE_SLOTS - 1)
  for (;;) {
    const entry = load<i32>(SLOT_TABLE + (slot << 2)) - 1
    if (entry < 0) break
    if (load<u32>(ENTRY_HASH + (entry << 2)) == hash && load<i32>(ENTRY_LENGTH + (entry << 2)) == length &&
        same(load<i32>(ENTRY_AT + (entry << 2)), from, length)) return entry + 1
    slot = (slot + 1) & (TABLE_SLOTS - 1)
  }
  if (entries >= MOST_ENTRIES || poolUsed + length > POOL_END) {
    full = true
    return -1
  }
  memory.copy(poolUsed, from, length)
  store<i32>(SLOT_TABLE + (slot << 2), entries + 1)
  store<u32>(ENTRY_HASH + (entries << 2), hash)
  store<i32>(ENTRY_AT + (entries << 2), poolUsed)
  store<i32>(ENTRY_LENGTH + (entries << 2), length)
  poolUsed += length
  return ++entries
}

/** Whether a text is the one with this id. */
export function isText(id: i32, from: i32, length: i32): bool {
  return id > 0 && id <= entries && load<i32>(ENTRY_LENGTH + ((id - 1) << 2)) == length &&
    same(load<i32>(ENTRY_AT + ((id - 1) << 2)), from, length)
}

/** Id of a text that is likely to be the one with the id `last`. */
export function internAgain(last: i32, from: i32, length: i32): i32 {
  return isText(last, from, length) ? last : intern(from, length)
}
