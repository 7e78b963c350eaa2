import type { MemoryEvents } from '../model/trace.ts'
import { type Column, fitted, grown, nextCapacity } from './growable.ts'

/** One memory or thread call while it is decoded; reused for every call. NaN, -1 and 0 as in MemoryEvents. */
export class MemoryRow {
  call = 0
  time = Number.NaN
  duration = Number.NaN
  address = Number.NaN
  length1 = Number.NaN
  length2 = Number.NaN
  extra = Number.NaN
  result = Number.NaN
  protection = 0
  flags = Number.NaN
  fd = -1
  offset = Number.NaN
  state = 0
  error = 0
  name = 0
  file = 0
  line = 0
  context = 0

  clear(): void {
    this.call = 0
    this.time = Number.NaN
    this.duration = Number.NaN
    this.address = Number.NaN
    this.length1 = Number.NaN
    this.length2 = Number.NaN
    this.extra = Number.NaN
    this.result = Number.NaN
    this.protection = 0
    this.flags = Number.NaN
    this.fd = -1
    this.offset = Number.NaN
    this.state = 0
    this.error = 0
    this.name = 0
    this.file = 0
    this.line = 0
    this.context = 0
  }
}

/** The first calls of a run say little about how many there will be. */
const MOST_GROWTH = 16

type Columns = { -readonly [Name in Exclude<keyof MemoryEvents, 'length'>]: MemoryEvents[Name] }

/** Builds MemoryEvents. `tid` holds the thread's index until `finish`. */
export class MemoryColumns {
  length = 0
  /** How much of the run has been read, 0 to 1: what is still to come is made room for at once. */
  progress = 0
  columns: Columns = {
    tid: new Int32Array(0),
    call: new Uint8Array(0),
    time: new Float64Array(0),
    duration: new Float64Array(0),
    address: new Float64Array(0),
    length1: new Float64Array(0),
    length2: new Float64Array(0),
    extra: new Float64Array(0),
    result: new Float64Array(0),
    protection: new Uint32Array(0),
    flags: new Float64Array(0),
    fd: new Int32Array(0),
    offset: new Float64Array(0),
    state: new Uint8Array(0),
    error: new Uint32Array(0),
    name: new Uint32Array(0),
    file: new Uint16Array(0),
    line: new Uint32Array(0),
    context: new Uint32Array(0),
    stack: new Uint32Array(0),
  }

  /** Adds a row for the thread with this index, all to be written; returns its number. */
  add(thread: number): number {
    const at = this.length
    if (at === this.columns.tid.length) this.#grow()
    this.length = at + 1
    this.columns.tid[at] = thread
    return at
  }

  /** Adds the row for the thread with this index; returns its number. */
  append(thread: number, row: MemoryRow): number {
    const at = this.add(thread)
    this.write(at, row)
    return at
  }

  /** Writes the row over number `at`, for a call that was added when it began. */
  write(at: number, row: MemoryRow): void {
    const { columns } = this
    columns.call[at] = row.call
    columns.time[at] = row.time
    columns.duration[at] = row.duration
    columns.address[at] = row.address
    columns.length1[at] = row.length1
    columns.length2[at] = row.length2
    columns.extra[at] = row.extra
    columns.result[at] = row.result
    columns.protection[at] = row.protection
    columns.flags[at] = row.flags
    columns.fd[at] = row.fd
    columns.offset[at] = row.offset
    columns.state[at] = row.state
    columns.error[at] = row.error
    columns.name[at] = row.name
    columns.file[at] = row.file
    columns.line[at] = row.line
    columns.context[at] = row.context
  }

  /** Multiplies the offsets of these rows: old strace printed mmap2's in pages. */
  scaleOffsets(rows: readonly number[], factor: number): void {
    for (const at of rows) this.columns.offset[at] = this.columns.offset[at]! * factor
  }

  /** Shifts the times of the rows `[from, to)`. */
  shiftTimes(from: number, to: number, by: number): void {
    for (let at = from; at < to; at++) this.columns.time[at] = this.columns.time[at]! + by
  }

  /** The columns, with thread indexes replaced by tids. */
  finish(tids: readonly number[]): MemoryEvents {
    const { length, columns } = this
    for (let at = 0; at < length; at++) columns.tid[at] = tids[columns.tid[at]!]!
    const shorten = <T extends Column>(column: T): T => fitted(column, length)
    return {
      length,
      tid: shorten(columns.tid),
      call: shorten(columns.call),
      time: shorten(columns.time),
      duration: shorten(columns.duration),
      address: shorten(columns.address),
      length1: shorten(columns.length1),
      length2: shorten(columns.length2),
      extra: shorten(columns.extra),
      result: shorten(columns.result),
      protection: shorten(columns.protection),
      flags: shorten(columns.flags),
      fd: shorten(columns.fd),
      offset: shorten(columns.offset),
      state: shorten(columns.state),
      error: shorten(columns.error),
      name: shorten(columns.name),
      file: shorten(columns.file),
      line: shorten(columns.line),
      context: shorten(columns.context),
      stack: shorten(columns.stack),
    }
  }

  #grow(): void {
    const { length, columns } = this
    const expected = this.progress > 0 ? Math.ceil((length / this.progress) * 1.05) : 0
    const capacity = Math.max(nextCapacity(length), Math.min(expected, length * MOST_GROWTH))
    const byName = columns as Record<string, Column>
    for (const name of Object.keys(byName)) byName[name] = grown(byName[name]!, capacity)
  }
}
