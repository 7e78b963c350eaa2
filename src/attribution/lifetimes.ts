import { grown } from '../base/growable.ts'

/** Lifetimes kept of an activity; when there are more, every second one is dropped and every second new one kept. */
const MOST = 256

/** Lifetimes stand in pieces of so many, and pieces in blocks: nothing is moved when an activity gets more. */
const PIECE_BITS = 4
const PIECE = 1 << PIECE_BITS
const PIECES = MOST / PIECE
const BLOCK_BITS = 5

/** An even sample of the lifetimes of each activity, in the order in which they ended. */
export class Lifetimes {
  /** By activity and place: number of the piece from 1; 0 where there is none yet. */
  #pieces = new Int32Array(8 * PIECES)
  #used = 0
  readonly #blocks: Float64Array[] = []
  /** By activity: one lifetime in so many is kept, a power of two. */
  #strides = new Int32Array(8).fill(1)

  /** Makes room for so many activities. */
  grow(activities: number): void {
    const known = this.#strides.length
    this.#pieces = grown(this.#pieces, activities * PIECES)
    this.#strides = grown(this.#strides, activities).fill(1, known)
  }

  /** Takes the lifetime that comes after `before` others of the activity. */
  add(activity: number, before: number, life: number): void {
    const stride = this.#strides[activity]!
    if ((before & (stride - 1)) !== 0) return
    let at = before / stride
    if (at === MOST) {
      this.#halve(activity)
      at /= 2
    }
    this.#put(activity, at, life)
  }

  /** The middle one of the sample of so many lifetimes, the lower of two; `null` when there are none. */
  median(activity: number, lives: number): number | null {
    if (lives === 0) return null
    const kept = Math.ceil(lives / this.#strides[activity]!)
    const sorted = Float64Array.from({ length: kept }, (_, at) => this.#get(activity, at)).sort()
    return sorted[(kept - 1) >> 1]!
  }

  #halve(activity: number): void {
    for (let kept = 0; kept < MOST / 2; kept += 1) this.#put(activity, kept, this.#get(activity, 2 * kept))
    this.#strides[activity]! *= 2
  }

  #get(activity: number, at: number): number {
    const piece = this.#pieces[activity * PIECES + (at >> PIECE_BITS)]! - 1
    return this.#blocks[piece >> BLOCK_BITS]![placeOf(piece, at)]!
  }

  #put(activity: number, at: number, life: number): void {
    const slot = activity * PIECES + (at >> PIECE_BITS)
    if (this.#pieces[slot] === 0) this.#pieces[slot] = this.#newPiece()
    const piece = this.#pieces[slot]! - 1
    this.#blocks[piece >> BLOCK_BITS]![placeOf(piece, at)] = life
  }

  /** Its number from 1. */
  #newPiece(): number {
    if (this.#used >> BLOCK_BITS === this.#blocks.length)
      this.#blocks.push(new Float64Array(PIECE << BLOCK_BITS))
    this.#used += 1
    return this.#used
  }
}

/** Place of a lifetime in the block of its piece. */
const placeOf = (piece: number, at: number): number =>
  ((piece & ((1 << BLOCK_BITS) - 1)) << PIECE_BITS) + (at & (PIECE - 1))
