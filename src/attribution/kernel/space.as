// One process: its ranges, who made them, and what became of them.

import { Ranges } from '../../base/kernel/ranges'
import { Activities } from './activities'
import { Maker, MAKER_BYTES, MECHANISMS, RESERVE } from './makers'
import { Records } from './records'
import { resized } from '../../base/kernel/resized'
import { WaitingList } from './waiting'

const PAGE_BITS: i32 = 6

@unmanaged
export class Space {
  ranges: Ranges
  records: Records
  activities: Activities
  private makers: usize
  private makerCount: i32
  private makerRoom: i32
  /** By context, in pages: what was done before, from 1; 0 where the caller has not said so yet. */
  private keys: usize
  private keyPages: i32
  pageSize: f64
  /** Whether the caller knows heaps of arenas in it. */
  hasArenas: bool
  /** Bytes that calls mapped or unmapped so far. */
  moved: f64
  /** Live bytes whose making call is known. */
  owned: f64
  /** Instant of the effect being applied. */
  now: f64
  /** Effects from this instant on are not applied here. */
  until: f64
  /** Those from the one instant on, and before the other, wait. */
  waitsFrom: f64
  waitsBy: f64
  waiting: WaitingList

  static make(pageSize: f64): Space {
    const space = changetype<Space>(heap.alloc(offsetof<Space>()))
    memory.fill(changetype<usize>(space), 0, offsetof<Space>())
    space.ranges = Ranges.make()
    space.records = Records.make()
    space.activities = Activities.make()
    space.pageSize = pageSize
    space.now = NaN
    space.until = -Infinity
    space.waitsFrom = Infinity
    space.waiting = changetype<WaitingList>(heap.alloc(offsetof<WaitingList>()))
    space.waiting.begin()
    return space
  }

  // @ts-ignore: decorator
  @inline
  maker(number: i32): Maker { return changetype<Maker>(this.makers + <usize>number * MAKER_BYTES) }

  /** Makes a thread one of the makers; returns its number. */
  addMaker(tid: i32): i32 {
    const number = this.makerCount++
    // Most processes have one thread that makes anything; what others have is seldom moved.
    if (number == this.makerRoom) {
      this.makerRoom += (number >> 1) + 1
      this.makers = resized(this.makers, <usize>this.makerRoom * MAKER_BYTES)
    }
    memory.fill(this.makers + <usize>number * MAKER_BYTES, 0, MAKER_BYTES)
    this.maker(number).tid = tid
    return number
  }

  /** What was done before in a context, as the caller has said; -1 when it has not. Nothing is known in context 0. */
  // @ts-ignore: decorator
  @inline
  keyOf(context: i32): i32 {
    if (context == 0) return 0
    const page = context >> PAGE_BITS
    if (page >= this.keyPages) return -1
    const keys = load<usize>(this.keys + (<usize>page << 2))
    return keys == 0 ? -1 : load<i32>(keys + keyPlace(context)) - 1
  }

  setKey(context: i32, key: i32): void {
    const page = context >> PAGE_BITS
    if (page >= this.keyPages) {
      const pages = page + 1 + (page >> 1)
      this.keys = resized(this.keys, <usize>pages << 2)
      memory.fill(this.keys + (<usize>this.keyPages << 2), 0, <usize>(pages - this.keyPages) << 2)
      this.keyPages = pages
    }
    const slot = this.keys + (<usize>page << 2)
    if (load<usize>(slot) == 0) {
      store<usize>(slot, heap.alloc(4 << PAGE_BITS))
      memory.fill(load<usize>(slot), 0, 4 << PAGE_BITS)
    }
    store<i32>(load<usize>(slot) + keyPlace(context), key + 1)
  }

  /** Number of the activity of a call that allocates. */
  // @ts-ignore: decorator
  @inline
  activityOf(maker: i32, key: i32, call: i32, mechanism: i32): i32 {
    return this.activities.of(<i32>this.maker(maker).tid, key, call * MECHANISMS + mechanism)
  }

  /** A call made new bytes; returns the number of their record. */
  // @ts-ignore: decorator
  @inline
  open(maker: i32, event: i32, call: i32, context: i32, key: i32, mechanism: i32, bytes: f64): i32 {
    const activity = this.activityOf(maker, key, call, mechanism)
    this.count(maker, event, call, context, mechanism, bytes, activity)
    return this.records.open(event, maker, mechanism, bytes, this.now, activity)
  }

  /** A call added bytes to a record, whose activity is its own. */
  enlarge(id: i32, maker: i32, event: i32, call: i32, context: i32, bytes: f64): void {
    const record = this.records.at(id)
    this.count(maker, event, call, context, record.mechanism, bytes, record.activity)
    record.bytes += bytes
    record.live += bytes
    record.calls++
  }

  /** Counts what a call acquired. */
  // @ts-ignore: decorator
  @inline
  private count(maker: i32, event: i32, call: i32, context: i32, mechanism: i32, bytes: f64, activity: i32): void {
    const by = this.maker(maker)
    by.acquired(mechanism, call, bytes)
    this.activities.at(activity).allocated(bytes, context, event)
    if (mechanism == RESERVE) return
    by.live += bytes
    this.owned += bytes
  }

  /** A call gave back bytes of a record. */
  // @ts-ignore: decorator
  @inline
  reduce(id: i32, bytes: f64, maker: i32, call: i32): void {
    const record = this.records.at(id)
    this.maker(maker).released(record.mechanism, call, bytes, record.event < 0)
    if (record.activity >= 0) {
      const activity = this.activities.at(record.activity)
      activity.releasedBytes += bytes
      if (maker != record.maker) activity.handedBytes += bytes
      if (record.live - bytes <= 0) activity.ended(record.calls, this.now - record.time)
    }
    this.forget(id, bytes)
  }

  /** Bytes of a record are gone, and no call gave them back. */
  // @ts-ignore: decorator
  @inline
  forget(id: i32, bytes: f64): void {
    const record = this.records.at(id)
    if (record.event >= 0 && record.mechanism != RESERVE) {
      this.owned -= bytes
      this.maker(record.maker).live -= bytes
    }
    this.records.reduce(id, bytes)
  }
}

// @ts-ignore: decorator
@inline
function keyPlace(context: i32): usize { return <usize>(context & ((1 << PAGE_BITS) - 1)) << 2 }
