// Neighbouring ranges, in order, and holes among them that are kept for the next one who maps there.

/** Ranges a block; a full block is cut in halves. So few that making room moves little. */
export const BLOCK: i32 = 32

/** Owner of a cell whose range is mapped no more. */
export const HOLE: i32 = -2

/** One range. The caller reads cells in this order. */
@unmanaged
export class Cell {
  start: f64
  end: f64
  owner: i32
  tag: i32

  // @ts-ignore: decorator
  @inline
  set(start: f64, end: f64, owner: i32, tag: i32): void {
    this.start = start
    this.end = end
    this.owner = owner
    this.tag = tag
  }

  /** Whether it is a range with this owner and tag that begins at an address. */
  begins(address: f64, owner: i32, tag: i32): bool {
    return this.start == address && this.owner == owner && this.tag == tag
  }

  /** Whether it is a range with this owner and tag that ends at an address. */
  stops(address: f64, owner: i32, tag: i32): bool {
    return this.end == address && this.owner == owner && this.tag == tag
  }
}

const HEAD_BYTES: usize = 8
const CELL_BYTES: usize = offsetof<Cell>()
export const BLOCK_BYTES: usize = HEAD_BYTES + <usize>BLOCK * CELL_BYTES

@unmanaged
export class Block {
  /** Cells in use, holes among them; they stand behind it. */
  length: i32

  static make(): Block {
    const block = changetype<Block>(heap.alloc(BLOCK_BYTES))
    block.length = 0
    return block
  }

  copy(): Block {
    const copy = changetype<Block>(heap.alloc(BLOCK_BYTES))
    memory.copy(changetype<usize>(copy), changetype<usize>(this), this.place(this.length) - changetype<usize>(this))
    return copy
  }

  // @ts-ignore: decorator
  @inline
  cell(i: i32): Cell { return changetype<Cell>(this.place(i)) }

  insert(at: i32, start: f64, end: f64, owner: i32, tag: i32): void {
    memory.copy(this.place(at + 1), this.place(at), <usize>(this.length - at) * CELL_BYTES)
    this.cell(at).set(start, end, owner, tag)
    this.length++
  }

  delete(from: i32, to: i32): void {
    memory.copy(this.place(from), this.place(to), <usize>(this.length - to) * CELL_BYTES)
    this.length -= to - from
  }

  /** Place of the first cell that ends after `address`. */
  find(address: f64): i32 {
    let first = 0
    let last = this.length
    while (first < last) {
      const middle = (first + last) >>> 1
      if (this.cell(middle).end <= address) first = middle + 1
      else last = middle
    }
    return first
  }

  /** Whether cell `i` is a hole that begins before `end`. */
  hasHole(i: i32, end: f64): bool {
    return i < this.length && this.cell(i).owner == HOLE && this.cell(i).start < end
  }

  /** Behind the holes that stand in a row from cell `i` on and begin before `end`. */
  holesUntil(i: i32, end: f64): i32 {
    let at = i
    while (this.hasHole(at, end)) at++
    return at
  }

  /** Makes hole `i` a range; false, and no change, at either end of the block and where it would join its neighbours. */
  fill(i: i32, owner: i32, tag: i32): bool {
    if (i == 0 || i + 1 >= this.length) return false
    const cell = this.cell(i)
    if (this.cell(i - 1).stops(cell.start, owner, tag) || this.cell(i + 1).begins(cell.end, owner, tag)) return false
    cell.owner = owner
    cell.tag = tag
    return true
  }

  /** How many of the cells `[from, to)` are holes. */
  holesIn(from: i32, to: i32): i32 {
    let holes = 0
    for (let at = from; at < to; at++) if (this.cell(at).owner == HOLE) holes++
    return holes
  }

  /** Deletes the holes; the place that comes to where `at` was. */
  close(at: i32): i32 {
    let kept = 0
    let place = at
    for (let from = 0; from < this.length; from++) {
      if (this.cell(from).owner == HOLE) {
        if (from < at) place--
        continue
      }
      if (kept < from) memory.copy(this.place(kept), this.place(from), CELL_BYTES)
      kept++
    }
    this.length = kept
    return place
  }

  /** Moves everything from `at` on into a new block. */
  cutOff(at: i32): Block {
    const right = Block.make()
    right.length = this.length - at
    memory.copy(right.place(0), this.place(at), <usize>right.length * CELL_BYTES)
    this.length = at
    return right
  }

  // @ts-ignore: decorator
  @inline
  private place(i: i32): usize { return changetype<usize>(this) + HEAD_BYTES + <usize>i * CELL_BYTES }
}
