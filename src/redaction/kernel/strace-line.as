// A line of strace: prefix, name, arguments, result.

import {
  ANGLE, BITS, CLOSE, DATA_CALL, DECIMAL, DIGIT, DOT, ERROR_TEXT, FIELD, HEXADECIMAL, KERNEL_WORD, KIND, LONGEST_DECIMAL, LOWER,
  PLAIN_CALL, PLAIN_DECORATION, PLAIN_FIELD, QUOTE, SIGN, SKIP, UPPER, WORD,
} from './places'
import { inLine, isToken, lineEnd, within, wordEndFrom } from './bytes'
import { traitsOf } from './words'
import { copied, copyUpTo, writeToken } from './output'
import { hash } from './siphash'

export let payloads: i32 = 0
/** Payloads replaced since the last time this was asked. */
export function takePayloads(): i32 {
  const count = payloads
  payloads = 0
  return count
}

export function call(start: i32): bool {
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
    // Behind the end of a line that was cut stands what was there before.
    if (at >= lineEnd) return false
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
      if (kind == DIGIT && isData && isLoose(at)) return false
      at = word(at, isData)
      if (at < 0) return false
    } else if (kind == QUOTE) {
      if (!isData) return false
      at = payload(at, start)
      if (at < 0) return false
    } else if (kind == CLOSE) {
      const sign = behindEqual(at + 1)
      if (sign >= 0) return isResult(sign)
      at++
    } else if (kind == DOT) {
      if (load<u16>(at + 1) != 0x2e2e || isPart(at - 1) || isPart(at + 3)) return false
      at += 3
    } else if (kind == SIGN) {
      if (isPart(at - 1) || (isPart(at + 1) && !isSigned(at))) return false
      at++
    } else return kind == ANGLE && at + 16 == end && isUnfinished(at)
  }
  return false
}

/** Whether the number at `start` has a blank before it, and before that no comma and no `=` or `>`: may be output. */
// @ts-ignore: decorator
@inline
function isLoose(start: i32): bool {
  const at = load<u8>(KIND + load<u8>(start - 1)) == SIGN ? start - 2 : start - 1
  if (load<u8>(at) != 32) return false
  const before = load<u8>(at - 1)
  return before != 44 && before != 61 && before != 62
}

/** Whether a byte makes one word with those it touches. */
function isPart(at: i32): bool {
  const kind: i32 = load<u8>(KIND + load<u8>(at))
  return kind >= DIGIT && kind <= SIGN
}

/** `-1`, `+1`; not `-0x1`, `~1`. */
function isSigned(at: i32): bool {
  return load<u8>(at) != 126 && load<u8>(KIND + load<u8>(at + 1)) == DIGIT && load<u16>(at + 1) != 0x7830
}

/** `<unfinished ...>`, by two words of eight bytes. */
function isUnfinished(at: i32): bool {
  return load<u64>(at) == 0x73696e69666e753c && load<u64>(at + 8) == 0x3e2e2e2e20646568
}

/** Behind a word that stays: number, flag, name of a field; -1 for any other. */
function word(start: i32, isData: bool): i32 {
  const behind = load<u8>(KIND + load<u8>(start)) == DIGIT ? number(start) : -1
  if (behind >= 0) {
    // A descriptor is a decimal number.
    const isDecorated = behind < lineEnd && load<u8>(behind) == 60
    return isDecorated && load<u16>(start) == 0x7830 ? -1 : afterWord(behind) // "0x"
  }
  const at = wordEndFrom(start)
  const next = load<u8>(at)
  // `AT_FDCWD</srv>`
  if (next == 60 && at - start == 8 && load<u64>(start) == 0x44574344465f5441) return afterWord(at)
  if (next == 60 || next == 58 || next == 47) return -1
  if (next == 61 && load<u8>(KIND + load<u8>(start)) == LOWER) {
    const traits = traitsOf(start, at)
    return traits >= 0 && traits & (isData ? FIELD : PLAIN_FIELD) ? at : -1
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
    if (sign == 34 || (sign == 41 && behindEqual(at + 1) >= 0)) return -1
    // `/dev/pts/0<char 136:0>` says more of a path; behind anything else it is not what -y writes.
    if (sign == 60 && depth++ > 0 && load<u8>(start + 1) != 47) return -1
    // `->` is part of a connection.
    if (sign == 62 && load<u8>(at - 1) != 45) depth--
    if (depth == 0) {
      const traits = traitsOf(start + 1, at)
      return traits >= 0 && traits & PLAIN_DECORATION ? at + 1 : -1
    }
  }
  return -1
}

/** Behind a decimal of at most twelve digits, or hex of at most sixteen behind `0x`, that is a whole word; else -1. */
function number(start: i32): i32 {
  const isHex = load<u16>(start) == 0x7830
  const digits = isHex ? start + 2 : start
  const block = v128.load(digits)
  const wanted = isHex ? v128.or(within(block, 48, 57), within(block, 97, 102)) : within(block, 48, 57)
  let at = digits + ctz(~i8x16.bitmask(wanted))
  if (at == digits + 16) {
    if (!isHex) return -1
    if (load<u8>(BITS + load<u8>(at)) & HEXADECIMAL) return -1
  }
  at = min(lineEnd, at)
  if (at == digits || (at < lineEnd && load<u8>(BITS + load<u8>(at)) & WORD)) return -1
  return isHex || at - digits <= LONGEST_DECIMAL ? at : -1
}

/** Behind `= ` and the blanks before it; -1 when it is not there. With it, the arguments are over. */
function behindEqual(start: i32): i32 {
  let at = start
  while (at < lineEnd && load<u8>(at) == 32) at++
  return load<u16>(at) == 0x203d ? at + 2 : -1
}

/** `11 <0.000034>`, `-1 EAGAIN (Resource temporarily unavailable)`, to the end of the line. */
function isResult(start: i32): bool {
  let at = start
  if (load<u8>(at) == 45 && load<u16>(++at) == 0x7830) return false // "0x"
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
  at += 2
  for (const text = at; at < lineEnd; at++) {
    const byte = load<u8>(at)
    if (byte == 41) {
      const traits = traitsOf(text, at)
      return traits >= 0 && traits & ERROR_TEXT ? at + 1 : -1
    }
    const kind = load<u8>(KIND + byte)
    if (kind != UPPER && (kind != LOWER || byte == 95) && byte != 32 && byte != 39) return -1
  }
  return -1
}

/** Behind `0.000034>`, or `5>` where it is told in seconds. */
function seconds(start: i32): i32 {
  let at = digitsEnd(start)
  if (at == start) return -1
  if (load<u8>(at) == 46) {
    const fraction = at + 1
    at = digitsEnd(fraction)
    if (at == fraction) return -1
  }
  return at < lineEnd && load<u8>(at) == 62 ? at + 1 : -1
}

// @ts-ignore: decorator
@inline
function digitsEnd(start: i32): i32 {
  let at = start
  while (at < lineEnd && load<u8>(BITS + load<u8>(at)) & DECIMAL) at++
  return at
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
