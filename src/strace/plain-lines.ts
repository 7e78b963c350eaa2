import { HEX_DIGIT } from '../base/bytes-text.ts'
import { LONGEST_LINE } from '../base/line-scanner.ts'
import { SECOND } from '../base/units.ts'
import { ArgumentScanner } from './argument-scanner.ts'
import { HANDLE_COUNT, HANDLE_FUTEX, HANDLE_WRITE } from './call-names.ts'
import type { CallPlace, CallRecorder } from './call-recorder.ts'
import {
  type LinePrefix,
  STAMP_NONE,
  STAMP_TIME_OF_DAY,
  STAMP_UNIX,
  type StampReader,
} from './line-prefix.ts'
import { ResultReader } from './result-reader.ts'
import type { StackFrames } from './stack-frames.ts'
import { ANGLE, ARGUMENT_KIND, CLOSE, COMMA, NAME_BYTE, OPEN, PLAIN, QUOTE, SLASH } from './tables/bytes.ts'
import type { ThreadChooser } from './thread-chooser.ts'
import { FUTEXES_KEPT, type ThreadState } from './threads.ts'
import type { TraceBuilder } from './trace-builder.ts'
import { readDescriptor } from './values.ts'

/**
 * Reads the lines that make up nearly all of a log in one pass over their bytes: a whole call of a known thread, with
 * a known name and the same kind of prefix as the line before.
 *   28328 19:50:36.430732 accept4(14, NULL, NULL, SOCK_NONBLOCK) = 17 <0.000014>
 * Whatever else it meets it leaves to LogParser, which reads every line; for the lines that it takes, both give the
 * same (tested). It never decides anything that LogParser would decide otherwise: when in doubt, it does not take.
 */

const SCALE = [0, 100_000, 10_000, 1_000, 100, 10, 1, 0.1, 0.01, 0.001]
const NAME_SLOTS = 1024
const NAMES_KEPT = 512
const LONGEST_NAME = 48
const MOST_ARGUMENTS = 16

const PID_NONE = 0
const PID_BARE = 1
const PID_BRACKETED = 2

const isWord = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)

/** Names of calls by their bytes, for exact comparison. */
class NameTable {
  readonly slots = new Int16Array(NAME_SLOTS).fill(-1)
  readonly bytes = new Uint8Array(NAMES_KEPT * LONGEST_NAME)
  readonly lengths = new Uint8Array(NAMES_KEPT)
  readonly numbers = new Int32Array(NAMES_KEPT)
  size = 0

  /** Number of the name, -1 when it is not known. */
  find(hash: number, buffer: Uint8Array, start: number, length: number): number {
    for (let slot = hash & (NAME_SLOTS - 1); ; slot = (slot + 1) & (NAME_SLOTS - 1)) {
      const entry = this.slots[slot]!
      if (entry < 0) return -1
      if (this.lengths[entry] !== length) continue
      const from = entry * LONGEST_NAME
      let at = 0
      while (at < length && this.bytes[from + at] === buffer[start + at]) at++
      if (at === length) return this.numbers[entry]!
    }
  }

  add(number: number, buffer: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (this.size === NAMES_KEPT || length > LONGEST_NAME) return
    let hash = 0
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ buffer[at]!, 0x01000193)
    hash ^= hash >>> 15
    if (this.find(hash, buffer, start, length) >= 0) return
    let slot = hash & (NAME_SLOTS - 1)
    while (this.slots[slot]! >= 0) slot = (slot + 1) & (NAME_SLOTS - 1)
    const entry = this.size++
    this.slots[slot] = entry
    this.lengths[entry] = length
    this.numbers[entry] = number
    this.bytes.set(buffer.subarray(start, end), entry * LONGEST_NAME)
  }
}

export class PlainLines {
  /** Lines that the last run took, and whether they had stamps. */
  taken = 0
  stamped = false
  readonly #builder: TraceBuilder
  readonly #file: number
  readonly #recorder: CallRecorder
  readonly #chooser: ThreadChooser
  readonly #stamps: StampReader
  readonly #names = new NameTable()
  readonly #call: { buffer: Uint8Array; readonly scanned: ArgumentScanner; readonly result: ResultReader }
  readonly #place: CallPlace
  #pid = PID_NONE
  #stamp = STAMP_NONE
  #lastTid = -1
  #lastThread: ThreadState | null = null
  /** The second last seen: its eight or ten bytes as numbers, and what they are in microseconds. */
  #second1 = 0
  #second2 = 0
  #second3 = 0
  #secondMicros = 0

  constructor(
    builder: TraceBuilder,
    file: number,
    recorder: CallRecorder,
    chooser: ThreadChooser,
    stamps: StampReader,
  ) {
    this.#builder = builder
    this.#file = file
    this.#recorder = recorder
    this.#chooser = chooser
    this.#stamps = stamps
    this.#call = { buffer: new Uint8Array(0), scanned: new ArgumentScanner(), result: new ResultReader() }
    this.#place = {
      thread: null as unknown as ThreadState,
      name: 0,
      time: Number.NaN,
      line: 0,
      row: -1,
      fd: -1,
      state: 0,
    }
  }

  /** Takes over the kind of prefix and the name of a call that LogParser has read. */
  learn(
    prefix: LinePrefix,
    bracketed: boolean,
    number: number,
    buffer: Uint8Array,
    start: number,
    end: number,
  ): void {
    this.#pid = prefix.tid < 0 ? PID_NONE : bracketed ? PID_BRACKETED : PID_BARE
    this.#stamp = prefix.stamp === STAMP_NONE || prefix.digits === 6 ? prefix.stamp : -1
    this.#names.add(number, buffer, start, end)
  }

  /**
   * Takes lines from `from` on until one is not plain; returns where that one begins, or `to`. `buffer[to - 1]` is the
   * end of a line. `line` is the number of the first one.
   */
  run(buffer: Uint8Array, from: number, to: number, line: number, frames: StackFrames): number {
    this.#call.buffer = buffer
    this.stamped = this.#stamp !== STAMP_NONE
    let at = from
    let number = line
    while (at < to) {
      const next = this.#take(buffer, at, number)
      if (next < 0) break
      if (number === line) frames.end()
      at = next
      number++
    }
    this.taken = number - line
    return at
  }

  /** Takes the line that begins at `from`; returns where the next begins, -1 when it is not plain. */
  #take(b: Uint8Array, from: number, line: number): number {
    let p = from
    let c = 0
    let thread: ThreadState | null
    if (this.#pid === PID_NONE) thread = this.#chooser.sole()
    else {
      if (this.#pid === PID_BRACKETED) {
        if (b[p] !== 91 || b[p + 1] !== 112 || b[p + 2] !== 105 || b[p + 3] !== 100 || b[p + 4] !== 32)
          return -1
        p += 5
        while (b[p] === 32) p++
      }
      const first = p
      let tid = 0
      c = b[p]! - 48
      while (c >= 0 && c <= 9) {
        tid = tid * 10 + c
        c = b[++p]! - 48
      }
      if (p === first || p - first > 8) return -1
      if (this.#pid === PID_BRACKETED && b[p++] !== 93) return -1
      if (b[p] !== 32) return -1
      while (b[p] === 32) p++
      thread = tid === this.#lastTid ? this.#lastThread : this.#known(tid)
    }
    if (thread === null || thread.suspended !== null || thread.calls === 0) return -1

    let time = Number.NaN
    if (this.#stamp !== STAMP_NONE) {
      const digits = this.#stamp === STAMP_TIME_OF_DAY ? 8 : 10
      if (this.#stamp < 0 || this.#stamp > STAMP_UNIX || b[p + digits] !== 46 || b[p + digits + 7] !== 32)
        return -1
      const high = (b[p]! << 24) | (b[p + 1]! << 16) | (b[p + 2]! << 8) | b[p + 3]!
      const low = (b[p + 4]! << 24) | (b[p + 5]! << 16) | (b[p + 6]! << 8) | b[p + 7]!
      const rest = digits === 8 ? 0 : (b[p + 8]! << 8) | b[p + 9]!
      if (
        (low !== this.#second2 || rest !== this.#second3 || high !== this.#second1) &&
        !this.#second(b, p, high, low, rest)
      )
        return -1
      const d1 = b[p + digits + 1]! - 48
      const d2 = b[p + digits + 2]! - 48
      const d3 = b[p + digits + 3]! - 48
      const d4 = b[p + digits + 4]! - 48
      const d5 = b[p + digits + 5]! - 48
      const d6 = b[p + digits + 6]! - 48
      if (d1 >>> 0 > 9 || d2 >>> 0 > 9 || d3 >>> 0 > 9 || d4 >>> 0 > 9 || d5 >>> 0 > 9 || d6 >>> 0 > 9)
        return -1
      time =
        this.#stamps.day +
        this.#secondMicros +
        d1 * 100_000 +
        d2 * 10_000 +
        d3 * 1000 +
        d4 * 100 +
        d5 * 10 +
        d6
      if (!this.#stamps.follows(time)) return -1
      p += digits + 8
    }

    const nameStart = p
    let hash = 0
    c = b[p]!
    if (c <= 57) return -1
    while (NAME_BYTE[c] === 1) {
      hash = Math.imul(hash ^ c, 0x01000193)
      c = b[++p]!
    }
    if (c !== 40) return -1
    const number = this.#names.find(hash ^ (hash >>> 15), b, nameStart, p - nameStart)
    if (number < 0) return -1

    const { scanned } = this.#call
    const { starts, ends } = scanned
    let count = 0
    let start = ++p
    // Open brackets as two bits each, the innermost lowest: 1 `(`, 2 `[`, 3 `{`.
    let open = 1
    for (;;) {
      c = b[p]!
      const kind = ARGUMENT_KIND[c]!
      if (kind === PLAIN) {
        p++
        continue
      }
      if (kind === COMMA) {
        if (open === 1 && count < MOST_ARGUMENTS) {
          starts[count] = start
          ends[count++] = p
          start = p + 1
        }
        p++
      } else if (kind === QUOTE) {
        c = b[++p]!
        while (c !== 34) {
          if (c === 10) return -1
          if (c === 92) {
            if (b[++p] === 10) return -1
          }
          c = b[++p]!
        }
        p++
      } else if (kind === CLOSE) {
        const expected = open & 3
        if ((c === 41 && expected !== 1) || (c === 93 && expected !== 2) || (c === 125 && expected !== 3))
          return -1
        open >>>= 2
        if (open === 0) break
        p++
      } else if (kind === OPEN) {
        if (open > 0x0fff_ffff) return -1
        open = (open << 2) | (c === 40 ? 1 : c === 91 ? 2 : 3)
        p++
      } else if (kind === SLASH) {
        if (b[p + 1] === 42) return -1
        p++
      } else if (kind === ANGLE) {
        p = this.#angle(b, p)
        if (p < 0) return -1
      } else return -1
    }
    if (p > start || count > 0) {
      if (count < MOST_ARGUMENTS) {
        starts[count] = start
        ends[count++] = p
      }
    }
    scanned.count = count
    scanned.damaged = false

    // `)`, blanks, `=`, blanks
    c = b[++p]!
    while (c === 32) c = b[++p]!
    if (c !== 61) return -1
    c = b[++p]!
    while (c === 32) c = b[++p]!
    let value = 0
    let failed = false
    let errorStart = 0
    let errorEnd = 0
    if (c === 48 && b[p + 1] === 120) {
      p += 2
      const hex = p
      let high = 0
      let low = 0
      let digit = HEX_DIGIT[b[p]!]!
      while (digit < 16) {
        high = (high << 4) | (low >>> 28)
        low = (low << 4) | digit
        digit = HEX_DIGIT[b[++p]!]!
      }
      if (p === hex || p - hex > 16) return -1
      value = (high >>> 0) * 0x1_0000_0000 + (low >>> 0)
      c = b[p]!
    } else {
      const negative = c === 45
      if (negative) c = b[++p]!
      const first = p
      while (c >= 48 && c <= 57) {
        value = value * 10 + c - 48
        c = b[++p]!
      }
      if (p === first) return -1
      if (negative) {
        value = -value
        failed = value < 0 && value > -4096
        if (c === 32 && b[p + 1]! >= 65 && b[p + 1]! <= 90) {
          if (!failed) return -1
          errorStart = ++p
          while (NAME_BYTE[b[p]!] === 1) p++
          errorEnd = p
          c = b[p]!
          if (c === 32 && b[p + 1] === 40) {
            p += 2
            c = b[p]!
            while (c !== 41) {
              if (c === 40 || c === 34 || c === 10) return -1
              c = b[++p]!
            }
            c = b[++p]!
          }
        }
      }
    }
    let duration = Number.NaN
    if (c === 32) {
      if (b[p + 1] !== 60) return -1
      p += 2
      c = b[p]!
      let seconds = 0
      const first = p
      while (c >= 48 && c <= 57) {
        seconds = seconds * 10 + c - 48
        c = b[++p]!
      }
      if (p === first) return -1
      let fraction = 0
      let digits = 0
      if (c === 46) {
        c = b[++p]!
        while (c >= 48 && c <= 57) {
          fraction = fraction * 10 + c - 48
          digits++
          c = b[++p]!
        }
        if (digits > 9) return -1
      }
      if (c !== 62) return -1
      duration = seconds * 1_000_000 + fraction * SCALE[digits]!
      c = b[++p]!
    }
    if (p - from > LONGEST_LINE) return -1
    if (c === 13) c = b[++p]!
    if (c !== 10) return -1

    this.#stamps.took(time)
    thread.took(time, this.#file)
    this.#commit(thread, number, time, line, value, failed, duration, errorStart, errorEnd)
    return p + 1
  }

  /** A thread that has printed with its pid before. */
  #known(tid: number): ThreadState | null {
    if (!this.#builder.knows(tid)) return null
    const thread = this.#builder.thread(tid)
    if (!thread.alive) return null
    this.#lastTid = tid
    this.#lastThread = thread
    return thread
  }

  /** Reads a new second out of its digits. */
  #second(b: Uint8Array, p: number, high: number, low: number, rest: number): boolean {
    const isTime = this.#stamp === STAMP_TIME_OF_DAY
    let value = 0
    for (let at = 0; at < (isTime ? 8 : 10); at++) {
      if (isTime && (at === 2 || at === 5)) {
        if (b[p + at] !== 58) return false
        continue
      }
      const digit = b[p + at]! - 48
      if (digit >>> 0 > 9) return false
      value = value * 10 + digit
    }
    if (isTime) {
      const hours = Math.floor(value / 10_000)
      const minutes = Math.floor(value / 100) % 100
      const seconds = value % 100
      if (hours > 23 || minutes > 59 || seconds > 60) return false
      value = (hours * 60 + minutes) * 60 + seconds
    }
    this.#second1 = high
    this.#second2 = low
    this.#second3 = rest
    this.#secondMicros = value * SECOND
    return true
  }

  /** Behind `<<` or behind a decoration without another one inside; -1 for everything else. */
  #angle(b: Uint8Array, from: number): number {
    if (b[from + 1] === 60) return from + 2
    if (!isWord(b[from - 1]!)) return -1
    for (let p = from + 1; ; p++) {
      const c = b[p]!
      if (c === 60 || c === 10) return -1
      if (c !== 62 || b[p - 1] === 45) continue
      const kind = ARGUMENT_KIND[b[p + 1]!]!
      return kind === COMMA || kind === OPEN || kind === CLOSE || b[p + 1] === 32 ? p + 1 : -1
    }
  }

  #commit(
    thread: ThreadState,
    number: number,
    time: number,
    line: number,
    value: number,
    failed: boolean,
    duration: number,
    errorStart: number,
    errorEnd: number,
  ): void {
    const builder = this.#builder
    const name = builder.names.get(number)
    const { buffer, scanned, result } = this.#call
    thread.calls++
    const { handle } = name
    if (
      handle !== HANDLE_COUNT &&
      !(handle === HANDLE_FUTEX && thread.futexes.size >= FUTEXES_KEPT) &&
      !(handle === HANDLE_WRITE && !this.#recorder.awaitsNames)
    ) {
      const place = this.#place
      place.thread = thread
      place.name = number
      place.time = time
      place.line = line
      place.row = -1
      place.fd = -1
      place.state = 0
      result.take(value, failed, duration, errorStart, errorEnd)
      this.#recorder.record(place, this.#call)
      return
    }
    let fd = -1
    if (name.takesDescriptor && scanned.count > 0) {
      const end = scanned.ends[0]!
      if (buffer[end - 1] === 62) {
        this.#place.thread = thread
        this.#place.time = time
        fd = this.#recorder.descriptor(this.#call, this.#place)
      } else fd = readDescriptor(buffer, scanned.starts[0]!, end)
    }
    if (duration >= 0) builder.hasDurations = true
    builder.statistics.count(builder.statistics.row(thread.index, number, fd), failed, duration, value)
    this.#recorder.lastRow = -1
    thread.recent.push(number, name.makesDescriptor && value >= 0 ? value : fd)
  }
}
