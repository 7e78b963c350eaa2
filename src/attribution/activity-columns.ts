import { grown } from '../base/growable.ts'
import { Lifetimes } from './lifetimes.ts'

/**
 * What is counted of each activity, in columns: an allocation and its release touch a cache line or two each, however
 * many activities there are.
 */

/** Doubles an activity. */
const WIDTH = 12
const COUNT = 0
const BYTES = 1
const SMALLEST = 2
const LARGEST = 3
const POOLED = 4
const RELEASED = 5
const RELEASED_BYTES = 6
const HANDED_BYTES = 7
const LONGEST = 8
const LIVES = 9

/** Contexts in the running for the commonest one (Misra and Gries): one that makes up more than a fifth is found. */
const CANDIDATES = 4
/** A candidate: context, count, first event. */
const CANDIDATE = 3

/** Pool chunks of pymalloc, jemalloc and tcmalloc are multiples of this; malloc's own blocks are requests + 16, rounded to a page. */
const POOL_UNIT = 64 * 1024

export interface ActivityCounts {
  readonly count: number
  readonly bytes: number
  readonly smallest: number
  readonly largest: number
  /** Multiples of 64 KiB, as allocators' pools are and rounded-up requests are not. */
  readonly pooled: number
  readonly released: number
  readonly releasedBytes: number
  /** Bytes released by another thread than the one that allocated. */
  readonly handedBytes: number
  /** `null` without releases. */
  readonly longestLife: number | null
  readonly medianLife: number | null
  /** The context (index into Trace.contexts) that most often came before, and the first event it came before; -1 without. */
  readonly context: number
  readonly contextEvent: number
  /** How often at least. */
  readonly contextCount: number
}

export class ActivityColumns {
  #length = 0
  #cells = new Float64Array(8 * WIDTH)
  #candidates = new Int32Array(8 * CANDIDATES * CANDIDATE)
  readonly #lifetimes = new Lifetimes()

  /** Adds an activity; returns its number. */
  add(): number {
    const id = this.#length
    this.#length += 1
    if (this.#length * WIDTH > this.#cells.length) this.#grow()
    this.#cells[id * WIDTH + SMALLEST] = Number.POSITIVE_INFINITY
    return id
  }

  allocated(id: number, bytes: number, context: number, event: number): void {
    const cells = this.#cells
    const cell = id * WIDTH
    cells[cell + COUNT]! += 1
    cells[cell + BYTES]! += bytes
    if (bytes < cells[cell + SMALLEST]!) cells[cell + SMALLEST] = bytes
    if (bytes > cells[cell + LARGEST]!) cells[cell + LARGEST] = bytes
    const pools = bytes / POOL_UNIT
    if (Math.floor(pools) === pools) cells[cell + POOLED]! += 1
    this.#vote(id * CANDIDATES * CANDIDATE, context, event)
  }

  released(id: number, bytes: number, handed: boolean): void {
    const cell = id * WIDTH
    this.#cells[cell + RELEASED_BYTES]! += bytes
    if (handed) this.#cells[cell + HANDED_BYTES]! += bytes
  }

  /** The last byte of an allocation is gone: `calls` calls had made it. */
  ended(id: number, calls: number, life: number): void {
    const cells = this.#cells
    const cell = id * WIDTH
    cells[cell + RELEASED]! += calls
    const lives = cells[cell + LIVES]!
    cells[cell + LIVES] = lives + 1
    if (lives === 0 || life > cells[cell + LONGEST]!) cells[cell + LONGEST] = life
    this.#lifetimes.add(id, lives, life)
  }

  bytesOf(id: number): number {
    return this.#cells[id * WIDTH + BYTES]!
  }

  countsOf(id: number): ActivityCounts {
    const cells = this.#cells.subarray(id * WIDTH, (id + 1) * WIDTH)
    const lives = cells[LIVES]!
    const candidate = this.#commonest(id * CANDIDATES * CANDIDATE)
    return {
      count: cells[COUNT]!,
      bytes: cells[BYTES]!,
      smallest: cells[SMALLEST]!,
      largest: cells[LARGEST]!,
      pooled: cells[POOLED]!,
      released: cells[RELEASED]!,
      releasedBytes: cells[RELEASED_BYTES]!,
      handedBytes: cells[HANDED_BYTES]!,
      longestLife: lives > 0 ? cells[LONGEST]! : null,
      medianLife: this.#lifetimes.median(id, lives),
      context: candidate < 0 ? -1 : this.#candidates[candidate]!,
      contextEvent: candidate < 0 ? -1 : this.#candidates[candidate + 2]!,
      contextCount: candidate < 0 ? 0 : this.#candidates[candidate + 1]!,
    }
  }

  #vote(from: number, context: number, event: number): void {
    const candidates = this.#candidates
    const end = from + CANDIDATES * CANDIDATE
    let free = -1
    for (let at = from; at < end; at += CANDIDATE) {
      if (candidates[at + 1] === 0) free = free < 0 ? at : free
      else if (candidates[at] === context) {
        candidates[at + 1]! += 1
        return
      }
    }
    if (free >= 0) {
      candidates[free] = context
      candidates[free + 1] = 1
      candidates[free + 2] = event
    } else for (let at = from; at < end; at += CANDIDATE) candidates[at + 1]! -= 1
  }

  #commonest(from: number): number {
    let best = -1
    for (let at = from; at < from + CANDIDATES * CANDIDATE; at += CANDIDATE)
      if (this.#candidates[at + 1]! > (best < 0 ? 0 : this.#candidates[best + 1]!)) best = at
    return best
  }

  #grow(): void {
    this.#cells = grown(this.#cells, this.#cells.length * 2)
    this.#candidates = grown(this.#candidates, this.#candidates.length * 2)
    this.#lifetimes.grow(this.#cells.length / WIDTH)
  }
}
