// What stands behind the arguments: the result, an error, a remark, the duration.

import { ERRORS, FAILED, NAME_BYTE } from './places'
import {
  behindBlanks, byteAt, digitCount, digitRun, digitsAt, digitsOf, hexDigitsOf, hexOf, hexRun, sameBytes, sixDigits, valueOf,
} from './bytes'
import { skipString } from './brackets'

/** The result that was read last: its value, FAILED or 0, and where the error's name stands. */
export let resultValue: f64 = 0
export let resultState: i32 = 0
export let errorStart: i32 = 0
export let errorEnd: i32 = 0
/** Microseconds that the call took, by -T; NaN without. */
export let duration: f64 = NaN

/** Where the line ends of the call whose `)` is at `closing`: behind result, remark and duration; -1 when it is not plain. */
// @ts-ignore: decorator
@inline
export function readOutcome(closing: i32): i32 {
  if (load<u32>(closing) == 0x203d2029) { // ") = "
    const low = digitsAt(closing + 4)
    const digits = digitsOf(low)
    if (load<u16>(closing + 4) == 0x7830) { // "0x"
      const block = v128.load(closing + 6)
      const length = hexDigitsOf(block)
      const end = <u32>(length - 1) < 13 ? readUsualEnd(closing + 6 + length) : 0
      if (end != 0) {
        resultValue = <f64>hexOf(block, length)
        resultState = 0
        return end
      }
    } else if (digits != 0) {
      const end = readUsualEnd(closing + 4 + digits)
      if (end != 0) {
        resultValue = <f64>valueOf(low << (64 - (<u64>digits << 3)))
        resultState = 0
        return end
      }
    } else if (byteAt(closing + 4) == 45) {
      const length = usualError(closing + 5)
      if (length != 0) {
        const end = readUsualEnd(closing + 5 + length)
        if (end != 0) return end
      }
    }
  }
  return readOtherOutcome(closing)
}

// Errors that have been met, each where the first letters of its name put it: its length, where its name ends, its text.
const ERROR_BYTES: i32 = 64
const ERROR_NAME: i32 = 4
const ERROR_TEXT: i32 = 16
const LONGEST_ERROR: i32 = ERROR_BYTES - ERROR_TEXT

/** Place of the error `1 ENOMEM (Cannot allocate memory)` at `at`. */
// @ts-ignore: decorator
@inline
function errorAt(at: i32): i32 {
  return ERRORS + (<i32>((load<u32>(at + 3) * 0x9e3779b1) >> 28)) * ERROR_BYTES
}

/** Length of the error behind the minus, at `at`, when it is one that has been met and becomes the result; else 0. */
// @ts-ignore: decorator
@inline
function usualError(at: i32): i32 {
  const error = errorAt(at)
  const length = load<i32>(error)
  if (length == 0 || !sameBytes(error + ERROR_TEXT, at, length)) return 0
  resultValue = -1
  resultState = FAILED
  errorStart = at + 2
  errorEnd = at + load<i32>(error, ERROR_NAME)
  return length
}

/** Keeps an error that ends at `end`. */
function keepError(at: i32, end: i32): void {
  const length = end - at
  if (load<u16>(at) != 0x2031 || length > LONGEST_ERROR) return // "1 "
  const error = errorAt(at)
  store<i32>(error, length)
  store<i32>(error, errorEnd - at, ERROR_NAME)
  memory.copy(error + ERROR_TEXT, at, length)
}

function readOtherOutcome(closing: i32): i32 {
  const p = readResult(closing)
  if (p < 0) return -1
  const end = readUsualEnd(p)
  return end != 0 ? end : readOtherEnd(p)
}

/** Behind the result of the call whose `)` is at `closing`; -1 when it is not plain. */
// @ts-ignore: decorator
@inline
function readResult(closing: i32): i32 {
  let p = behindBlanks(closing + 1)
  if (byteAt(p) != 61) return -1
  p = behindBlanks(p + 1)
  resultState = 0
  const low = digitsAt(p)
  const digits = digitsOf(low)
  if (digits == 0) return byteAt(p) == 45 ? readNegative(p + 1) : -1
  if (digits == 1 && byteAt(p + 1) == 120 && byteAt(p) == 48) {
    resultValue = <f64>hexRun(p + 2)
    return digitCount == 0 || digitCount > 16 ? -1 : p + 2 + digitCount
  }
  resultValue = <f64>valueOf(low << (64 - (<u64>digits << 3)))
  return digits < 8 ? p + digits : readLong(p)
}

/** Behind a result of eight digits or more at `from`; -1 when they are too many. */
function readLong(from: i32): i32 {
  let bits: u64 = digitRun(from)
  let p = from + 8
  while (byteAt(p) - 48 < 10) bits = bits * 10 + (byteAt(p++) - 48)
  resultValue = <f64>bits
  return p - from > 15 ? -1 : p
}

/** Behind the negative result whose digits are at `from`, and ` ENOMEM (Cannot allocate memory)` or nothing behind it. */
function readNegative(from: i32): i32 {
  let p = from
  const value = digitRun(p)
  if (digitCount == 0) return -1
  resultValue = <f64>value
  p = digitCount < 8 ? p + digitCount : readLong(p)
  if (p < 0) return -1
  resultValue = -resultValue
  if (resultValue < 0 && resultValue > -4096) resultState = FAILED
  errorStart = 0
  errorEnd = 0
  if (byteAt(p) == 32 && byteAt(p + 1) - 65 < 26) {
    if (resultState == 0) return -1
    errorStart = ++p
    while (load<u8>(NAME_BYTE + byteAt(p)) != 0) p++
    errorEnd = p
    if (byteAt(p) == 32 && byteAt(p + 1) == 40) {
      p = errorTextEnd(p + 2)
      if (p < 0) return -1
      p++
      keepError(from, p)
    }
  }
  return p
}

/** The end of the line whose result ends at `at`, when its duration follows as it mostly does; else 0. */
// @ts-ignore: decorator
@inline
function readUsualEnd(at: i32): i32 {
  // ` <0.000014>` and the end of the line, as far as the sixteen bytes may differ from it; the first four are others.
  const differs = v128.xor(v128.load(at - 4), i64x2(0x2e303c2000000000, 0x0a3e303030303030))
  if (v128.any_true(i8x16.sub_sat_u(differs, i8x16(-1, -1, -1, -1, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 0, 0)))) return 0
  duration = <f64>valueOf(i64x2.extract_lane(differs, 1) << 16)
  return at + 11
}

/** The end of the line whose result ends at `at`: a remark may explain it, if no error does, and its duration may follow. */
function readOtherEnd(at: i32): i32 {
  let p = resultState == 0 && byteAt(at) == 32 && byteAt(at + 1) == 40 ? skipRemark(at + 1) : at
  if (p < 0) return -1
  p = readDuration(p)
  if (p < 0) return -1
  if (byteAt(p) == 13) p++
  return byteAt(p) == 10 ? p : -1
}

/** Behind ` <0.000014>`, or nothing, at `at`; -1 when it is not plain. */
// @ts-ignore: decorator
@inline
function readDuration(at: i32): i32 {
  duration = NaN
  if (byteAt(at) != 32) return at
  let p = at
  let seconds = 0
  if (load<u32>(p) == 0x2e303c20) p += 3 // " <0."
  else {
    if (byteAt(p + 1) != 60) return -1
    p += 2
    seconds = digitRun(p)
    p += digitCount
    if (digitCount == 0 || byteAt(p) != 46) return -1
  }
  // Six digits behind the point, as every -T before 5.6 and by default; others are rare.
  const fraction = sixDigits(p + 1)
  if (fraction < 0 || byteAt(p + 7) != 62) return -1
  duration = <f64>seconds * 1000000 + <f64>fraction
  return p + 8
}

/** The `)` that ends the text of an error, -1 when something else comes first. */
// @ts-ignore: decorator
@inline
function errorTextEnd(from: i32): i32 {
  let at = from
  while (true) {
    const block = v128.load(at)
    const special = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(block, i8x16.splat(41)), i8x16.eq(block, i8x16.splat(40))),
        v128.or(i8x16.eq(block, i8x16.splat(34)), i8x16.eq(block, i8x16.splat(10))),
      ),
    )
    if (special != 0) {
      at += ctz(special)
      return byteAt(at) == 41 ? at : -1
    }
    at += 16
  }
}

/** Behind `([{fd=3, revents=POLLIN}])`, `(Timeout)`, `(flags O_RDWR)` at `at`; -1 for what else stands in brackets there. */
function skipRemark(at: i32): i32 {
  const first = byteAt(at + 1)
  if (first != 91 && first != 84 && first != 102) return -1
  let depth = 0
  let p = at
  while (true) {
    const byte = byteAt(p)
    if (byte == 10) return -1
    if (byte == 34) {
      p = skipString(p + 1)
      if (p < 0) return -1
      continue
    }
    p++
    if (byte == 40) depth++
    else if (byte == 41 && --depth == 0) return p
  }
}
