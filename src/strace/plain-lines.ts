import { ArgumentScanner } from './argument-scanner.ts'
import { HANDLE_MEMORY } from './call-names.ts'
import type { CallPlace, CallRecorder } from './call-recorder.ts'
import {
  DECODED,
  DECORATED,
  FAILED_RESULT,
  type LineKernel,
  PID_BARE,
  PID_BRACKETED,
  PID_NONE,
} from './line-kernel.ts'
import { type LinePrefix, STAMP_NONE, STAMP_RELATIVE, type StampReader } from './line-prefix.ts'
import { PlainMemory } from './plain-memory.ts'
import { ResultReader } from './result-reader.ts'
import type { ThreadChooser } from './thread-chooser.ts'
import type { ThreadState } from './threads.ts'
import type { TraceBuilder } from './trace-builder.ts'

/** Digits behind the seconds of the stamps that the kernel reads. */
const MICROS = 6
const SECONDS = 0
/** No stamp that the kernel reads: every line is left to the parser. */
const UNREADABLE = -1
/** A relative stamp that says nothing. */
const UNUSED = STAMP_RELATIVE + 1

/** Lines of a run, by what they were. */
export interface Taken {
  whole: number
  unfinished: number
  resumed: number
  stamped: number
  /** Thread whose first half was the last line taken; `null` when that was another line. */
  half: ThreadState | null
  /** Where the first line begins that was not taken. */
  stop: number
}

/**
 * Lets the kernel take plain lines, and puts the calls into the trace that need more than counting. What the kernel
 * leaves is left to LogParser.
 */
export class PlainLines {
  readonly #builder: TraceBuilder
  readonly #kernel: LineKernel
  readonly #file: number
  readonly #recorder: CallRecorder
  readonly #chooser: ThreadChooser
  readonly #stamps: StampReader
  readonly #memory: PlainMemory
  readonly #call: { buffer: Uint8Array; readonly scanned: ArgumentScanner; readonly result: ResultReader }
  readonly #place: CallPlace
  #pid = PID_NONE
  #stamp = STAMP_NONE
  #digits = MICROS

  constructor(
    builder: TraceBuilder,
    file: number,
    recorder: CallRecorder,
    chooser: ThreadChooser,
    stamps: StampReader,
  ) {
    this.#builder = builder
    this.#kernel = builder.kernel
    this.#file = file
    this.#recorder = recorder
    this.#chooser = chooser
    this.#stamps = stamps
    this.#memory = new PlainMemory(builder, file, recorder.decoder)
    this.#call = { buffer: builder.kernel.bytes, scanned: new ArgumentScanner(), result: new ResultReader() }
    this.#place = recorder.newPlace()
  }

  /** Takes over the kind of prefix of a call that LogParser has read. */
  learn(prefix: LinePrefix, bracketed: boolean): void {
    this.#pid = prefix.tid < 0 ? PID_NONE : bracketed ? PID_BRACKETED : PID_BARE
    this.#stamp = this.#readable(prefix)
    this.#digits = prefix.digits
  }

  #readable({ stamp, digits }: LinePrefix): number {
    if (stamp === STAMP_NONE) return stamp
    const isPlain = digits === MICROS || (digits === SECONDS && stamp !== STAMP_RELATIVE)
    if (!isPlain || stamp !== this.#stamps.kind) return UNREADABLE
    return stamp === STAMP_RELATIVE && this.#stamps.relativeUnusable ? UNUSED : stamp
  }

  /** Takes lines of the loaded text from `from` on; `line` is the number of the first. */
  run(from: number, limit: number, line: number): Taken {
    const { call } = this.#kernel
    const sole = this.#pid === PID_NONE ? (this.#chooser.sole()?.index ?? -1) : -1
    // -r adds up; a time that is no whole number of microseconds is left to the parser, and so is all that follows.
    const isWhole = this.#stamp !== STAMP_RELATIVE || Number.isInteger(this.#stamps.previous)
    call.setPrefix(
      this.#pid,
      isWhole ? this.#stamp : UNREADABLE,
      this.#digits,
      sole < this.#kernel.mostThreads ? sole : -1,
      this.#file,
    )
    call.setTime(this.#stamps.previous, this.#stamps.day)
    call.setBase(this.#builder.wordBits === 64 ? this.#builder.events.base : Number.NaN)
    const rows = call.run(from, limit, line)
    const taken = this.#whatWasTaken()
    if (taken.stamped > 0) this.#stamps.took(call.time())
    this.#builder.hasDurations ||= call.sawDurations() !== 0
    if (taken.whole + taken.resumed > 0) this.#recorder.lastRow = -1
    const last = call.lastCompleteLine()
    let done = 0
    for (let row = 0; row < rows; row++) {
      done = this.#takeFinished(done, this.#kernel.rows.finishedBefore[row]!, last)
      this.#take(row, last)
    }
    this.#takeFinished(done, call.finishedRows(), last)
    return taken
  }

  /** Puts the finished rows `[from, to)` into the trace. */
  #takeFinished(from: number, to: number, lastLine: number): number {
    if (to === from) return to
    const { events } = this.#builder
    events.appendFinished(this.#kernel.finishedRows(from, to))
    const row = events.length - 1
    if (events.line(row) === lastLine) this.#recorder.lastRow = row
    return to
  }

  #whatWasTaken(): Taken {
    const { call } = this.#kernel
    const half = call.lastFirstHalf()
    const taken = {
      whole: call.wholeLines(),
      unfinished: call.firstHalves(),
      resumed: call.secondHalves(),
      stamped: 0,
      half: half < 0 ? null : this.#builder.threads[half]!,
      stop: call.stop(),
    }
    if (this.#stamp !== STAMP_NONE) taken.stamped = taken.whole + taken.unfinished + taken.resumed
    return taken
  }

  /** Puts a row into the trace; frames behind the last line taken belong to it when it is a memory call. */
  #take(row: number, lastLine: number): void {
    const { rows } = this.#kernel
    const builder = this.#builder
    const recorder = this.#recorder
    const thread = builder.threads[rows.thread[row]!]!
    const name = builder.names.get(rows.name[row]!)
    let event = -1
    if (name.handle === HANDLE_MEMORY) {
      if (builder.wordBits === 64 && !name.pageOffsets) event = this.#memory.take(row, name.memory, thread)
      const shape = rows.shape[row]!
      if (event >= 0 && shape > 0) this.#kernel.forms[shape - 1] = builder.events.form(event) + 1
      if (event < 0) event = recorder.takeMemory(this.#placed(row, thread), this.#call)
      if (rows.line[row] === lastLine) recorder.lastRow = event
      if (name.makesThread && rows.value[row]! > 0) this.#chooser.child(rows.value[row]!)
      return
    }
    const place = this.#placed(row, thread)
    if (rows.state[row]! & DECORATED) recorder.descriptor(this.#call, place)
    recorder.takeSpecial(place, this.#call)
  }

  /** Puts a row's arguments and result where the recorder reads them. */
  #placed(row: number, thread: ThreadState): CallPlace {
    const { rows } = this.#kernel
    const { scanned, result } = this.#call
    const count = rows.arguments[row]!
    const first = rows.argument[row]!
    for (let index = 0; index < count; index++) {
      scanned.starts[index] = rows.argumentStart[first + index]!
      scanned.ends[index] = rows.argumentEnd[first + index]!
      scanned.values[index] = rows.argumentValue[first + index]!
      scanned.texts[index] = rows.argumentText[first + index]!
    }
    scanned.count = count
    scanned.decoded = (rows.state[row]! & DECODED) !== 0
    const failed = (rows.state[row]! & FAILED_RESULT) !== 0
    result.take(rows.value[row]!, failed, rows.duration[row]!, rows.errorStart[row]!, rows.errorEnd[row]!)
    const place = this.#place
    place.thread = thread
    place.name = rows.name[row]!
    place.time = rows.time[row]!
    place.line = rows.line[row]!
    place.before1 = rows.before[row * 3]!
    place.before2 = rows.before[row * 3 + 1]!
    place.before3 = rows.before[row * 3 + 2]!
    return place
  }
}
