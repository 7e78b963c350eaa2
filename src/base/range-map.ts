import { type Block, END, HOLE, OWNER, START, TAG, WIDTH } from './range-block.ts'
import { RangeBlocks } from './range-blocks.ts'

/**
 * Ordered, non-overlapping address ranges `[start, end)`, each with two small integers: `owner` (who made it) and
 * `tag` (what it is like: protection bits). Setting a range replaces what was there, removing cuts and splits:
 * exactly what MAP_FIXED, munmap and mprotect do to an address space.
 *
 * Ranges live in sorted blocks of one typed array each, so that an insertion moves at most one block and a hundred thousand
 * live ranges cost no more per call than a hundred. Neighbours with equal owner and tag are joined.
 */

/** Holes that a look at a range passes over before they are closed: none is passed over again and again. */
const MOST_PASSED = 32

/** Called with a piece of a range; must not change the map. */
export type PieceVisitor = (start: number, end: number, owner: number, tag: number) => void

export interface Piece {
  readonly start: number
  readonly end: number
  readonly owner: number
  readonly tag: number
}

export class RangeMap {
  #blocks = new RangeBlocks()
  #bytes = 0

  /** Number of ranges. */
  get size(): number {
    return this.#blocks.ranges
  }

  /** Sum of all lengths. */
  get bytes(): number {
    return this.#bytes
  }

  clear(): void {
    this.#blocks = new RangeBlocks()
    this.#bytes = 0
  }

  copy(): RangeMap {
    const copy = new RangeMap()
    copy.#blocks = new RangeBlocks(this.#blocks)
    copy.#bytes = this.#bytes
    return copy
  }

  /** Makes `[start, end)` one range, replacing whatever overlaps it; `visit` sees the replaced pieces. */
  set(start: number, end: number, owner: number, tag: number, visit?: PieceVisitor): void {
    if (!(start < end) || this.add(start, end, owner, tag)) return
    this.remove(start, end, visit)
    this.add(start, end, owner, tag)
  }

  /** Makes `[start, end)` one range where nothing is mapped, joining equal neighbours; false, and no change, elsewhere. */
  add(start: number, end: number, owner: number, tag: number): boolean {
    const blocks = this.#blocks.seek(start)
    if (blocks.isHole(start, end) && blocks.fill(owner, tag)) {
      this.#bytes += end - start
      return true
    }
    const { block: b, index: i } = blocks.closeHoles(start, end)
    const next = blocks.list[b]
    if (next !== undefined && next.cells[i * WIDTH]! < end) return false
    this.#bytes += end - start
    const joinsNext = next?.meets(i, START, end, owner, tag) ?? false
    const bBefore = i > 0 ? b : b - 1
    const before = blocks.list[bBefore]
    const iBefore = i > 0 ? i - 1 : (before?.length ?? 0) - 1
    const joinsBefore = before?.meets(iBefore, END, start, owner, tag) ?? false
    if (joinsBefore && joinsNext) {
      blocks.setEnd(bBefore, iBefore, next!.cells[i * WIDTH + END]!)
      blocks.drop(b, i, i + 1)
    } else if (joinsBefore) blocks.setEnd(bBefore, iBefore, end)
    else if (joinsNext) next!.cells[i * WIDTH] = start
    else blocks.place(b, i, start, end, owner, tag)
    return true
  }

  /**
   * Cuts `[start, end)` out; `visit` sees the removed pieces in order.
   *
   *     ranges   [aaaaaaa)   [bbb)  [ccccccc)
   *     remove        [----------------)
   *     left     [aaaa)                [cccc)
   */
  remove(start: number, end: number, visit?: PieceVisitor): void {
    if (!(start < end) || this.take(start, end, visit) >= 0) return
    const blocks = this.#blocks.seek(start)
    let b = blocks.block
    let i = blocks.index
    while (b < blocks.list.length) {
      const block = blocks.list[b]!
      if (i >= block.length) {
        b += 1
        i = 0
        continue
      }
      const { cells } = block
      const cell = i * WIDTH
      const from = cells[cell]!
      const to = cells[cell + END]!
      if (from >= end) return
      if (cells[cell + OWNER] === HOLE) {
        blocks.drop(b, i, block.holesUntil(i, end))
        continue
      }
      const left = from < start ? start : from
      const right = to < end ? to : end
      visit?.(left, right, cells[cell + OWNER]!, cells[cell + TAG]!)
      this.#bytes -= right - left
      if (from < start) {
        blocks.setEnd(b, i, start)
        if (to > end) {
          blocks.place(b, i + 1, end, to, cells[cell + OWNER]!, cells[cell + TAG]!)
          return
        }
        i += 1
      } else if (to > end) {
        cells[cell] = end
        return
      } else {
        const last = this.#wholeUntil(block, i + 1, end, visit)
        blocks.drop(b, i, last)
        if (to === end) return
      }
    }
  }

  /** As `remove` where `[start, end)` is one range from end to end: its owner; -1, and no change, elsewhere. */
  take(start: number, end: number, visit?: PieceVisitor): number {
    const blocks = this.#blocks.seek(start)
    const { list, block, index } = blocks
    if (block === list.length) return -1
    const { cells } = list[block]!
    const cell = index * WIDTH
    const owner = cells[cell + OWNER]!
    if (cells[cell] !== start || cells[cell + END] !== end || owner === HOLE) return -1
    visit?.(start, end, owner, cells[cell + TAG]!)
    this.#bytes -= end - start
    blocks.leaveHole()
    return owner
  }

  /** Gives the mapped parts of `[start, end)` another tag; `visit` sees them with their old one. */
  retag(start: number, end: number, tag: number, visit?: PieceVisitor): void {
    for (const piece of this.pieces(start, end)) {
      visit?.(piece.start, piece.end, piece.owner, piece.tag)
      if (piece.tag !== tag) this.set(piece.start, piece.end, piece.owner, tag)
    }
  }

  /** Visits the mapped parts of `[start, end)` in order, clipped to it. */
  visit(start: number, end: number, visit: PieceVisitor): void {
    const { list, block, index } = this.#blocks.seek(start)
    let holes = 0
    let i = index
    through: for (let b = block; b < list.length; b += 1, i = 0) {
      const { cells, length } = list[b]!
      for (; i < length; i += 1) {
        const cell = i * WIDTH
        const from = cells[cell]!
        if (from >= end) break through
        if (cells[cell + OWNER] === HOLE) {
          holes += 1
          continue
        }
        const to = cells[cell + END]!
        visit(Math.max(from, start), Math.min(to, end), cells[cell + OWNER]!, cells[cell + TAG]!)
      }
    }
    if (holes > MOST_PASSED) this.#blocks.closeBetween(start, end)
  }

  /** Visits all ranges in order. */
  forEach(visit: PieceVisitor): void {
    this.visit(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, visit)
  }

  /** The mapped parts of `[start, end)`, clipped. */
  pieces(start: number, end: number): Piece[] {
    const pieces: Piece[] = []
    this.visit(start, end, (from, to, owner, tag) => pieces.push({ start: from, end: to, owner, tag }))
    return pieces
  }

  /** The whole range that holds `address`, or `null` where nothing is mapped. */
  at(address: number): Piece | null {
    const { list, block, index } = this.#blocks.seek(address)
    const cells = list[block]?.cells
    const cell = index * WIDTH
    if (cells === undefined || cells[cell]! > address || cells[cell + OWNER] === HOLE) return null
    return {
      start: cells[cell]!,
      end: cells[cell + END]!,
      owner: cells[cell + OWNER]!,
      tag: cells[cell + TAG]!,
    }
  }

  /** Whether nothing of `[start, end)` is mapped. */
  isFree(start: number, end: number): boolean {
    const { list, block, index } = this.#blocks.seek(start)
    let holes = 0
    let i = index
    for (let b = block; b < list.length; b += 1, i = 0) {
      const { cells, length } = list[b]!
      for (; i < length; i += 1) {
        if (cells[i * WIDTH]! >= end) return true
        if (cells[i * WIDTH + OWNER] !== HOLE) return false
        holes += 1
        if (holes <= MOST_PASSED) continue
        this.#blocks.closeBetween(start, end)
        return this.isFree(start, end)
      }
    }
    return true
  }

  /** How many bytes of `[start, end)` are mapped. */
  overlap(start: number, end: number): number {
    let sum = 0
    this.visit(start, end, (from, to) => {
      sum += to - from
    })
    return sum
  }

  /** Visits the ranges of one block from `i` that lie wholly before `end`; returns where they stop. */
  #wholeUntil(block: Block, i: number, end: number, visit: PieceVisitor | undefined): number {
    const { cells, length } = block
    let at = i
    for (; at < length && cells[at * WIDTH + END]! <= end; at += 1) {
      const cell = at * WIDTH
      if (cells[cell + OWNER] === HOLE) continue
      visit?.(cells[cell]!, cells[cell + END]!, cells[cell + OWNER]!, cells[cell + TAG]!)
      this.#bytes -= cells[cell + END]! - cells[cell]!
    }
    return at
  }
}
