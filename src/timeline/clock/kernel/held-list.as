// An even sample, over the log, of the claims that held long enough to be held against a snapshot.

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

/** Claims kept; when there are more, every second one is dropped and every second new one kept. */
const MOST: i32 = 8000
/** Room at first: thousands of processes may be looked at. */
const FEW: i32 = 16

@unmanaged
export class HeldList {
  private all: usize
  private room: i32
  length: i32
  private seen: u32
  /** One in so many is kept, a power of two. */
  private stride: u32

  static make(): HeldList {
    const list = changetype<HeldList>(heap.alloc(offsetof<HeldList>()))
    memory.fill(changetype<usize>(list), 0, offsetof<HeldList>())
    list.stride = 1
    return list
  }

  copy(): HeldList {
    const copy = changetype<HeldList>(heap.alloc(offsetof<HeldList>()))
    memory.copy(changetype<usize>(copy), changetype<usize>(this), offsetof<HeldList>())
    const bytes = <usize>this.room * HELD_BYTES
    copy.all = heap.alloc(bytes)
    memory.copy(copy.all, this.all, bytes)
    return copy
  }

  free(): void {
    if (this.all != 0) heap.free(this.all)
    heap.free(changetype<usize>(this))
  }

  /** Where the first one is. */
  get place(): usize { return this.all }

  add(start: f64, end: f64, from: f64, to: f64, state: i32): void {
    const place = this.seen++
    if (this.passesOver(place)) return
    if (this.length == MOST) {
      this.halve()
      if (this.passesOver(place)) return
    }
    if (this.length == this.room) {
      this.room = min(MOST, max(FEW, this.room * 2))
      this.all = resized(this.all, <usize>this.room * HELD_BYTES)
    }
    const held = this.at(this.length++)
    held.start = start
    held.end = end
    held.from = from
    held.to = to
    held.state = state
  }

  private passesOver(place: u32): bool { return (place & (this.stride - 1)) != 0 }

  private halve(): void {
    this.length = MOST / 2
    this.stride *= 2
    for (let kept = 0; kept < this.length; kept++) {
      memory.copy(changetype<usize>(this.at(kept)), changetype<usize>(this.at(2 * kept)), HELD_BYTES)
    }
  }

  private at(at: i32): Held { return changetype<Held>(this.all + <usize>at * HELD_BYTES) }
}
