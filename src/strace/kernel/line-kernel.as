// Plain lines of strace logs, in one pass over their bytes: whole calls with a known name of a known thread, and the
// halves of calls that are only counted. It counts them by thread, name and descriptor; calls whose arguments matter also
// get a row. AssemblyScript; `npm run build:kernels` compiles it into line-kernel.wasm.ts, and a test holds
// the two together.
//
//   28328 19:50:36.430732 accept4(14, NULL, NULL, SOCK_NONBLOCK) = 17 <0.000014>
//
// The caller puts text at IN and the classes of bytes at KIND and NAME_BYTE, and says what prefixes look like. `run`
// stops at the first line that is anything but plain: the line-by-line parser takes that one, and both see the same
// threads and counts. The kernel decides nothing that the parser would decide otherwise; when in doubt, it stops.

import {
  ARGUMENT_END, ARGUMENT_PLACES, ARGUMENT_START, ARGUMENT_TEXT, ARGUMENT_VALUE, CALLS, DECORATED, FAILED,
  FINISHED_SHIFT, FUTEXES_KNOWN, FUTEX_KEY, HALF_DESCRIPTOR, HALF_LINE, HALF_NAME, HALF_TIME, IS_FUTEX, IS_MEMORY,
  LONGEST_LINE, MADE, MAKES_DESCRIPTOR, MOST_ARGUMENTS, MOST_FINISHED, NAME_NUMBER, NAME_TRAITS, NEEDS_ROW, ROWS, TAKES_DESCRIPTOR,
  THREAD_STATE, WHOLE_ONLY,
} from './places'
import { byteAt } from './bytes'
import { nameEntry, readName } from './names'
import { remember } from './contexts'
import { countCall, isNewText, statistics, statisticsRow } from './statistics'
import { closingBracket, plainClosing, unfinishedEnd } from './brackets'
import {
  argumentCount, argumentsUsed, decodeArgument, decorated, descriptor, firstDescriptor, readDescriptor, readRange,
  scanArguments,
} from './arguments'
import { duration, readDuration, readResult, resultState, resultValue } from './results'
import { arrive, lineThread, lineTime, readPrefix } from './prefix'
import { addRow, finished, rows } from './rows'
export {
  KIND, NAME_BYTE, THREADS, APART, LAST_TIME, FIRST_TIME, LINES, CALLS, RECENT, SEEN_IN, HALF_NAME, HALF_DESCRIPTOR,
  HALF_LINE, HALF_TIME, THREAD_CONTEXTS, THREAD_STATE, ROWS, TIME, VALUE, DURATION, LINE, THREAD, NAME, DESCRIPTOR,
  ERROR_START, ERROR_END, ARGUMENT, BEFORE, ARGUMENTS, STATE, SHAPE, FINISHED_BEFORE, FAILED, DECORATED, DECODED,
  ARGUMENT_PLACES, ARGUMENT_START, ARGUMENT_END, ARGUMENT_VALUE, ARGUMENT_TEXT, IN, IN_BYTES, MOST_SHAPES, FORMS,
  FINISHED, MOST_FINISHED, FINISHED_BYTES, STATISTICS, MADE,
} from './places'
export { lineEnd } from './bytes'
export { addTid, setTraits, addName } from './names'
export { MOST_OF_ONE, MOST_OF_TWO, MOST_OF_THREE, contextsAt, contextCount, findContext } from './contexts'
export { forgetText, sawDurations, setCapacity, statisticsRows, statisticsRow } from './statistics'
export { setPrefix, setTime, time } from './prefix'
export { setBase, finishedRows } from './rows'

let stopped: i32 = 0
/** Kinds of lines taken by the last run. */
let wholes: i32 = 0
let halves: i32 = 0
let resumes: i32 = 0
/** The last line taken was a first half, of this thread; else -1. */
let lastHalf: i32 = -1
/** Line on which a call was last completed. */
let lastComplete: i32 = 0

/** Behind the last line taken. */
export function stop(): i32 { return stopped }
export function wholeLines(): i32 { return wholes }
export function firstHalves(): i32 { return halves }
export function secondHalves(): i32 { return resumes }
export function lastFirstHalf(): i32 { return lastHalf }
export function lastCompleteLine(): i32 { return lastComplete }

/** One line that begins at `from` and has this number; where the next begins, -1 when it is not plain. */
function plainLine(from: i32, line: i32): i32 {
  let p = readPrefix(from)
  if (p < 0) return -1
  const thread = lineThread
  const state: i32 = load<u8>(THREAD_STATE + thread)
  const half = load<i32>(HALF_NAME + (thread << 2))
  p = readName(p, half)
  if (p < 0) return -1
  const number = load<i32>(NAME_NUMBER + (nameEntry << 2))
  const traits = load<i32>(NAME_TRAITS + (nameEntry << 2))
  const firstArgument = argumentsUsed
  const start = ++p
  const isLight = (traits & NEEDS_ROW) == 0 && ((traits & IS_FUTEX) == 0 || (state & FUTEXES_KNOWN) != 0)
  argumentCount = 0
  let isDecoded = false
  if (isLight) {
    p = plainClosing(start)
    if (p == 0) p = closingBracket(start)
  } else {
    p = readRange(traits >> FINISHED_SHIFT, start, firstArgument)
    isDecoded = p != 0
    if (p == 0) p = scanArguments(start, firstArgument)
  }
  if (p < 0) {
    if (p == -1 || half != 0) return -1
    return firstHalf(thread, number, traits, state, lineTime, line, -p, isLight, start, firstArgument)
  }
  p = readResult(p)
  if (p < 0) return -1
  p = readDuration(p)
  if (p < 0 || p - from > LONGEST_LINE) return -1
  if (byteAt(p) == 13) p++
  if (byteAt(p) != 10) return -1

  let fd = half != 0 ? load<i32>(HALF_DESCRIPTOR + (thread << 2)) : -1
  let isNamed = false
  if (half == 0 && (traits & TAKES_DESCRIPTOR) != 0) {
    if (isLight) {
      argumentCount = firstDescriptor(start, firstArgument)
      if (argumentCount < 0) return -1
    } else if (argumentCount > 0) {
      if (!readDescriptor(load<i32>(ARGUMENT_START + (firstArgument << 2)), load<i32>(ARGUMENT_END + (firstArgument << 2)))) return -1
    }
    if (argumentCount > 0) {
      fd = descriptor
      isNamed = decorated && fd >= 0
    }
  }
  const row = statisticsRow(thread, number, fd)
  if (row < 0) return -1
  let made = -1
  if ((traits & MAKES_DESCRIPTOR) != 0 && resultValue >= 0) {
    if (resultValue > 0x7ffffff) return -1
    made = statisticsRow(thread, number + MADE, <i32>resultValue)
    if (made < 0) return -1
  }

  // Nothing can keep the line from being taken any more.
  const needsRow =
    half == 0 &&
    ((traits & NEEDS_ROW) != 0 ||
      ((traits & IS_FUTEX) != 0 && !knowsFutex(thread, firstArgument, argumentCount, state)) ||
      (isNamed && isNewText(thread, fd, firstArgument)))
  if (needsRow) {
    const result = isNamed ? resultState | DECORATED : resultState
    addRow(thread, number, traits, line, fd, result, firstArgument, isDecoded)
  }
  if (half != 0) {
    store<i32>(HALF_NAME + (thread << 2), 0)
    resumes++
  } else {
    store<i32>(CALLS + (thread << 2), load<i32>(CALLS + (thread << 2)) + 1)
    wholes++
  }
  countCall(row, (resultState & FAILED) != 0, duration, (traits & IS_MEMORY) != 0 ? 0 : resultValue)
  if ((traits & IS_MEMORY) == 0) remember(thread, made >= 0 ? made : row)
  arrive(thread, lineTime)
  lastHalf = -1
  lastComplete = line
  return p + 1
}

/**
 * Whether the thread has used this futex in this way before, so that the caller knows of it. `place` is that of the first
 * argument. An address of 48 bits and a text fit the key of a row that counts nothing.
 */
function knowsFutex(thread: i32, place: i32, count: i32, state: i32): bool {
  if ((state & FUTEXES_KNOWN) != 0) return true
  if (count < 2) return false
  decodeArgument(place)
  decodeArgument(place + 1)
  const address = load<f64>(ARGUMENT_VALUE + (place << 3))
  const text = load<i32>(ARGUMENT_TEXT + ((place + 1) << 2))
  if (!(address >= 0 && address < 281474976710656) || text == 0) return false
  const bits = <u64>address
  const before = statistics
  const row = statisticsRow(thread, FUTEX_KEY + (text << 16) + <i32>(bits >> 32), <i32>(bits & 0xffffffff))
  return row >= 0 && statistics == before
}

/** ` <unfinished ...>` at `at` behind the arguments: the call goes on later. Where the next line begins, or -1. */
function firstHalf(
  thread: i32, number: i32, traits: i32, state: i32, time: f64, line: i32, at: i32, isLight: bool, start: i32,
  firstArgument: i32,
): i32 {
  const next = unfinishedEnd(at)
  if (next < 0 || (traits & WHOLE_ONLY) != 0) return -1
  if ((traits & IS_FUTEX) != 0 && !knowsFutex(thread, firstArgument, argumentCount, state)) {
    // The parser tells the caller of it now; next time it is known.
    return -1
  }
  let fd = -1
  if ((traits & TAKES_DESCRIPTOR) != 0) {
    if (!isLight || firstDescriptor(start, firstArgument) != 1 || decorated) return -1
    fd = descriptor
  }
  store<i32>(HALF_NAME + (thread << 2), number)
  store<i32>(HALF_DESCRIPTOR + (thread << 2), fd)
  store<i32>(HALF_LINE + (thread << 2), line)
  store<f64>(HALF_TIME + (thread << 3), time)
  store<i32>(CALLS + (thread << 2), load<i32>(CALLS + (thread << 2)) + 1)
  arrive(thread, time)
  halves++
  lastHalf = thread
  return next
}

/**
 * Takes lines of `[from, limit)`, which ends behind the end of a line, up to one that is not plain; `line` is the number
 * of the first. Returns how many rows there are.
 */
export function run(from: i32, limit: i32, line: i32): i32 {
  let at = from
  let number = line
  argumentsUsed = 0
  rows = 0
  finished = 0
  wholes = 0
  halves = 0
  resumes = 0
  lastHalf = -1
  while (at < limit && rows < ROWS && finished < MOST_FINISHED && argumentsUsed < ARGUMENT_PLACES - MOST_ARGUMENTS) {
    const next = plainLine(at, number)
    if (next < 0 || next > limit) break
    at = next
    number++
  }
  stopped = at
  return rows
}
