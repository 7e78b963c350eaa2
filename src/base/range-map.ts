import { type Block, END, OWNER, TAG, WIDTH } from './range-block.ts'
import { RangeBlocks } from './range-blocks.ts'

/**
 * Ordered, non-overlapping address ranges `[start, end)`, each with two small integers: `owner` (who made it) and
 * `tag` (what it is like: protection bits). Setting a range replaces what was there, removing cuts and splits:
 * exactly what MAP_FIXED, munmap and mprotect do to an address space.
 *
 * Ranges live in sorted blocks of one typed array each, so that an insertion moves at most one block and a hundred thousand
 * live ranges cost no more per call than a hundred. Neighbours with equal owner and tag are joined.
 */

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
    const blocks = this.#blocks
    blocks.seek(start)
    const b = blocks.block
    const i = blocks.index
    const next = blocks.list[b]
    const inNext = i * WIDTH
    if (next !== undefined && next.cells[inNext]! < end) return false
    this.#bytes += end - start
    const joinsNext =
      next !== undefined &&
      next.cells[inNext] === end &&
      next.cells[inNext + OWNER] === owner &&
      next.cells[inNext + TAG] === tag
    const bBefore = i > 0 ? b : b - 1
    const before = blocks.list[bBefore]
    const iBefore = i > 0 ? i - 1 : (before?.length ?? 0) - 1
    const inBefore = iBefore * WIDTH
    const joinsBefore =
      iBefore >= 0 &&
      before!.cells[inBefore + END] === start &&
      before!.cells[inBefore + OWNER] === owner &&
      before!.cells[inBefore + TAG] === tag
    if (joinsBefore && joinsNext) {
      blocks.setEnd(bBefore, iBefore, next!.cells[inNext + END]!)
      blocks.drop(b, i, i + 1)
    } else if (joinsBefore) blocks.setEnd(bBefore, iBefore, end)
    else if (joinsNext) next!.cells[inNext] = start
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
    if (!(start < end)) return
    const blocks = this.#blocks
    blocks.seek(start)
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
  take(start: number, end: number): number {
    const blocks = this.#seek(start)
    const { block, index } = blocks
    if (block === blocks.list.length) return -1
    const { cells } = blocks.list[block]!
    const cell = index * WIDTH
    if (cells[cell] !== start || cells[cell + END] !== end) return -1
    const owner = cells[cell + OWNER]!
    this.#bytes -= end - start
    blocks.drop(block, index, index + 1)
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
    const { list } = this.#seek(start)
    let i = this.#blocks.index
    for (let b = this.#blocks.block; b < list.length; b += 1, i = 0) {
      const { cells, length } = list[b]!
      for (; i < length; i += 1) {
        const cell = i * WIDTH
        const from = cells[cell]!
        if (from >= end) return
        const to = cells[cell + END]!
        visit(Math.max(from, start), Math.min(to, end), cells[cell + OWNER]!, cells[cell + TAG]!)
      }
    }
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
    const { list, block, index } = this.#seek(address)
    const cells = list[block]?.cells
    const cell = index * WIDTH
    if (cells === undefined || cells[cell]! > address) return null
    return {
      start: cells[cell]!,
      end: cells[cell + END]!,
      owner: cells[cell + OWNER]!,
      tag: cells[cell + TAG]!,
    }
  }

  /** Whether nothing of `[start, end)` is mapped. */
  isFree(start: number, end: number): boolean {
    const { list, block, index } = this.#seek(start)
    return block === list.length || list[block]!.cells[index * WIDTH]! >= end
  }

  /** How many bytes of `[start, end)` are mapped. */
  overlap(start: number, end: number): number {
    let sum = 0
    this.visit(start, end, (from, to) => {
      sum += to - from
    })
    return sum
  }

  #seek(address: number): RangeBlocks {
    this.#blocks.seek(address)
    return this.#blocks
  }

  /** Visits the ranges of one block from `i` that lie wholly before `end`; returns where they stop. */
  #wholeUntil(block: Block, i: number, end: number, visit: PieceVisitor | undefined): number {
    const { cells, length } = block
    let at = i
    for (; at < length && cells[at * WIDTH + END]! <= end; at += 1) {
      const cell = at * WIDTH
      visit?.(cells[cell]!, cells[cell + END]!, cells[cell + OWNER]!, cells[cell + TAG]!)
      this.#bytes -= cells[cell + END]! - cells[cell]!
    }
    return at
  }
}
