/** What kernel/line-kernel.as and TypeScript both see: columns in the kernel's memory, at the places that it exports. */

/** Places and numbers that the kernel exports. */
export type Constant =
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
  | 'SHAPE'
  | 'FINISHED_BEFORE'
  | 'ARGUMENT_PLACES'
  | 'ARGUMENT_START'
  | 'ARGUMENT_END'
  | 'ARGUMENT_VALUE'
  | 'ARGUMENT_TEXT'
  | 'IN'
  | 'IN_BYTES'
  | 'THREADS'
  | 'APART'
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
  | 'THREAD_CONTEXTS'
  | 'THREAD_STATE'
  | 'MOST_OF_ONE'
  | 'MOST_OF_TWO'
  | 'MOST_OF_THREE'
  | 'FORMS'
  | 'MOST_SHAPES'
  | 'FINISHED'
  | 'FINISHED_BYTES'
  | 'MOST_FINISHED'
  | 'STATISTICS'
  | 'MADE'
  | 'LONGEST_NAME'

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
  /** Shape of a call of which the kernel needs to know the form, from 1; 0 for none. */
  readonly shape: Int32Array
  /** How many of the run's finished rows come before it. */
  readonly finishedBefore: Int32Array
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
  /** How many contexts the thread has given rise to. */
  readonly contexts: Int32Array
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
  contexts: new Int32Array(threads),
  state: new Uint8Array(threads),
})

/** Sums by thread, call and descriptor, row by row. */
export interface SumRows {
  /** Calls, errors, microseconds (NaN without any), results. */
  readonly sums: Float64Array
  /** Thread, name, descriptor, and one that is the kernel's own. */
  readonly keys: Int32Array
}

/** Numbers in a row of `sums` and of `keys`. */
export const SUM_WIDTH = 4

export function callRows(buffer: ArrayBuffer, at: (place: Constant) => number): CallRows {
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
    shape: words('SHAPE'),
    finishedBefore: words('FINISHED_BEFORE'),
    argumentStart: words('ARGUMENT_START', places),
    argumentEnd: words('ARGUMENT_END', places),
    argumentValue: doubles('ARGUMENT_VALUE', places),
    argumentText: words('ARGUMENT_TEXT', places),
  }
}

export function kernelThreads(buffer: ArrayBuffer, at: (place: Constant) => number): ThreadColumns {
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
    contexts: words('THREAD_CONTEXTS'),
    state: new Uint8Array(buffer, at('THREAD_STATE'), threads),
  }
}

/** As the kernel's setCapacity lays them out. */
export const sumRows = (buffer: ArrayBuffer, from: number, apart: number, rows: number): SumRows => ({
  sums: new Float64Array(buffer, from, rows * SUM_WIDTH),
  keys: new Int32Array(buffer, from + rows * SUM_WIDTH * 8 + apart, rows * SUM_WIDTH),
})
