// Effects that wait for a snapshot, in order. Their room is used again and again: with stamps of a whole minute millions
// may wait.
//
//     |  gone  |  wait  |  to be fed again  |  room  |
//              from     to                  end

import { Row } from '../../strace/effects/kernel/lanes'
import { resized } from '../../base/kernel/resized'

/** One effect; the caller reads time, call and phase. */
@unmanaged
export class Waiting {
  /** On the host's clock. */
  time: f64
  place: f64
  length: u32
  form: i32
  context: i32
  thread: i32
  call: i32
  phase: i32
}

const WAITING_BYTES: usize = offsetof<Waiting>()

/** Effects a piece, as a power of two: few, because thousands of processes may have some that wait. */
const PIECE_BITS: i32 = 6
const PIECE_MASK: i32 = (1 << PIECE_BITS) - 1
const PIECE_BYTES: usize = WAITING_BYTES << PIECE_BITS

/** In pieces, so that nothing is moved when there are more. */
@unmanaged
export class WaitingList {
  /** Places of the pieces, in order. */
  private pieces: usize
  private count: i32
  private room: i32
  /** The caller reads and moves these two. */
  from: i32
  to: i32

  /** Makes it an empty one; its bytes may be anything before. */
  begin(): void { memory.fill(changetype<usize>(this), 0, offsetof<WaitingList>()) }

  // @ts-ignore: decorator
  @inline
  at(i: i32): Waiting {
    const piece = load<usize>(this.pieces + (<usize>(i >> PIECE_BITS) << 2))
    return changetype<Waiting>(piece + <usize>(i & PIECE_MASK) * WAITING_BYTES)
  }

  /** Adds an effect behind all others. Not while some are fed again. */
  add(row: Row, thread: i32, phase: i32, time: f64): void {
    if (this.to == this.count << PIECE_BITS) this.makeRoom()
    const waiting = this.at(this.to)
    this.to++
    waiting.time = time
    waiting.place = row.place
    waiting.length = row.length
    waiting.form = row.form
    waiting.context = row.context
    waiting.thread = thread
    waiting.call = row.call
    waiting.phase = phase
  }

  /** Pieces whose effects are gone come to the end once they are half of all; else there is one more. */
  private makeRoom(): void {
    const gone = this.from >> PIECE_BITS
    if (gone > 0 && gone * 2 >= this.count) {
      this.rotate(gone)
      return
    }
    if (this.count == this.room) {
      this.room = this.room * 2 + 1
      this.pieces = resized(this.pieces, <usize>this.room << 2)
    }
    store<usize>(this.pieces + (<usize>this.count << 2), heap.alloc(PIECE_BYTES))
    this.count++
  }

  private rotate(gone: i32): void {
    const bytes = <usize>gone << 2
    const rest = (<usize>this.count << 2) - bytes
    const first = heap.alloc(bytes)
    memory.copy(first, this.pieces, bytes)
    memory.copy(this.pieces, this.pieces + bytes, rest)
    memory.copy(this.pieces + rest, first, bytes)
    heap.free(first)
    this.from -= gone << PIECE_BITS
    this.to -= gone << PIECE_BITS
  }
}
