import type {
  CallAtHand,
  CallForms,
  EventLinks,
  EventSurvey,
  MemoryEvents,
  RowsVisitor,
} from '../model/trace.ts'
import {
  ADDRESS_IN_ROW,
  DURATION_IN_ROW,
  EventForms,
  LENGTH_IN_ROW,
  RESULT_IN_ROW,
  TIME_IN_ROW,
} from './event-forms.ts'
import { surveyEvents } from './event-survey.ts'
import { BLOCK_WORDS, RowBlocks } from './row-blocks.ts'
import { CONTEXT, DURATION, FORM, HIGHS, LENGTH, LINE, PLACE, WORD, WORD_BITS } from './row-words.ts'

export const BLOCK_ROWS = BLOCK_WORDS >> WORD_BITS
export const BLOCK_BITS = 31 - Math.clz32(BLOCK_ROWS)
export const BLOCK_MASK = BLOCK_ROWS - 1

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

/** Memory calls as they are read; memory-table.ts writes them. */
export class MemoryRows implements MemoryEvents {
  length = 0
  protected readonly callForms = new EventForms()
  protected readonly columns = this.callForms.columns
  protected readonly blocks: RowBlocks
  protected baseTime = Number.NaN
  /** Ids of stacks by row, for logs that have any. */
  protected stacks = new Uint32Array(0)
  /** New numbers of contexts. */
  protected contexts: Uint32Array | null = null
  protected readonly hand = new Hand()
  #survey: EventSurvey | null = null

  /** Holds at most so many blocks of rows in memory. */
  constructor(held: number) {
    this.blocks = new RowBlocks(held)
  }

  at(at: number): CallAtHand {
    const hand = this.hand
    if (hand.event === at) return hand
    const block = this.block(at)
    const word = (at & BLOCK_MASK) << WORD_BITS
    const form = block[word + FORM]!
    const columns = this.columns
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
    hand.context = this.contexts === null ? context : this.contexts[context]!
    return hand
  }

  readRows(from: number, count: number, into: Int32Array, at: number): void {
    this.#runs(from, count, 'get', (block, first, k, end) => {
      into.set(block.subarray(first, first + ((end - k) << WORD_BITS)), at + (k << WORD_BITS))
    })
  }

  readLinked(from: number, most: number, links: EventLinks, into: Int32Array, at: number): number {
    let call = from
    let to = at
    let count = 0
    for (; call >= 0 && count < most; count++, to += 1 << WORD_BITS) {
      const block = this.block(call)
      const first = (call & BLOCK_MASK) << WORD_BITS
      // A view costs more than eight words.
      for (let word = 0; word < 1 << WORD_BITS; word++) into[to + word] = block[first + word]!
      into[to + LINE] = call
      call = links.next(call)
    }
    return count
  }

  get rowContexts(): Uint32Array | null {
    return this.contexts
  }

  get rowBase(): number {
    return this.baseTime
  }

  time(at: number): number {
    const block = this.block(at)
    const word = (at & BLOCK_MASK) << WORD_BITS
    const form = block[word + FORM]!
    return (this.columns.inRow[form]! & TIME_IN_ROW) === 0
      ? this.columns.time[form]!
      : this.baseTime + (block[word]! >>> 0) + (block[word + HIGHS]! & 0xffff) * WORD
  }

  duration(at: number): number {
    const form = this.form(at)
    return (this.columns.inRow[form]! & DURATION_IN_ROW) === 0
      ? this.columns.duration[form]!
      : this.word(at, DURATION) >>> 0
  }

  get forms(): CallForms {
    return { ...this.columns, length: this.callForms.length }
  }

  get survey(): EventSurvey {
    this.#survey ??= surveyEvents(this)
    return this.#survey
  }

  form(at: number): number {
    return this.word(at, FORM)
  }

  readForms(from: number, into: Int32Array): number {
    const count = Math.min(into.length, this.length - from)
    this.#runs(from, count, 'look', (block, first, k, end) => {
      for (let word = first + FORM; k < end; k++, word += 1 << WORD_BITS) into[k] = block[word]!
    })
    return count
  }

  visitRows(visit: RowsVisitor): void {
    this.#runs(0, this.length, 'look', (block, first, k, end) => visit(block, first, k, end - k))
  }

  line(at: number): number {
    return this.word(at, LINE) >>> 0
  }

  stack(at: number): number {
    return at < this.stacks.length ? this.stacks[at]! : 0
  }

  tid(at: number): number {
    return this.columns.tid[this.word(at, FORM)]!
  }

  call(at: number): number {
    return this.columns.call[this.word(at, FORM)]!
  }

  state(at: number): number {
    return this.columns.state[this.word(at, FORM)]!
  }

  length2(at: number): number {
    return this.columns.length2[this.word(at, FORM)]!
  }

  extra(at: number): number {
    return this.columns.extra[this.word(at, FORM)]!
  }

  protection(at: number): number {
    return this.columns.protection[this.word(at, FORM)]!
  }

  flags(at: number): number {
    return this.columns.flags[this.word(at, FORM)]!
  }

  fd(at: number): number {
    return this.columns.fd[this.word(at, FORM)]!
  }

  offset(at: number): number {
    return this.columns.offset[this.word(at, FORM)]!
  }

  error(at: number): number {
    return this.columns.error[this.word(at, FORM)]!
  }

  name(at: number): number {
    return this.columns.name[this.word(at, FORM)]!
  }

  file(at: number): number {
    return this.columns.file[this.word(at, FORM)]!
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
    way: 'get' | 'look',
    take: (block: Int32Array, first: number, k: number, end: number) => void,
  ): void {
    for (let k = 0; k < count; ) {
      const row = (from + k) & BLOCK_MASK
      const end = Math.min(count, k + BLOCK_ROWS - row)
      take(this.blocks[way]((from + k) >>> BLOCK_BITS), row << WORD_BITS, k, end)
      k = end
    }
  }

  protected block(at: number): Int32Array {
    const number = at >>> BLOCK_BITS
    return this.blocks.held[number] ?? this.blocks.get(number)
  }

  protected word(at: number, word: number): number {
    return this.block(at)[((at & BLOCK_MASK) << WORD_BITS) + word]!
  }
}
