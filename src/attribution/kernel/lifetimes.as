// An even sample of the lifetimes of an activity, in the order in which they ended.

/** Lifetimes kept; when there are more, every second one is dropped and every second new one kept. */
const MOST: i32 = 256

/** They stand in pieces of so many: nothing is moved when there are more. */
const PIECE_BITS: i32 = 4
const PIECES: i32 = MOST >> PIECE_BITS

@unmanaged
export class Lifetimes {
  /** One lifetime in so many is kept, a power of two; 0 before the first. */
  private stride: i32
  // Pieces follow, 0 where there is none yet.

  /** Takes the lifetime that comes after `before` others. */
  // @ts-ignore: decorator
  @inline
  add(before: i32, life: f64): void {
    if (this.stride == 0) this.stride = 1
    if ((before & (this.stride - 1)) != 0) return
    let at = before / this.stride
    if (at == MOST) {
      this.halve()
      at /= 2
    }
    this.put(at, life)
  }

  /** How many are kept of so many lifetimes. */
  kept(lives: i32): i32 { return lives == 0 ? 0 : (lives + this.stride - 1) / this.stride }

  at(at: i32): f64 { return load<f64>(load<usize>(this.pieceOf(at)) + placeIn(at)) }

  private halve(): void {
    for (let kept = 0; kept < MOST / 2; kept++) this.put(kept, this.at(2 * kept))
    this.stride *= 2
  }

  private put(at: i32, life: f64): void {
    const piece = this.pieceOf(at)
    if (load<usize>(piece) == 0) store<usize>(piece, heap.alloc(8 << PIECE_BITS))
    store<f64>(load<usize>(piece) + placeIn(at), life)
  }

  // @ts-ignore: decorator
  @inline
  private pieceOf(at: i32): usize { return changetype<usize>(this) + 4 + (<usize>(at >> PIECE_BITS) << 2) }
}

export const LIFETIMES_BYTES: usize = 4 + (<usize>PIECES << 2)

/** Place of a lifetime in its piece. */
// @ts-ignore: decorator
@inline
function placeIn(at: i32): usize { return <usize>(at & ((1 << PIECE_BITS) - 1)) << 3 }
