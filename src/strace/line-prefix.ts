import { DAY, SECOND } from '../base/units.ts'

/**
 * What stands before the call: `[PID-PREFIX][SECONTEXT ][TIME ][RELTIME ][SYSCALL-NR ][IP ]`.
 *   12345 19:44:30.516261 read(…            strace -f -o, -tt
 *   [pid 11935<work) = 0x1>] [  59] execve( strace -f -Y -n on stderr
 *        0.000123 brk(NULL)                 strace -r
 * strace's printleader(), print_tid_prefix(). It cannot tell a number that an editor put in front from a pid when
 * both are followed by one blank.
 */

export const STAMP_NONE = 0
export const STAMP_TIME_OF_DAY = 1
export const STAMP_UNIX = 2
export const STAMP_RELATIVE = 3
/** `:58.099968`, `83789.963719`: the beginning is cut off; nothing is to be learnt from the rest. */
const STAMP_CUT = 4

const BLANK = 32
const PLUS = 43
const COLON = 58
const DOT = 46
const OPEN = 40
const CLOSE = 41
const BRACKET = 91
const BRACKET_CLOSE = 93
const LESS = 60
const GREATER = 62

/** A bare number of so many digits is a time (`--absolute-timestamps=format:unix,precision:s`); a pid has seven at most. */
const EPOCH_DIGITS = 10
const PID_DIGITS = 8
const SCALE = [0, 100_000, 10_000, 1_000, 100, 10, 1, 0.1, 0.01, 0.001]

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

/** The prefix last read; reused for every line. */
export class LinePrefix {
  /** -1 without a pid. */
  tid = -1
  /** `-Y`: name behind the pid, an empty range without. */
  nameStart = 0
  nameEnd = 0
  /** A STAMP_ code. */
  stamp = STAMP_NONE
  /** Microseconds: since midnight, since 1970, or since the line before. NaN without. */
  time = Number.NaN
  /** Digits behind the point of the stamp. */
  digits = 0
  /** Where the call, event or message begins. */
  body = 0

  /** Reads `buffer[start, end)`. */
  read(buffer: Uint8Array, start: number, end: number): void {
    this.tid = -1
    this.nameStart = 0
    this.nameEnd = 0
    this.stamp = STAMP_NONE
    this.time = Number.NaN
    this.digits = 0
    let at = this.#pid(buffer, start, end)
    for (let round = 0; round < 6; round++) {
      const byte = buffer[at]
      let behind = at
      if (byte === BRACKET) behind = this.#group(buffer, at, end)
      else if (this.stamp === STAMP_NONE && (isDigit(byte) || byte === BLANK || byte === COLON))
        behind = this.#time(buffer, at, end)
      else if (byte === OPEN && buffer[at + 1] === PLUS) behind = this.#behind(buffer, at, end, CLOSE)
      if (behind === at) break
      at = behind
    }
    this.body = at
  }

  /** `12345 `, `12345<comm> `, `[pid 12345] `, `[pid  2804<comm>] `; the position where it does not stand. */
  #pid(buffer: Uint8Array, start: number, end: number): number {
    const bracketed =
      buffer[start] === BRACKET &&
      buffer[start + 1] === 112 &&
      buffer[start + 2] === 105 &&
      buffer[start + 3] === 100
    let at = start
    if (bracketed) {
      at += 4
      while (at < end && buffer[at] === BLANK) at++
    }
    const first = at
    let tid = 0
    for (let byte = buffer[at]!; at < end && byte >= 48 && byte <= 57; byte = buffer[++at]!)
      tid = tid * 10 + byte - 48
    if (at === first || at >= end || at - first > PID_DIGITS) return start
    let nameStart = 0
    let nameEnd = 0
    if (buffer[at] === LESS) {
      nameStart = at + 1
      // `<` and `>` inside a thread's name are octal, so the first `>` ends it.
      nameEnd = buffer.indexOf(GREATER, nameStart)
      if (nameEnd < 0 || nameEnd >= end) return start
      at = nameEnd + 1
    }
    if (bracketed) {
      if (buffer[at] !== BRACKET_CLOSE) return start
      at++
    }
    if (buffer[at] !== BLANK) return start
    this.tid = tid
    this.nameStart = nameStart
    this.nameEnd = nameEnd
    at++
    // The pid is padded to five columns; what -r pads is left for the time.
    const padded = at
    while (at < end && buffer[at] === BLANK) at++
    return isDigit(buffer[at]) ? padded : at
  }

  /** `[  59] `, `[00007f7727db7ad7] `, `[????????????????] `, `[user:role:type:level] `. */
  #group(buffer: Uint8Array, start: number, end: number): number {
    let colon = false
    for (let at = start + 1; at < end; at++) {
      const byte = buffer[at]!
      if (byte === BRACKET_CLOSE) {
        if (buffer[at + 1] !== BLANK) return start
        return at + 2
      }
      if (byte === COLON) colon = true
      const plain =
        byte === BLANK
          ? at < start + 16 && !colon
          : byte === 63 ||
            byte === 46 ||
            byte === 44 ||
            byte === 45 ||
            byte === 95 ||
            byte === COLON ||
            isDigit(byte)
      const hex = byte >= 97 && byte <= 102
      const letter = (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90)
      if (!plain && !hex && !(letter && (colon || this.#colonAhead(buffer, at, end)))) return start
    }
    return start
  }

  /** Whether a security context (`user:role:type`) goes on from here. */
  #colonAhead(buffer: Uint8Array, from: number, end: number): boolean {
    for (let at = from; at < end && buffer[at] !== BRACKET_CLOSE && buffer[at] !== BLANK; at++)
      if (buffer[at] === COLON) return true
    return false
  }

  #time(buffer: Uint8Array, start: number, end: number): number {
    let at = start
    while (at < end && buffer[at] === BLANK) at++
    if (
      isDigit(buffer[at]) &&
      buffer[at + 2] === COLON &&
      buffer[at + 5] === COLON &&
      isDigit(buffer[at + 1])
    ) {
      const hours = (buffer[at]! - 48) * 10 + buffer[at + 1]! - 48
      const minutes = (buffer[at + 3]! - 48) * 10 + buffer[at + 4]! - 48
      const seconds = (buffer[at + 6]! - 48) * 10 + buffer[at + 7]! - 48
      const behind = this.#fraction(buffer, at + 8, end)
      if (behind < 0 || !(hours < 24 && minutes < 60 && seconds < 61 && minutes >= 0 && seconds >= 0))
        return start
      this.stamp = STAMP_TIME_OF_DAY
      this.time += ((hours * 60 + minutes) * 60 + seconds) * SECOND
      return behind
    }
    if (
      buffer[at] === COLON &&
      isDigit(buffer[at + 1]) &&
      isDigit(buffer[at + 2]) &&
      buffer[at + 3] === DOT
    ) {
      const behind = this.#fraction(buffer, at + 3, end)
      if (behind < 0) return start
      this.stamp = STAMP_CUT
      this.time = Number.NaN
      return behind
    }
    const first = at
    let whole = 0
    for (let byte = buffer[at]!; at < end && byte >= 48 && byte <= 57; byte = buffer[++at]!)
      whole = whole * 10 + byte - 48
    const digits = at - first
    if (digits === 0 || (digits < EPOCH_DIGITS && buffer[at] !== DOT)) return start
    const behind = this.#fraction(buffer, at, end)
    if (behind < 0) return start
    // -r pads to six columns, so that a blank stands in front; seconds since 1970 have ten digits from 2001 to 2286.
    const isRelative = first > start && digits < EPOCH_DIGITS
    this.stamp = digits === EPOCH_DIGITS ? STAMP_UNIX : isRelative ? STAMP_RELATIVE : STAMP_CUT
    this.time = this.stamp === STAMP_CUT ? Number.NaN : this.time + whole * SECOND
    return behind
  }

  /** `.123456 ` or a blank: sets `time` to the fraction; -1 when neither stands there. */
  #fraction(buffer: Uint8Array, from: number, end: number): number {
    let at = from
    let value = 0
    let digits = 0
    if (buffer[at] === DOT) {
      at++
      for (let byte = buffer[at]!; at < end && byte >= 48 && byte <= 57; byte = buffer[++at]!) {
        value = value * 10 + byte - 48
        digits++
      }
    }
    if (digits > 9 || (buffer[at] !== BLANK && at < end)) return -1
    this.time = value * SCALE[digits]!
    this.digits = digits
    return Math.min(at + 1, end)
  }

  #behind(buffer: Uint8Array, from: number, end: number, byte: number): number {
    for (let at = from; at < end; at++)
      if (buffer[at] === byte) return buffer[at + 1] === BLANK ? at + 2 : at + 1
    return from
  }
}

/**
 * Turns stamps into one line of time. Times of day go on past midnight; what -r prints is added up. It cannot know
 * the day, and a step of the host's clock of half a day or more looks like midnight.
 */
export class StampReader {
  kind: number = STAMP_NONE
  /** Most digits behind the point. */
  digits = 0
  /** Times below the one before: the host's clock was set back, or runs were appended. */
  steppedBack = 0
  /** -ff -r: strace measures from the line before in any file, so one file's sum means nothing. */
  relativeUnusable = false
  /** Lowest and highest time so far; NaN without. */
  first = Number.NaN
  last = Number.NaN
  /** Microseconds of the midnights passed. */
  day = 0
  #last = Number.NaN

  /** Microseconds on the log's own clock; NaN where the line has no usable stamp. */
  read(prefix: LinePrefix): number {
    const { stamp } = prefix
    if (stamp === STAMP_NONE || stamp === STAMP_CUT) return Number.NaN
    if (this.kind === STAMP_NONE) this.kind = stamp
    if (stamp !== this.kind) return Number.NaN
    if (prefix.digits > this.digits) this.digits = prefix.digits
    let time = prefix.time
    const last = this.#last
    if (stamp === STAMP_RELATIVE) {
      if (this.relativeUnusable) return Number.NaN
      time += Number.isNaN(last) ? 0 : last
    }
    if (stamp === STAMP_TIME_OF_DAY) {
      time += this.day
      if (time < last - DAY / 2) {
        time += DAY
        this.day += DAY
      } else if (time > last + DAY / 2 && this.day > 0) time -= DAY
    }
    if (time < last) this.steppedBack++
    this.#last = time
    if (!(this.first <= time)) this.first = time
    if (!(this.last >= time)) this.last = time
    return time
  }

  /** Time of the last line that had a stamp; NaN before. */
  get previous(): number {
    return this.#last
  }

  /** Takes over the time of a later line, on the same day. */
  took(time: number): void {
    if (!(time >= this.#last)) return
    this.#last = time
    if (time > this.last) this.last = time
  }
}
