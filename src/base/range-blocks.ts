import { grown } from './growable.ts'
import { BLOCK, Block, END, HOLE, OWNER, WIDTH } from './range-block.ts'

const BLOCK_BITS = 31 - Math.clz32(BLOCK)

/** Places remembered: those of so many addresses that were sought last. */
const PLACES_BITS = 13

/** Searches after which places are worth remembering: most copies of an address space see fewer. */
const MANY_SEARCHES = 4096

/** Holes kept beyond as many as there are ranges. */
const MOST_HOLES = 1024

/** Where the place of an address is remembered; addresses differ by pages. */
const slotOf = (address: number): number =>
  Math.imul((address / 4096) | 0, 0x9e37_79b1) >>> (32 - PLACES_BITS)

/**
 * The blocks of a RangeMap in order, and the search in them.
 *
 * Programs map and unmap the same places over and over. So a range that is taken out whole leaves a hole, which the next
 * range of the same extent fills without moving anything; and where an address was found is remembered, and looked at
 * first when it is sought again.
 */
export class RangeBlocks {
  /** Never empty; only the sole block of an empty map has length 0. */
  readonly list: Block[]
  ranges: number
  /** Position that `seek` found. */
  block = 0
  index = 0
  #holes: number
  /** For which address; NaN when the position may no longer be right. */
  #sought = Number.NaN
  /** Where the last cell of each block ends: all that a search for a block looks at. */
  #ends: Float64Array<ArrayBuffer>
  /** Positions that were found, by slots of their addresses; any may be out of date. `null` before many searches. */
  #places: Int32Array | null = null
  #searches = 0

  constructor(from: RangeBlocks | null = null) {
    this.list = from ? from.list.map((block) => block.copy()) : [new Block()]
    this.ranges = from?.ranges ?? 0
    this.#holes = from ? from.#holes : 0
    this.#ends = from ? from.#ends.slice() : new Float64Array(16).fill(Number.NEGATIVE_INFINITY)
  }

  /** Finds the first cell that ends after `address`, a hole or not; the position is past the end when there is none. */
  seek(address: number): this {
    if (address === this.#sought) return this
    this.#sought = address
    if (this.#places === null) {
      this.#search(address)
      this.#searches += 1
      if (this.#searches > MANY_SEARCHES) this.#places = new Int32Array(1 << PLACES_BITS)
      return this
    }
    const slot = slotOf(address)
    const place = this.#places[slot]!
    this.block = place >>> BLOCK_BITS
    this.index = place & (BLOCK - 1)
    if (!this.#isFirst(this.block, this.index, address)) {
      this.#search(address)
      this.#places[slot] = (this.block << BLOCK_BITS) | this.index
    }
    return this
  }

  #search(address: number): void {
    const ends = this.#ends
    let low = 0
    let high = this.list.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (ends[middle]! <= address) low = middle + 1
      else high = middle
    }
    this.block = low
    this.index = low === this.list.length ? 0 : this.list[low]!.find(address)
  }

  /** Whether a cell is the first one that ends after `address`. */
  #isFirst(b: number, i: number, address: number): boolean {
    const block = this.list[b]
    if (block === undefined || i >= block.length) return false
    const { cells } = block
    const cell = i * WIDTH
    if (cells[cell + END]! <= address) return false
    if (i > 0) return cells[cell - WIDTH + END]! <= address
    return b === 0 || this.#ends[b - 1]! <= address
  }

  /** Moves the end of a range. */
  setEnd(b: number, i: number, end: number): void {
    const block = this.list[b]!
    block.cells[i * WIDTH + END] = end
    this.#changed(b, block)
  }

  /** Makes the range that was found a hole. */
  leaveHole(): void {
    this.list[this.block]!.cells[this.index * WIDTH + OWNER] = HOLE
    this.ranges -= 1
    this.#holes += 1
    if (this.#holes > MOST_HOLES + this.ranges)
      this.closeBetween(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
  }

  /** Whether what was found is a hole of just this extent. */
  isHole(start: number, end: number): boolean {
    return this.list[this.block]?.isHole(this.index, start, end) ?? false
  }

  /** Makes the hole that was found a range; false, and no change, where a neighbour in its block would join it. */
  fill(owner: number, tag: number): boolean {
    if (!this.list[this.block]!.fill(this.index, owner, tag)) return false
    this.ranges += 1
    this.#holes -= 1
    return true
  }

  /** Deletes holes at the place of `[start, end)`, and seeks it again. */
  closeHoles(start: number, end: number): this {
    while (this.list[this.block]?.hasHole(this.index, end)) {
      this.drop(this.block, this.index, this.index + 1)
      this.seek(start)
    }
    return this
  }

  /** Deletes the holes of all blocks that have cells in `[start, end)`. */
  closeBetween(start: number, end: number): void {
    let b = this.seek(start).block
    while (b < this.list.length && this.list[b]!.length > 0 && this.list[b]!.cells[0]! < end) {
      this.#close(b, 0)
      if (this.list[b]!.length > 0) b += 1
      else if (this.list.length > 1) this.drop(b, 0, 0)
    }
  }

  /** Puts one range at a position, cutting a full block first; the place behind the last block is that behind its cells. */
  place(b: number, i: number, start: number, end: number, owner: number, tag: number): void {
    let at = b
    let index = i
    if (at === this.list.length) {
      at -= 1
      index = this.list[at]!.length
    }
    if (this.list[at]!.length === BLOCK) index = this.#close(at, index)
    if (this.list[at]!.length === BLOCK) {
      this.#cut(at)
      if (index > BLOCK / 2) {
        at += 1
        index -= BLOCK / 2
      }
    }
    const block = this.list[at]!
    block.insert(index, start, end, owner, tag)
    this.ranges += 1
    this.#changed(at, block)
  }

  /** Deletes the cells `[from, to)` of one block, and the block when none is left. */
  drop(b: number, from: number, to: number): void {
    const block = this.list[b]!
    const holes = block.holes(from, to)
    block.delete(from, to)
    this.#holes -= holes
    this.ranges -= to - from - holes
    if (block.length > 0 || this.list.length === 1) {
      this.#changed(b, block)
      return
    }
    this.list.splice(b, 1)
    this.#ends.copyWithin(b, b + 1, this.list.length + 1)
    this.#sought = Number.NaN
  }

  #changed(b: number, block: Block): void {
    this.#ends[b] =
      block.length === 0 ? Number.NEGATIVE_INFINITY : block.cells[(block.length - 1) * WIDTH + END]!
    this.#sought = Number.NaN
  }

  /** Deletes the holes of one block; the place that comes to where `i` was. */
  #close(b: number, i: number): number {
    const block = this.list[b]!
    const before = block.length
    const place = block.close(i)
    this.#holes -= before - block.length
    this.#changed(b, block)
    return place
  }

  #cut(b: number): void {
    const left = this.list[b]!
    const right = left.cut(BLOCK / 2)
    this.list.splice(b + 1, 0, right)
    if (this.list.length > this.#ends.length) this.#ends = grown(this.#ends, this.#ends.length * 2)
    this.#ends.copyWithin(b + 1, b, this.list.length - 1)
    this.#changed(b, left)
  }
}
