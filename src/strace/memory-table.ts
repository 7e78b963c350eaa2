import type { CallAtHand, CallForms, MemoryEvents } from '../model/trace.ts'

import {
  ADDRESS_IN_ROW,
  DURATION_IN_ROW,
  EventForms,
  LENGTH_IN_ROW,
  RESULT_IN_ROW,
  TIME_IN_ROW,
} from './event-forms.ts'
import { grown, nextCapacity } from './growable.ts'
import { type HandedRows, type RowNumbers, takeRows } from './handed-rows.ts'
import { MemoryRow } from './memory-row.ts'
import { BLOCK_WORDS, blocksHeld, RowBlocks } from './row-blocks.ts'
import { CONTEXT, FORM, WORD_BITS } from './row-words.ts'

/**
 * Memory calls in rows of 32 bytes, so that one call is half a cache line wherever threads' calls are merged:
 *   time (48 bits) | place (48 bits) | length | duration | line | context | form
 * Times count from a base, places are the address that the call names or the one that it returned. Whatever has no room
 * there is in the call's form (event-forms.ts).
 */

const BLOCK_ROWS = BLOCK_WORDS >> WORD_BITS
const BLOCK_BITS = 31 - Math.clz32(BLOCK_ROWS)
const BLOCK_MASK = BLOCK_ROWS - 1

const PLACE = 1
const HIGHS = 2
const LENGTH = 3
const DURATION = 4
const LINE = 5

const WORD = 0x1_0000_0000
const ROOM = 2 ** 48

const fits = (value: number): boolean => value >= 0 && value < ROOM && Number.isInteger(value)
const fitsWord = (value: number): boolean => value >>> 0 === value

/** The same for all times of some years, so that tables that are read side by side agree. */
const baseOf = (time: number): number => Math.floor(time / (ROOM / 4)) * (ROOM / 4) - ROOM / 2

class Hand implements CallAtHand {
  /** Which call it is, -1 for none. */
  event = -1
  form = 0
  tid = 0
  call = 0
  state = 0
  address = Number.NaN
  length1 = Number.NaN
  result = Number.NaN
  protection = 0
  flags = Number.NaN
  context = 0
}

/** Builds MemoryEvents, and is them after `finish`. */
export class MemoryTable implements MemoryEvents {
  length = 0
  readonly #forms = new EventForms()
  #columns = this.#forms.columns
  readonly #blocks: RowBlocks
  #base = Number.NaN
  /** Ids of stacks by row, for logs that have any. */
  #stacks = new Uint32Array(0)
  /** New numbers of contexts. */
  #contexts: Uint32Array | null = null
  readonly #shared = new MemoryRow()
  readonly #hand = new Hand()

  /** Holds at most so many blocks of rows in memory. */
  constructor(held = blocksHeld(1)) {
    this.#blocks = new RowBlocks(held)
  }

  /** Adds the call for the thread with this index; returns the number of its row. */
  append(thread: number, row: MemoryRow): number {
    const at = this.length
    if ((at & BLOCK_MASK) === 0) this.#blocks.add()
    this.length = at + 1
    this.#put(at, thread, row)
    return at
  }

  /** Adds rows that the kernel finished: whole rows, with this table's own base and forms. */
  appendFinished(words: Int32Array): void {
    for (let from = 0; from < words.length; ) {
      if ((this.length & BLOCK_MASK) === 0) this.#blocks.add()
      const room = BLOCK_ROWS - (this.length & BLOCK_MASK)
      const to = Math.min(words.length, from + (room << WORD_BITS))
      const block = this.#blocks.change(this.length >>> BLOCK_BITS)
      block.set(words.subarray(from, to), (this.length & BLOCK_MASK) << WORD_BITS)
      this.length += (to - from) >> WORD_BITS
      from = to
    }
  }

  /** The rows as a file, to be read in another thread of this process; throws where none can be written. */
  handOver(): HandedRows {
    const { length } = this
    const file = this.#blocks.handOver()
    return {
      length,
      base: this.#base,
      file,
      forms: this.#forms.handOver(),
      stacks: this.#stacks.slice(0, length),
    }
  }

  /** Adds the forms of rows that another thread has built; returns their new numbers, for `absorb`. */
  absorbForms(handed: HandedRows, threads: Int32Array, strings: Uint32Array): Int32Array {
    return this.#forms.absorb(handed.forms, threads, strings)
  }

  /** Adds rows that another thread has built, whose times count from this table's base as well. */
  absorb(handed: HandedRows, numbers: RowNumbers): void {
    if (Number.isNaN(this.#base)) this.#base = handed.base
    const { stacks } = handed
    for (let row = 0; row < stacks.length; row++)
      if (stacks[row]! > 0) this.setStack(this.length + row, numbers.strings[stacks[row]!]!)
    takeRows(handed, numbers, (words) => this.appendFinished(words))
  }

  /** What the rows' times count from; NaN before the first call with a time. */
  get base(): number {
    return this.#base
  }

  /** Writes the call over row `at`, for one that was added when it began. */
  write(at: number, row: MemoryRow): void {
    this.#put(at, this.tid(at), row)
  }

  setStack(at: number, stack: number): void {
    if (at >= this.#stacks.length) this.#stacks = grown(this.#stacks, nextCapacity(at))
    this.#stacks[at] = stack
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
    this.#forms.finish(tids)
    this.#contexts = contexts
    this.#hand.event = -1
    return this
  }

  at(at: number): CallAtHand {
    const hand = this.#hand
    if (hand.event === at) return hand
    const block = this.#block(at)
    const word = (at & BLOCK_MASK) << WORD_BITS
    const form = block[word + FORM]!
    const columns = this.#columns
    const inRow = columns.inRow[form]!
    const place = (block[word + PLACE]! >>> 0) + (block[word + HIGHS]! >>> 16) * WORD
    hand.event = at
    hand.form = form
    hand.tid = columns.tid[form]!
    hand.call = columns.call[form]!
    hand.state = columns.state[form]!
    hand.address = (inRow & ADDRESS_IN_ROW) === 0 ? columns.address[form]! : place
    hand.length1 = (inRow & LENGTH_IN_ROW) === 0 ? columns.length1[form]! : block[word + LENGTH]! >>> 0
    hand.result = (inRow & RESULT_IN_ROW) === 0 ? columns.result[form]! : place
    hand.protection = columns.protection[form]!
    hand.flags = columns.flags[form]!
    const context = block[word + CONTEXT]! >>> 0
    hand.context = this.#contexts === null ? context : this.#contexts[context]!
    return hand
  }

  time(at: number): number {
    const block = this.#block(at)
    const word = (at & BLOCK_MASK) << WORD_BITS
    const form = block[word + FORM]!
    return (this.#columns.inRow[form]! & TIME_IN_ROW) === 0
      ? this.#columns.time[form]!
      : this.#base + (block[word]! >>> 0) + (block[word + HIGHS]! & 0xffff) * WORD
  }

  duration(at: number): number {
    const form = this.#word(at, FORM)
    return (this.#columns.inRow[form]! & DURATION_IN_ROW) === 0
      ? this.#columns.duration[form]!
      : this.#word(at, DURATION) >>> 0
  }

  get forms(): CallForms {
    return { ...this.#columns, length: this.#forms.length }
  }

  form(at: number): number {
    return this.#word(at, FORM)
  }

  readForms(from: number, into: Int32Array): number {
    const count = Math.min(into.length, this.length - from)
    this.#runs(from, count, (block, first, k, end) => {
      for (let word = first + FORM; k < end; k++, word += 1 << WORD_BITS) into[k] = block[word]!
    })
    return count
  }

  readTimes(from: number, into: Float64Array): number {
    const { inRow, time } = this.#columns
    const base = this.#base
    const count = Math.min(into.length, this.length - from)
    this.#runs(from, count, (block, first, k, end) => {
      for (let word = first; k < end; k++, word += 1 << WORD_BITS) {
        const form = block[word + FORM]!
        into[k] =
          (inRow[form]! & TIME_IN_ROW) === 0
            ? time[form]!
            : base + (block[word]! >>> 0) + (block[word + HIGHS]! & 0xffff) * WORD
      }
    })
    return count
  }

  line(at: number): number {
    return this.#word(at, LINE) >>> 0
  }

  stack(at: number): number {
    return at < this.#stacks.length ? this.#stacks[at]! : 0
  }

  tid(at: number): number {
    return this.#columns.tid[this.#word(at, FORM)]!
  }

  call(at: number): number {
    return this.#columns.call[this.#word(at, FORM)]!
  }

  state(at: number): number {
    return this.#columns.state[this.#word(at, FORM)]!
  }

  length2(at: number): number {
    return this.#columns.length2[this.#word(at, FORM)]!
  }

  extra(at: number): number {
    return this.#columns.extra[this.#word(at, FORM)]!
  }

  protection(at: number): number {
    return this.#columns.protection[this.#word(at, FORM)]!
  }

  flags(at: number): number {
    return this.#columns.flags[this.#word(at, FORM)]!
  }

  fd(at: number): number {
    return this.#columns.fd[this.#word(at, FORM)]!
  }

  offset(at: number): number {
    return this.#columns.offset[this.#word(at, FORM)]!
  }

  error(at: number): number {
    return this.#columns.error[this.#word(at, FORM)]!
  }

  name(at: number): number {
    return this.#columns.name[this.#word(at, FORM)]!
  }

  file(at: number): number {
    return this.#columns.file[this.#word(at, FORM)]!
  }

  address(at: number): number {
    return this.at(at).address
  }

  length1(at: number): number {
    return this.at(at).length1
  }

  result(at: number): number {
    return this.at(at).result
  }

  context(at: number): number {
    return this.at(at).context
  }

  /** Gives the rows `[from, from + count)` block by block: its words, the first row's place there, and which they are. */
  #runs(
    from: number,
    count: number,
    take: (block: Int32Array, first: number, k: number, end: number) => void,
  ): void {
    for (let k = 0; k < count; ) {
      const row = (from + k) & BLOCK_MASK
      const end = Math.min(count, k + BLOCK_ROWS - row)
      take(this.#block(from + k), row << WORD_BITS, k, end)
      k = end
    }
  }

  #block(at: number): Int32Array {
    const number = at >>> BLOCK_BITS
    return this.#blocks.held[number] ?? this.#blocks.get(number)
  }

  #word(at: number, word: number): number {
    return this.#block(at)[((at & BLOCK_MASK) << WORD_BITS) + word]!
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
    row.context = this.#word(at, CONTEXT) >>> 0
    return row
  }

  /** Puts what has room into the row and the rest into its form; leaves `row` as it was. */
  #put(at: number, thread: number, row: MemoryRow): void {
    this.#hand.event = -1
    const { time, duration, address, length1, result } = row
    if (Number.isNaN(this.#base) && !Number.isNaN(time)) this.#base = baseOf(time)
    const block = this.#blocks.change(at >>> BLOCK_BITS)
    const word = (at & BLOCK_MASK) << WORD_BITS
    let inRow = 0
    let high = 0
    const since = time - this.#base
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
    block[word + FORM] = this.#forms.of(thread, row, inRow)
    row.time = time
    row.duration = duration
    row.address = address
    row.length1 = length1
    row.result = result
  }
}
