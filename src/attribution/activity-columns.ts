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
const STRIDE = 10

/** Lifetimes kept of an activity; when there are more, every second one is dropped and every second new one kept. */
const SAMPLES = 256
/** Room made for the first ones. */
const FIRST_ROOM = 4

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
}

export class ActivityColumns {
  #length = 0
  #cells = new Float64Array(64 * WIDTH)
  #candidates = new Int32Array(64 * CANDIDATES * CANDIDATE)
  /** Lifetimes of all activities; where each has its own, and room for how many. */
  #samples = new Float64Array(1024)
  #samplesEnd = 0
  #samplesAt = new Int32Array(64)
  #samplesRoom = new Int32Array(64)

  /** Adds an activity; returns its number. */
  add(): number {
    const id = this.#length
    this.#length += 1
    if (this.#length * WIDTH > this.#cells.length) this.#grow()
    this.#cells[id * WIDTH + SMALLEST] = Number.POSITIVE_INFINITY
    this.#cells[id * WIDTH + STRIDE] = 1
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
    // Strides are powers of two.
    if ((lives & (cells[cell + STRIDE]! - 1)) === 0) this.#sample(id, lives, life)
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
      medianLife: this.#median(id, lives, cells[STRIDE]!),
      context: candidate < 0 ? -1 : this.#candidates[candidate]!,
      contextEvent: candidate < 0 ? -1 : this.#candidates[candidate + 2]!,
    }
  }

  #sample(id: number, lives: number, life: number): void {
    const cell = id * WIDTH + STRIDE
    let at = lives / this.#cells[cell]!
    if (at === SAMPLES) {
      const samples = this.#samplesOf(id, SAMPLES)
      for (let kept = 0; kept < SAMPLES / 2; kept += 1) samples[kept] = samples[2 * kept]!
      this.#cells[cell]! *= 2
      at /= 2
    } else if (at === this.#samplesRoom[id]) this.#moreRoom(id)
    this.#samples[this.#samplesAt[id]! + at] = life
  }

  #samplesOf(id: number, count: number): Float64Array {
    const from = this.#samplesAt[id]!
    return this.#samples.subarray(from, from + count)
  }

  /** Moves an activity's lifetimes to the end, where there is room for four times as many. */
  #moreRoom(id: number): void {
    const room = this.#samplesRoom[id]!
    const from = this.#samplesAt[id]!
    const to = this.#samplesEnd
    this.#samplesRoom[id] = Math.max(FIRST_ROOM, 4 * room)
    this.#samplesAt[id] = to
    this.#samplesEnd = to + this.#samplesRoom[id]!
    if (this.#samplesEnd > this.#samples.length) {
      const samples = new Float64Array(this.#samples.length * 2)
      samples.set(this.#samples)
      this.#samples = samples
    }
    this.#samples.copyWithin(to, from, from + room)
  }

  /** The middle one of the sampled lifetimes, the lower of two. */
  #median(id: number, lives: number, stride: number): number | null {
    if (lives === 0) return null
    const sorted = this.#samplesOf(id, Math.ceil(lives / stride))
      .slice()
      .sort()
    return sorted[(sorted.length - 1) >> 1]!
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
    const cells = new Float64Array(this.#cells.length * 2)
    cells.set(this.#cells)
    this.#cells = cells
    const candidates = new Int32Array(this.#candidates.length * 2)
    candidates.set(this.#candidates)
    this.#candidates = candidates
    const capacity = this.#cells.length / WIDTH
    const samplesAt = new Int32Array(capacity)
    samplesAt.set(this.#samplesAt)
    this.#samplesAt = samplesAt
    const samplesRoom = new Int32Array(capacity)
    samplesRoom.set(this.#samplesRoom)
    this.#samplesRoom = samplesRoom
  }
}
