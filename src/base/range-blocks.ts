import { BLOCK, Block, END, WIDTH } from './range-block.ts'

/** The blocks of a RangeMap in order, and the search in them. */
export class RangeBlocks {
  /** Never empty; only the sole block of an empty map has length 0. */
  readonly list: Block[]
  ranges: number
  /** Position that `seek` found. */
  block = 0
  index = 0
  /** For which address; NaN when the position may no longer be right. */
  #sought = Number.NaN
  /** Where the last range of each block ends: all that a search for a block looks at. */
  #ends: Float64Array<ArrayBuffer>

  constructor(from: RangeBlocks | null = null) {
    this.list = from ? from.list.map((block) => block.copy()) : [new Block()]
    this.ranges = from?.ranges ?? 0
    this.#ends = from ? from.#ends.slice() : new Float64Array(16).fill(Number.NEGATIVE_INFINITY)
  }

  /** Finds the first range that ends after `address`; the position is past the end when there is none. */
  seek(address: number): void {
    if (address === this.#sought) return
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
    this.#sought = address
  }

  /** Moves the end of a range. */
  setEnd(b: number, i: number, end: number): void {
    const block = this.list[b]!
    block.cells[i * WIDTH + END] = end
    this.#changed(b, block)
  }

  /** Puts one range at a position, cutting a full block first; the place behind the last block is that behind its ranges. */
  place(b: number, i: number, start: number, end: number, owner: number, tag: number): void {
    let at = b
    let index = i
    if (at === this.list.length) {
      at -= 1
      index = this.list[at]!.length
    }
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

  /** Deletes the ranges `[from, to)` of one block, and the block when none is left. */
  drop(b: number, from: number, to: number): void {
    const block = this.list[b]!
    block.delete(from, to)
    this.ranges -= to - from
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

  #cut(b: number): void {
    const left = this.list[b]!
    const right = left.cut(BLOCK / 2)
    this.list.splice(b + 1, 0, right)
    if (this.list.length > this.#ends.length) {
      const ends = new Float64Array(this.#ends.length * 2)
      ends.set(this.#ends)
      this.#ends = ends
    }
    this.#ends.copyWithin(b + 1, b, this.list.length - 1)
    this.#changed(b, left)
  }
}
