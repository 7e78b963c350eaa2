import { CALL } from '../strace/effects/phases.ts'
import { type MechanismCode, RESERVE } from './mechanism.ts'

/** What one thread did by one mechanism. */
export interface Share {
  readonly acquired: number
  readonly released: number
  readonly calls: number
  /** Released bytes that nobody acquired inside the trace. */
  readonly releasedOlder: number
}

/** Sums of a thread in one row of doubles: bytes by call, what is live, then its shares. */
const MMAP = 0
const MUNMAP = 1
const BRK_UP = 2
const BRK_DOWN = 3
const MPROTECT = 4
const MREMAP = 5
const LIVE = 6
const SHARES = 7

const ACQUIRED = 0
const RELEASED = 1
const CALLS = 2
const RELEASED_OLDER = 3
const SHARE = 4

/** Bytes one thread moved, by call and by mechanism. */
export class ThreadLedger {
  readonly tid: number
  /** Number in the ledger. */
  readonly index: number
  readonly #sums = new Float64Array(SHARES + SHARE * (RESERVE + 1))
  readonly #hasShare = new Uint8Array(RESERVE + 1)

  constructor(tid: number, index: number) {
    this.tid = tid
    this.index = index
  }

  get mmap(): number {
    return this.#sums[MMAP]!
  }

  get munmap(): number {
    return this.#sums[MUNMAP]!
  }

  get brkUp(): number {
    return this.#sums[BRK_UP]!
  }

  get brkDown(): number {
    return this.#sums[BRK_DOWN]!
  }

  get mprotect(): number {
    return this.#sums[MPROTECT]!
  }

  get mremap(): number {
    return this.#sums[MREMAP]!
  }

  /** Made by this thread and still there, reservations without access not counted. */
  get live(): number {
    return this.#sums[LIVE]!
  }

  /** Net change of the address space by this thread. */
  get net(): number {
    return this.mmap - this.munmap + this.brkUp - this.brkDown + this.mremap
  }

  /** Its share in one mechanism; `null` when it has none. */
  shareIn(mechanism: MechanismCode): Share | null {
    if (this.#hasShare[mechanism] !== 1) return null
    const [acquired, released, calls, releasedOlder] = this.#sums.subarray(shareAt(mechanism))
    return { acquired: acquired!, released: released!, calls: calls!, releasedOlder: releasedOlder! }
  }

  acquired(mechanism: MechanismCode, call: number, bytes: number): void {
    const sums = this.#sums
    const share = shareAt(mechanism)
    this.#hasShare[mechanism] = 1
    sums[share + ACQUIRED]! += bytes
    sums[share + CALLS]! += 1
    if (call === CALL.mmap || call === CALL.shmat) sums[MMAP]! += bytes
    else if (call === CALL.brk) sums[BRK_UP]! += bytes
    else if (call === CALL.mremap) sums[MREMAP]! += bytes
  }

  /** `isOlder`: nobody acquired the bytes inside the trace. */
  released(mechanism: MechanismCode, call: number, bytes: number, isOlder: boolean): void {
    const sums = this.#sums
    const share = shareAt(mechanism)
    this.#hasShare[mechanism] = 1
    sums[share + RELEASED]! += bytes
    if (isOlder) sums[share + RELEASED_OLDER]! += bytes
    if (call === CALL.brk) sums[BRK_DOWN]! += bytes
    else if (call === CALL.mremap) sums[MREMAP]! -= bytes
    else if (call !== CALL.mprotect) sums[MUNMAP]! += bytes
  }

  /** Bytes that it made came or went. */
  addLive(bytes: number): void {
    this.#sums[LIVE]! += bytes
  }

  /** Bytes that it made accessible. */
  opened(bytes: number): void {
    this.#sums[MPROTECT]! += bytes
  }

  /** Takes back growth of the heap that was another's. */
  disown(mechanism: MechanismCode, bytes: number): void {
    this.#hasShare[mechanism] = 1
    this.#sums[shareAt(mechanism) + ACQUIRED]! -= bytes
    this.#sums[BRK_UP]! -= bytes
  }

  /** One acquisition was of another mechanism than was thought. */
  move(from: MechanismCode, to: MechanismCode, bytes: number): void {
    const sums = this.#sums
    this.#hasShare[from] = 1
    this.#hasShare[to] = 1
    sums[shareAt(from) + ACQUIRED]! -= bytes
    sums[shareAt(from) + CALLS]! -= 1
    sums[shareAt(to) + ACQUIRED]! += bytes
    sums[shareAt(to) + CALLS]! += 1
  }
}

const shareAt = (mechanism: MechanismCode): number => SHARES + mechanism * SHARE
