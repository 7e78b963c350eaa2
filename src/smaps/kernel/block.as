// What stands behind a header, by the learned layout: fixed text, and numbers in slots.

import { MASK, NONZERO, ROWS, SLOT_AT, SLOT_FACTOR, SLOT_WIDTH, STRIDE, TEMPLATE, VALUES } from './places'

export let templateLength: i32 = 0
let slots: i32 = 0
export let hasFlags: bool = false
export let sizeSlot: i32 = -1

/** Says what the layout is. */
// @ts-ignore: decorator
@inline
export function setBlock(length: i32, slotCount: i32, flags: i32, size: i32): void {
  templateLength = length
  slots = slotCount
  hasFlags = flags != 0
  sizeSlot = size
}

/** Whether the fixed text is at `text`. */
export function matches(text: i32): bool {
  let at: i32 = 0
  let difference = i64x2.splat(0)
  for (; at < templateLength; at += 16) {
    difference = v128.or(difference, v128.and(v128.xor(v128.load(text + at), v128.load(TEMPLATE + at)), v128.load(MASK + at)))
  }
  return !v128.any_true(difference)
}

const EACH: u64 = 0x0101010101010101

/** A number in a column of eight bytes, blanks before its digits; all bits set when it is not that. */
// @ts-ignore: decorator
@inline
function columnNumber(text: u64): u64 {
  const low = text & (EACH * 15)
  // 0 for a digit, 1 for a blank; of other bytes some bit stays.
  const blank = ((text >> 4) ^ (EACH * 3)) & (EACH * 15)
  const blanks = (blank & EACH) * 255
  if (((low + EACH * 6) & (EACH * 16)) | (blank & (EACH * 14)) | (low & blanks) | (blanks & (blanks + 1))) return u64.MAX_VALUE
  if (blanks == u64.MAX_VALUE) return blanks
  const pairs = (low * 10 + (low >> 8)) & 0x00ff00ff00ff00ff
  const fours = (pairs * 100 + (pairs >> 16)) & 0x0000ffff0000ffff
  return (fours * 10000 + (fours >> 32)) & 0xffffffff
}

/** Sets a value of a row; a column begins where its first value is not 0. */
// @ts-ignore: decorator
@inline
function setValue(slot: i32, row: i32, value: f64): void {
  const column = VALUES + slot * STRIDE
  if (load<u8>(NONZERO + slot) == 0) {
    if (value == 0) return
    store<u8>(NONZERO + slot, 1)
    memory.fill(column, 0, ROWS * 8)
  }
  store<f64>(column + (row << 3), value)
}

const ZERO: u64 = 0x3020202020202020

/** A number in a narrower slot, digit by digit; all bits set when it is none. */
function slotNumber(from: i32, width: i32): u64 {
  const slotEnd = from + width
  let at = from
  while (at < slotEnd && load<u8>(at) == 32) at++
  if (at == slotEnd) return u64.MAX_VALUE
  let value: u64 = 0
  for (; at < slotEnd; at++) {
    const digit: u32 = <u32>load<u8>(at) - 48
    if (digit > 9) return u64.MAX_VALUE
    value = value * 10 + digit
  }
  return value
}

/** Reads the numbers of a block; whether all are plain. */
export function readNumbers(text: i32, row: i32): bool {
  let lastColumn: u64 = ZERO
  let last: u64 = 0
  for (let slot: i32 = 0; slot < slots; slot++) {
    const at = text + load<i32>(SLOT_AT + (slot << 2))
    const width = load<i32>(SLOT_WIDTH + (slot << 2))
    let number: u64 = 0
    if (width != 8) number = slotNumber(at, width)
    else {
      const column = load<u64>(at)
      if (column == ZERO) {
        setValue(slot, row, 0)
        continue
      }
      // What is resident is often anonymous, dirty and referenced too: one number many times.
      if (column != lastColumn) {
        lastColumn = column
        last = columnNumber(column)
      }
      number = last
    }
    if (number == u64.MAX_VALUE) return false
    setValue(slot, row, <f64>number * load<f64>(SLOT_FACTOR + (slot << 3)))
  }
  return true
}

/** The size that the block of a row gives. */
// @ts-ignore: decorator
@inline
export function sizeOf(row: i32): f64 {
  return load<u8>(NONZERO + sizeSlot) == 0 ? 0 : load<f64>(VALUES + sizeSlot * STRIDE + (row << 3))
}
