/**
 * The face of kernel/line-kernel.as: one for each trace, which keeps the trace's threads and counts in its memory, where
 * the line-by-line reader finds them as well.
 */
import { LINE_KERNEL } from './kernel/line-kernel.wasm.ts'
import { ARGUMENT_KIND, NAME_BYTE } from './tables/bytes.ts'

// The types of Node 20 name WebAssembly, but not its parts.
declare const WebAssembly: {
  Memory: new (pages: { initial: number }) => { readonly buffer: ArrayBuffer }
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

/** Places and numbers that the kernel exports. */
type Constant =
  | 'KIND'
  | 'NAME_BYTE'
  | 'ROWS'
  | 'TIME'
  | 'VALUE'
  | 'DURATION'
  | 'LINE'
  | 'THREAD'
  | 'NAME'
  | 'DESCRIPTOR'
  | 'ERROR_START'
  | 'ERROR_END'
  | 'ARGUMENT'
  | 'BEFORE'
  | 'ARGUMENTS'
  | 'STATE'
  | 'ARGUMENT_PLACES'
  | 'ARGUMENT_START'
  | 'ARGUMENT_END'
  | 'ARGUMENT_VALUE'
  | 'ARGUMENT_TEXT'
  | 'IN'
  | 'IN_BYTES'
  | 'THREADS'
  | 'LAST_TIME'
  | 'FIRST_TIME'
  | 'LINES'
  | 'CALLS'
  | 'RECENT'
  | 'SEEN_IN'
  | 'HALF_NAME'
  | 'HALF_DESCRIPTOR'
  | 'HALF_LINE'
  | 'HALF_TIME'
  | 'THREAD_STATE'
  | 'STATISTICS'
  | 'MADE'

interface Functions {
  setPrefix(pid: number, stamp: number, sole: number, file: number): void
  setTime(last: number, midnights: number): void
  setCapacity(rows: number): number
  addName(from: number, to: number, number: number, traits: number): void
  setTraits(from: number, to: number, traits: number): void
  addTid(tid: number, thread: number): void
  statisticsRow(thread: number, name: number, fd: number): number
  statisticsRows(): number
  run(from: number, limit: number, line: number): number
  stop(): number
  time(): number
  sawDurations(): number
  wholeLines(): number
  firstHalves(): number
  secondHalves(): number
  lastFirstHalf(): number
  lastCompleteLine(): number
  lineEnd(from: number): number
}

type Exports = Record<Constant, { readonly value: number }> & Functions

const WASM_PAGE = 65536
/** Bytes of one row of the statistics, its share of the hash table included. */
const STATISTICS_BYTES = 56
const FEWEST_STATISTICS = 1024
const MOST_STATISTICS = 1 << 20
/** Bytes of a log in which no more than one new combination of thread, call and descriptor is expected. */
const BYTES_A_COMBINATION = 256

/** Bits of `CallRows.state`: see the kernel. */
export const FAILED_RESULT = 1
export const DECORATED = 2
export const DECODED = 4

/** Traits of a name: see the kernel. */
export const NEEDS_ROW = 1
export const TAKES_DESCRIPTOR = 2
export const DECODES_ARGUMENTS = 4
export const IS_MEMORY = 8
export const MAKES_DESCRIPTOR = 16
export const IS_FUTEX = 32
export const WHOLE_ONLY = 64

/** Kinds of pid prefixes that the kernel knows. */
export const PID_NONE = 0
export const PID_BARE = 1
export const PID_BRACKETED = 2

/** Bits of a thread's state: see the kernel. */
export const ALIVE = 1
export const BUSY = 2
export const FUTEXES_KNOWN = 4

/** Calls that need more than counting, in columns that the next run overwrites; positions are in `bytes`. */
export interface CallRows {
  readonly time: Float64Array
  readonly value: Float64Array
  readonly duration: Float64Array
  readonly line: Int32Array
  readonly thread: Int32Array
  readonly name: Int32Array
  readonly descriptor: Int32Array
  readonly errorStart: Int32Array
  readonly errorEnd: Int32Array
  /** First argument's place in the argument columns. */
  readonly argument: Int32Array
  readonly arguments: Uint8Array
  /** The thread's last three calls before this one, newest first. */
  readonly before: Int32Array
  readonly state: Uint8Array
  readonly argumentStart: Int32Array
  readonly argumentEnd: Int32Array
  /** Numbers that arguments are (NaN for others), and texts of flags (from 1; 0 without). */
  readonly argumentValue: Float64Array
  readonly argumentText: Int32Array
}

/** What is known of threads while they are read, by their position in the trace. */
export interface ThreadColumns {
  readonly firstTime: Float64Array
  readonly lastTime: Float64Array
  readonly lines: Int32Array
  readonly calls: Int32Array
  /** Three each, newest first: rows of the statistics; -1 without. */
  readonly recent: Int32Array
  /** File in which its lines have been seen. */
  readonly seenIn: Int32Array
  /** First half of a call that is only counted: number of the name (0 without), descriptor, line, time. */
  readonly halfName: Int32Array
  readonly halfDescriptor: Int32Array
  readonly halfLine: Int32Array
  readonly halfTime: Float64Array
  readonly state: Uint8Array
}

/** Columns for threads beyond those that the kernel has room for. */
export const threadColumns = (threads: number): ThreadColumns => ({
  firstTime: new Float64Array(threads),
  lastTime: new Float64Array(threads),
  lines: new Int32Array(threads),
  calls: new Int32Array(threads),
  recent: new Int32Array(threads * 3),
  seenIn: new Int32Array(threads),
  halfName: new Int32Array(threads),
  halfDescriptor: new Int32Array(threads),
  halfLine: new Int32Array(threads),
  halfTime: new Float64Array(threads),
  state: new Uint8Array(threads),
})

/** Sums by thread, call and descriptor. */
export interface SumColumns {
  readonly calls: Float64Array
  readonly errors: Float64Array
  readonly micros: Float64Array
  readonly results: Float64Array
  readonly thread: Int32Array
  readonly name: Int32Array
  readonly fd: Int32Array
}

let compiled: object | null = null

export class LineKernel {
  readonly rows: CallRows
  readonly threads: ThreadColumns
  readonly sums: SumColumns
  /** Rows of `threads`. */
  readonly mostThreads: number
  /** Rows of `sums`. */
  readonly mostSums: number
  /** Added to the number of a name in `sums` for calls by the descriptor that they made, which count nothing. */
  readonly made: number
  /** Memory that rows point into. */
  readonly bytes: Uint8Array
  /** Bytes that `load` takes at once. */
  readonly window: number
  readonly call: Functions
  readonly #in: number

  /** For logs of so many bytes together. */
  constructor(logBytes: number) {
    compiled ??= new WebAssembly.Module(Buffer.from(LINE_KERNEL, 'base64'))
    const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, logBytes / BYTES_A_COMBINATION)))
    this.mostSums = Math.min(MOST_STATISTICS, Math.max(FEWEST_STATISTICS, wanted))
    // Where the statistics begin is known to the kernel alone; what lies before them is less than eight MiB.
    const pages = 128 + Math.ceil((this.mostSums * STATISTICS_BYTES) / WASM_PAGE)
    const memory = new WebAssembly.Memory({ initial: pages })
    const imports = {
      env: {
        memory,
        abort: () => {
          throw new Error('the strace kernel stopped')
        },
      },
    }
    const exports = new WebAssembly.Instance(compiled, imports).exports as Exports
    const { buffer } = memory
    const at = (place: Constant): number => exports[place].value
    this.call = exports
    this.bytes = new Uint8Array(buffer)
    this.window = at('IN_BYTES')
    this.made = at('MADE')
    this.#in = at('IN')
    this.mostThreads = at('THREADS')
    this.bytes.set(ARGUMENT_KIND, at('KIND'))
    this.bytes.set(NAME_BYTE, at('NAME_BYTE'))
    this.rows = callRows(buffer, at)
    this.threads = kernelThreads(buffer, at)
    exports.setCapacity(this.mostSums)
    this.sums = sumColumns(buffer, at('STATISTICS'), this.mostSums)
  }

  /** Makes a call's name known; it is `number` in the rows. */
  addName(name: Uint8Array, number: number, traits: number): void {
    const from = this.#aside(name)
    this.call.addName(from, from + name.length, number, traits)
  }

  /** Sets the traits of a known name. */
  setTraits(name: Uint8Array, traits: number): void {
    const from = this.#aside(name)
    this.call.setTraits(from, from + name.length, traits)
  }

  /** Brings in text that ends behind the end of a line, at most `window` bytes; returns its place. */
  load(text: Uint8Array): number {
    this.bytes.set(text, this.#in)
    return this.#in
  }

  /** Puts a few bytes behind the text to read. */
  #aside(bytes: Uint8Array): number {
    const at = this.#in + this.window
    this.bytes.set(bytes, at)
    return at
  }
}

function callRows(buffer: ArrayBuffer, at: (place: Constant) => number): CallRows {
  const rows = at('ROWS')
  const places = at('ARGUMENT_PLACES')
  const doubles = (place: Constant, length = rows) => new Float64Array(buffer, at(place), length)
  const words = (place: Constant, length = rows) => new Int32Array(buffer, at(place), length)
  return {
    time: doubles('TIME'),
    value: doubles('VALUE'),
    duration: doubles('DURATION'),
    line: words('LINE'),
    thread: words('THREAD'),
    name: words('NAME'),
    descriptor: words('DESCRIPTOR'),
    errorStart: words('ERROR_START'),
    errorEnd: words('ERROR_END'),
    argument: words('ARGUMENT'),
    arguments: new Uint8Array(buffer, at('ARGUMENTS'), rows),
    before: words('BEFORE', rows * 3),
    state: new Uint8Array(buffer, at('STATE'), rows),
    argumentStart: words('ARGUMENT_START', places),
    argumentEnd: words('ARGUMENT_END', places),
    argumentValue: doubles('ARGUMENT_VALUE', places),
    argumentText: words('ARGUMENT_TEXT', places),
  }
}

function kernelThreads(buffer: ArrayBuffer, at: (place: Constant) => number): ThreadColumns {
  const threads = at('THREADS')
  const words = (place: Constant, length = threads) => new Int32Array(buffer, at(place), length)
  return {
    firstTime: new Float64Array(buffer, at('FIRST_TIME'), threads),
    lastTime: new Float64Array(buffer, at('LAST_TIME'), threads),
    lines: words('LINES'),
    calls: words('CALLS'),
    recent: words('RECENT', threads * 3),
    seenIn: words('SEEN_IN'),
    halfName: words('HALF_NAME'),
    halfDescriptor: words('HALF_DESCRIPTOR'),
    halfLine: words('HALF_LINE'),
    halfTime: new Float64Array(buffer, at('HALF_TIME'), threads),
    state: new Uint8Array(buffer, at('THREAD_STATE'), threads),
  }
}

/** In the order in which the kernel's setCapacity lays them out. */
function sumColumns(buffer: ArrayBuffer, from: number, rows: number): SumColumns {
  const doubles = (column: number) => new Float64Array(buffer, from + column * rows * 8, rows)
  const words = (column: number) => new Int32Array(buffer, from + rows * 32 + column * rows * 4, rows)
  return {
    calls: doubles(0),
    errors: doubles(1),
    micros: doubles(2),
    results: doubles(3),
    thread: words(0),
    name: words(1),
    fd: words(2),
  }
}
