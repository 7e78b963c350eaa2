import { type Column, fitted, grown, nextCapacity } from '../base/growable.ts'
import type { DescriptorEvents } from '../model/trace.ts'

/** Builds DescriptorEvents. `tid` holds the thread's index until `finish`. */
export class DescriptorColumns {
  length = 0
  #columns = {
    tid: new Int32Array(0),
    time: new Float64Array(0),
    op: new Uint8Array(0),
    fd: new Int32Array(0),
    fd2: new Int32Array(0),
    text: new Uint32Array(0),
  }

  append(thread: number, time: number, op: number, fd: number, fd2: number, text: number): void {
    const at = this.length++
    if (at === this.#columns.tid.length) {
      const columns = this.#columns as Record<string, Column>
      const capacity = nextCapacity(at)
      for (const key of Object.keys(columns)) columns[key] = grown(columns[key]!, capacity)
    }
    const columns = this.#columns
    columns.tid[at] = thread
    columns.time[at] = time
    columns.op[at] = op
    columns.fd[at] = fd
    columns.fd2[at] = fd2
    columns.text[at] = text
  }

  /** Copies of the columns, to be sent to another thread; `tid` holds threads' indexes. */
  handOver(): DescriptorEvents {
    const { length } = this
    const { tid, time, op, fd, fd2, text } = this.#columns
    return {
      length,
      tid: tid.slice(0, length),
      time: time.slice(0, length),
      op: op.slice(0, length),
      fd: fd.slice(0, length),
      fd2: fd2.slice(0, length),
      text: text.slice(0, length),
    }
  }

  /** Adds what another thread has built; `threads` and `strings` are the new numbers of its. */
  absorb(handed: DescriptorEvents, threads: Int32Array, strings: Uint32Array): void {
    for (let at = 0; at < handed.length; at++)
      this.append(
        threads[handed.tid[at]!]!,
        handed.time[at]!,
        handed.op[at]!,
        handed.fd[at]!,
        handed.fd2[at]!,
        strings[handed.text[at]!]!,
      )
  }

  /** Shifts the times of the rows `[from, to)`. */
  shiftTimes(from: number, to: number, by: number): void {
    for (let at = from; at < to; at++) this.#columns.time[at] = this.#columns.time[at]! + by
  }

  finish(tids: readonly number[]): DescriptorEvents {
    const { length } = this
    const columns = this.#columns
    for (let at = 0; at < length; at++) columns.tid[at] = tids[columns.tid[at]!]!
    const shorten = <T extends Column>(column: T): T => fitted(column, length)
    return {
      length,
      tid: shorten(columns.tid),
      time: shorten(columns.time),
      op: shorten(columns.op),
      fd: shorten(columns.fd),
      fd2: shorten(columns.fd2),
      text: shorten(columns.text),
    }
  }
}
