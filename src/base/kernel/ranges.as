// Ordered, non-overlapping address ranges `[start, end)`, each with two small integers: `owner` (who made it) and `tag`
// (what it is like: protection bits). range-map.ts is their face.
//
// Ranges live in sorted blocks, so that an insertion moves at most one block and a hundred thousand live ranges cost no
// more per call than a hundred. Programs map and unmap the same places over and over. So a range that is taken out whole
// leaves a hole, which the next range of the same extent fills without moving anything; and where an address was found is
// remembered, and looked at first when it is sought again.

import { BLOCK, BLOCK_BYTES, Block, Cell, HOLE } from './range-block'
import { resized } from './resized'

const BLOCK_BITS: i32 = 5

/** Places remembered: those of so many addresses that were sought last. */
const PLACES_BITS: i32 = 13

/** Searches after which places are worth remembering: most copies of an address space see fewer. */
const MANY_SEARCHES: i32 = 4096

/** Holes kept beyond as many as there are ranges. */
const MOST_HOLES: i32 = 1024

/** Holes that a look at a range passes over before they are closed: none is passed over again and again. */
const MOST_PASSED: i32 = 32

const FEWEST_BLOCKS: i32 = 4

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

/** Where the place of an address is remembered; addresses differ by pages. */
// @ts-ignore: decorator
@inline
function slotOf(address: f64): usize {
  return <usize>((<u32>(reinterpret<u64>(address) >> 16) * 0x9e3779b1) >> (32 - PLACES_BITS)) << 2
}

@unmanaged
export class Ranges {
  /** Sum of all lengths. */
  bytes: f64
  /** Address whose position `block` and `index` are; NaN when they may no longer be right. */
  private sought: f64
  /** Blocks in order; never empty, and only the sole block of an empty map has length 0. */
  private list: usize
  /** Where the last cell of each block ends: all that a search for a block looks at. */
  private ends: usize
  /** Positions that were found, by slots of their addresses; any may be out of date. 0 before many searches. */
  private places: usize
  private blocks: i32
  private room: i32
  count: i32
  private holes: i32
  /** Position that `seek` found. */
  private block: i32
  private index: i32
  private searches: i32

  static make(): Ranges {
    const map = changetype<Ranges>(heap.alloc(offsetof<Ranges>()))
    memory.fill(changetype<usize>(map), 0, offsetof<Ranges>())
    map.reserve(FEWEST_BLOCKS)
    map.insertBlock(0, Block.make())
    map.changed(0)
    return map
  }

  copy(): Ranges {
    const copy = changetype<Ranges>(heap.alloc(offsetof<Ranges>()))
    memory.copy(changetype<usize>(copy), changetype<usize>(this), offsetof<Ranges>())
    copy.sought = NaN
    copy.places = 0
    copy.searches = 0
    copy.room = 0
    copy.list = 0
    copy.ends = 0
    copy.reserve(this.room)
    memory.copy(copy.ends, this.ends, <usize>this.blocks << 3)
    for (let b = 0; b < this.blocks; b++) store<usize>(copy.list + (<usize>b << 2), changetype<usize>(this.at(b).copy()))
    return copy
  }

  free(): void {
    for (let b = 0; b < this.blocks; b++) heap.free(changetype<usize>(this.at(b)))
    heap.free(this.list)
    heap.free(this.ends)
    if (this.places != 0) heap.free(this.places)
    heap.free(changetype<usize>(this))
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
    if (cell === null || cell.start != start || cell.end != end || cell.owner == HOLE) return -1
    const owner = cell.owner
    this.leaveHole(cell)
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
    if (whole !== null && whole.start == start && whole.end == end && whole.owner != HOLE) {
      addPiece(start, end, whole.owner, whole.tag)
      this.leaveHole(whole)
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

  // @ts-ignore: decorator
  @inline
  private at(b: i32): Block { return changetype<Block>(load<usize>(this.list + (<usize>b << 2))) }

  // @ts-ignore: decorator
  @inline
  private endOf(b: i32): f64 { return load<f64>(this.ends + (<usize>b << 3)) }

  /** Finds the first cell that ends after `address`, a hole or not; the position is past the end when there is none. */
  // @ts-ignore: decorator
  @inline
  private seek(address: f64): void {
    if (address != this.sought) this.find(address)
  }

  /** The first cell that ends after `address`. */
  // @ts-ignore: decorator
  @inline
  private found(address: f64): Cell | null {
    this.seek(address)
    if (this.block == this.blocks) return null
    const block = this.at(this.block)
    return this.index < block.length ? block.cell(this.index) : null
  }

  private find(address: f64): void {
    this.sought = address
    if (this.places == 0) {
      this.search(address)
      if (++this.searches <= MANY_SEARCHES) return
      this.places = heap.alloc(4 << PLACES_BITS)
      memory.fill(this.places, 0, 4 << PLACES_BITS)
      return
    }
    const slot = this.places + slotOf(address)
    const place = load<u32>(slot)
    this.block = place >> BLOCK_BITS
    this.index = place & (BLOCK - 1)
    if (this.isFirst(this.block, this.index, address)) return
    this.search(address)
    store<u32>(slot, (this.block << BLOCK_BITS) | this.index)
  }

  private search(address: f64): void {
    let low = 0
    let high = this.blocks
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.endOf(middle) <= address) low = middle + 1
      else high = middle
    }
    this.block = low
    this.index = low == this.blocks ? 0 : this.at(low).find(address)
  }

  /** Whether a cell is the first one that ends after `address`. */
  private isFirst(b: i32, i: i32, address: f64): bool {
    if (b >= this.blocks) return false
    const block = this.at(b)
    if (i >= block.length || block.cell(i).end <= address) return false
    if (i > 0) return block.cell(i - 1).end <= address
    return b == 0 || this.endOf(b - 1) <= address
  }

  /** Whether a cell is a hole of just this extent. */
  private isHole(cell: Cell | null, start: f64, end: f64): bool {
    return cell !== null && cell.owner == HOLE && cell.start == start && cell.end == end
  }

  /** Makes a whole range a hole. */
  private leaveHole(cell: Cell): void {
    this.bytes -= cell.end - cell.start
    cell.owner = HOLE
    this.count--
    this.holes++
    if (this.holes > MOST_HOLES + this.count) this.closeBetween(-Infinity, Infinity)
  }

  /** Makes the hole that was found a range; false, and no change, where a neighbour in its block would join it. */
  private fillHole(owner: i32, tag: i32): bool {
    if (!this.at(this.block).fill(this.index, owner, tag)) return false
    this.count++
    this.holes--
    return true
  }

  /** Deletes the holes of all blocks that have cells in `[start, end)`. */
  private closeBetween(start: f64, end: f64): void {
    this.seek(start)
    let b = this.block
    while (b < this.blocks && this.at(b).length > 0 && this.at(b).cell(0).start < end) {
      this.close(b, 0)
      if (this.at(b).length > 0) b++
      else if (this.blocks > 1) this.drop(b, 0, 0)
    }
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

  /** Puts one range at a position, cutting a full block first; the place behind the last block is that behind its cells. */
  private place(b: i32, i: i32, start: f64, end: f64, owner: i32, tag: i32): void {
    let at = b
    let index = i
    if (at == this.blocks) index = this.at(--at).length
    if (this.at(at).length == BLOCK) index = this.close(at, index)
    if (this.at(at).length == BLOCK) {
      const right = this.at(at).cutOff(BLOCK / 2)
      this.insertBlock(at + 1, right)
      this.changed(at)
      this.changed(at + 1)
      if (index > BLOCK / 2) {
        at++
        index -= BLOCK / 2
      }
    }
    this.at(at).insert(index, start, end, owner, tag)
    this.count++
    this.changed(at)
  }

  /** Moves the end of a range. */
  private setEnd(b: i32, i: i32, end: f64): void {
    this.at(b).cell(i).end = end
    this.changed(b)
  }

  /** Deletes the cells `[from, to)` of one block, and the block when none is left. */
  private drop(b: i32, from: i32, to: i32): void {
    const block = this.at(b)
    const holes = block.holesIn(from, to)
    block.delete(from, to)
    this.holes -= holes
    this.count -= to - from - holes
    if (block.length > 0 || this.blocks == 1) {
      this.changed(b)
      return
    }
    heap.free(changetype<usize>(block))
    this.blocks--
    const behind = <usize>(this.blocks - b)
    memory.copy(this.list + (<usize>b << 2), this.list + (<usize>(b + 1) << 2), behind << 2)
    memory.copy(this.ends + (<usize>b << 3), this.ends + (<usize>(b + 1) << 3), behind << 3)
    this.sought = NaN
  }

  /** Deletes the holes of one block; the place that comes to where `i` was. */
  private close(b: i32, i: i32): i32 {
    const block = this.at(b)
    const before = block.length
    const place = block.close(i)
    this.holes -= before - block.length
    this.changed(b)
    return place
  }

  private changed(b: i32): void {
    const block = this.at(b)
    store<f64>(this.ends + (<usize>b << 3), block.length == 0 ? -Infinity : block.cell(block.length - 1).end)
    this.sought = NaN
  }

  private insertBlock(b: i32, block: Block): void {
    if (this.blocks == this.room) this.reserve(this.room * 2)
    const behind = <usize>(this.blocks - b)
    memory.copy(this.list + (<usize>(b + 1) << 2), this.list + (<usize>b << 2), behind << 2)
    memory.copy(this.ends + (<usize>(b + 1) << 3), this.ends + (<usize>b << 3), behind << 3)
    store<usize>(this.list + (<usize>b << 2), changetype<usize>(block))
    this.blocks++
  }

  private reserve(room: i32): void {
    this.room = room
    this.list = resized(this.list, <usize>room << 2)
    this.ends = resized(this.ends, <usize>room << 3)
  }
}
