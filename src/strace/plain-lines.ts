import { ArgumentScanner } from './argument-scanner.ts'
import { HANDLE_COUNT, HANDLE_FUTEX, HANDLE_MEMORY, HANDLE_WRITE } from './call-names.ts'
import type { CallPlace, CallRecorder } from './call-recorder.ts'
import {
  DECODED,
  DECODES_ARGUMENTS,
  DECORATED,
  FAILED_RESULT,
  KEEPS_ARGUMENTS,
  LineKernel,
  PID_BARE,
  PID_BRACKETED,
  PID_NONE,
  SLOW,
  TAKES_DESCRIPTOR,
} from './line-kernel.ts'
import { type LinePrefix, STAMP_NONE, type StampReader } from './line-prefix.ts'
import { PlainMemory } from './plain-memory.ts'
import { ResultReader } from './result-reader.ts'
import type { ThreadChooser } from './thread-chooser.ts'
import { FUTEXES_KEPT, type ThreadState } from './threads.ts'
import type { TraceBuilder } from './trace-builder.ts'

/** Digits of the stamps that the kernel reads. */
const KERNEL_DIGITS = 6

/**
 * Puts the rows of the kernel into the trace: whole calls of known threads in due time. A row that asks for more (an
 * unknown thread, a call under way, a step of time) is left to LogParser, like every line that the kernel left.
 */
export class PlainLines {
  readonly kernel = LineKernel.get()
  readonly #builder: TraceBuilder
  readonly #file: number
  readonly #recorder: CallRecorder
  readonly #chooser: ThreadChooser
  readonly #stamps: StampReader
  readonly #call: { buffer: Uint8Array; readonly scanned: ArgumentScanner; readonly result: ResultReader }
  readonly #place: CallPlace = {
    thread: null as unknown as ThreadState,
    name: 0,
    time: Number.NaN,
    line: 0,
    row: -1,
    fd: -1,
    state: 0,
  }
  readonly #memory: PlainMemory
  #pid = PID_NONE
  #stamp = STAMP_NONE
  /** What the lines of the run had to look like. */
  #runPid = PID_NONE
  #runStamp = STAMP_NONE
  #lastTid = -1
  #lastThread: ThreadState | null = null

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
    this.#memory = new PlainMemory(builder, file, recorder.decoder, this.kernel)
    this.#call = { buffer: this.kernel.bytes, scanned: new ArgumentScanner(), result: new ResultReader() }
  }

  /** Whether the rows of the last run have stamps. */
  get stamped(): boolean {
    return this.#runStamp !== STAMP_NONE
  }

  /** Takes over the kind of prefix and the name of a whole call that LogParser has read. */
  learn(prefix: LinePrefix, bracketed: boolean, number: number, name: Uint8Array): void {
    this.#pid = prefix.tid < 0 ? PID_NONE : bracketed ? PID_BRACKETED : PID_BARE
    const { stamp, digits } = prefix
    const readable = stamp === STAMP_NONE || (digits === KERNEL_DIGITS && stamp === this.#stamps.kind)
    this.#stamp = readable ? stamp : -1
    this.#takeKernel()
    this.#addName(number, name)
  }

  /** Before a run: makes the kernel this log's. */
  prepare(): void {
    this.#takeKernel()
    this.#runPid = this.#pid
    this.#runStamp = this.#stamp
    this.kernel.setPrefix(this.#pid, this.#stamp)
  }

  /** Takes row `row` of the kernel's last run as line `line`; false when it is not plain. */
  take(row: number, line: number): boolean {
    const { rows } = this.kernel
    if (rows.state[row]! & SLOW) return false
    const thread = this.#runPid === PID_NONE ? this.#chooser.sole() : this.#known(rows.tid[row]!)
    if (thread === null || thread.suspended !== null || thread.calls === 0) return false
    let time = rows.time[row]!
    if (this.#runStamp !== STAMP_NONE) {
      time += this.#stamps.day
      if (!this.#stamps.follows(time)) return false
      this.#stamps.took(time)
    }
    thread.took(time, this.#file)
    thread.calls++
    this.#count(row, thread, time, line)
    return true
  }

  #count(row: number, thread: ThreadState, time: number, line: number): void {
    const { rows } = this.kernel
    const builder = this.#builder
    const recorder = this.#recorder
    const number = rows.name[row]!
    const name = builder.names.get(number)
    const { handle } = name
    const isMemory = handle === HANDLE_MEMORY
    if (
      handle !== HANDLE_COUNT &&
      !isMemory &&
      !(handle === HANDLE_FUTEX && thread.futexes.size >= FUTEXES_KEPT) &&
      !(handle === HANDLE_WRITE && !recorder.awaitsNames)
    ) {
      recorder.record(this.#placed(row, thread, time, line), this.#call)
      return
    }
    const event =
      isMemory && builder.wordBits === 64 && !name.pageOffsets
        ? this.#memory.take(row, name.memory, thread, time, line)
        : -1
    if (isMemory && event < 0) {
      recorder.record(this.#placed(row, thread, time, line), this.#call)
      return
    }
    const state = rows.state[row]!
    const value = rows.value[row]!
    const duration = rows.duration[row]!
    if (state & DECORATED) recorder.descriptor(this.#call, this.#placed(row, thread, time, line))
    if (duration >= 0) builder.hasDurations = true
    const counted = builder.statistics.row(thread.index, number, rows.descriptor[row]!)
    builder.statistics.count(counted, (state & FAILED_RESULT) !== 0, duration, isMemory ? 0 : value)
    recorder.lastRow = event
    if (!isMemory) recorder.remember(thread, name, counted, value)
  }

  /** Puts a row's arguments and result where the recorder reads them. */
  #placed(row: number, thread: ThreadState, time: number, line: number): CallPlace {
    const { rows } = this.kernel
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
    place.time = time
    place.line = line
    return place
  }

  /** A thread that has printed with its pid before, and not ended. */
  #known(tid: number): ThreadState | null {
    if (tid === this.#lastTid && this.#lastThread?.alive) return this.#lastThread
    const thread = this.#builder.knows(tid) ? this.#builder.thread(tid) : null
    if (!thread?.alive) return null
    this.#lastTid = tid
    this.#lastThread = thread
    return thread
  }

  #takeKernel(): void {
    if (!this.kernel.use(this.#builder)) return
    this.#builder.names.texts().forEach((name, number) => {
      if (number > 0) this.#addName(number, Buffer.from(name, 'latin1'))
    })
  }

  #addName(number: number, name: Uint8Array): void {
    const { handle, takesDescriptor } = this.#builder.names.get(number)
    const traits =
      (handle === HANDLE_COUNT ? 0 : KEEPS_ARGUMENTS) |
      (takesDescriptor ? TAKES_DESCRIPTOR : 0) |
      (handle === HANDLE_MEMORY || handle === HANDLE_FUTEX ? DECODES_ARGUMENTS : 0)
    this.kernel.addName(name, number, traits)
  }
}
