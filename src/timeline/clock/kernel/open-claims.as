// Claims that hold for now, by number from 1; numbers of those that ended are used again.

import { resized } from '../../../base/kernel/resized'

/** A range, and since when something holds of it. */
@unmanaged
export class OpenClaim {
  start: f64
  end: f64
  /** Of one that ended: the number of the one that ended before it. */
  from: f64
}

const CLAIM_BYTES: usize = offsetof<OpenClaim>()

/** Room at first: thousands of processes may be looked at. */
const FEW: i32 = 16

@unmanaged
export class OpenClaims {
  private all: usize
  private room: i32
  /** The number that was never used. */
  private next: i32
  /** The number that ended last; 0 for none. */
  private ended: i32

  /** Makes it an empty one, and keeps the room that it has. */
  clear(): void {
    this.next = 1
    this.ended = 0
  }

  // @ts-ignore: decorator
  @inline
  at(claim: i32): OpenClaim { return changetype<OpenClaim>(this.all + <usize>claim * CLAIM_BYTES) }

  add(start: f64, end: f64, from: f64): i32 {
    let claim = this.ended
    if (claim != 0) this.ended = <i32>this.at(claim).from
    else {
      if (this.next >= this.room) {
        this.room = max(FEW, this.room * 2)
        this.all = resized(this.all, <usize>this.room * CLAIM_BYTES)
      }
      claim = this.next++
    }
    const added = this.at(claim)
    added.start = start
    added.end = end
    added.from = from
    return claim
  }

  close(claim: i32): void {
    this.at(claim).from = this.ended
    this.ended = claim
  }
}
