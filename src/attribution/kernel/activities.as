// What is counted of each activity: an allocation and its release touch a few cache lines, however many activities there
// are. An activity is told by its thread, what was done before (`key`), and call and mechanism (`kind`).

import { Lifetimes, LIFETIMES_BYTES } from './lifetimes'
import { resized } from '../../base/kernel/resized'

/** Contexts in the running for the commonest one (Misra and Gries): one that makes up more than a fifth is found. */
const CANDIDATES: i32 = 4

/** Pool chunks of pymalloc, jemalloc and tcmalloc are multiples of this; malloc's own blocks are requests + 16, rounded to a page. */
const POOL_UNIT: f64 = 65536

@unmanaged
export class Candidate {
  context: i32
  count: i32
  /** The first event that it came before. */
  event: i32
}

/** The caller reads it in this order. */
@unmanaged
export class Activity {
  count: f64
  bytes: f64
  smallest: f64
  largest: f64
  pooled: f64
  released: f64
  releasedBytes: f64
  handedBytes: f64
  longest: f64
  lives: i32
  tid: i32
  key: i32
  kind: i32
  // Candidates and lifetimes follow.

  allocated(bytes: f64, context: i32, event: i32): void {
    this.count++
    this.bytes += bytes
    if (bytes < this.smallest) this.smallest = bytes
    if (bytes > this.largest) this.largest = bytes
    const pools = bytes / POOL_UNIT
    if (floor(pools) == pools) this.pooled++
    this.vote(context, event)
  }

  /** The last byte of an allocation is gone: `calls` calls had made it. */
  ended(calls: i32, life: f64): void {
    this.released += calls
    const lives = this.lives++
    if (lives == 0 || life > this.longest) this.longest = life
    this.lifetimes.add(lives, life)
  }

  get lifetimes(): Lifetimes { return changetype<Lifetimes>(changetype<usize>(this) + LIFETIMES_AT) }

  /** The context that came before most often; null without. */
  commonest(): Candidate | null {
    let best: Candidate | null = null
    for (let at = 0; at < CANDIDATES; at++) {
      const candidate = this.candidate(at)
      if (candidate.count > (best === null ? 0 : best.count)) best = candidate
    }
    return best
  }

  private vote(context: i32, event: i32): void {
    let free: Candidate | null = null
    for (let at = 0; at < CANDIDATES; at++) {
      const candidate = this.candidate(at)
      if (candidate.count == 0) {
        if (free === null) free = candidate
      } else if (candidate.context == context) {
        candidate.count++
        return
      }
    }
    if (free === null) {
      for (let at = 0; at < CANDIDATES; at++) this.candidate(at).count--
      return
    }
    free.context = context
    free.count = 1
    free.event = event
  }

  // @ts-ignore: decorator
  @inline
  private candidate(at: i32): Candidate {
    return changetype<Candidate>(changetype<usize>(this) + CANDIDATES_AT + <usize>at * CANDIDATE_BYTES)
  }
}

const CANDIDATE_BYTES: usize = offsetof<Candidate>()
const CANDIDATES_AT: usize = offsetof<Activity>()
const LIFETIMES_AT: usize = CANDIDATES_AT + <usize>CANDIDATES * CANDIDATE_BYTES
const ACTIVITY_BYTES: usize = (LIFETIMES_AT + LIFETIMES_BYTES + 7) & ~7

const FEWEST: i32 = 8

@unmanaged
export class Activities {
  private all: usize
  /** Hash table of numbers from 1, never more than half full. */
  private slots: usize
  private mask: i32
  private room: i32
  length: i32

  static make(): Activities {
    const activities = changetype<Activities>(heap.alloc(offsetof<Activities>()))
    memory.fill(changetype<usize>(activities), 0, offsetof<Activities>())
    activities.reserve(FEWEST)
    return activities
  }

  // @ts-ignore: decorator
  @inline
  at(id: i32): Activity { return changetype<Activity>(this.all + <usize>id * ACTIVITY_BYTES) }

  /** Number of the activity, made when it is new. */
  of(tid: i32, key: i32, kind: i32): i32 {
    let slot = hashOf(tid, key, kind) & this.mask
    while (true) {
      const id = this.slot(slot) - 1
      if (id < 0) break
      const activity = this.at(id)
      if (activity.tid == tid && activity.key == key && activity.kind == kind) return id
      slot = (slot + 1) & this.mask
    }
    if (this.length == this.room) {
      this.reserve(this.room * 2)
      return this.of(tid, key, kind)
    }
    const id = this.length++
    const activity = this.at(id)
    memory.fill(changetype<usize>(activity), 0, ACTIVITY_BYTES)
    activity.smallest = Infinity
    activity.tid = tid
    activity.key = key
    activity.kind = kind
    this.setSlot(slot, id + 1)
    return id
  }

  private reserve(room: i32): void {
    this.room = room
    this.all = resized(this.all, <usize>room * ACTIVITY_BYTES)
    this.mask = room * 2 - 1
    this.slots = resized(this.slots, <usize>room << 3)
    memory.fill(this.slots, 0, <usize>room << 3)
    for (let id = 0; id < this.length; id++) {
      const activity = this.at(id)
      let slot = hashOf(activity.tid, activity.key, activity.kind) & this.mask
      while (this.slot(slot) != 0) slot = (slot + 1) & this.mask
      this.setSlot(slot, id + 1)
    }
  }

  // @ts-ignore: decorator
  @inline
  private slot(slot: i32): i32 { return load<i32>(this.slots + (<usize>slot << 2)) }

  private setSlot(slot: i32, to: i32): void { store<i32>(this.slots + (<usize>slot << 2), to) }
}

// @ts-ignore: decorator
@inline
function hashOf(tid: i32, key: i32, kind: i32): i32 {
  const hash: u32 = (<u32>(tid ^ (key * 0x85ebca6b)) * 0x9e3779b1) ^ (<u32>kind * 0xc2b2ae35)
  return hash ^ (hash >> 15)
}
