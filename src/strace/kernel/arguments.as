// Arguments of a call: where they are, and what numbers and flags they are.

import {
  ANGLE, ARGUMENT_END, ARGUMENT_START, ARGUMENT_TEXT, ARGUMENT_VALUE, CLOSE, COMMA, KIND, MOST_ARGUMENTS, OPEN, QUOTE,
  SLASH,
} from './places'
import { byteAt, digitCount, digitRun, digitsAt, digitsOf, hexRun, valueOf } from './bytes'
import { internText } from './names'
import { skipAngle, skipString, specialBytes } from './brackets'

export let argumentsUsed: i32 = 0

/** Reads the argument at place `place`: `NULL`, `0x7f…`, `4096`, `-1` as a number, `PROT_READ|PROT_WRITE` as a text. */
export function decodeArgument(place: i32): void {
  let at = load<i32>(ARGUMENT_START + (place << 2))
  const end = load<i32>(ARGUMENT_END + (place << 2))
  let value: f64 = NaN
  let text = 0
  while (at < end && byteAt(at) == 32) at++
  const first = byteAt(at)
  const length = end - at
  if (first == 48 && length > 2 && byteAt(at + 1) == 120) {
    const bits = hexRun(at + 2)
    if (digitCount == length - 2 && digitCount <= 16) value = <f64>bits
  } else if (first - 48 < 10 || (first == 45 && length > 1)) {
    const from = first == 45 ? at + 1 : at
    let bits: u64 = digitRun(from)
    let digits = from + digitCount
    if (digitCount == 8) while (digits < end && byteAt(digits) - 48 < 10) bits = bits * 10 + (byteAt(digits++) - 48)
    // A leading zero is octal where flags are meant; the parser knows.
    if (digits == end && length <= 15 && !(byteAt(from) == 48 && length > 1)) value = first == 45 ? -<f64>bits : <f64>bits
  } else if (length == 4 && load<u32>(at) == 0x4c4c554e) { // "NULL"
    value = 0
  } else if (first - 65 < 26) {
    text = internText(at, end)
  }
  store<f64>(ARGUMENT_VALUE + (place << 3), value)
  store<i32>(ARGUMENT_TEXT + (place << 2), text)
}

export let descriptor: i32 = 0
export let decorated: bool = false

/** The descriptor `[from, to)`: digits, `AT_FDCWD` or `-1`, with or without decoration; false for everything else. */
// @ts-ignore: decorator
@inline
function readDescriptor(from: i32, to: i32): bool {
  let at = from
  let value: i32 = 0
  let digit = byteAt(at) - 48
  while (digit < 10) {
    value = value * 10 + digit
    digit = byteAt(++at) - 48
  }
  if (at > from) {
    if (at - from > 9) return false
    descriptor = value
    decorated = byteAt(at) == 60 && byteAt(to - 1) == 62
    return at == to || byteAt(at) == 60
  }
  decorated = false
  if (to - from == 2 && byteAt(from) == 45 && byteAt(from + 1) == 49) {
    descriptor = -1
    return true
  }
  descriptor = -2
  if (to - from < 8 || load<u64>(from) != 0x44574344465f5441) return false // "AT_FDCWD"
  return to - from == 8 || byteAt(from + 8) == 60
}

/** Reads the argument at place `place` as a descriptor; false when it is none that is plain. */
export function readFirst(place: i32): bool {
  return readDescriptor(load<i32>(ARGUMENT_START + (place << 2)), load<i32>(ARGUMENT_END + (place << 2)))
}

/** The descriptor of up to seven digits that begins the arguments at `at`, with nothing behind it; -1 for all others. */
// @ts-ignore: decorator
@inline
export function bareDescriptor(at: i32): i32 {
  const low = digitsAt(at)
  const digits = digitsOf(low)
  const behind = byteAt(at + digits)
  if (behind != 44) if (behind != 41) return -1
  if (<u32>(digits - 1) > 6) return -1
  return valueOf(low << (64 - (<u64>digits << 3)))
}

/** Arguments that the last scan kept. */
export let argumentCount: i32 = 0

/** As `closingBracket`, and keeps the arguments. */
export function scanArguments(from: i32, firstArgument: i32): i32 {
  let open: u32 = 1
  let count = 0
  let start = from
  let base = from
  let p = from
  let special = specialBytes(base)
  while (true) {
    while (special == 0) {
      base += 16
      special = specialBytes(base)
    }
    p = base + ctz(special)
    special &= special - 1
    const byte = byteAt(p)
    const kind: u32 = load<u8>(KIND + byte)
    if (kind == COMMA) {
      if (open == 1 && count < MOST_ARGUMENTS) {
        store<i32>(ARGUMENT_START + ((firstArgument + count) << 2), start)
        store<i32>(ARGUMENT_END + ((firstArgument + count) << 2), p)
        count++
        start = p + 1
      }
    } else if (kind == CLOSE) {
      const bracket: u32 = byte == 41 ? 1 : byte == 93 ? 2 : 3
      if (bracket != (open & 3)) return -1
      open >>= 2
      if (open == 0) break
    } else if (kind == OPEN) {
      if (open > 0x0fffffff) return -1
      open = (open << 2) | (byte == 40 ? 1 : byte == 91 ? 2 : 3)
    } else if (kind == QUOTE) {
      base = skipString(p + 1)
      if (base < 0) return -1
      special = specialBytes(base)
    } else if (kind == ANGLE) {
      if (byteAt(p - 1) == 32) {
        argumentCount = count
        return open == 1 ? -p : -1
      }
      base = skipAngle(p)
      if (base < 0) return -1
      special = specialBytes(base)
    } else if (kind == SLASH) {
      if (byteAt(p + 1) == 42) return -1
    } else return -1
  }
  if ((p > start || count > 0) && count < MOST_ARGUMENTS) {
    store<i32>(ARGUMENT_START + ((firstArgument + count) << 2), start)
    store<i32>(ARGUMENT_END + ((firstArgument + count) << 2), p)
    count++
  }
  argumentCount = count
  return p
}

/** Behind the descriptor that `firstDescriptor` read last, and what -y says about it. */
export let descriptorEnd: i32 = 0

/**
 * Reads the descriptor that begins the arguments at `start`, and keeps it as the first argument: 1, or 0 when there are
 * no arguments, or -1 when it is none that is plain.
 */
// @ts-ignore: decorator
@inline
export function firstDescriptor(start: i32, place: i32): i32 {
  const first = byteAt(start) - 48
  const second = byteAt(start + 1) - 48
  let end = start
  let behind = 0
  decorated = false
  if (first < 10 && (second == -4 || second == -7)) {
    descriptor = first
    end = start + 1
  } else if (first < 10 && second < 10 && (byteAt(start + 2) == 44 || byteAt(start + 2) == 41)) {
    descriptor = first * 10 + second
    end = start + 2
  } else {
    if (byteAt(start) == 41) return 0
    while (true) {
      const byte = byteAt(end)
      if (byte == 44 || byte == 41 || byte == 10) break
      if (byte == 60) {
        end = skipAngle(end)
        if (end < 0) return -1
        if (behind == 0) behind = end
      } else end++
    }
    if (byteAt(end) == 10 || !readDescriptor(start, end)) return -1
  }
  descriptorEnd = behind == 0 ? end : behind
  store<i32>(ARGUMENT_START + (place << 2), start)
  store<i32>(ARGUMENT_END + (place << 2), end)
  return 1
}
