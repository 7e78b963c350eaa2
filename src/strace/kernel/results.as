// What stands behind the arguments: the result, an error, a remark, the duration.

import { FAILED, NAME_BYTE } from './places'
import { behindBlanks, byteAt, digitCount, digitRun, hexRun, sixDigits } from './bytes'
import { skipString } from './brackets'

/** The result that was read last: its value, FAILED or 0, and where the error's name stands. */
export let resultValue: f64 = 0
export let resultState: i32 = 0
export let errorStart: i32 = 0
export let errorEnd: i32 = 0
/** Microseconds that the call took, by -T; NaN without. */
export let duration: f64 = NaN

/** Behind the result of the call whose `)` is at `closing`, and behind what explains it; -1 when it is not plain. */
// @ts-ignore: decorator
@inline
export function readResult(closing: i32): i32 {
  let p = closing
  if (load<u32>(p) == 0x203d2029 && byteAt(p + 4) != 32) p += 4 // ") = "
  else {
    p = behindBlanks(p + 1)
    if (byteAt(p) != 61) return -1
    p = behindBlanks(p + 1)
  }
  resultState = 0
  errorStart = 0
  errorEnd = 0
  if (byteAt(p) == 48 && byteAt(p + 1) == 120) {
    resultValue = <f64>hexRun(p + 2)
    if (digitCount == 0 || digitCount > 16) return -1
    p += 2 + digitCount
  } else {
    const isNegative = byteAt(p) == 45
    if (isNegative) p++
    let bits: u64 = digitRun(p)
    if (digitCount == 0) return -1
    p += digitCount
    if (digitCount == 8) {
      const first = p
      while (byteAt(p) - 48 < 10) bits = bits * 10 + (byteAt(p++) - 48)
      if (p - first > 7) return -1
    }
    resultValue = <f64>bits
    if (isNegative) return readError(p)
  }
  return byteAt(p) == 32 && byteAt(p + 1) == 40 ? skipRemark(p + 1) : p
}

/** Behind ` ENOMEM (Cannot allocate memory)`, or nothing, at `at` behind the digits of a negative result. */
function readError(at: i32): i32 {
  resultValue = -resultValue
  if (resultValue < 0 && resultValue > -4096) resultState = FAILED
  let p = at
  if (byteAt(p) == 32 && byteAt(p + 1) - 65 < 26) {
    if (resultState == 0) return -1
    errorStart = ++p
    while (load<u8>(NAME_BYTE + byteAt(p)) != 0) p++
    errorEnd = p
    if (byteAt(p) == 32 && byteAt(p + 1) == 40) {
      p = errorTextEnd(p + 2)
      if (p < 0) return -1
      p++
    }
  }
  return resultState == 0 && byteAt(p) == 32 && byteAt(p + 1) == 40 ? skipRemark(p + 1) : p
}

/** Behind ` <0.000014>`, or nothing, at `at`; -1 when it is not plain. */
// @ts-ignore: decorator
@inline
export function readDuration(at: i32): i32 {
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
