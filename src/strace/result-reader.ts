import { parseHex } from '../base/bytes-text.ts'
import { skipDecoration } from './argument-scanner.ts'

/**
 * Reads what follows the closing bracket of a call:
 * ` = RESULT[ ERRNO (text)][ (extra)][ (INJECTED)][ <seconds>]`.
 *   mmap(…) = -1 ENOMEM (Cannot allocate memory) (INJECTED) <0.000017>
 *   poll(…) = 1 ([{fd=3, revents=POLLIN}]) <0.1>
 * It cannot know whether a result was sign-extended by a 64-bit strace of a 32-bit process; the caller does.
 */

export const RESULT_READ = 0
/** Nothing follows, or nothing behind the `=`. */
const RESULT_MISSING = 1
/** The line ends inside a bracket: wrapped, or cut. */
const RESULT_CUT = 2
/** Something else than `=` follows. */
export const RESULT_FOREIGN = 3

const BLANK = 32
const QUOTE = 34
const OPEN = 40
const CLOSE = 41
const SLASH = 47
const STAR = 42
const LARGEST = 2 ** 64
/** Seconds. */
const CENTURY = 100 * 365 * 86_400
const ZERO = 48
const LESS = 60
const GREATER = 62
const EQUALS = 61
const QUESTION = 63
const DOT = 46
const MINUS = 45

const INJECTED = Buffer.from('(INJECTED', 'latin1')
const ERRNO = Buffer.from('(errno ', 'latin1')
const IN_OWN_NAMESPACE = Buffer.from(" in strace's PID NS", 'latin1')

function startsWith(buffer: Uint8Array, at: number, end: number, text: Uint8Array): boolean {
  if (end - at < text.length) return false
  for (let index = 0; index < text.length; index++) if (buffer[at + index] !== text[index]) return false
  return true
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57
const isUpper = (byte: number | undefined): boolean => byte !== undefined && byte >= 65 && byte <= 90

/** Digits of a fraction, as the number they stand for in units of a millionth. */
const SCALE = [0, 100_000, 10_000, 1_000, 100, 10, 1, 0.1, 0.01, 0.001]

/** The result last read; reused for every call. */
export class ResultReader {
  /** NaN for `?` and for words. Of a thread of another PID namespace its number in strace's own, which its log bears. */
  value = Number.NaN
  /** `= ?`: strace could not tell. */
  unknown = false
  /** -1 with an error name, or a negative number down to -4095. */
  failed = false
  /** `ENOMEM`, or `errno 523`; an empty range without. */
  errorStart = 0
  errorEnd = 0
  injected = false
  /** A number that nothing can be: more than 64 bits hold, a call of a century. It is taken for unknown. */
  impossible = false
  /** `-T`, microseconds; NaN without. */
  duration = Number.NaN
  /** `</path>` behind a descriptor, without the angle brackets; an empty range without. */
  nameStart = 0
  nameEnd = 0
  /** Text behind the result that strace does not write. */
  annotated = false

  /** Reads `buffer[from, end)`, which begins behind the closing bracket; returns a RESULT_ code. */
  read(buffer: Uint8Array, from: number, end: number): number {
    this.#reset()
    let at = from
    while (at < end && buffer[at] === BLANK) at++
    if (at >= end) return RESULT_MISSING
    if (buffer[at] !== EQUALS) return RESULT_FOREIGN
    at++
    while (at < end && buffer[at] === BLANK) at++
    if (at >= end) return RESULT_MISSING
    at = this.#value(buffer, at, end)
    // The common endings first: nothing, or ` <0.000012>`.
    if (at >= end) return RESULT_READ
    if (buffer[at] === BLANK && buffer[at + 1] === LESS && this.#duration(buffer, at + 1, end))
      return RESULT_READ
    return this.#rest(buffer, at, end)
  }

  /** Takes over a result that was read elsewhere: a number, an error name in `[errorStart, errorEnd)`, -T. */
  take(value: number, failed: boolean, duration: number, errorStart: number, errorEnd: number): void {
    this.#reset()
    this.value = value
    this.failed = failed
    this.duration = duration
    this.errorStart = errorStart
    this.errorEnd = errorEnd
  }

  #reset(): void {
    this.value = Number.NaN
    this.unknown = false
    this.failed = false
    this.errorStart = 0
    this.errorEnd = 0
    this.injected = false
    this.impossible = false
    this.duration = Number.NaN
    this.nameStart = 0
    this.nameEnd = 0
    this.annotated = false
  }

  #value(buffer: Uint8Array, from: number, end: number): number {
    let at = from
    const first = buffer[at]!
    if (first === ZERO && buffer[at + 1] === 120) {
      at += 2
      while (at < end && buffer[at] !== BLANK && buffer[at] !== LESS) at++
      this.value = parseHex(buffer, from + 2, at)
      return at
    }
    if (isDigit(first) || first === MINUS) {
      if (first === MINUS) at++
      let value = 0
      for (let byte = buffer[at]!; at < end && byte >= 48 && byte <= 57; byte = buffer[++at]!)
        value = value * 10 + byte - 48
      if (value > LARGEST) return this.#unbelievable(at)
      this.value = first === MINUS ? -value : value
      this.failed = first === MINUS && value > 0 && value < 4096
      return at
    }
    this.unknown = first === QUESTION
    while (at < end && buffer[at] !== BLANK) at++
    return at
  }

  #unbelievable(at: number): number {
    this.impossible = true
    this.unknown = true
    return at
  }

  /** ` <0.000163>` up to the end of the line. */
  #duration(buffer: Uint8Array, from: number, end: number): boolean {
    let at = from + 1
    if (!isDigit(buffer[at])) return false
    let seconds = 0
    for (let byte = buffer[at]!; byte >= 48 && byte <= 57; byte = buffer[++at]!)
      seconds = seconds * 10 + byte - 48
    let fraction = 0
    let digits = 0
    if (buffer[at] === DOT) {
      at++
      for (let byte = buffer[at]!; byte >= 48 && byte <= 57; byte = buffer[++at]!) {
        fraction = fraction * 10 + byte - 48
        digits++
      }
    }
    if (buffer[at] !== GREATER || digits > 9) return false
    if (seconds < CENTURY) this.duration = seconds * 1_000_000 + fraction * SCALE[digits]!
    else this.impossible = true
    at++
    while (at < end && buffer[at] === BLANK) at++
    if (at < end) this.annotated = true
    return true
  }

  #rest(buffer: Uint8Array, from: number, end: number): number {
    let at = from
    while (at < end) {
      const byte = buffer[at]!
      if (byte === BLANK) at++
      else if (
        byte === LESS &&
        isDigit(buffer[at + 1]) &&
        buffer[at - 1] === BLANK &&
        this.#duration(buffer, at, end)
      )
        return RESULT_READ
      else if (byte === LESS) {
        const behind = skipDecoration(buffer, at, end)
        if (buffer[at - 1] !== BLANK && buffer[behind - 1] === GREATER) {
          this.nameStart = at + 1
          this.nameEnd = behind - 1
        }
        at = behind
      } else if (byte === OPEN) {
        at = this.#bracket(buffer, at, end)
        if (at < 0) return RESULT_CUT
      } else if (byte === SLASH && buffer[at + 1] === STAR) {
        this.#translated(buffer, at + 2, end)
        at = buffer.indexOf(SLASH, at + 3) + 1
        if (at === 0 || at > end) return RESULT_CUT
      } else if (byte === 91) {
        // --secontext: what SELinux calls the file behind a new descriptor.
        at = buffer.indexOf(93, at) + 1
        if (at === 0 || at > end) return RESULT_CUT
      } else if (isUpper(byte) && this.errorEnd === 0) {
        this.errorStart = at
        while (at < end && buffer[at] !== BLANK && buffer[at] !== OPEN) at++
        this.errorEnd = at
        if (this.value < 0) this.failed = true
      } else {
        this.annotated = true
        return RESULT_READ
      }
    }
    return RESULT_READ
  }

  /** ` 456 in strace's PID NS`: what --pidns-translation adds to a thread's number. */
  #translated(buffer: Uint8Array, from: number, end: number): void {
    let at = from
    while (at < end && buffer[at] === BLANK) at++
    let value = 0
    for (let byte = buffer[at]!; at < end && byte >= 48 && byte <= 57; byte = buffer[++at]!)
      value = value * 10 + byte - 48
    if (value > 0 && value < 2 ** 31 && startsWith(buffer, at, end, IN_OWN_NAMESPACE)) this.value = value
  }

  /** Behind `(…)`, or -1 when it does not close. */
  #bracket(buffer: Uint8Array, from: number, end: number): number {
    if (startsWith(buffer, from, end, INJECTED)) this.injected = true
    let depth = 0
    for (let at = from; at < end; at++) {
      const byte = buffer[at]
      if (byte === OPEN) depth++
      else if (byte === QUOTE) {
        at++
        while (at < end && buffer[at] !== QUOTE) at += buffer[at] === 92 ? 2 : 1
      } else if (byte === CLOSE && --depth === 0) {
        if (this.errorEnd === 0 && startsWith(buffer, from, end, ERRNO)) {
          this.errorStart = from + 1
          this.errorEnd = at
          this.failed = true
        }
        return at + 1
      }
    }
    return -1
  }
}
