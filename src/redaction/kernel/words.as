// Words that the caller has told the kernel of.

import {
  KEPT_NAME, LONGEST_WORD, MOST_NAMES, MOST_WORDS, WORD_AT, WORD_LENGTH, WORD_POOL, WORD_POOL_END, WORD_SLOTS,
  WORD_TABLE, WORD_TRAITS,
} from './places'

let words: i32 = 0
/** Those that are names of mappings. */
let names: i32 = 0
let pool: i32 = WORD_POOL
export let wordStart: i32 = 0
let wordEnd: i32 = 0
export function wordFrom(): i32 {
  return wordStart
}
export function wordTo(): i32 {
  return wordEnd
}

/** Tells what the plain rules say of the word `[from, to)` of IN. */
export function addWord(from: i32, to: i32, traits: i32): void {
  const length = to - from
  if (length > LONGEST_WORD || isFull()) return
  const slot = find(from, to)
  store<i32>(WORD_TABLE + (slot << 2), words + 1)
  store<i32>(WORD_AT + (words << 2), pool)
  store<u8>(WORD_LENGTH + words, <u8>length)
  store<u8>(WORD_TRAITS + words, <u8>traits)
  memory.copy(pool, from, length)
  pool += length
  words++
}

// @ts-ignore: decorator
@inline
function isSame(a: i32, b: i32, length: i32): bool {
  let at = 0
  for (; at + 8 <= length; at += 8) if (load<u64>(a + at) != load<u64>(b + at)) return false
  const rest = length - at
  return rest == 0 || ((load<u64>(a + at) ^ load<u64>(b + at)) << (64 - (<u64>rest << 3))) == 0
}

/** The slot of a word, or the free one where it belongs. */
function find(from: i32, to: i32): i32 {
  const length = to - from
  let mixed: u64 = length
  for (let at = from; at < to; at += 8) {
    const rest = to - at
    const bytes = load<u64>(at)
    mixed = (mixed ^ (rest < 8 ? bytes & (((<u64>1) << (<u64>rest << 3)) - 1) : bytes)) * 0x9e3779b97f4a7c15
    mixed ^= mixed >> 32
  }
  let slot = <i32>(mixed >> 8) & (WORD_SLOTS - 1)
  while (true) {
    const entry = load<i32>(WORD_TABLE + (slot << 2)) - 1
    if (entry < 0) break
    if (load<u8>(WORD_LENGTH + entry) == length && isSame(load<i32>(WORD_AT + (entry << 2)), from, length)) break
    slot = (slot + 1) & (WORD_SLOTS - 1)
  }
  return slot
}

// @ts-ignore: decorator
@inline
function isFull(): bool {
  return words == MOST_WORDS || pool + LONGEST_WORD > WORD_POOL_END
}

/** Traits of the word, -1 when it has not been met; then the line is read again when they are known. */
export function traitsOf(from: i32, to: i32): i32 {
  const entry = load<i32>(WORD_TABLE + (find(from, to) << 2)) - 1
  if (entry >= 0) return load<u8>(WORD_TRAITS + entry)
  // A table that is full, or a word that is none: the plain rules take the line.
  if (to - from > LONGEST_WORD || isFull()) return 0
  wordStart = from
  wordEnd = to
  return -1
}

/** Whether the name `[from, to)` of a mapping stays as it is. Names of many files leave room for the words of calls. */
export function isKept(from: i32, to: i32): bool {
  const traits = traitsOf(from, to)
  if (traits >= 0) return (traits & KEPT_NAME) != 0
  if (names < MOST_NAMES) names++
  else wordStart = 0
  return false
}
