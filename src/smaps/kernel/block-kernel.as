// Whole mappings of smaps by a learned layout, 16 bytes at a time. AssemblyScript; `npm run build:kernels`
// compiles it into block-kernel.wasm.ts, and a test holds the two together.
//
// The caller puts text at IN, the fixed text of a block at TEMPLATE (MASK is 0xff where it is fixed), and the places of
// its numbers at SLOT_AT, SLOT_WIDTH and SLOT_FACTOR. `run` fills the columns with up to ROWS mappings and stops before
// the first that is anything but plain: the line-by-line parser takes that one. Ids of texts count from 1, 0 is empty.
//
// Most mappings are in one snapshot as they were in the one before, at the same row. The columns still hold what the last
// run read, and its text stays where it is while the next file is read to the other input: a row whose text is the same
// needs no reading. Whoever lets other text into an input must say `forget` before it runs again, also where that text
// holds no whole line.
//
// Memory, in order: layout, hash table, texts, columns, inputs. Whoever changes a place must keep them apart.

export const ROWS: i32 = 1024
export const SLOTS: i32 = 96

// Layout of a block, written by the caller.
export const TEMPLATE: i32 = 0x1000 // 8 KiB at most
export const TEMPLATE_BYTES: i32 = 0x2000
export const MASK: i32 = 0x3000 // 0xff where the text is fixed
export const SLOT_AT: i32 = 0x5000 // i32 each
export const SLOT_WIDTH: i32 = 0x5200
export const SLOT_FACTOR: i32 = 0x5400 // f64 each

// Values of hexadecimal digits by their bytes, 255 for all others.
const HEX: i32 = 0x6000

// Interned texts.
const SLOT_TABLE: i32 = 0x8000 // 8192 x i32: entry + 1
const TABLE_SLOTS: i32 = 8192
const ENTRY_HASH: i32 = 0x10000 // 4096 x u32
const ENTRY_AT: i32 = 0x14000
const ENTRY_LENGTH: i32 = 0x18000
const MOST_ENTRIES: i32 = 4096
export const POOL: i32 = 0x1c000 // up to the columns
const POOL_END: i32 = 0x40000

// As in mend-range.ts.
const SIZE_TOLERANCE: f64 = 65536

// Columns.
const COLUMNS: i32 = 0x40000
/** From one column of doubles to the next: a cache line more than they take, or a row's numbers would all want one place of the cache. */
export const STRIDE: i32 = ROWS * 8 + 64
export const START: i32 = COLUMNS
export const END: i32 = START + STRIDE
export const OFFSET: i32 = END + STRIDE
export const INODE: i32 = OFFSET + STRIDE
export const NAME: i32 = INODE + STRIDE
export const DEVICE: i32 = NAME + ROWS * 4
export const FLAGS: i32 = DEVICE + ROWS * 4
export const PERMISSIONS: i32 = FLAGS + ROWS * 4
export const VALUES: i32 = PERMISSIONS + ROWS
const TEXT_AT: i32 = VALUES + SLOTS * STRIDE // i32 each: the text of the row
const TEXT_BYTES: i32 = TEXT_AT + ROWS * 4
export const IN: i32 = 0x110000 // begins with a page; the other input stands behind it
export const IN_BYTES: i32 = 0x100000
export const NONZERO: i32 = 0x5800 // u8 a slot: any value of the batch that is not 0; else its column holds anything

let templateLength: i32 = 0
let slots: i32 = 0
let hasFlags: bool = false
let sizeSlot: i32 = -1
let entries: i32 = 0
let poolUsed: i32 = POOL

export function setLayout(length: i32, slotCount: i32, flags: i32, size: i32): void {
  templateLength = length
  slots = slotCount
  hasFlags = flags != 0
  sizeSlot = size
  known = 0
  for (let byte: u32 = 0; byte < 256; byte++) store<u8>(HEX + byte, hexDigit(byte))
}

export function clearTexts(): void {
  full = false
  known = 0
  entries = 0
  poolUsed = POOL
  memory.fill(SLOT_TABLE, 0, TABLE_SLOTS * 4)
}

export function textAt(entry: i32): i32 { return load<i32>(ENTRY_AT + (entry << 2)) }
export function textLength(entry: i32): i32 { return load<i32>(ENTRY_LENGTH + (entry << 2)) }
export function textCount(): i32 { return entries }

/** The last run stopped because no more texts can be kept. */
let full: bool = false
export function isFull(): bool { return full }

/** Rows of the last run whose text still stands where it was read. */
let known: i32 = 0

/** Other text comes to `[from, end)`. */
export function forget(from: i32, end: i32): void {
  if (known > 0 && load<i32>(TEXT_AT) >= from && load<i32>(TEXT_AT) < end) known = 0
}

/** Behind the last mapping that was read. */
let stopped: i32 = 0
export function stop(): i32 { return stopped }

// @ts-ignore: decorator
@inline
function hexDigit(byte: u32): u32 {
  const digit = byte - 48
  if (digit < 10) return digit
  const letter = (byte | 32) - 97
  return letter < 6 ? letter + 10 : 255
}

let cursor: i32 = 0
let bad: bool = false

/** Hexadecimal digits at the cursor, one to sixteen. */
function scanHex(limit: i32): f64 {
  const from = cursor
  let at = from
  let value: u64 = 0
  for (; at < limit; at++) {
    const digit: u32 = load<u8>(HEX + <i32>load<u8>(at))
    if (digit > 15) break
    value = (value << 4) | digit
  }
  cursor = at
  const count = at - from
  if (count == 0 || count > 16) bad = true
  return <f64>value
}

/** Eight digits, the first in the lowest byte, by their values. */
// @ts-ignore: decorator
@inline
function eightDigits(digits: u64): u64 {
  const pairs = ((digits << 4) | (digits >> 8)) & 0x00ff00ff00ff00ff
  const fours = ((pairs << 8) | (pairs >> 16)) & 0x0000ffff0000ffff
  return ((fours << 16) | (fours >> 32)) & 0xffffffff
}

/** As scanHex, all digits at once where `behind` ends them. */
function scanAddress(limit: i32, behind: i8): f64 {
  const text = v128.load(cursor)
  const count = ctz(i8x16.bitmask(i8x16.eq(text, i8x16.splat(behind))))
  if (count == 0 || count > 15 || cursor + count >= limit) return scanHex(limit)
  const figure = i8x16.sub(text, i8x16.splat(48))
  const isFigure = i8x16.lt_u(figure, i8x16.splat(10))
  const letter = i8x16.sub(v128.or(text, i8x16.splat(32)), i8x16.splat(97))
  const isLetter = i8x16.lt_u(letter, i8x16.splat(6))
  const digits = (1 << count) - 1
  if ((i8x16.bitmask(v128.or(isFigure, isLetter)) & digits) != digits) return scanHex(limit)
  const values = v128.bitselect(figure, i8x16.add(letter, i8x16.splat(10)), isFigure)
  // The last digit comes to the end; places before the first one are 0.
  const places = i8x16.add(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), i8x16.splat(<i8>(count - 16)))
  const aligned = i8x16.swizzle(values, places)
  cursor += count
  return <f64>((eightDigits(i64x2.extract_lane(aligned, 0)) << 32) | eightDigits(i64x2.extract_lane(aligned, 1)))
}

// @ts-ignore: decorator
@inline
function skipBlanks(limit: i32): bool {
  const from = cursor
  while (cursor < limit && load<u8>(cursor) == 32) cursor++
  return cursor > from
}

// @ts-ignore: decorator
@inline
function permission(at: i32, letter: u32, bit: i32): i32 {
  const byte: u32 = load<u8>(at)
  return byte == letter ? bit : byte == 45 ? 0 : -1
}

/** Whether two texts of one length are the same; reads up to 15 bytes past both, which memory has room for. */
function same(a: i32, b: i32, length: i32): bool {
  let at: i32 = 0
  for (; at + 64 <= length; at += 64) {
    const first = v128.or(v128.xor(v128.load(a + at), v128.load(b + at)), v128.xor(v128.load(a + at, 16), v128.load(b + at, 16)))
    const second = v128.or(v128.xor(v128.load(a + at, 32), v128.load(b + at, 32)), v128.xor(v128.load(a + at, 48), v128.load(b + at, 48)))
    if (v128.any_true(v128.or(first, second))) return false
  }
  for (; at + 16 <= length; at += 16)
    if (v128.any_true(v128.xor(v128.load(a + at), v128.load(b + at)))) return false
  const rest = length - at
  if (rest == 0) return true
  return (i8x16.bitmask(i8x16.ne(v128.load(a + at), v128.load(b + at))) & ((1 << rest) - 1)) == 0
}

/** Id of a text; -1 when the table is full. The empty text is 0, others count from 1. */
function intern(from: i32, length: i32): i32 {
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
function isText(id: i32, from: i32, length: i32): bool {
  return id > 0 && id <= entries && load<i32>(ENTRY_LENGTH + ((id - 1) << 2)) == length &&
    same(load<i32>(ENTRY_AT + ((id - 1) << 2)), from, length)
}

/** Id of a text that is likely to be the one with the id `last`. */
function internAgain(last: i32, from: i32, length: i32): i32 {
  return isText(last, from, length) ? last : intern(from, length)
}

/** Whether a text can be flags whose last one is whole: letters, digits, `?` and blanks. */
function areFlags(from: i32, to: i32): bool {
  for (let at = from; at < to; at++) {
    const byte: u32 = load<u8>(at)
    if (!(byte - 97 < 26 || byte - 48 < 10 || byte == 63 || byte == 32)) return false
  }
  const length = to - from
  return length != 1 && !(length > 1 && load<u8>(to - 2) == 32)
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

/** First newline at or behind `at`; `limit` when there is none. */
function newline(from: i32, limit: i32): i32 {
  let at = from
  const line = i8x16.splat(10)
  while (at + 16 <= limit) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), line))
    if (mask) return at + ctz(mask)
    at += 16
  }
  while (at < limit && load<u8>(at) != 10) at++
  return at
}

function matches(text: i32): bool {
  let at: i32 = 0
  let difference = i64x2.splat(0)
  for (; at < templateLength; at += 16) {
    difference = v128.or(difference, v128.and(v128.xor(v128.load(text + at), v128.load(TEMPLATE + at)), v128.load(MASK + at)))
  }
  return !v128.any_true(difference)
}

/** Behind the text at the cursor when it is what the row was in the last run; 0 when it is not. */
// @ts-ignore: decorator
@inline
function behindKnown(row: i32, limit: i32): i32 {
  if (row >= known) return 0
  const length = load<i32>(TEXT_BYTES + (row << 2))
  return cursor + length <= limit && same(load<i32>(TEXT_AT + (row << 2)), cursor, length) ? cursor + length : 0
}

// What stands behind the addresses of a header, as it was read last.
let permissions: i32 = 0
let offset: f64 = 0
let inode: u64 = 0
let device: i32 = 0
let deviceLength: i32 = 0
let name: i32 = 0
let nameEnd: i32 = 0

/** Reads what stands behind the addresses; position behind the line, 0 when it is not plain. */
function readTail(limit: i32): i32 {
  if (!skipBlanks(limit) || cursor + 5 > limit) return 0
  const last: u32 = load<u8>(cursor + 3)
  permissions = permission(cursor, 114, 1) | permission(cursor + 1, 119, 2) | permission(cursor + 2, 120, 4) |
    (last == 112 ? 0 : permission(cursor + 3, 115, 8))
  cursor += 4
  if (permissions < 0 || !skipBlanks(limit)) return 0
  offset = scanHex(limit)
  if (bad || !skipBlanks(limit)) return 0
  device = cursor
  scanHex(limit)
  if (bad || cursor >= limit || load<u8>(cursor) != 58) return 0
  cursor++
  scanHex(limit)
  if (bad) return 0
  deviceLength = cursor - device
  if (!skipBlanks(limit)) return 0
  inode = 0
  const inodeAt = cursor
  for (; cursor < limit; cursor++) {
    const digit: u32 = <u32>load<u8>(cursor) - 48
    if (digit > 9) break
    inode = inode * 10 + digit
  }
  const digits = cursor - inodeAt
  if (digits == 0 || digits > 15) return 0
  const blanks = skipBlanks(limit)
  name = cursor
  const headerEnd = newline(name, limit)
  nameEnd = headerEnd > name && load<u8>(headerEnd - 1) == 13 ? headerEnd - 1 : headerEnd
  return !blanks && nameEnd > name ? 0 : headerEnd + 1
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
function readNumbers(text: i32, row: i32): bool {
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

// @ts-ignore: decorator
@inline
function sizeOf(row: i32): f64 {
  return load<u8>(NONZERO + sizeSlot) == 0 ? 0 : load<f64>(VALUES + sizeSlot * STRIDE + (row << 3))
}

/** Reads mappings from `from` on; gives how many. `previousEnd` is the end of the mapping before. */
export function run(from: i32, limit: i32, previousEnd: f64): i32 {
  let row: i32 = 0
  let before = previousEnd
  let lastFlags: i32 = 0
  let lastName: i32 = 0
  let lastDevice: i32 = 0
  // The last text behind the addresses of a header, and the last line of flags: neighbours often have the same.
  let tailAt: i32 = 0
  let tailLength: i32 = 0
  let flagsLine: i32 = 0
  let flagsLength: i32 = 0
  // What rows that are known hold is not looked at again.
  if (known == 0) memory.fill(NONZERO, 0, SLOTS)
  stopped = from
  cursor = from
  while (row < ROWS) {
    const behindRow = behindKnown(row, limit)
    if (behindRow > 0) {
      if (load<f64>(START + (row << 3)) < before) break
      before = load<f64>(END + (row << 3))
      store<i32>(TEXT_AT + (row << 2), cursor)
      row++
      stopped = behindRow
      cursor = behindRow
      continue
    }
    const rowAt = cursor
    bad = false
    const start = scanAddress(limit, 45)
    if (bad || cursor >= limit || load<u8>(cursor) != 45) break
    cursor++
    const end = scanAddress(limit, 32)
    if (bad || !(start < end) || start < before) break

    const sameTail = tailAt > 0 && cursor + tailLength <= limit && same(tailAt, cursor, tailLength)
    let text = cursor + tailLength
    if (!sameTail) {
      tailAt = cursor
      text = readTail(limit)
      tailLength = text - tailAt
    }
    if (text == 0 || text + templateLength > limit || !matches(text)) break
    if (!readNumbers(text, row)) break
    if (sizeSlot >= 0 && abs(sizeOf(row) - (end - start)) > SIZE_TOLERANCE) break

    let behind = text + templateLength
    if (!hasFlags) lastFlags = 0
    else if (flagsLine > 0 && behind + flagsLength <= limit && same(flagsLine, behind, flagsLength)) behind += flagsLength
    else {
      const lineEnd = newline(behind, limit)
      if (lineEnd >= limit) break
      let to = lineEnd > behind && load<u8>(lineEnd - 1) == 13 ? lineEnd - 1 : lineEnd
      let flagsAt = behind
      while (flagsAt < to && load<u8>(flagsAt) == 32) flagsAt++
      while (to > flagsAt && load<u8>(to - 1) == 32) to--
      const length = to - flagsAt
      if (!isText(lastFlags, flagsAt, length)) {
        if (!areFlags(flagsAt, to)) break
        lastFlags = intern(flagsAt, length)
      }
      flagsLine = behind
      behind = lineEnd + 1
      flagsLength = behind - flagsLine
    }
    if (!sameTail) {
      lastName = intern(name, nameEnd - name)
      lastDevice = internAgain(lastDevice, device, deviceLength)
    }
    if ((lastName | lastDevice | lastFlags) < 0) break

    store<f64>(START + (row << 3), start)
    store<f64>(END + (row << 3), end)
    store<f64>(OFFSET + (row << 3), offset)
    store<f64>(INODE + (row << 3), <f64>inode)
    store<i32>(NAME + (row << 2), lastName)
    store<i32>(DEVICE + (row << 2), lastDevice)
    store<i32>(FLAGS + (row << 2), lastFlags)
    store<u8>(PERMISSIONS + row, permissions)
    store<i32>(TEXT_AT + (row << 2), rowAt)
    store<i32>(TEXT_BYTES + (row << 2), behind - rowAt)
    before = end
    row++
    stopped = behind
    cursor = behind
  }
  known = row
  return row
}
