// Redaction of evidence at the speed of bytes, for lines in the form their writer gives them. AssemblyScript;
// `npm run build:kernels` compiles it into redact-kernel.wasm.ts, and a test holds the two together.
//
//   19:48:42.285553 write(8, "200 301 OK\n", 11) = 11 <0.000034>      the string becomes [11:6ee2778bd50b]
//   Rss:                  12 kB                                       stays
//
// The caller puts text at IN; `run` copies it to OUT, line by line, with strings of data calls replaced. It stops at a
// line in which anything else could have to change or that is not quite in the form: the plain rules take that one
// (strace-line.ts, snapshot-line.ts), which are the kernel's oracle in the tests. It also stops at a word it has not met,
// to be told what the plain rules say of it. What it cannot know is whether a word is a secret, so it takes only words
// that they are known to keep.

// Memory, in order: kinds of bytes, words, their text, text to read, text written.
const KIND: i32 = 0x1000 // u8 each of 256
const BITS: i32 = 0x1100
const WORD_SLOTS: i32 = 0x8000
const WORD_TABLE: i32 = 0x2000 // i32 a slot: entry + 1
const MOST_WORDS: i32 = 0x2000
const WORD_AT: i32 = 0x22000 // i32 each
const WORD_LENGTH: i32 = 0x2a000 // u8 each
const WORD_TRAITS: i32 = 0x2c000 // u8 each
const WORD_POOL: i32 = 0x2e000
const LONGEST_WORD: i32 = 64
const WORD_POOL_END: i32 = WORD_POOL + MOST_WORDS * LONGEST_WORD // 0xae000
export const IN: i32 = 0xb0000
export const IN_BYTES: i32 = 0x80000
export const OUT: i32 = IN + IN_BYTES + 64
export const OUT_BYTES: i32 = 0x100000

// What the plain rules say of a word; bits.
/** A call whose strings are data. */
const DATA_CALL: i32 = 1
/** A call whose arguments hold nothing to hide unless they hold a string. */
const PLAIN_CALL: i32 = 2
/** A number by name, a flag, a word of strace. */
const KERNEL_WORD: i32 = 4
/** The name of a field, and no name of a secret. */
const PLAIN_FIELD: i32 = 8
/** What -y says of a descriptor, and nothing in it has to change. */
const PLAIN_DECORATION: i32 = 16

// Kinds of bytes in arguments.
const SKIP: i32 = 1
const DIGIT: i32 = 2
const UPPER: i32 = 3
const LOWER: i32 = 4
const QUOTE: i32 = 5
const CLOSE: i32 = 6
const ANGLE: i32 = 7
const DOT: i32 = 8

// Bits of bytes in words.
const DECIMAL: i32 = 1
const HEXADECIMAL: i32 = 2
const WORD: i32 = 4
const BLANK: i32 = 8

const LONGEST_DECIMAL: i32 = 12
/** Bytes that a token can take. */
const TOKEN_ROOM: i32 = 40

/** Why `run` returned. */
export const DONE: i32 = 0
export const LINE: i32 = 1
export const NEW_WORD: i32 = 2
export const FULL: i32 = 3

let words: i32 = 0
let pool: i32 = WORD_POOL
let key0: u64 = 0
let key1: u64 = 0
let out: i32 = OUT
let lineStart: i32 = 0
let lineEnd: i32 = 0
let wordStart: i32 = 0
let wordEnd: i32 = 0
let payloads: i32 = 0
/** Replaced in the line that is being read. */
let inLine: i32 = 0
/** Bytes of the line up to here are in OUT. */
let copied: i32 = 0

export function outEnd(): i32 {
  return out
}
export function lineFrom(): i32 {
  return lineStart
}
export function lineTo(): i32 {
  return lineEnd
}
export function wordFrom(): i32 {
  return wordStart
}
export function wordTo(): i32 {
  return wordEnd
}
/** Payloads replaced since the last time this was asked. */
export function takePayloads(): i32 {
  const count = payloads
  payloads = 0
  return count
}

export function prepare(low: u64, high: u64): void {
  key0 = low
  key1 = high
  for (let byte = 0; byte < 256; byte++) {
    let kind = 0
    let bits = 0
    if (byte >= 48 && byte <= 57) {
      kind = DIGIT
      bits = DECIMAL | HEXADECIMAL | WORD
    } else if (byte >= 65 && byte <= 90) {
      kind = UPPER
      bits = WORD
    } else if ((byte >= 97 && byte <= 122) || byte == 95) {
      kind = LOWER
      bits = byte >= 97 && byte <= 102 ? WORD | HEXADECIMAL : WORD
    } else if (byte == 34) kind = QUOTE
    else if (byte == 41) kind = CLOSE
    else if (byte == 60) kind = ANGLE
    else if (byte == 46) kind = DOT
    else if (
      byte == 32 || byte == 44 || byte == 123 || byte == 125 || byte == 91 || byte == 93 || byte == 40 || byte == 124 ||
      byte == 61 || byte == 43 || byte == 45 || byte == 42 || byte == 126 || byte == 38
    )
      kind = SKIP
    if (byte == 32 || byte == 9) bits |= BLANK
    store<u8>(KIND + byte, <u8>kind)
    store<u8>(BITS + byte, <u8>bits)
  }
}

/** Begins writing at the beginning of OUT again. */
export function rewind(): void {
  out = OUT
}

/** Where the caller may write `length` bytes of its own into OUT, 0 when there is no room. */
export function room(length: i32): i32 {
  if (out + length > OUT + OUT_BYTES) return 0
  const place = out
  out += length
  return place
}

/** Tells what the plain rules say of the word `[from, to)` of IN. */
export function addWord(from: i32, to: i32, traits: i32): void {
  const length = to - from
  if (length > LONGEST_WORD || words == MOST_WORDS || pool + length > WORD_POOL_END) return
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

/** Traits of the word, -1 when it has not been met; then the line is read again when they are known. */
function traitsOf(from: i32, to: i32): i32 {
  const entry = load<i32>(WORD_TABLE + (find(from, to) << 2)) - 1
  if (entry >= 0) return load<u8>(WORD_TRAITS + entry)
  // A table that is full, or a word that is none: the plain rules take the line.
  if (to - from > LONGEST_WORD || words == MOST_WORDS) return 0
  wordStart = from
  wordEnd = to
  return -1
}

/**
 * Copies lines from `from` up to `to`, the end of a line. `isLog`: strace, else smaps. Returns why it stopped; at LINE
 * the caller writes what the line becomes and goes on behind it, else at `lineFrom()`.
 */
export function run(from: i32, to: i32, isLog: bool): i32 {
  let at = from
  while (at < to) {
    lineStart = at
    const newline = endOfLine(at, to)
    lineEnd = newline > at && load<u8>(newline - 1) == 13 ? newline - 1 : newline
    const next = newline < to ? newline + 1 : to
    // Every payload of one byte can become a token.
    if (out + (next - at) * 14 + TOKEN_ROOM > OUT + OUT_BYTES && out != OUT) return FULL
    if ((next - at) * 14 + TOKEN_ROOM > OUT_BYTES) return LINE
    const before = out
    inLine = 0
    copied = at
    wordStart = 0
    if (!(isLog ? call(at) : snapshotLine(at))) {
      out = before
      return wordStart > 0 ? NEW_WORD : LINE
    }
    payloads += inLine
    copyUpTo(next)
    at = next
  }
  lineStart = to
  return DONE
}

/** The end of the line at `from`; `to` when there is none before it. What lies behind `to` may be read. */
// @ts-ignore: decorator
@inline
function endOfLine(from: i32, to: i32): i32 {
  for (let at = from; at < to; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(10)))
    if (found != 0) return min(to, at + ctz(found))
  }
  return to
}

/** Bytes between two of these, both among them, as all ones. */
// @ts-ignore: decorator
@inline
function within(block: v128, first: i8, last: i8): v128 {
  return i8x16.lt_u(i8x16.sub(block, i8x16.splat(first)), i8x16.splat(last - first + 1))
}

/** How many of the sixteen bytes at `at` belong to a word before the first that does not: letters, digits, `_`. */
// @ts-ignore: decorator
@inline
function wordLength(at: i32): i32 {
  const block = v128.load(at)
  const letters = within(v128.or(block, i8x16.splat(32)), 97, 122)
  const others = v128.or(within(block, 48, 57), i8x16.eq(block, i8x16.splat(95)))
  return ctz(~i8x16.bitmask(v128.or(letters, others)))
}

/** Behind the word at `start`, which ends with the line at the latest. */
// @ts-ignore: decorator
@inline
function wordEndFrom(start: i32): i32 {
  let at = start
  let length = wordLength(at)
  while (length == 16) {
    at += 16
    length = wordLength(at)
  }
  return min(lineEnd, at + length)
}

function copyUpTo(end: i32): void {
  memory.copy(out, copied, end - copied)
  out += end - copied
  copied = end
}

// A line of strace: prefix, name, arguments, result.

function call(start: i32): bool {
  let at = start
  if (load<u8>(at) == 91) {
    // `[pid  1096] `
    if (load<u32>(at + 1) != 0x20646970) return false
    at += 5
    while (load<u8>(at) == 32) at++
    while (load<u8>(BITS + load<u8>(at)) & DECIMAL) at++
    if (load<u8>(at) != 93) return false
    at++
  }
  // Numbers and stamps: digits, `:`, `.`, blanks.
  while (true) {
    const block = v128.load(at)
    const isPrefix = v128.or(
      within(block, 48, 58),
      v128.or(i8x16.eq(block, i8x16.splat(32)), i8x16.eq(block, i8x16.splat(46))),
    )
    const length = ctz(~i8x16.bitmask(isPrefix))
    at += length
    if (at >= lineEnd) return false
    if (length < 16) break
  }
  // `<... read resumed>`
  const resumed = load<u8>(at) == 60
  if (resumed) {
    // What touches the bracket is decorated by it.
    if (at > start && load<u8>(at - 1) != 32) return false
    if (load<u32>(at + 1) != 0x202e2e2e) return false
    at += 5
  }
  const name = at
  if (load<u8>(KIND + load<u8>(at)) != LOWER) return false
  at = wordEndFrom(at)
  const traits = traitsOf(name, at)
  if (traits < 0 || !(traits & (DATA_CALL | PLAIN_CALL))) return false
  if (!resumed) return load<u8>(at) == 40 && argumentsFrom(at + 1, (traits & DATA_CALL) != 0)
  // ` resumed>`
  if (load<u64>(at) != 0x64656d7573657220 || load<u8>(at + 8) != 62) return false
  return argumentsFrom(at + 9, (traits & DATA_CALL) != 0)
}

function argumentsFrom(start: i32, isData: bool): bool {
  const end = lineEnd
  let at = start
  while (at < end) {
    const kind = load<u8>(KIND + load<u8>(at))
    if (kind == SKIP) at++
    else if (kind == DIGIT || kind == UPPER || kind == LOWER) {
      at = word(at, isData)
      if (at < 0) return false
    } else if (kind == QUOTE) {
      if (!isData) return false
      at = payload(at, start)
      if (at < 0) return false
    } else if (kind == CLOSE) {
      if (isResult(at + 1)) return true
      at++
    } else if (kind == DOT) {
      if (load<u16>(at + 1) != 0x2e2e) return false
      at += 3
    } else return kind == ANGLE && at + 16 == end && isUnfinished(at)
  }
  return false
}

/** `<unfinished ...>`, by two words of eight bytes. */
function isUnfinished(at: i32): bool {
  return load<u64>(at) == 0x73696e69666e753c && load<u64>(at + 8) == 0x3e2e2e2e20646568
}

/** Behind a word that stays: number, flag, name of a field; -1 for any other. */
function word(start: i32, isData: bool): i32 {
  const behind = load<u8>(KIND + load<u8>(start)) == DIGIT ? number(start) : -1
  if (behind >= 0) return afterWord(behind)
  const at = wordEndFrom(start)
  const next = load<u8>(at)
  // `AT_FDCWD</srv>`
  if (next == 60 && at - start == 8 && load<u64>(start) == 0x44574344465f5441) return afterWord(at)
  if (next == 60 || next == 58 || next == 47) return -1
  if (next == 61 && load<u8>(KIND + load<u8>(start)) == LOWER) {
    if (isData) return at
    const traits = traitsOf(start, at)
    return traits >= 0 && traits & PLAIN_FIELD ? at : -1
  }
  const traits = traitsOf(start, at)
  return traits >= 0 && traits & KERNEL_WORD ? at : -1
}

/** Behind what may follow a number: `5</srv/x>`, if nothing in it has to change. A time or a path is not for here. */
function afterWord(start: i32): i32 {
  const byte = load<u8>(start)
  if (byte == 58 || byte == 47) return -1
  if (byte != 60 || start >= lineEnd) return start
  let depth = 0
  for (let at = start; at < lineEnd; at++) {
    const sign = load<u8>(at)
    if (sign == 34) return -1
    if (sign == 60) depth++
    // `->` is part of a connection.
    else if (sign == 62 && load<u8>(at - 1) != 45) depth--
    if (depth == 0) {
      const traits = traitsOf(start + 1, at)
      return traits >= 0 && traits & PLAIN_DECORATION ? at + 1 : -1
    }
  }
  return -1
}

/** Behind a decimal of at most twelve digits or hex behind `0x` that is a whole word; -1 when there is none. */
function number(start: i32): i32 {
  const isHex = load<u16>(start) == 0x7830
  const digits = isHex ? start + 2 : start
  const block = v128.load(digits)
  const wanted = isHex ? v128.or(within(block, 48, 57), within(block, 97, 102)) : within(block, 48, 57)
  let at = digits + ctz(~i8x16.bitmask(wanted))
  if (at == digits + 16) {
    if (!isHex) return -1
    while (load<u8>(BITS + load<u8>(at)) & HEXADECIMAL) at++
  }
  at = min(lineEnd, at)
  if (at == digits || (at < lineEnd && load<u8>(BITS + load<u8>(at)) & WORD)) return -1
  return isHex || at - digits <= LONGEST_DECIMAL ? at : -1
}

/** ` = 11 <0.000034>`, `= -1 EAGAIN (Resource temporarily unavailable)`, to the end of the line. */
function isResult(start: i32): bool {
  let at = start
  while (at < lineEnd && load<u8>(at) == 32) at++
  if (load<u16>(at) != 0x203d) return false
  at += 2
  if (load<u8>(at) == 45) at++
  at = load<u8>(at) == 63 ? at + 1 : number(at)
  if (at >= 0 && load<u8>(at) == 60 && at < lineEnd) at = afterWord(at)
  if (at < 0) return false
  if (load<u16>(at) == 0x4520) at = errno(at + 1)
  if (at > 0 && load<u16>(at) == 0x3c20) at = seconds(at + 2)
  return at == lineEnd
}

/** `EAGAIN (Resource temporarily unavailable)`; -1 when it is something else. */
function errno(start: i32): i32 {
  let at = start
  for (; at < lineEnd; at++) {
    const kind = load<u8>(KIND + load<u8>(at))
    if (kind != UPPER && kind != DIGIT) break
  }
  if (load<u16>(at) != 0x2820) return -1
  for (at += 2; at < lineEnd; at++) {
    const byte = load<u8>(at)
    if (byte == 41) return at + 1
    const kind = load<u8>(KIND + byte)
    if (kind != UPPER && (kind != LOWER || byte == 95) && byte != 32 && byte != 39) return -1
  }
  return -1
}

function seconds(start: i32): i32 {
  let at = start
  while (at < lineEnd && (load<u8>(BITS + load<u8>(at)) & DECIMAL || load<u8>(at) == 46)) at++
  return load<u8>(at) == 62 ? at + 1 : -1
}

/** Replaces the payload whose string opens at `quote`; behind its closing quote, -1 when it is no payload. */
function payload(quote: i32, start: i32): i32 {
  const isArgument =
    quote == start || (load<u8>(quote - 1) == 32 && (load<u8>(quote - 2) == 44 || quote - 1 == start))
  // `iov_base=`
  if (!isArgument && !(load<u8>(quote - 1) == 61 && load<u64>(quote - 9) == 0x657361625f766f69)) return -1
  const from = quote + 1
  let at = from
  let length = 0
  while (true) {
    const block = v128.load(at)
    const plain = ctz(i8x16.bitmask(v128.or(i8x16.eq(block, i8x16.splat(34)), i8x16.eq(block, i8x16.splat(92)))) | 0x10000)
    at += plain
    length += plain
    if (at >= lineEnd) return -1
    if (plain == 16) continue
    if (load<u8>(at) == 34) break
    length++
    const escaped = load<u8>(at + 1)
    at += 2
    if (escaped == 120) at = escapeEnd(at, true)
    else if (escaped >= 48 && escaped <= 55) at = escapeEnd(at, false)
  }
  if (at > from && !isToken(from, at)) {
    copyUpTo(from)
    writeToken(length, hash(from, at))
    copied = at
    inLine++
  }
  return at + 1
}

/** Behind at most two more digits of `\x41` or `\101`. */
function escapeEnd(start: i32, isHex: bool): i32 {
  let at = start
  for (; at < start + 2 && at < lineEnd; at++) {
    const byte = load<u8>(at)
    if (isHex) {
      if (!((byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70))) break
    } else if (byte < 48 || byte > 55) break
  }
  return at
}

/** `[32:9f8e7d6c5b4a]` */
function isToken(from: i32, to: i32): bool {
  if (load<u8>(from) != 91 || load<u8>(to - 1) != 93) return false
  let at = from + 1
  while (at < to && load<u8>(BITS + load<u8>(at)) & DECIMAL) at++
  if (at == from + 1 || load<u8>(at) != 58 || to - at != 14) return false
  for (at++; at < to - 1; at++) if (!(load<u8>(BITS + load<u8>(at)) & HEXADECIMAL)) return false
  return true
}

function writeToken(length: i32, value: u64): void {
  let at = out
  store<u8>(at++, 91)
  let power = 1
  while (power * 10 <= length) power *= 10
  for (; power > 0; power /= 10) store<u8>(at++, <u8>(48 + ((length / power) % 10)))
  store<u8>(at++, 58)
  for (let shift: u64 = 44; ; shift -= 4) {
    const digit = <u8>((value >> shift) & 15)
    store<u8>(at++, digit < 10 ? 48 + digit : 87 + digit)
    if (shift == 0) break
  }
  store<u8>(at++, 93)
  out = at
}

// SipHash-2-4; siphash.ts is the same in JavaScript.

function hash(from: i32, to: i32): u64 {
  let v0: u64 = key0 ^ 0x736f6d6570736575
  let v1: u64 = key1 ^ 0x646f72616e646f6d
  let v2: u64 = key0 ^ 0x6c7967656e657261
  let v3: u64 = key1 ^ 0x7465646279746573
  const length: u64 = to - from
  let left: i64 = to - from
  let at = from
  // Blocks of the text, the last with its length, then the end: four rounds without a block.
  for (let ending = 0; ; at += 8, left -= 8) {
    let block: u64 = 0
    let rounds = 2
    if (ending == 0) {
      block = load<u64>(at)
      if (left < 8) {
        block = (left == 0 ? 0 : block & (((<u64>1) << (<u64>left << 3)) - 1)) | (length << 56)
        ending = 1
      }
    } else {
      v2 ^= 0xff
      rounds = 4
      ending = 2
    }
    v3 ^= block
    for (; rounds > 0; rounds--) {
      v0 += v1
      v1 = rotl(v1, 13) ^ v0
      v0 = rotl(v0, 32)
      v2 += v3
      v3 = rotl(v3, 16) ^ v2
      v0 += v3
      v3 = rotl(v3, 21) ^ v0
      v2 += v1
      v1 = rotl(v1, 17) ^ v2
      v2 = rotl(v2, 32)
    }
    v0 ^= block
    if (ending == 2) break
  }
  return v0 ^ v1 ^ v2 ^ v3
}

// A line of smaps that holds no name: field, flags, header of an anonymous mapping.

function snapshotLine(start: i32): bool {
  if (start == lineEnd) return true
  const kind = load<u8>(KIND + load<u8>(start))
  if (kind == UPPER) return field(start)
  return (load<u8>(BITS + load<u8>(start)) & HEXADECIMAL) != 0 && anonymousHeader(start)
}

/** `Rss:                  12 kB`, `VmFlags: rd wr mr mw me ac `. */
function field(start: i32): bool {
  let at = start
  while (at < lineEnd && load<u8>(BITS + load<u8>(at)) & WORD) at++
  if (at == lineEnd || load<u8>(at) != 58) return false
  at++
  if (at - start == 8 && load<u32>(start) == 0x6c466d56) return flags(at) // `VmFl`
  while (at < lineEnd && load<u8>(BITS + load<u8>(at)) & (DECIMAL | BLANK)) at++
  return at == lineEnd || (at + 2 == lineEnd && load<u16>(at) == 0x426b)
}

/** Codes of two letters, each behind one blank. */
function flags(start: i32): bool {
  for (let at = start; at < lineEnd; at += 3) {
    if (load<u8>(at) != 32) return false
    if (at + 1 == lineEnd) return true
    if (at + 3 > lineEnd) return false
    const first = load<u8>(at + 1)
    const second = load<u8>(at + 2)
    if (first < 97 || first > 122 || second < 97 || second > 122) return false
  }
  return true
}

/** `7f6bed947000-7f6bf0000000 rw-p 00000000 00:00 0 ` with nothing behind the inode. */
function anonymousHeader(start: i32): bool {
  let at = hexEnd(start)
  if (load<u8>(at) != 45) return false
  at = hexEnd(at + 1)
  if (load<u8>(at) != 32 || load<u8>(at + 5) != 32) return false
  at = hexEnd(at + 6)
  if (load<u8>(at) != 32) return false
  at = hexEnd(at + 1)
  if (load<u8>(at) != 58) return false
  at = hexEnd(at + 1)
  if (load<u8>(at) != 32) return false
  at++
  while (at < lineEnd && load<u8>(BITS + load<u8>(at)) & DECIMAL) at++
  while (at < lineEnd && load<u8>(at) == 32) at++
  return at == lineEnd
}

function hexEnd(start: i32): i32 {
  let at = start
  while (at < lineEnd && load<u8>(BITS + load<u8>(at)) & HEXADECIMAL) at++
  return at
}
