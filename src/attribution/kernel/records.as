// Records of live allocations. A record whose last byte is gone is given out again; `generation` tells the old one from
// the new.

import { resized } from '../../base/kernel/resized'

/** One allocation. The caller reads it in this order. */
@unmanaged
export class Entry {
  /** What it was made of, and what of it is there. */
  bytes: f64
  live: f64
  /** When it was made, on the host's clock. */
  time: f64
  /** The call that made it; -1: known from a snapshot, made before the trace or unseen. */
  event: i32
  /** Number of its thread among the makers. */
  maker: i32
  activity: i32
  calls: i32
  generation: i32
  mechanism: i32
}

const ENTRY_BYTES: usize = offsetof<Entry>()

/** A trace can have thousands of processes with a few calls each. */
const FEWEST: i32 = 32

@unmanaged
export class Records {
  private entries: usize
  private free: usize
  private room: i32
  private freeCount: i32
  private freeRoom: i32
  /** Highest number ever used plus one. */
  length: i32

  static make(): Records {
    const records = changetype<Records>(heap.alloc(offsetof<Records>()))
    memory.fill(changetype<usize>(records), 0, offsetof<Records>())
    records.reserve(FEWEST)
    return records
  }

  // @ts-ignore: decorator
  @inline
  at(id: i32): Entry { return changetype<Entry>(this.entries + <usize>id * ENTRY_BYTES) }

  /** Number of the record that `open` makes next. */
  // @ts-ignore: decorator
  @inline
  next(): i32 {
    return this.freeCount > 0 ? load<i32>(this.free + (<usize>(this.freeCount - 1) << 2)) : this.length
  }

  open(event: i32, maker: i32, mechanism: i32, bytes: f64, time: f64, activity: i32): i32 {
    const id = this.next()
    if (this.freeCount > 0) this.freeCount--
    else {
      if (this.length == this.room) this.reserve(this.room * 2)
      this.length++
      this.at(id).generation = 0
    }
    const entry = this.at(id)
    entry.event = event
    entry.maker = maker
    entry.mechanism = mechanism
    entry.bytes = bytes
    entry.live = bytes
    entry.time = time
    entry.activity = activity
    entry.calls = 1
    return id
  }

  /** Takes bytes off; the record is free when none are left. */
  reduce(id: i32, bytes: f64): void {
    const entry = this.at(id)
    entry.live -= bytes
    if (entry.live > 0) return
    entry.generation++
    this.release(id)
  }

  /** Of impossible lengths more is taken off than there was: then a record is free more than once. */
  private release(id: i32): void {
    if (this.freeCount == this.freeRoom) {
      this.freeRoom = max(FEWEST, this.freeRoom * 2)
      this.free = resized(this.free, <usize>this.freeRoom << 2)
    }
    store<i32>(this.free + (<usize>this.freeCount << 2), id)
    this.freeCount++
  }

  private reserve(room: i32): void {
    this.room = room
    this.entries = resized(this.entries, <usize>room * ENTRY_BYTES)
  }
}
