// What stands before the call: pid and stamp; the clock of the log.

import {
  ALIVE, BUSY, CALLS, FIRST_TIME, LAST_TIME, LINES, PIDS, PID_BARE, PID_BRACKETED, PID_BYTES, PID_SLOT_BITS, SEEN_IN,
  STAMP_RELATIVE, STAMP_TIME_OF_DAY, STAMP_UNIX, THREAD_STATE,
} from './places'
import { behindBlanks, byteAt, digitCount, digitRun, sixDigits, two, valueOf } from './bytes'
import { threadOf } from './names'

let pidForm: i32 = 0
let stampForm: i32 = 0
/** Whether six digits stand behind the seconds, or none do. */
let hasFraction: bool = true
/** Thread of lines without a pid, -1 for none. */
let soleThread: i32 = -1
/** Number of the file that is read. */
export let file: i32 = 0
/** Time of the last line, and the midnights passed. */
let lastTime: f64 = NaN
let day: f64 = 0

export function setPrefix(pid: i32, stamp: i32, digits: i32, sole: i32, fileNumber: i32): void {
  if (stamp != stampForm || hasFraction != (digits != 0)) secondKnown = isTextKnown = false
  pidForm = pid
  stampForm = stamp
  hasFraction = digits != 0
  soleThread = sole
  file = fileNumber
}

export function setTime(last: f64, midnights: f64): void {
  lastTime = last
  day = midnights
}

/** A time this far back is another day. */
const HALF_DAY: f64 = 43200000000

/** All lines are those of the only thread, which may be taken when its clock goes on. */
let isSole: bool = false
/** No line of a run may be later than this. */
let latest: f64 = NaN

/** Before lines are read. */
export function beginLines(): void {
  run++
  latest = lastTime + HALF_DAY
  const hasTimes = stampForm > 0 && stampForm <= STAMP_RELATIVE
  isSole = pidForm == 0 && hasTimes && isOurs(soleThread) && lastTime >= load<f64>(FIRST_TIME + (soleThread << 3))
}

/** When lines have been read, of which so many began a call. */
export function endLines(lines: i32, calls: i32): void {
  if (!isSole) return
  const thread = soleThread << 2
  store<i32>(LINES + thread, load<i32>(LINES + thread) + lines)
  store<i32>(CALLS + thread, load<i32>(CALLS + thread) + calls)
  const at = LAST_TIME + (soleThread << 3)
  if (lines > 0 && !(load<f64>(at) >= lastTime)) store<f64>(at, lastTime)
}

/** Whether the thread is known, and nothing of it goes on that only the parser can end. */
// @ts-ignore: decorator
@inline
function isOurs(thread: i32): bool {
  return thread >= 0 && (load<u8>(THREAD_STATE + thread) & BUSY) == 0 && load<i32>(SEEN_IN + (thread << 2)) == file
}

export function time(): f64 { return lastTime }

/** The second last seen: its eight or ten bytes, and what they are in microseconds. */
let secondKnown: bool = false
let second1: u64 = 0
let second2: u32 = 0
let secondMicros: f64 = 0
/** What `HH:MM:SS.ffffff ` is in the second last seen, with zeros for the fraction; how far the sixteen bytes may differ. */
let secondText: v128 = i64x2(0, 0)
let isTextKnown: bool = false

function readSecond(at: i32): bool {
  const first = load<u64>(at)
  const rest: u32 = stampForm == STAMP_UNIX ? load<u16>(at + 8) : 0
  if (secondKnown && first == second1 && rest == second2) return true
  if (stampForm == STAMP_TIME_OF_DAY) {
    const hours = two(at)
    const minutes = two(at + 3)
    const seconds = two(at + 6)
    if (byteAt(at + 2) != 58 || byteAt(at + 5) != 58) return false
    if (hours < 0 || minutes < 0 || seconds < 0 || hours > 23 || minutes > 59 || seconds > 60) return false
    secondMicros = <f64>((hours * 60 + minutes) * 60 + seconds) * 1000000
  } else {
    let value: i64 = 0
    for (let digit = 0; digit < 10; digit++) {
      const unit = byteAt(at + digit) - 48
      if (unit > 9) return false
      value = value * 10 + unit
    }
    secondMicros = <f64>value * 1000000
  }
  second1 = first
  second2 = rest
  secondKnown = true
  isTextKnown = stampForm == STAMP_TIME_OF_DAY && hasFraction
  // ".000000 "
  if (isTextKnown) secondText = i64x2(first, 0x203030303030302e)
  return true
}

/** Thread and time of the line whose prefix was read last; NaN without a stamp. */
export let lineThread: i32 = -1
export let lineTime: f64 = NaN

/** Behind the stamp at `at`, whose time becomes that of the line; -1 when it is not plain. */
// @ts-ignore: decorator
@inline
function readStamp(at: i32): i32 {
  if (isTextKnown) {
    // Digits differ from `0` by what they are.
    const differs = v128.xor(v128.load(at), secondText)
    if (!v128.any_true(i8x16.sub_sat_u(differs, i8x16(0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 0)))) {
      lineTime = day + secondMicros + <f64>valueOf(i64x2.extract_lane(differs, 1) << 8)
      return at + 16
    }
  }
  return readOtherStamp(at)
}

function readOtherStamp(at: i32): i32 {
  if (stampForm >= STAMP_RELATIVE) return readRelative(at)
  if (!readSecond(at)) return -1
  let p = at + (stampForm == STAMP_TIME_OF_DAY ? 8 : 10)
  let micros = 0
  if (hasFraction) {
    if (byteAt(p) != 46) return -1
    micros = sixDigits(p + 1)
    if (micros < 0) return -1
    p += 7
  }
  lineTime = day + secondMicros + <f64>micros
  return byteAt(p) == 32 ? p + 1 : -1
}

/** `     0.000123 `, padded to six columns, since the line before; one that says nothing in files of their own. */
function readRelative(at: i32): i32 {
  if (byteAt(at) != 32) return -1
  let p = behindBlanks(at)
  const seconds = digitRun(p)
  if (digitCount == 0) return -1
  p += digitCount
  if (byteAt(p) != 46 || byteAt(p + 7) != 32) return -1
  const micros = sixDigits(p + 1)
  if (micros < 0) return -1
  lineTime = stampForm == STAMP_RELATIVE ? lastTime + <f64>seconds * 1000000 + <f64>micros : NaN
  return p + 8
}

// Pids of this run, as their lines begin, with the blanks behind them: the text, its thread, and the run. All is known of
// such a thread, because its state changes between runs only and the clock goes on in them.
const PID_THREAD: i32 = 8
const PID_RUN: i32 = 12
let run: i32 = 0
/** How long the text was that was read last; the next is mostly as long. Its bytes of eight. */
let pidWidth: i32 = 0
let pidMask: u64 = 0

// @ts-ignore: decorator
@inline
function placeOfPid(text: u64): i32 {
  return PIDS + <i32>((text * 0x9e3779b97f4a7c15) >> (64 - PID_SLOT_BITS)) * PID_BYTES
}

/** All is well with the thread of the line at `from`, whose pid and blanks are so wide. */
function keepPid(from: i32, width: i32, thread: i32): void {
  if (width > 8) return
  pidWidth = width
  pidMask = (~(<u64>0)) >> (64 - (<u64>width << 3))
  const text = load<u64>(from) & pidMask
  const place = placeOfPid(text)
  store<u64>(place, text)
  store<i32>(place, thread, PID_THREAD)
  store<i32>(place, run, PID_RUN)
}

/** Behind the pid of the line at `from`, whose thread becomes that of the line; -1 when it is not plain or not known. */
function readPid(from: i32): i32 {
  // The caller has met a stamp that is not read here.
  if (stampForm < 0) return -1
  let p = from
  lineThread = soleThread
  if (pidForm != 0) {
    if (pidForm == PID_BRACKETED) {
      if (load<u32>(p) != 0x6469705b || byteAt(p + 4) != 32) return -1 // "[pid"
      p += 5
      while (byteAt(p) == 32) p++
    }
    const tid = digitRun(p)
    if (digitCount == 0) return -1
    p += digitCount
    if (pidForm == PID_BRACKETED && byteAt(p++) != 93) return -1
    if (byteAt(p) != 32) return -1
    // What -r pads belongs to the stamp.
    p = stampForm >= STAMP_RELATIVE ? p + 1 : behindBlanks(p)
    lineThread = threadOf(tid)
  }
  if (!isOurs(lineThread)) return -1
  return pidForm == 0 || (load<u8>(THREAD_STATE + lineThread) & ALIVE) != 0 ? p : -1
}

/** Behind the prefix of the line at `from`; -1 when it is not plain or the parser must see what its thread does. */
// @ts-ignore: decorator
@inline
export function readPrefix(from: i32): i32 {
  let p = from
  let isKnown = isSole
  if (isKnown) lineThread = soleThread
  else {
    const text = load<u64>(from) & pidMask
    const place = placeOfPid(text)
    isKnown = load<u64>(place) == text && load<i32>(place, PID_RUN) == run && byteAt(from + pidWidth) != 32
    if (isKnown) {
      lineThread = load<i32>(place, PID_THREAD)
      p = from + pidWidth
    } else {
      p = readPid(from)
      if (p < 0) return -1
    }
  }
  if (stampForm == 0) {
    lineTime = NaN
    return p
  }
  const width = p - from
  p = readStamp(p)
  if (p < 0) return -1
  const time = lineTime
  if (!(time >= lastTime)) return time != time && stampForm > STAMP_RELATIVE ? p : -1
  if (!(time < latest)) return -1
  if (!isKnown) {
    if (!(time >= load<f64>(FIRST_TIME + (lineThread << 3)))) return -1
    if (pidForm == PID_BARE && stampForm < STAMP_RELATIVE) keepPid(from, width, lineThread)
  }
  return p
}

/** Thread and clock have arrived at a line; `calls` begin there. */
// @ts-ignore: decorator
@inline
export function arrive(thread: i32, time: f64, calls: i32): void {
  if (isSole) {
    lastTime = time
    return
  }
  store<i32>(LINES + (thread << 2), load<i32>(LINES + (thread << 2)) + 1)
  store<i32>(CALLS + (thread << 2), load<i32>(CALLS + (thread << 2)) + calls)
  if (time == time) {
    lastTime = time
    const last = load<f64>(LAST_TIME + (thread << 3))
    if (!(last >= time)) store<f64>(LAST_TIME + (thread << 3), time)
  }
}
