// The blocks of ranges in order, and the search in them.
//
// Programs map and unmap the same places over and over. So a range that is taken out whole leaves a hole, which the next
// range of the same extent fills without moving anything; and where an address was found is remembered, and looked at
// first when it is sought again.

import { BLOCK, Block, Cell, HOLE } from './range-block'
import { resized } from './resized'

const BLOCK_BITS: i32 = 5

/** Places remembered: those of so many addresses that were sought last. */
const PLACES_BITS: i32 = 13

/** Searches after which places are worth remembering: most copies of an address space see fewer. */
const MANY_SEARCHES: i32 = 4096

/** Holes kept beyond as many as there are ranges. */
const MOST_HOLES: i32 = 1024

const FEWEST_BLOCKS: i32 = 4

/** Where the place of an address is remembered; addresses differ by pages. */
// @ts-ignore: decorator
@inline
function slotOf(address: f64): usize {
  return <usize>((<u32>(reinterpret<u64>(address) >> 16) * 0x9e3779b1) >> (32 - PLACES_BITS)) << 2
}

@unmanaged
export class RangeBlocks {
  /** Sum of the lengths of all ranges, and how many they are. */
  bytes: f64
  count: i32
  holes: i32
  /** Address whose position `block` and `index` are; NaN when they may no longer be right. */
  sought: f64
  block: i32
  index: i32
  /** Blocks in order; never empty, and only the sole block of an empty map has length 0. */
  private list: usize
  /** Where the last cell of each block ends: all that a search for a block looks at. */
  private ends: usize
  /** Positions that were found, by slots of their addresses; any may be out of date. 0 before many searches. */
  private places: usize
  blocks: i32
  private room: i32
  private searches: i32

  /** Makes it an empty one; its bytes may be anything before. */
  begin(): void {
    memory.fill(changetype<usize>(this), 0, offsetof<RangeBlocks>())
    this.reserve(FEWEST_BLOCKS)
    this.insertBlock(0, Block.make())
    this.changed(0)
  }

  /** Makes it a copy; its bytes may be anything before. */
  beginAs(other: RangeBlocks): void {
    memory.copy(changetype<usize>(this), changetype<usize>(other), offsetof<RangeBlocks>())
    this.sought = NaN
    this.places = 0
    this.searches = 0
    this.list = 0
    this.ends = 0
    this.reserve(other.room)
    memory.copy(this.ends, other.ends, <usize>this.blocks << 3)
    for (let b = 0; b < this.blocks; b++) {
      store<usize>(this.list + (<usize>b << 2), changetype<usize>(other.at(b).copy()))
    }
  }

  free(): void {
    for (let b = 0; b < this.blocks; b++) heap.free(changetype<usize>(this.at(b)))
    heap.free(this.list)
    heap.free(this.ends)
    if (this.places != 0) heap.free(this.places)
    heap.free(changetype<usize>(this))
  }

  // @ts-ignore: decorator
  @inline
  at(b: i32): Block { return changetype<Block>(load<usize>(this.list + (<usize>b << 2))) }

  // @ts-ignore: decorator
  @inline
  private endOf(b: i32): f64 { return load<f64>(this.ends + (<usize>b << 3)) }

  /** Finds the first cell that ends after `address`, a hole or not; the position is past the end when there is none. */
  // @ts-ignore: decorator
  @inline
  seek(address: f64): void {
    if (address != this.sought) this.find(address)
  }

  /** The first cell that ends after `address`. */
  // @ts-ignore: decorator
  @inline
  found(address: f64): Cell | null {
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

  /** Makes a whole range a hole. */
  leaveHole(cell: Cell): void {
    this.bytes -= cell.end - cell.start
    cell.owner = HOLE
    this.count--
    this.holes++
    if (this.holes > MOST_HOLES + this.count) this.closeBetween(-Infinity, Infinity)
  }

  /** Makes the hole that was found a range; false, and no change, where a neighbour in its block would join it. */
  fillHole(owner: i32, tag: i32): bool {
    if (!this.at(this.block).fill(this.index, owner, tag)) return false
    this.count++
    this.holes--
    return true
  }

  /** Deletes the holes of all blocks that have cells in `[start, end)`. */
  closeBetween(start: f64, end: f64): void {
    this.seek(start)
    let b = this.block
    while (b < this.blocks && this.at(b).length > 0 && this.at(b).cell(0).start < end) {
      this.close(b, 0)
      if (this.at(b).length > 0) b++
      else if (this.blocks > 1) this.drop(b, 0, 0)
    }
  }

  /** Puts one range at a position, cutting a full block first; the place behind the last block is that behind its cells. */
  place(b: i32, i: i32, start: f64, end: f64, owner: i32, tag: i32): void {
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
  setEnd(b: i32, i: i32, end: f64): void {
    this.at(b).cell(i).end = end
    this.changed(b)
  }

  /** Deletes the cells `[from, to)` of one block, and the block when none is left. */
  drop(b: i32, from: i32, to: i32): void {
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
  close(b: i32, i: i32): i32 {
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
