/**
 * Ordered, non-overlapping address ranges `[start, end)`, each with two small integers: `owner` (who made it) and
 * `tag` (what it is like: protection bits). Setting a range replaces what was there, removing cuts and splits:
 * exactly what MAP_FIXED, munmap and mprotect do to an address space.
 *
 * Ranges live in sorted blocks of typed arrays, so that an insertion moves at most one block and a hundred thousand
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

/** Ranges a block; a full block is cut in halves. */
const BLOCK = 128

class Block {
  length = 0
  readonly start = new Float64Array(BLOCK)
  readonly end = new Float64Array(BLOCK)
  readonly owner = new Int32Array(BLOCK)
  readonly tag = new Int32Array(BLOCK)

  insert(at: number, start: number, end: number, owner: number, tag: number): void {
    const length = this.length
    if (at < length) {
      this.start.copyWithin(at + 1, at, length)
      this.end.copyWithin(at + 1, at, length)
      this.owner.copyWithin(at + 1, at, length)
      this.tag.copyWithin(at + 1, at, length)
    }
    this.start[at] = start
    this.end[at] = end
    this.owner[at] = owner
    this.tag[at] = tag
    this.length = length + 1
  }

  delete(from: number, to: number): void {
    const length = this.length
    if (to < length) {
      this.start.copyWithin(from, to, length)
      this.end.copyWithin(from, to, length)
      this.owner.copyWithin(from, to, length)
      this.tag.copyWithin(from, to, length)
    }
    this.length = length - (to - from)
  }

  /** Moves everything from `at` on into a new block. */
  cut(at: number): Block {
    const right = new Block()
    right.start.set(this.start.subarray(at, this.length))
    right.end.set(this.end.subarray(at, this.length))
    right.owner.set(this.owner.subarray(at, this.length))
    right.tag.set(this.tag.subarray(at, this.length))
    right.length = this.length - at
    this.length = at
    return right
  }
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
    copy.#blocks = this.#blocks.map((block) => {
      const clone = new Block()
      clone.start.set(block.start)
      clone.end.set(block.end)
      clone.owner.set(block.owner)
      clone.tag.set(block.tag)
      clone.length = block.length
      return clone
    })
    copy.#ranges = this.#ranges
    copy.#bytes = this.#bytes
    return copy
  }

  /** Makes `[start, end)` one range, replacing whatever overlaps it; `visit` sees the replaced pieces. */
  set(start: number, end: number, owner: number, tag: number, visit?: PieceVisitor): void {
    if (!(start < end)) return
    this.remove(start, end, visit)
    this.#insert(start, end, owner, tag)
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
      const from = block.start[i]!
      const to = block.end[i]!
      if (from >= end) return
      if (from < start && to > end) {
        visit?.(start, end, block.owner[i]!, block.tag[i]!)
        this.#bytes -= end - start
        this.#punch(b, i, start, end)
        return
      }
      if (from < start) {
        visit?.(start, to, block.owner[i]!, block.tag[i]!)
        this.#bytes -= to - start
        block.end[i] = start
        i += 1
        continue
      }
      if (to > end) {
        visit?.(from, end, block.owner[i]!, block.tag[i]!)
        this.#bytes -= end - from
        block.start[i] = end
        return
      }
      const whole = this.#wholeUntil(block, i, end, visit)
      block.delete(i, whole)
      this.#ranges -= whole - i
      if (block.length === 0 && this.#blocks.length > 1) this.#blocks.splice(b, 1)
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
      const block = this.#blocks[b]!
      for (; i < block.length; i += 1) {
        const from = block.start[i]!
        if (from >= end) return
        const to = block.end[i]!
        visit(from < start ? start : from, to > end ? end : to, block.owner[i]!, block.tag[i]!)
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
    if (!block || i >= block.length || block.start[i]! > address) return null
    return { start: block.start[i]!, end: block.end[i]!, owner: block.owner[i]!, tag: block.tag[i]! }
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
      if (block.length === 0 || block.end[block.length - 1]! <= address) low = middle + 1
      else high = middle
    }
    this.#block = low
    this.#index = 0
    if (low === blocks.length) return
    const block = blocks[low]!
    let first = 0
    let last = block.length
    while (first < last) {
      const middle = (first + last) >>> 1
      if (block.end[middle]! <= address) first = middle + 1
      else last = middle
    }
    this.#index = first
  }

  /** Visits the ranges of one block from `i` that lie wholly before `end`; returns where they stop. */
  #wholeUntil(block: Block, i: number, end: number, visit: PieceVisitor | undefined): number {
    let at = i
    while (at < block.length && block.end[at]! <= end) {
      visit?.(block.start[at]!, block.end[at]!, block.owner[at]!, block.tag[at]!)
      this.#bytes -= block.end[at]! - block.start[at]!
      at += 1
    }
    return at
  }

  /** Leaves a hole `[start, end)` inside one range. */
  #punch(b: number, i: number, start: number, end: number): void {
    const block = this.#blocks[b]!
    const rest = block.end[i]!
    block.end[i] = start
    this.#place(b, i + 1, end, rest, block.owner[i]!, block.tag[i]!)
  }

  /** Inserts where nothing is mapped, joining equal neighbours. */
  #insert(start: number, end: number, owner: number, tag: number): void {
    this.#bytes += end - start
    this.#seek(start)
    const blocks = this.#blocks
    let b = this.#block
    let i = this.#index
    const next = blocks[b]
    const joinsNext =
      next !== undefined &&
      i < next.length &&
      next.start[i] === end &&
      next.owner[i] === owner &&
      next.tag[i] === tag
    let before = next
    let at = i - 1
    if (at < 0 && b > 0) {
      before = blocks[b - 1]!
      at = before.length - 1
    }
    const joinsBefore =
      before !== undefined &&
      at >= 0 &&
      before.end[at] === start &&
      before.owner[at] === owner &&
      before.tag[at] === tag
    if (joinsBefore && joinsNext) {
      before!.end[at] = next!.end[i]!
      next!.delete(i, i + 1)
      this.#ranges -= 1
      if (next!.length === 0 && blocks.length > 1) blocks.splice(b, 1)
    } else if (joinsBefore) before!.end[at] = end
    else if (joinsNext) next!.start[i] = start
    else {
      if (b === blocks.length) {
        b -= 1
        i = blocks[b]!.length
      }
      this.#place(b, i, start, end, owner, tag)
    }
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
