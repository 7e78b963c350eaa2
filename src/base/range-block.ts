/** Ranges a block; a full block is cut in halves. */
export const BLOCK = 128

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
    if (at < length) cells.copyWithin(cell + WIDTH, cell, length * WIDTH)
    cells[cell] = start
    cells[cell + END] = end
    cells[cell + OWNER] = owner
    cells[cell + TAG] = tag
    this.length = length + 1
  }

  delete(from: number, to: number): void {
    const { cells, length } = this
    if (to < length) cells.copyWithin(from * WIDTH, to * WIDTH, length * WIDTH)
    this.length = length - (to - from)
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
