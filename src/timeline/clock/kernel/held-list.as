// Claims that held long enough to be held against a snapshot, until the caller has taken them.

import { resized } from '../../../base/kernel/resized'

/** The caller reads it in this order. */
@unmanaged
class Held {
  start: f64
  end: f64
  from: f64
  to: f64
  state: f64
}

const HELD_BYTES: usize = offsetof<Held>()

const FEW: i32 = 16

@unmanaged
export class HeldList {
  private all: usize
  private room: i32
  length: i32

  /** Where the first one is. */
  get place(): usize { return this.all }

  add(start: f64, end: f64, from: f64, to: f64, state: i32): void {
    if (this.length == this.room) {
      this.room = max(FEW, this.room * 2)
      this.all = resized(this.all, <usize>this.room * HELD_BYTES)
    }
    const held = changetype<Held>(this.all + <usize>this.length * HELD_BYTES)
    this.length++
    held.start = start
    held.end = end
    held.from = from
    held.to = to
    held.state = state
  }
}
