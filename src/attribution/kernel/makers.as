// Bytes that threads moved, by call and by mechanism.

// Mechanisms, as in mechanism.ts; the last one is no memory but addresses set aside.
export const MECHANISMS: i32 = 10
export const ANONYMOUS: i32 = 1
export const RESERVE: i32 = 9

// Calls, as in MEMORY_CALLS.
export const MMAP: i32 = 0
export const MUNMAP: i32 = 1
const MREMAP: i32 = 2
const BRK: i32 = 3
const MPROTECT: i32 = 4
const SHMAT: i32 = 6

/** What a thread did by one mechanism; the caller reads it in this order. */
@unmanaged
class Share {
  acquired: f64
  released: f64
  calls: f64
  /** Released bytes that nobody acquired inside the trace. */
  releasedOlder: f64
  /** Whether there is anything of it. */
  isThere: f64
}

const SHARE_BYTES: usize = offsetof<Share>()

/** One thread; the caller reads it in this order. */
@unmanaged
export class Maker {
  mmap: f64
  munmap: f64
  brkUp: f64
  brkDown: f64
  mprotect: f64
  mremap: f64
  /** Made by this thread and still there, reservations without access not counted. */
  live: f64
  tid: f64
  // Shares follow.

  // @ts-ignore: decorator
  @inline
  private share(mechanism: i32): Share {
    return changetype<Share>(changetype<usize>(this) + offsetof<Maker>() + <usize>mechanism * SHARE_BYTES)
  }

  acquired(mechanism: i32, call: i32, bytes: f64): void {
    const share = this.share(mechanism)
    share.isThere = 1
    share.acquired += bytes
    share.calls++
    if (call == MMAP || call == SHMAT) this.mmap += bytes
    else if (call == BRK) this.brkUp += bytes
    else if (call == MREMAP) this.mremap += bytes
  }

  /** `isOlder`: nobody acquired the bytes inside the trace. */
  released(mechanism: i32, call: i32, bytes: f64, isOlder: bool): void {
    const share = this.share(mechanism)
    share.isThere = 1
    share.released += bytes
    if (isOlder) share.releasedOlder += bytes
    if (call == BRK) this.brkDown += bytes
    else if (call == MREMAP) this.mremap -= bytes
    else if (call != MPROTECT) this.munmap += bytes
  }

  /** Takes back growth of the heap that was another's. */
  disown(mechanism: i32, bytes: f64): void {
    const share = this.share(mechanism)
    share.isThere = 1
    share.acquired -= bytes
    this.brkUp -= bytes
  }

  /** One acquisition was of another mechanism than was thought. */
  move(from: i32, to: i32, bytes: f64): void {
    const before = this.share(from)
    const after = this.share(to)
    before.isThere = 1
    after.isThere = 1
    before.acquired -= bytes
    before.calls--
    after.acquired += bytes
    after.calls++
  }
}

export const MAKER_BYTES: usize = offsetof<Maker>() + <usize>MECHANISMS * SHARE_BYTES
