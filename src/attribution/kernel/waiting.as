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

const FEWEST: i32 = 16

@unmanaged
export class WaitingList {
  private all: usize
  private room: i32
  /** The caller reads and moves these two. */
  from: i32
  to: i32

  /** Makes it an empty one; its bytes may be anything before. */
  begin(): void { memory.fill(changetype<usize>(this), 0, offsetof<WaitingList>()) }

  // @ts-ignore: decorator
  @inline
  at(i: i32): Waiting { return changetype<Waiting>(this.all + <usize>i * WAITING_BYTES) }

  /** Adds an effect behind all others. Not while some are fed again. */
  add(row: Row, thread: i32, phase: i32, time: f64): void {
    if (this.to == this.room) this.makeRoom()
    const waiting = this.at(this.to++)
    waiting.time = time
    waiting.place = row.place
    waiting.length = row.length
    waiting.form = row.form
    waiting.context = row.context
    waiting.thread = thread
    waiting.call = row.call
    waiting.phase = phase
  }

  private makeRoom(): void {
    const length = this.to - this.from
    if (this.from <= this.room / 2) {
      this.room = max(FEWEST, this.room * 2)
      this.all = resized(this.all, <usize>this.room * WAITING_BYTES)
    }
    memory.copy(this.all, this.all + <usize>this.from * WAITING_BYTES, <usize>length * WAITING_BYTES)
    this.from = 0
    this.to = length
  }
}
