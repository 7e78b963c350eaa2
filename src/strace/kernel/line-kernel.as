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

import { FINISHED_SHIFT, HALF_NAME, IS_FUTEX, LONGEST_NAME, MAKES_DESCRIPTOR, NAME_TRAITS, NEEDS_ROW } from './places'
import { anyCall, beginCalls, halves, knowsFutexes, lastComplete, lastHalf, lightCall, resumes, took, wholes } from './calls'
import { findName, nameLength, resumedEnd, resumedName } from './names'
import { beginLines, endLines, lineThread, readPrefix } from './prefix'
import { beginRows, isFull, rows } from './rows'
import { rangeCall } from './memory-lines'
export {
  KIND, NAME_BYTE, THREADS, APART, LAST_TIME, FIRST_TIME, LINES, CALLS, RECENT, SEEN_IN, HALF_NAME, HALF_DESCRIPTOR,
  HALF_LINE, HALF_TIME, THREAD_CONTEXTS, THREAD_STATE, ROWS, TIME, VALUE, DURATION, LINE, THREAD, NAME, DESCRIPTOR,
  ERROR_START, ERROR_END, ARGUMENT, BEFORE, ARGUMENTS, STATE, SHAPE, FINISHED_BEFORE, FAILED, DECORATED, DECODED,
  ARGUMENT_PLACES, ARGUMENT_START, ARGUMENT_END, ARGUMENT_VALUE, ARGUMENT_TEXT, IN, IN_BYTES, MOST_SHAPES, FORMS,
  FINISHED, MOST_FINISHED, FINISHED_BYTES, STATISTICS, MADE, LONGEST_NAME,
} from './places'
export { lineEnd } from './bytes'
export { addTid, setTraits, addName } from './names'
export { MOST_OF_ONE, MOST_OF_TWO, MOST_OF_THREE, contextsAt, contextCount, findContext } from './contexts'
export { forgetText, sawDurations, setCapacity, statisticsRows, statisticsRow } from './statistics'
export { setPrefix, setTime, time } from './prefix'
export { setBase, finishedRows } from './rows'

let stopped: i32 = 0
/** Behind the last line taken. */
export function stop(): i32 { return stopped }
export function wholeLines(): i32 { return wholes }
export function firstHalves(): i32 { return halves }
export function secondHalves(): i32 { return resumes }
export function lastFirstHalf(): i32 { return lastHalf }
export function lastCompleteLine(): i32 { return lastComplete }

/** One line that begins at `from` and has this number; where the next begins, -1 when it is not plain. */
// @ts-ignore: decorator
@inline
function plainLine(from: i32, line: i32): i32 {
  let p = readPrefix(from)
  if (p < 0) return -1
  const thread = lineThread
  const half = load<i32>(HALF_NAME + (thread << 2))
  if (half != 0) {
    const resumed = resumedName(p, half)
    return resumed == 0 ? -1 : anyCall(resumedEnd, line, thread, resumed, half)
  }
  // The name ends at the first bracket, and is one that is known.
  const length = nameLength(p, 40)
  if (length > LONGEST_NAME) return -1
  const name = findName(p, length)
  if (name == 0) return -1
  p += length + 1
  const traits = load<i32>(name, NAME_TRAITS)
  if ((traits & (NEEDS_ROW | MAKES_DESCRIPTOR)) == 0) {
    if ((traits & IS_FUTEX) == 0 || knowsFutexes(thread)) {
      const next = lightCall(p, line, thread, name, traits)
      if (next != 0) return next
    }
  } else if (traits >= 1 << FINISHED_SHIFT) {
    const end = rangeCall(p, line, thread, name)
    if (end < 0) return -1
    if (end > 0) {
      took(thread, line)
      return end + 1
    }
  }
  return anyCall(p, line, thread, name, 0)
}

/**
 * Takes lines of `[from, limit)`, which ends behind the end of a line, up to one that is not plain; `line` is the number
 * of the first. Returns how many rows there are.
 */
export function run(from: i32, limit: i32, line: i32): i32 {
  let at = from
  let number = line
  beginRows()
  beginCalls()
  beginLines()
  while (at < limit) {
    const next = plainLine(at, number)
    if (next < 0) break
    if (next > limit) break
    at = next
    number++
    if (isFull) break
  }
  endLines(wholes + halves + resumes, wholes + halves)
  stopped = at
  return rows
}
