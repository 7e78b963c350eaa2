// Arguments of a call: where they are, and what numbers and flags they are.

import {
  ANGLE, ARGUMENT_END, ARGUMENT_START, ARGUMENT_TEXT, ARGUMENT_VALUE, CLOSE, COMMA, KIND, LONGEST_TAIL, MMAP,
  MOST_ARGUMENTS, MUNMAP, OPEN, QUOTE, SLASH, TAIL_ENDS, TAIL_STARTS, TAIL_TEXT, TAIL_TEXTS, TAIL_VALUES,
} from './places'
import { byteAt, digitCount, digitRun, hexRun, sameBytes } from './bytes'
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

/** Length of the text that the arguments of the last mmap behind address and length were; 0 before one was read. */
let tailLength: i32 = 0

/** Reads the six arguments of an mmap, and keeps what the last four are for `readRange`. */
export function decodeMapping(place: i32): void {
  for (let index = 0; index < 6; index++) decodeArgument(place + index)
  const tail = place + 2
  const starts = ARGUMENT_START + (tail << 2)
  const ends = ARGUMENT_END + (tail << 2)
  const from = load<i32>(starts)
  const length = load<i32>(ends, 12) - from
  if (length > LONGEST_TAIL) return
  tailLength = length
  memory.copy(TAIL_TEXT, from, length)
  copyDecoded(TAIL_VALUES, ARGUMENT_VALUE + (tail << 3), TAIL_TEXTS, ARGUMENT_TEXT + (tail << 2))
  const origin = i32x4.splat(from)
  v128.store(TAIL_STARTS, i32x4.sub(v128.load(starts), origin))
  v128.store(TAIL_ENDS, i32x4.sub(v128.load(ends), origin))
}

/** Keeps an argument that is a number. */
// @ts-ignore: decorator
@inline
function keepNumber(place: i32, start: i32, end: i32, value: f64): void {
  store<i32>(ARGUMENT_START + (place << 2), start)
  store<i32>(ARGUMENT_END + (place << 2), end)
  store<f64>(ARGUMENT_VALUE + (place << 3), value)
  store<i32>(ARGUMENT_TEXT + (place << 2), 0)
}

/**
 * Reads the arguments that begin at `start` of an mmap or munmap as most are written: an address, a length, and behind
 * them nothing, or what it was in the mmap before. They are decoded then. Closing bracket, or 0 for all others.
 *
 *     mmap(NULL, 1572864, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)    munmap(0x7f4fdcce0000, 2686976)
 */
// @ts-ignore: decorator
@inline
export function readRange(call: i32, start: i32, place: i32): i32 {
  if (call != MMAP && call != MUNMAP) return 0
  let address: f64 = 0
  let p = start + 4
  if (load<u32>(start) != 0x4c4c554e) { // "NULL"
    if (load<u16>(start) != 0x7830) return 0 // "0x"
    address = <f64>hexRun(start + 2)
    if (digitCount == 0 || digitCount > 16) return 0
    p = start + 2 + digitCount
  }
  if (load<u16>(p) != 0x202c) return 0 // ", "
  const comma = p
  p += 2
  const isZero = byteAt(p) == 48
  let length: u64 = digitRun(p)
  const first = p
  p += digitCount
  if (digitCount == 8) while (byteAt(p) - 48 < 10) length = length * 10 + (byteAt(p++) - 48)
  const digits = p - first
  if (digits == 0 || digits > 14 || (isZero && digits > 1)) return 0
  const tail = p + 1
  argumentCount = 2
  if (call == MMAP) {
    if (tailLength == 0 || byteAt(p) != 44 || !sameBytes(TAIL_TEXT, tail, tailLength)) return 0
    p = tail + tailLength
    argumentCount = 6
  }
  if (byteAt(p) != 41) return 0
  keepNumber(place, start, comma, address)
  keepNumber(place + 1, comma + 1, tail - 1, <f64>length)
  if (call == MMAP) {
    const at = place + 2
    const origin = i32x4.splat(tail)
    v128.store(ARGUMENT_START + (at << 2), i32x4.add(v128.load(TAIL_STARTS), origin))
    v128.store(ARGUMENT_END + (at << 2), i32x4.add(v128.load(TAIL_ENDS), origin))
    copyDecoded(ARGUMENT_VALUE + (at << 3), TAIL_VALUES, ARGUMENT_TEXT + (at << 2), TAIL_TEXTS)
  }
  return p
}

/** Copies what four decoded arguments are. */
// @ts-ignore: decorator
@inline
function copyDecoded(intoValues: i32, values: i32, intoTexts: i32, texts: i32): void {
  v128.store(intoValues, v128.load(values))
  v128.store(intoValues, v128.load(values, 16), 16)
  v128.store(intoTexts, v128.load(texts))
}

export let descriptor: i32 = 0
export let decorated: bool = false

/** The descriptor `[from, to)`: digits, `AT_FDCWD` or `-1`, with or without decoration; false for everything else. */
// @ts-ignore: decorator
@inline
export function readDescriptor(from: i32, to: i32): bool {
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
      } else end++
    }
    if (byteAt(end) == 10 || !readDescriptor(start, end)) return -1
  }
  store<i32>(ARGUMENT_START + (place << 2), start)
  store<i32>(ARGUMENT_END + (place << 2), end)
  return 1
}
