/** Ranges a block; a full block is cut in halves. So few that making room moves little. */
export const BLOCK = 32

/** A range in a block is four doubles in a row, so that one move makes room for all of them. */
export const WIDTH = 4
export const START = 0
export const END = 1
export const OWNER = 2
export const TAG = 3

/** Owner of a cell whose range is mapped no more. */
export const HOLE = -2

/** Neighbouring ranges of a RangeMap, in order, and holes among them that are kept for the next one who maps there. */
export class Block {
  /** Cells in use, holes among them. */
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

  /** Place of the first cell that ends after `address`. */
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

  /** Whether cell `i` is a range with this owner and tag that starts or ends (`edge`) at an address. */
  meets(i: number, edge: typeof START | typeof END, address: number, owner: number, tag: number): boolean {
    const { cells } = this
    const cell = i * WIDTH
    return (
      i >= 0 &&
      i < this.length &&
      cells[cell + edge] === address &&
      cells[cell + OWNER] === owner &&
      cells[cell + TAG] === tag
    )
  }

  isHole(i: number, start: number, end: number): boolean {
    const { cells } = this
    const cell = i * WIDTH
    return cells[cell + OWNER] === HOLE && cells[cell] === start && cells[cell + END] === end
  }

  /** Whether cell `i` is a hole that begins before `end`. */
  hasHole(i: number, end: number): boolean {
    const cell = i * WIDTH
    return this.cells[cell + OWNER] === HOLE && this.cells[cell]! < end
  }

  /** Behind the holes that stand in a row from cell `i` on and begin before `end`. */
  holesUntil(i: number, end: number): number {
    let at = i
    while (at < this.length && this.hasHole(at, end)) at += 1
    return at
  }

  /** Makes hole `i` a range; false, and no change, at either end of the block and where it would join its neighbours. */
  fill(i: number, owner: number, tag: number): boolean {
    const { cells } = this
    const cell = i * WIDTH
    if (
      i === 0 ||
      i + 1 >= this.length ||
      this.meets(i - 1, END, cells[cell]!, owner, tag) ||
      this.meets(i + 1, START, cells[cell + END]!, owner, tag)
    )
      return false
    cells[cell + OWNER] = owner
    cells[cell + TAG] = tag
    return true
  }

  /** How many of the cells `[from, to)` are holes. */
  holes(from: number, to: number): number {
    let holes = 0
    for (let at = from; at < to; at += 1) if (this.cells[at * WIDTH + OWNER] === HOLE) holes += 1
    return holes
  }

  /** Deletes the holes; the place that comes to where `at` was. */
  close(at: number): number {
    const { cells, length } = this
    let kept = 0
    let place = at
    for (let from = 0; from < length; from += 1) {
      if (cells[from * WIDTH + OWNER] === HOLE) {
        if (from < at) place -= 1
        continue
      }
      if (kept < from) cells.copyWithin(kept * WIDTH, from * WIDTH, (from + 1) * WIDTH)
      kept += 1
    }
    this.length = kept
    return place
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
