// Ordered, non-overlapping address ranges `[start, end)`, each with two small integers: `owner` (who made it) and `tag`
// (what it is like: protection bits). range-map.ts is their face.
//
// Ranges live in sorted blocks, so that an insertion moves at most one block and a hundred thousand live ranges cost no
// more per call than a hundred.

import { Block, Cell, HOLE } from './range-block'
import { RangeBlocks } from './range-blocks'
import { resized } from './resized'

/** Holes that a look at a range passes over before they are closed: none is passed over again and again. */
const MOST_PASSED: i32 = 32

/** Pieces that were cut out or looked at last, in order. */
let pieces: usize = 0
let pieceRoom: i32 = 0
let pieceCount: i32 = 0

export function firstPiece(): usize { return pieces }

function addPiece(start: f64, end: f64, owner: i32, tag: i32): void {
  if (pieceCount == pieceRoom) {
    pieceRoom = max(64, pieceRoom * 2)
    pieces = resized(pieces, <usize>pieceRoom * offsetof<Cell>())
  }
  changetype<Cell>(pieces + <usize>pieceCount * offsetof<Cell>()).set(start, end, owner, tag)
  pieceCount++
}

@unmanaged
export class Ranges extends RangeBlocks {
  static make(): Ranges {
    const map = changetype<Ranges>(heap.alloc(offsetof<Ranges>()))
    map.begin()
    return map
  }

  copy(): Ranges {
    const copy = changetype<Ranges>(heap.alloc(offsetof<Ranges>()))
    copy.beginAs(this)
    return copy
  }

  /** Makes `[start, end)` one range where nothing is mapped, joining equal neighbours; false, and no change, elsewhere. */
  add(start: f64, end: f64, owner: i32, tag: i32): bool {
    if (this.isHole(this.found(start), start, end) && this.fillHole(owner, tag)) {
      this.bytes += end - start
      return true
    }
    while (this.block < this.blocks && this.at(this.block).hasHole(this.index, end)) {
      this.drop(this.block, this.index, this.index + 1)
      this.seek(start)
    }
    const b = this.block
    const i = this.index
    const hasNext = b < this.blocks
    if (hasNext && i < this.at(b).length && this.at(b).cell(i).start < end) return false
    this.bytes += end - start
    const joinsNext = hasNext && i < this.at(b).length && this.at(b).cell(i).begins(end, owner, tag)
    const before = i > 0 ? b : b - 1
    const last = i > 0 ? i - 1 : before < 0 ? -1 : this.at(before).length - 1
    const joinsBefore = last >= 0 && this.at(before).cell(last).stops(start, owner, tag)
    if (joinsBefore && joinsNext) {
      this.setEnd(before, last, this.at(b).cell(i).end)
      this.drop(b, i, i + 1)
    } else if (joinsBefore) this.setEnd(before, last, end)
    else if (joinsNext) {
      this.at(b).cell(i).start = start
      this.sought = NaN
    } else this.place(b, i, start, end, owner, tag)
    return true
  }

  /** As `cut` where `[start, end)` is one range from end to end: its owner; -1, and no change, elsewhere. */
  take(start: f64, end: f64): i32 {
    const cell = this.found(start)
    if (!this.isWhole(cell, start, end)) return -1
    const owner = cell!.owner
    this.leaveHole(cell!)
    return owner
  }

  /**
   * Cuts `[start, end)` out; returns how many pieces that were.
   *
   *     ranges   [aaaaaaa)   [bbb)  [ccccccc)
   *     cut           [----------------)
   *     left     [aaaa)                [cccc)
   */
  cut(start: f64, end: f64): i32 {
    pieceCount = 0
    const whole = this.found(start)
    if (this.isWhole(whole, start, end)) {
      addPiece(start, end, whole!.owner, whole!.tag)
      this.leaveHole(whole!)
      return 1
    }
    let b = this.block
    let i = this.index
    while (b < this.blocks) {
      const block = this.at(b)
      if (i >= block.length) {
        b++
        i = 0
        continue
      }
      const cell = block.cell(i)
      const from = cell.start
      const to = cell.end
      if (from >= end) break
      if (cell.owner == HOLE) {
        this.drop(b, i, block.holesUntil(i, end))
        continue
      }
      const left = max(from, start)
      const right = min(to, end)
      addPiece(left, right, cell.owner, cell.tag)
      this.bytes -= right - left
      if (from < start) {
        this.setEnd(b, i, start)
        if (to > end) {
          this.place(b, i + 1, end, to, cell.owner, cell.tag)
          break
        }
        i++
      } else if (to > end) {
        cell.start = end
        this.sought = NaN
        break
      } else {
        const last = this.wholeUntil(block, i + 1, end)
        this.drop(b, i, last)
        if (to == end) break
      }
    }
    return pieceCount
  }

  /** Looks at the mapped parts of `[start, end)` in order, clipped to it; returns how many they are. */
  look(start: f64, end: f64): i32 {
    pieceCount = 0
    this.seek(start)
    let passed = 0
    let i = this.index
    for (let b = this.block; b < this.blocks; b++, i = 0) {
      const block = this.at(b)
      for (; i < block.length; i++) {
        const cell = block.cell(i)
        if (cell.start >= end) {
          b = this.blocks
          break
        }
        if (cell.owner == HOLE) passed++
        else addPiece(max(cell.start, start), min(cell.end, end), cell.owner, cell.tag)
      }
    }
    if (passed > MOST_PASSED) this.closeBetween(start, end)
    return pieceCount
  }

  /** The range that holds `address`, good until the next change; null where nothing is mapped. */
  holder(address: f64): Cell | null {
    const cell = this.found(address)
    return cell === null || cell.start > address || cell.owner == HOLE ? null : cell
  }

  /** Whether nothing of `[start, end)` is mapped. */
  isFree(start: f64, end: f64): bool {
    this.seek(start)
    let passed = 0
    let i = this.index
    for (let b = this.block; b < this.blocks; b++, i = 0) {
      const block = this.at(b)
      for (; i < block.length; i++) {
        const cell = block.cell(i)
        if (cell.start >= end) return true
        if (cell.owner != HOLE) return false
        if (++passed <= MOST_PASSED) continue
        this.closeBetween(start, end)
        return this.isFree(start, end)
      }
    }
    return true
  }

  /** Whether a cell is a range of just this extent. */
  // @ts-ignore: decorator
  @inline
  private isWhole(cell: Cell | null, start: f64, end: f64): bool {
    return cell !== null && cell.start == start && cell.end == end && cell.owner != HOLE
  }

  /** Whether a cell is a hole of just this extent. */
  private isHole(cell: Cell | null, start: f64, end: f64): bool {
    return cell !== null && cell.owner == HOLE && cell.start == start && cell.end == end
  }

  /** Notes the ranges of one block from `i` that lie wholly before `end` as cut out; returns where they stop. */
  private wholeUntil(block: Block, i: i32, end: f64): i32 {
    let at = i
    for (; at < block.length && block.cell(at).end <= end; at++) {
      const cell = block.cell(at)
      if (cell.owner == HOLE) continue
      addPiece(cell.start, cell.end, cell.owner, cell.tag)
      this.bytes -= cell.end - cell.start
    }
    return at
  }
}
