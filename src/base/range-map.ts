import { BLOCK, Block, END, OWNER, TAG, WIDTH } from './range-block.ts'

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
  /** Never empty; only the sole block of an empty map has length 0. */
  #blocks: Block[] = [new Block()]
  /** Position found by #seek. */
  #block = 0
  #index = 0
  #ranges = 0
  #bytes = 0

  /** Number of ranges. */
  get size(): number {
    return this.#ranges
  }

  /** Sum of all lengths. */
  get bytes(): number {
    return this.#bytes
  }

  clear(): void {
    this.#blocks = [new Block()]
    this.#ranges = 0
    this.#bytes = 0
  }

  copy(): RangeMap {
    const copy = new RangeMap()
    copy.#blocks = this.#blocks.map((block) => block.copy())
    copy.#ranges = this.#ranges
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
    this.#seek(start)
    const blocks = this.#blocks
    let b = this.#block
    let i = this.#index
    const next = blocks[b]
    const inNext = i * WIDTH
    if (next !== undefined && next.cells[inNext]! < end && i < next.length) return false
    this.#bytes += end - start
    const joinsNext =
      next !== undefined &&
      i < next.length &&
      next.cells[inNext] === end &&
      next.cells[inNext + OWNER] === owner &&
      next.cells[inNext + TAG] === tag
    let before = next
    let at = i - 1
    if (at < 0 && b > 0) {
      before = blocks[b - 1]!
      at = before.length - 1
    }
    const inBefore = at * WIDTH
    const joinsBefore =
      before !== undefined &&
      at >= 0 &&
      before.cells[inBefore + END] === start &&
      before.cells[inBefore + OWNER] === owner &&
      before.cells[inBefore + TAG] === tag
    if (joinsBefore && joinsNext) {
      before!.cells[inBefore + END] = next!.cells[inNext + END]!
      this.#drop(b, i, i + 1)
    } else if (joinsBefore) before!.cells[inBefore + END] = end
    else if (joinsNext) next!.cells[inNext] = start
    else {
      if (b === blocks.length) {
        b -= 1
        i = blocks[b]!.length
      }
      this.#place(b, i, start, end, owner, tag)
    }
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
    this.#seek(start)
    let b = this.#block
    let i = this.#index
    while (b < this.#blocks.length) {
      const block = this.#blocks[b]!
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
      const left = Math.max(from, start)
      const right = Math.min(to, end)
      visit?.(left, right, cells[cell + OWNER]!, cells[cell + TAG]!)
      this.#bytes -= right - left
      if (from < start) {
        cells[cell + END] = start
        if (to > end) {
          this.#place(b, i + 1, end, to, cells[cell + OWNER]!, cells[cell + TAG]!)
          return
        }
        i += 1
      } else if (to > end) {
        cells[cell] = end
        return
      } else {
        const last = this.#wholeUntil(block, i + 1, end, visit)
        this.#drop(b, i, last)
      }
    }
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
    this.#seek(start)
    let i = this.#index
    for (let b = this.#block; b < this.#blocks.length; b += 1, i = 0) {
      const { cells, length } = this.#blocks[b]!
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
    this.#seek(address)
    const block = this.#blocks[this.#block]
    const i = this.#index
    const cell = i * WIDTH
    if (!block || i >= block.length || block.cells[cell]! > address) return null
    const { cells } = block
    return {
      start: cells[cell]!,
      end: cells[cell + END]!,
      owner: cells[cell + OWNER]!,
      tag: cells[cell + TAG]!,
    }
  }

  /** Whether nothing of `[start, end)` is mapped. */
  isFree(start: number, end: number): boolean {
    this.#seek(start)
    const block = this.#blocks[this.#block]
    return block === undefined || this.#index >= block.length || block.cells[this.#index * WIDTH]! >= end
  }

  /** How many bytes of `[start, end)` are mapped. */
  overlap(start: number, end: number): number {
    let sum = 0
    this.visit(start, end, (from, to) => {
      sum += to - from
    })
    return sum
  }

  /** Finds the first range that ends after `address`; the position is past the end when there is none. */
  #seek(address: number): void {
    const blocks = this.#blocks
    let low = 0
    let high = blocks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const block = blocks[middle]!
      if (block.length === 0 || block.cells[(block.length - 1) * WIDTH + END]! <= address) low = middle + 1
      else high = middle
    }
    this.#block = low
    this.#index = 0
    if (low === blocks.length) return
    const { cells, length } = blocks[low]!
    let first = 0
    let last = length
    while (first < last) {
      const middle = (first + last) >>> 1
      if (cells[middle * WIDTH + END]! <= address) first = middle + 1
      else last = middle
    }
    this.#index = first
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

  /** Deletes the ranges `[from, to)` of one block, and the block when none is left. */
  #drop(b: number, from: number, to: number): void {
    const block = this.#blocks[b]!
    block.delete(from, to)
    this.#ranges -= to - from
    if (block.length === 0 && this.#blocks.length > 1) this.#blocks.splice(b, 1)
  }

  /** Puts one range at a position, cutting a full block first. */
  #place(b: number, i: number, start: number, end: number, owner: number, tag: number): void {
    let block = this.#blocks[b]!
    let at = i
    if (block.length === BLOCK) {
      const right = block.cut(BLOCK / 2)
      this.#blocks.splice(b + 1, 0, right)
      if (at > BLOCK / 2) {
        block = right
        at -= BLOCK / 2
      }
    }
    block.insert(at, start, end, owner, tag)
    this.#ranges += 1
  }
}
