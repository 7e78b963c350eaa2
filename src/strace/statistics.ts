import type { CallStatistics } from '../model/trace.ts'
import { type Column, fitted, grown, nextCapacity } from './growable.ts'

function hashOf(thread: number, name: number, fd: number): number {
  const hash = Math.imul(thread, 0x9e37_79b1) ^ Math.imul(name, 0x85eb_ca6b) ^ Math.imul(fd, 0xc2b2_ae35)
  return hash ^ (hash >>> 15)
}

/** Counts calls by thread, name and descriptor. Names and threads are numbers here; `finish` gives them their ids. */
export class StatisticsColumns {
  length = 0
  #slots = new Int32Array(256).fill(-1)
  #columns = {
    tid: new Int32Array(0),
    name: new Uint32Array(0),
    fd: new Int32Array(0),
    calls: new Float64Array(0),
    errors: new Float64Array(0),
    seconds: new Float64Array(0),
    resultSum: new Float64Array(0),
  }

  /** Row of this thread, name and descriptor, new when needed. */
  row(thread: number, name: number, fd: number): number {
    const { tid, name: names, fd: fds } = this.#columns
    const mask = this.#slots.length - 1
    let slot = hashOf(thread, name, fd) & mask
    for (let row = this.#slots[slot]!; row >= 0; row = this.#slots[slot]!) {
      if (names[row] === name && fds[row] === fd && tid[row] === thread) return row
      slot = (slot + 1) & mask
    }
    return this.#add(slot, thread, name, fd)
  }

  /** Counts one call. `microseconds` is NaN without -T, `result` what it returned. */
  count(row: number, failed: boolean, microseconds: number, result: number): void {
    const columns = this.#columns
    columns.calls[row]!++
    if (failed) columns.errors[row]!++
    else if (result > 0) columns.resultSum[row]! += result
    if (!Number.isNaN(microseconds)) {
      const seconds = columns.seconds[row]!
      columns.seconds[row] = Number.isNaN(seconds) ? microseconds : seconds + microseconds
    }
  }

  /** Number of the name that a row counts. */
  nameOf(row: number): number {
    return this.#columns.name[row]!
  }

  /** What a row counts: number of the name, and descriptor. */
  describe(row: number): { name: number; fd: number } {
    return { name: this.#columns.name[row]!, fd: this.#columns.fd[row]! }
  }

  /** The table; `names` and `tids` turn numbers into ids of strings and into tids. */
  finish(tids: readonly number[], names: readonly number[]): CallStatistics {
    const { length } = this
    const columns = this.#columns
    for (let row = 0; row < length; row++) {
      columns.tid[row] = tids[columns.tid[row]!]!
      columns.name[row] = names[columns.name[row]!]!
      columns.seconds[row] = columns.seconds[row]! / 1e6
    }
    const shorten = <T extends Column>(column: T): T => fitted(column, length)
    return {
      length,
      tid: shorten(columns.tid),
      name: shorten(columns.name),
      fd: shorten(columns.fd),
      calls: shorten(columns.calls),
      errors: shorten(columns.errors),
      seconds: shorten(columns.seconds),
      resultSum: shorten(columns.resultSum),
    }
  }

  #add(slot: number, thread: number, name: number, fd: number): number {
    const row = this.length++
    if (row === this.#columns.tid.length) {
      const columns = this.#columns as Record<string, Column>
      const capacity = nextCapacity(row)
      for (const key of Object.keys(columns)) columns[key] = grown(columns[key]!, capacity)
    }
    this.#slots[slot] = row
    const columns = this.#columns
    columns.tid[row] = thread
    columns.name[row] = name
    columns.fd[row] = fd
    columns.seconds[row] = Number.NaN
    if (this.length * 2 > this.#slots.length) this.#rehash()
    return row
  }

  #rehash(): void {
    const old = this.length
    const { tid, name, fd } = this.#columns
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let row = 0; row < old; row++) {
      let slot = hashOf(tid[row]!, name[row]!, fd[row]!) & mask
      while (slots[slot]! >= 0) slot = (slot + 1) & mask
      slots[slot] = row
    }
    this.#slots = slots
  }
}
