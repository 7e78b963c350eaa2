import type { EventLinks } from '../model/trace.ts'
import { BLOCK_WORDS, RowBlocks } from './row-blocks.ts'

/** Links held in memory at once: 16 MiB. They are asked for about in the order of the log. */
const BLOCKS_HELD = 512
const BLOCK_BITS = 31 - Math.clz32(BLOCK_WORDS)
const BLOCK_MASK = BLOCK_WORDS - 1

/** By event, the next one of the same thread. */
export class LinkedEvents implements EventLinks {
  readonly #blocks = new RowBlocks(BLOCKS_HELD)
  /** By thread: its last event, -1 for none. */
  readonly #last: Int32Array
  #length = 0
  /** The last block, which has the links of most threads' last events; good until another is asked for. */
  #newest = new Int32Array(0)

  /** There are no more threads than so many. */
  constructor(mostThreads: number) {
    this.#last = new Int32Array(mostThreads).fill(-1)
  }

  /** Adds an event, the next of the log. */
  add(thread: number): void {
    const event = this.#length++
    if ((event & BLOCK_MASK) === 0) this.#begin(event)
    const before = this.#last[thread]!
    this.#last[thread] = event
    if (before < 0) return
    if (before >>> BLOCK_BITS === event >>> BLOCK_BITS) this.#newest[before & BLOCK_MASK] = event
    else this.#linkBack(before, event)
  }

  #begin(event: number): void {
    this.#blocks.add()
    this.#newest = this.#blocks.change(event >>> BLOCK_BITS).fill(-1)
  }

  #linkBack(before: number, event: number): void {
    this.#blocks.change(before >>> BLOCK_BITS)[before & BLOCK_MASK] = event
    this.#newest = this.#blocks.change(event >>> BLOCK_BITS)
  }

  next(event: number): number {
    const number = event >>> BLOCK_BITS
    return (this.#blocks.held[number] ?? this.#blocks.get(number))[event & BLOCK_MASK]!
  }
}
