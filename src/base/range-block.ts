/** Ranges a block; a full block is cut in halves. So few that making room moves little. */
export const BLOCK = 32

/** A range in a block is four doubles in a row, so that one move makes room for all of them. */
export const WIDTH = 4
export const END = 1
export const OWNER = 2
export const TAG = 3

/** Neighbouring ranges of a RangeMap, in order. */
export class Block {
  length = 0
  /** Start, end, owner, tag; start, end, … */
  readonly cells = new Float64Array(BLOCK * WIDTH)

  insert(at: number, start: number, end: number, owner: number, tag: number): void {
    const { cells, length } = this
    const cell = at * WIDTH
    // For so few, quicker than copyWithin.
    for (let from = length * WIDTH - 1; from >= cell; from -= 1) cells[from + WIDTH] = cells[from]!
    cells[cell] = start
    cells[cell + END] = end
    cells[cell + OWNER] = owner
    cells[cell + TAG] = tag
    this.length = length + 1
  }

  delete(from: number, to: number): void {
    const { cells, length } = this
    let into = from * WIDTH
    for (let at = to * WIDTH; at < length * WIDTH; at += 1, into += 1) cells[into] = cells[at]!
    this.length = length - (to - from)
  }

  /** Place of the first range that ends after `address`. */
  find(address: number): number {
    const { cells } = this
    let first = 0
    let last = this.length
    while (first < last) {
      const middle = (first + last) >>> 1
      if (cells[middle * WIDTH + END]! <= address) first = middle + 1
      else last = middle
    }
    return first
  }

  /** Moves everything from `at` on into a new block. */
  cut(at: number): Block {
    const right = new Block()
    right.cells.set(this.cells.subarray(at * WIDTH, this.length * WIDTH))
    right.length = this.length - at
    this.length = at
    return right
  }

  copy(): Block {
    const copy = new Block()
    copy.cells.set(this.cells)
    copy.length = this.length
    return copy
  }
}
