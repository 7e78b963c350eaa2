import { grown, nextCapacity } from '../base/growable.ts'
import type { MemoryEvents } from '../model/trace.ts'
import { ADDRESS_IN_ROW, DURATION_IN_ROW, LENGTH_IN_ROW, RESULT_IN_ROW, TIME_IN_ROW } from './event-forms.ts'
import { type HandedRows, type RowNumbers, takeRows } from './handed-rows.ts'
import { MemoryRow } from './memory-row.ts'
import { BLOCK_BITS, BLOCK_MASK, BLOCK_ROWS, MemoryRows } from './memory-rows.ts'
import { blocksHeld } from './row-blocks.ts'
import { CONTEXT, DURATION, FORM, HIGHS, LENGTH, LINE, PLACE, ROOM, WORD, WORD_BITS } from './row-words.ts'

const fits = (value: number): boolean => value >= 0 && value < ROOM && Number.isInteger(value)
const fitsWord = (value: number): boolean => value >>> 0 === value

/** The same for all times of some years, so that tables that are read side by side agree. */
const baseOf = (time: number): number => Math.floor(time / (ROOM / 4)) * (ROOM / 4) - ROOM / 2

/** Builds MemoryEvents, and is them after `finish`. */
export class MemoryTable extends MemoryRows {
  readonly #shared = new MemoryRow()

  /** Holds at most so many blocks of rows in memory. */
  constructor(held = blocksHeld(1)) {
    super(held)
  }

  /** Adds the call for the thread with this index; returns the number of its row. */
  append(thread: number, row: MemoryRow): number {
    const at = this.length
    if ((at & BLOCK_MASK) === 0) this.blocks.add()
    this.length = at + 1
    this.#put(at, thread, row)
    return at
  }

  /** Adds rows that the kernel finished: whole rows, with this table's own base and forms. */
  appendFinished(words: Int32Array): void {
    for (let from = 0; from < words.length; ) {
      if ((this.length & BLOCK_MASK) === 0) this.blocks.add()
      const room = BLOCK_ROWS - (this.length & BLOCK_MASK)
      const to = Math.min(words.length, from + (room << WORD_BITS))
      const block = this.blocks.change(this.length >>> BLOCK_BITS)
      block.set(words.subarray(from, to), (this.length & BLOCK_MASK) << WORD_BITS)
      this.length += (to - from) >> WORD_BITS
      from = to
    }
  }

  /** The rows as a file, to be read in another thread of this process; throws where none can be written. */
  handOver(): HandedRows {
    const { length } = this
    const file = this.blocks.handOver()
    return {
      length,
      base: this.baseTime,
      file,
      forms: this.callForms.handOver(),
      stacks: this.stacks.slice(0, length),
    }
  }

  /** Adds the forms of rows that another thread has built; returns their new numbers, for `absorb`. */
  absorbForms(handed: HandedRows, threads: Int32Array, strings: Uint32Array): Int32Array {
    return this.callForms.absorb(handed.forms, threads, strings)
  }

  /** Adds rows that another thread has built, whose times count from this table's base as well. */
  absorb(handed: HandedRows, numbers: RowNumbers): void {
    if (Number.isNaN(this.baseTime)) this.baseTime = handed.base
    const { stacks } = handed
    for (let row = 0; row < stacks.length; row++)
      if (stacks[row]! > 0) this.setStack(this.length + row, numbers.strings[stacks[row]!]!)
    takeRows(handed, numbers, (words) => this.appendFinished(words))
  }

  /** What the rows' times count from; NaN before the first call with a time. */
  get base(): number {
    return this.baseTime
  }

  /** Writes the call over row `at`, for one that was added when it began. */
  write(at: number, row: MemoryRow): void {
    this.#put(at, this.tid(at), row)
  }

  setStack(at: number, stack: number): void {
    if (at >= this.stacks.length) this.stacks = grown(this.stacks, nextCapacity(at))
    this.stacks[at] = stack
  }

  /** Multiplies the offsets of these rows: old strace printed mmap2's in pages. */
  scaleOffsets(rows: readonly number[], factor: number): void {
    for (const at of rows) {
      const row = this.#read(at)
      row.offset *= factor
      this.write(at, row)
    }
  }

  /** Shifts the times of the rows `[from, to)`. */
  shiftTimes(from: number, to: number, by: number): void {
    for (let at = from; at < to; at++) {
      const row = this.#read(at)
      row.time += by
      this.write(at, row)
    }
  }

  /** No more calls come: threads' indexes become tids, contexts get new numbers. */
  finish(tids: readonly number[], contexts: Uint32Array): MemoryEvents {
    this.callForms.finish(tids)
    this.contexts = contexts
    this.hand.event = -1
    return this
  }

  /** The call in a row, as it was put there; valid until the next one. */
  #read(at: number): MemoryRow {
    const row = this.#shared
    row.call = this.call(at)
    row.time = this.time(at)
    row.duration = this.duration(at)
    row.address = this.address(at)
    row.length1 = this.length1(at)
    row.length2 = this.length2(at)
    row.extra = this.extra(at)
    row.result = this.result(at)
    row.protection = this.protection(at)
    row.flags = this.flags(at)
    row.fd = this.fd(at)
    row.offset = this.offset(at)
    row.state = this.state(at)
    row.error = this.error(at)
    row.name = this.name(at)
    row.file = this.file(at)
    row.line = this.line(at)
    row.context = this.word(at, CONTEXT) >>> 0
    return row
  }

  /** Puts what has room into the row and the rest into its form; leaves `row` as it was. */
  #put(at: number, thread: number, row: MemoryRow): void {
    this.hand.event = -1
    const { time, duration, address, length1, result } = row
    if (Number.isNaN(this.baseTime) && !Number.isNaN(time)) this.baseTime = baseOf(time)
    const block = this.blocks.change(at >>> BLOCK_BITS)
    const word = (at & BLOCK_MASK) << WORD_BITS
    let inRow = 0
    let high = 0
    const since = time - this.baseTime
    if (fits(since)) {
      inRow = TIME_IN_ROW
      block[word] = since
      high = (since / WORD) | 0
      row.time = 0
    }
    const isAddress = address > 0 && fits(address)
    const place = isAddress ? address : result
    if (fits(place)) {
      block[word + PLACE] = place
      high |= Math.trunc(place / WORD) << 16
      if (isAddress) row.address = 0
      if (place === result) row.result = 0
      inRow |= (isAddress ? ADDRESS_IN_ROW : 0) | (place === result ? RESULT_IN_ROW : 0)
    }
    block[word + HIGHS] = high
    if (fitsWord(length1)) {
      inRow |= LENGTH_IN_ROW
      block[word + LENGTH] = length1
      row.length1 = 0
    }
    if (fitsWord(duration)) {
      inRow |= DURATION_IN_ROW
      block[word + DURATION] = duration
      row.duration = 0
    }
    block[word + LINE] = row.line
    block[word + CONTEXT] = row.context
    block[word + FORM] = this.callForms.of(thread, row, inRow)
    row.time = time
    row.duration = duration
    row.address = address
    row.length1 = length1
    row.result = result
  }
}
