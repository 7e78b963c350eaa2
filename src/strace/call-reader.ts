import { RESUMED_ONLY } from '../model/trace.ts'
import { ArgumentScanner, END_CLOSED, END_CUT, END_DETACHED, END_PID_CHANGED } from './argument-scanner.ts'
import {
  type CallName,
  HANDLE_DESCRIPTOR,
  HANDLE_FUTEX,
  HANDLE_MEMORY,
  HANDLE_PRCTL,
  LONGEST_NAME,
} from './call-names.ts'
import { type CallPlace, type CallRecorder, FD_UNREAD } from './call-recorder.ts'
import { RESULT_FOREIGN, RESULT_READ, ResultReader } from './result-reader.ts'
import type { Tally } from './tally.ts'
import type { ThreadChooser } from './thread-chooser.ts'
import type { SuspendedCall, ThreadState } from './threads.ts'
import type { TraceBuilder } from './trace-builder.ts'
import { readDescriptor } from './values.ts'

/** A whole call. */
export const CALL_DONE = 0
/** The first half of a call, or the last thing a thread did. */
const CALL_SUSPENDED = 1
/** The line ends too early: the rest may be on the next one. */
export const CALL_BROKEN = 2
/** Not a call. */
export const CALL_FOREIGN = 3

/** Where the line under way stands. */
export interface LinePlace {
  thread: ThreadState
  time: number
  line: number
}

const NOTHING = new Uint8Array(0)
const RESUMED = Buffer.from(' resumed>', 'latin1')
const NEWLINE = 10
const BLANK = 32

/** Reads calls out of lines: whole ones, and the halves that `<unfinished ...>` and `<... resumed>` leave. */
export class CallReader {
  readonly #builder: TraceBuilder
  readonly #recorder: CallRecorder
  readonly #chooser: ThreadChooser
  readonly #tally: Tally
  readonly #scanner = new ArgumentScanner()
  readonly #result = new ResultReader()
  readonly #call: { buffer: Uint8Array; readonly scanned: ArgumentScanner; readonly result: ResultReader }
  readonly #place: CallPlace
  #joined = new Uint8Array(256)

  constructor(builder: TraceBuilder, recorder: CallRecorder, chooser: ThreadChooser, tally: Tally) {
    this.#builder = builder
    this.#recorder = recorder
    this.#chooser = chooser
    this.#tally = tally
    this.#call = { buffer: new Uint8Array(0), scanned: this.#scanner, result: this.#result }
    this.#place = recorder.newPlace()
  }

  /** Scans a call whose name ends at `nameEnd` with its bracket; returns a CALL_ code, and changes nothing. */
  scan(buffer: Uint8Array, nameEnd: number, end: number): number {
    this.#scanned = this.#scanner.scan(buffer, nameEnd + 1, end)
    if (this.#scanned === END_CUT) return CALL_BROKEN
    if (this.#scanned !== END_CLOSED) return CALL_SUSPENDED
    const read = this.#result.read(buffer, this.#scanner.position, end)
    if (read === RESULT_READ) return CALL_DONE
    return read === RESULT_FOREIGN ? CALL_FOREIGN : CALL_BROKEN
  }

  /** Records the call last scanned (CALL_DONE or CALL_SUSPENDED); returns the number of its name. */
  settle(at: LinePlace, buffer: Uint8Array, start: number, nameEnd: number): number {
    const place = this.#placed(at, this.#builder.names.number(buffer, start, nameEnd))
    const { name } = place
    this.#call.buffer = buffer
    this.#started(place)
    if (this.#scanned === END_CLOSED) this.#record(place)
    else if (this.#scanned === END_DETACHED) this.#detached(place)
    else if (this.#scanned === END_PID_CHANGED) this.#moved(place, buffer, nameEnd + 1)
    else this.#suspend(place, buffer, nameEnd + 1)
    return name
  }

  /** Reads `<... NAME resumed>…`; CALL_FOREIGN when it is not one. */
  resumed(at: LinePlace, buffer: Uint8Array, nameStart: number, nameEnd: number, end: number): number {
    const rest = nameEnd + RESUMED.length
    const number = this.#builder.names.number(buffer, nameStart, nameEnd)
    const { thread } = at
    const half = thread.suspended?.name === number ? thread.suspended : null
    const status = half ? this.#scanRest(half, buffer, rest, end) : this.#scanAlone(buffer, rest, end)
    if (status === END_CUT) return CALL_BROKEN
    if (status === END_CLOSED) {
      const read = this.#result.read(this.#call.buffer, this.#scanner.position, this.#callEnd)
      if (read === RESULT_FOREIGN) return CALL_FOREIGN
      if (read !== RESULT_READ) return CALL_BROKEN
    }
    const place = half ? this.#resumedPlace(thread, half) : this.#placed(at, number)
    if (!half) {
      if (thread.suspended) this.abandon(thread)
      this.#tally.add('strace-resumed-only', at.line)
      place.state = RESUMED_ONLY
      if (this.#result.duration >= 0) place.time -= this.#result.duration
      this.#started(place)
    }
    if (status === END_CLOSED) {
      if (half?.superseded) this.#succeed()
      this.#record(place)
    } else if (status === END_DETACHED) this.#detached(place)
    else this.#suspend(place, this.#call.buffer, this.#callStart)
    return CALL_DONE
  }

  /**
   * Reads `buffer[start, end)` as the bare second half of the thread's call under way; false when it is not. strace -z
   * writes such lines, right behind the first half:
   *   2919  madvise(0x7fee037e4000, 8368128, MADV_DONTNEED <unfinished ...>
   *   )                                       = 0
   */
  rest(thread: ThreadState, buffer: Uint8Array, start: number, end: number): boolean {
    const half = thread.suspended
    if (!half || this.#scanRest(half, buffer, start, end) !== END_CLOSED) return false
    if (this.#result.read(this.#call.buffer, this.#scanner.position, this.#callEnd) !== RESULT_READ)
      return false
    this.#record(this.#resumedPlace(thread, half))
    return true
  }

  /** What is left of a broken line when no further one completes it: the call counts, its result is unknown. */
  giveUp(at: LinePlace, buffer: Uint8Array, start: number, nameEnd: number, end: number): void {
    const status = this.#scanner.scan(buffer, nameEnd + 1, end)
    // The argument in which the line ends is cut: `40` may have been 4096.
    if (status === END_CUT && this.#scanner.count > 0) this.#scanner.count--
    const place = this.#placed(at, this.#builder.names.number(buffer, start, nameEnd))
    this.#call.buffer = buffer
    this.#started(place)
    this.#recorder.unfinished(place, this.#call)
  }

  /** The thread's call under way never returns. */
  abandon(thread: ThreadState): void {
    const half = thread.suspended
    if (!half) return
    this.#forget(thread)
    // Not the place and the scanner of the line under way: it may be what showed that this call is lost.
    const text = half.text ?? NOTHING
    const call = { buffer: text, scanned: new ArgumentScanner(), result: new ResultReader() }
    call.scanned.scan(text, 0, text.length)
    this.#recorder.unfinished(this.#fill(this.#recorder.newPlace(), { thread, ...half }, half), call)
  }

  /** `N +++ superseded by execve in pid M +++`: M goes on as N, with its execve under way. */
  superseded(thread: ThreadState, by: number): void {
    this.#builder.crossesFiles = true
    this.abandon(thread)
    thread.supersededBy = by
    if (!this.#builder.knows(by)) return
    const other = this.#builder.thread(by)
    const half = other.suspended
    other.end = 'superseded'
    if (!half) return
    this.#forget(other)
    thread.supersededBy = null
    thread.suspended = { ...half, superseded: true }
  }

  /** At the end of the log, for a thread in it; an execve whose other half may stand in another file waits for `finishRun`. */
  finish(thread: ThreadState): void {
    if (thread.suspended?.movedTo === null) this.abandon(thread)
  }

  #scanned = END_CUT
  #callStart = 0
  #callEnd = 0

  #placed(at: LinePlace, name: number): CallPlace {
    return this.#fill(this.#place, at, { name, row: -1, fd: FD_UNREAD })
  }

  /** Place of the call that a thread now completes: where it began. */
  #resumedPlace(thread: ThreadState, half: SuspendedCall): CallPlace {
    this.#forget(thread)
    return this.#fill(this.#place, { thread, time: half.time, line: half.line }, half)
  }

  #fill(
    place: CallPlace,
    at: LinePlace,
    call: { name: number; row: number; fd: number; text?: Uint8Array | null },
  ): CallPlace {
    const { thread } = at
    place.thread = thread
    place.name = call.name
    place.time = at.time
    place.line = at.line
    place.row = call.row
    // With the text of the first half all arguments are at hand.
    place.fd = call.text ? FD_UNREAD : call.fd
    place.state = 0
    place.before1 = thread.recent(0)
    place.before2 = thread.recent(1)
    place.before3 = thread.recent(2)
    return place
  }

  #started(place: CallPlace): void {
    const { thread } = place
    if (thread.suspended) this.abandon(thread)
    if (thread.calls++ === 0) thread.firstCall = this.#builder.names.get(place.name).name
  }

  #record(place: CallPlace): void {
    if (this.#result.impossible) this.#tally.add('strace-impossible-number', place.line)
    this.#recorder.record(place, this.#call)
    const { makesThread } = this.#builder.names.get(place.name)
    if (makesThread && this.#result.value > 0) this.#chooser.child(this.#result.value)
  }

  #detached(place: CallPlace): void {
    place.thread.end = 'detached'
    this.#recorder.unfinished(place, this.#call)
  }

  /** `execve(… <pid changed to N ...>`: it has succeeded, and goes on as N. */
  #moved(place: CallPlace, buffer: Uint8Array, from: number): void {
    const { thread } = place
    this.#builder.crossesFiles = true
    const row = this.#builder.resumedExecves.get(thread.tid)
    if (row === undefined) {
      this.#suspend(place, buffer, from, this.#scanner.changedTo)
      return
    }
    this.#result.read(buffer, 0, 0)
    this.#recorder.completeMoved(place, this.#call, row)
    this.#builder.resumedExecves.delete(thread.tid)
    thread.end = 'superseded'
  }

  #suspend(place: CallPlace, buffer: Uint8Array, from: number, movedTo: number | null = null): void {
    const name = this.#builder.names.get(place.name)
    const { scanned } = this.#call
    const keeps =
      name.handle === HANDLE_MEMORY || name.handle === HANDLE_DESCRIPTOR || name.handle === HANDLE_PRCTL
    if (name.handle === HANDLE_FUTEX) this.#recorder.futex(place.thread, this.#call)
    const text = keeps ? buffer.slice(from, scanned.position) : null
    if (name.releases && place.row < 0) {
      this.#result.read(buffer, 0, 0)
      place.row = this.#recorder.begin(place, this.#call)
    }
    place.thread.suspended = {
      name: place.name,
      time: place.time,
      line: place.line,
      fd: this.#firstDescriptor(name, buffer, place.fd),
      depth: scanned.depth,
      text,
      row: place.row,
      superseded: false,
      movedTo,
    }
  }

  #firstDescriptor(name: CallName, buffer: Uint8Array, known: number): number {
    const { scanned } = this.#call
    if (known !== FD_UNREAD) return known
    if (!name.takesDescriptor || scanned.count === 0) return -1
    return readDescriptor(buffer, scanned.starts[0]!, scanned.ends[0]!)
  }

  #forget(thread: ThreadState): void {
    thread.suspended = null
  }

  /** Scans the second half behind the first: text joined to text, or from the depth that the first half left. */
  #scanRest(half: SuspendedCall, buffer: Uint8Array, rest: number, end: number): number {
    if (!half.text) return this.#scanAlone(buffer, rest, end, half.depth)
    const length = half.text.length + end - rest
    if (length >= this.#joined.length) this.#joined = new Uint8Array(length * 2 + 1)
    this.#joined.set(half.text)
    this.#joined.set(buffer.subarray(rest, end), half.text.length)
    this.#joined[length] = NEWLINE
    this.#call.buffer = this.#joined
    this.#callStart = 0
    this.#callEnd = length
    return this.#scanner.scan(this.#joined, 0, length)
  }

  #scanAlone(buffer: Uint8Array, rest: number, end: number, depth = 1): number {
    this.#call.buffer = buffer
    this.#callStart = rest
    this.#callEnd = end
    return this.#scanner.scan(buffer, rest, end, depth)
  }

  /** strace may print an error for the execve that replaced its own thread's leader; the process runs on. */
  #succeed(): void {
    this.#result.value = 0
    this.#result.failed = false
    this.#result.errorEnd = this.#result.errorStart
  }
}

/** End of the name in `<... NAME resumed>` that begins at `start`, -1 when it is not that. */
export function resumedNameEnd(buffer: Uint8Array, start: number, end: number): number {
  const longest = Math.min(end, start + LONGEST_NAME)
  let at = start
  while (at < longest && buffer[at] !== BLANK) at++
  if (at === start || end - at < RESUMED.length) return -1
  for (let index = 0; index < RESUMED.length; index++) if (buffer[at + index] !== RESUMED[index]) return -1
  return at
}
