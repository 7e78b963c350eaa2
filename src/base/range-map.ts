import type { Kernel } from './kernel-module.ts'

/** What kernels do that know ranges; a map is a place in their memory. See kernel/range-calls.as. */
export interface RangeCalls {
  makeRanges(): number
  copyRanges(map: number): number
  freeRanges(map: number): void
  addRange(map: number, start: number, end: number, owner: number, tag: number): number
  takeRange(map: number, start: number, end: number): number
  cutRanges(map: number, start: number, end: number): number
  lookAtRanges(map: number, start: number, end: number): number
  firstPiece(): number
  holderOf(map: number, address: number): number
  isFreeRange(map: number, start: number, end: number): number
  rangesIn(map: number): number
  bytesIn(map: number): number
}

/** Called with a piece of a range; must not look at a map. */
export type PieceVisitor = (start: number, end: number, owner: number, tag: number) => void

export interface Piece {
  readonly start: number
  readonly end: number
  readonly owner: number
  readonly tag: number
}

/** A range in the kernel's memory: start, end, then owner and tag, which are words. */
const PIECE_DOUBLES = 3
const OWNER_WORD = 4
const TAG_WORD = 5

/**
 * Ordered, non-overlapping address ranges `[start, end)`, each with two small integers: `owner` (who made it) and
 * `tag` (what it is like: protection bits). Setting a range replaces what was there, removing cuts and splits:
 * exactly what MAP_FIXED, munmap and mprotect do to an address space. Neighbours with equal owner and tag are joined.
 *
 * The ranges lie in the memory of a kernel (kernel/ranges.as), which may change them as well.
 */
export class RangeMap {
  readonly #kernel: Kernel<RangeCalls>
  #map: number

  /** `map`: where it lies in the kernel's memory, an empty one when it is not given. */
  constructor(kernel: Kernel<RangeCalls>, map = kernel.calls.makeRanges()) {
    this.#kernel = kernel
    this.#map = map
  }

  /** Where it lies in the kernel's memory. */
  get place(): number {
    return this.#map
  }

  /** Number of ranges. */
  get size(): number {
    return this.#kernel.calls.rangesIn(this.#map)
  }

  /** Sum of all lengths. */
  get bytes(): number {
    return this.#kernel.calls.bytesIn(this.#map)
  }

  clear(): void {
    this.free()
    this.#map = this.#kernel.calls.makeRanges()
  }

  copy(): RangeMap {
    return new RangeMap(this.#kernel, this.#kernel.calls.copyRanges(this.#map))
  }

  /** Gives its memory back; nothing may be asked of it any more. */
  free(): void {
    this.#kernel.calls.freeRanges(this.#map)
  }

  /** Makes `[start, end)` one range, replacing whatever overlaps it; `visit` sees the replaced pieces. */
  set(start: number, end: number, owner: number, tag: number, visit?: PieceVisitor): void {
    if (!(start < end) || this.add(start, end, owner, tag)) return
    this.remove(start, end, visit)
    this.add(start, end, owner, tag)
  }

  /** Makes `[start, end)` one range where nothing is mapped, joining equal neighbours; false, and no change, elsewhere. */
  add(start: number, end: number, owner: number, tag: number): boolean {
    return this.#kernel.calls.addRange(this.#map, start, end, owner, tag) !== 0
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
    const count = this.#kernel.calls.cutRanges(this.#map, start, end)
    if (visit) this.#visit(count, visit)
  }

  /** As `remove` where `[start, end)` is one range from end to end: its owner; -1, and no change, elsewhere. */
  take(start: number, end: number): number {
    return this.#kernel.calls.takeRange(this.#map, start, end)
  }

  /** Gives the mapped parts of `[start, end)` another tag. */
  retag(start: number, end: number, tag: number): void {
    for (const piece of this.pieces(start, end))
      if (piece.tag !== tag) this.set(piece.start, piece.end, piece.owner, tag)
  }

  /** Visits the mapped parts of `[start, end)` in order, clipped to it. */
  visit(start: number, end: number, visit: PieceVisitor): void {
    this.#visit(this.#kernel.calls.lookAtRanges(this.#map, start, end), visit)
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
    const place = this.#kernel.calls.holderOf(this.#map, address)
    return place === 0 ? null : this.#pieceAt(place)
  }

  /** Whether nothing of `[start, end)` is mapped. */
  isFree(start: number, end: number): boolean {
    return this.#kernel.calls.isFreeRange(this.#map, start, end) !== 0
  }

  /** How many bytes of `[start, end)` are mapped. */
  overlap(start: number, end: number): number {
    let sum = 0
    this.visit(start, end, (from, to) => {
      sum += to - from
    })
    return sum
  }

  #pieceAt(place: number): Piece {
    const { doubles, words } = this.#kernel
    const double = place >>> 3
    const word = place >>> 2
    return {
      start: doubles[double]!,
      end: doubles[double + 1]!,
      owner: words[word + OWNER_WORD]!,
      tag: words[word + TAG_WORD]!,
    }
  }

  /** Visits the pieces that the kernel has laid out. */
  #visit(count: number, visit: PieceVisitor): void {
    let double = this.#kernel.calls.firstPiece() >>> 3
    for (let piece = 0; piece < count; piece += 1, double += PIECE_DOUBLES) {
      const { doubles, words } = this.#kernel
      visit(
        doubles[double]!,
        doubles[double + 1]!,
        words[double * 2 + OWNER_WORD]!,
        words[double * 2 + TAG_WORD]!,
      )
    }
  }
}
