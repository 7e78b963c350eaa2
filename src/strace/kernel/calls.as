// Calls: whole ones and halves that are only counted, and whole ones that need a row.

import {
  ARGUMENT_TEXT, ARGUMENT_VALUE, DECORATED, FAILED, FUTEXES_KNOWN, FUTEX_KEY, HALF_DESCRIPTOR, HALF_LINE,
  HALF_NAME, HALF_TIME, IS_FUTEX, IS_MEMORY, MADE, MAKES_DESCRIPTOR, NAME_NUMBER, NAME_TRAITS, NEEDS_ROW,
  TAKES_DESCRIPTOR, THREAD_STATE, WHOLE_ONLY,
} from './places'
import { remember } from './contexts'
import { countCall, isNewText, statistics, statisticsRow, usualRow } from './statistics'
import { closingBracket, farClosing, nearClosing, unfinishedEnd } from './brackets'
import {
  argumentCount, argumentsUsed, bareDescriptor, decodeArgument, decorated, descriptor, descriptorEnd, firstDescriptor,
  readFirst, scanArguments,
} from './arguments'
import { duration, readOutcome, resultState, resultValue } from './results'
import { arrive, lineTime } from './prefix'
import { addRow } from './rows'

/** Kinds of lines taken by the last run. */
export let wholes: i32 = 0
export let halves: i32 = 0
export let resumes: i32 = 0
/** The last line taken was a first half, of this thread; else -1. */
export let lastHalf: i32 = -1
/** Line on which a call was last completed. */
export let lastComplete: i32 = 0

/** Before lines are read. */
export function beginCalls(): void {
  wholes = 0
  halves = 0
  resumes = 0
  lastHalf = -1
}

// @ts-ignore: decorator
@inline
export function knowsFutexes(thread: i32): bool {
  return (load<u8>(THREAD_STATE + thread) & FUTEXES_KNOWN) != 0
}

/**
 * A whole call that is only counted, whose arguments begin at `start`, where it is written as most are: where the next
 * line begins. 0 for all others; -1 when it is not plain.
 */
// @ts-ignore: decorator
@inline
export function lightCall(start: i32, line: i32, thread: i32, name: i32, traits: i32): i32 {
  let fd = -1
  if ((traits & TAKES_DESCRIPTOR) != 0) {
    fd = bareDescriptor(start)
    if (fd < 0) return 0
  }
  const closing = nearClosing(start)
  if (closing == 0) return 0
  const end = readOutcome(closing)
  if (end < 0) return -1
  const row = usualRow(thread, load<i32>(name, NAME_NUMBER), fd)
  if (row < 0) return -1
  countCall(row, (resultState & FAILED) != 0, duration, resultValue)
  remember(thread, row)
  took(thread, line)
  return end + 1
}

/** A whole call of this thread was taken. */
// @ts-ignore: decorator
@inline
export function took(thread: i32, line: i32): void {
  wholes++
  arrive(thread, lineTime, 1)
  lastHalf = -1
  lastComplete = line
}

/** The call, or half of one, whose arguments begin at `start`; where the next line begins, -1 when it is not plain. */
export function anyCall(start: i32, line: i32, thread: i32, name: i32, half: i32): i32 {
  const number = load<i32>(name, NAME_NUMBER)
  const traits = load<i32>(name, NAME_TRAITS)
  const firstArgument = argumentsUsed
  const isLight = (traits & NEEDS_ROW) == 0 && ((traits & IS_FUTEX) == 0 || knowsFutexes(thread))
  const takesDescriptor = half == 0 && (traits & TAKES_DESCRIPTOR) != 0
  argumentCount = 0
  let p: i32
  if (isLight) {
    if (takesDescriptor) argumentCount = firstDescriptor(start, firstArgument)
    if (argumentCount < 0) return -1
    // What -y says about the descriptor may hold brackets.
    const behind = argumentCount == 0 ? start : descriptorEnd
    p = farClosing(behind)
    if (p == 0) p = closingBracket(behind)
  } else p = scanArguments(start, firstArgument)
  if (p < 0) {
    if (p == -1 || half != 0) return -1
    return firstHalf(-p, line, thread, number, traits, isLight)
  }
  p = readOutcome(p)
  if (p < 0) return -1

  let fd = half != 0 ? load<i32>(HALF_DESCRIPTOR + (thread << 2)) : -1
  let isNamed = false
  if (takesDescriptor && argumentCount > 0) {
    if (!isLight && !readFirst(firstArgument)) return -1
    fd = descriptor
    isNamed = decorated && fd >= 0
  }
  const row = usualRow(thread, number, fd)
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
    // Whatever the call is, the last that -y said is what the next is held against.
    ((isNamed && isNewText(thread, fd, firstArgument)) ||
      (traits & NEEDS_ROW) != 0 ||
      ((traits & IS_FUTEX) != 0 && !knowsFutex(thread, firstArgument)))
  if (needsRow) {
    const result = isNamed ? resultState | DECORATED : resultState
    addRow(thread, number, traits, line, fd, result, firstArgument)
  }
  if (half != 0) {
    store<i32>(HALF_NAME + (thread << 2), 0)
    resumes++
  } else wholes++
  const isMemory = (traits & IS_MEMORY) != 0
  countCall(row, (resultState & FAILED) != 0, duration, isMemory ? 0 : resultValue)
  if (!isMemory) remember(thread, made >= 0 ? made : row)
  arrive(thread, lineTime, half == 0 ? 1 : 0)
  lastHalf = -1
  lastComplete = line
  return p + 1
}

/**
 * Whether the thread has used this futex in this way before, so that the caller knows of it. `place` is that of the first
 * argument. An address of 48 bits and a text fit the key of a row that counts nothing.
 */
function knowsFutex(thread: i32, place: i32): bool {
  if (knowsFutexes(thread)) return true
  if (argumentCount < 2) return false
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
function firstHalf(at: i32, line: i32, thread: i32, number: i32, traits: i32, isLight: bool): i32 {
  const next = unfinishedEnd(at)
  if (next < 0 || (traits & WHOLE_ONLY) != 0) return -1
  if ((traits & IS_FUTEX) != 0 && !knowsFutex(thread, argumentsUsed)) {
    // The parser tells the caller of it now; next time it is known.
    return -1
  }
  let fd = -1
  if ((traits & TAKES_DESCRIPTOR) != 0) {
    if (!isLight || argumentCount != 1 || decorated) return -1
    fd = descriptor
  }
  store<i32>(HALF_NAME + (thread << 2), number)
  store<i32>(HALF_DESCRIPTOR + (thread << 2), fd)
  store<i32>(HALF_LINE + (thread << 2), line)
  store<f64>(HALF_TIME + (thread << 3), lineTime)
  arrive(thread, lineTime, 1)
  halves++
  lastHalf = thread
  return next
}
