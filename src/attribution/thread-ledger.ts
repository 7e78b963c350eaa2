import type { MechanismCode } from './mechanism.ts'
import type { ReplayKernel } from './replay-kernel.ts'

/** What one thread did by one mechanism. */
export interface Share {
  readonly acquired: number
  readonly released: number
  readonly calls: number
  /** Released bytes that nobody acquired inside the trace. */
  readonly releasedOlder: number
}

/** Bytes one thread moved, by call. */
export interface ThreadBytes {
  readonly mmap: number
  readonly munmap: number
  readonly brkUp: number
  readonly brkDown: number
  readonly mprotect: number
  readonly mremap: number
  /** Made by this thread and still there, reservations without access not counted. */
  readonly live: number
}

export const NO_BYTES: ThreadBytes = {
  mmap: 0,
  munmap: 0,
  brkUp: 0,
  brkDown: 0,
  mprotect: 0,
  mremap: 0,
  live: 0,
}

/** A maker in the kernel's memory, in doubles, its shares behind it: see kernel/makers.as. */
const MMAP = 0
const MUNMAP = 1
const BRK_UP = 2
const BRK_DOWN = 3
const MPROTECT = 4
const MREMAP = 5
const LIVE = 6
const SHARES = 8
const SHARE = 5
const IS_THERE = 4

/** Bytes one thread of a process moved, by call and by mechanism; they lie in the memory of the kernel. */
export class ThreadLedger implements ThreadBytes {
  readonly tid: number
  /** Number in the ledger. */
  readonly index: number
  readonly #kernel: ReplayKernel
  readonly #space: number

  constructor(kernel: ReplayKernel, space: number, tid: number) {
    this.#kernel = kernel
    this.#space = space
    this.tid = tid
    this.index = kernel.calls.addMaker(space, tid)
  }

  get mmap(): number {
    return this.#sum(MMAP)
  }

  get munmap(): number {
    return this.#sum(MUNMAP)
  }

  get brkUp(): number {
    return this.#sum(BRK_UP)
  }

  get brkDown(): number {
    return this.#sum(BRK_DOWN)
  }

  get mprotect(): number {
    return this.#sum(MPROTECT)
  }

  get mremap(): number {
    return this.#sum(MREMAP)
  }

  get live(): number {
    return this.#sum(LIVE)
  }

  /** Its share in one mechanism; `null` when it has none. */
  shareIn(mechanism: MechanismCode): Share | null {
    const share = SHARES + mechanism * SHARE
    if (this.#sum(share + IS_THERE) === 0) return null
    return {
      acquired: this.#sum(share),
      released: this.#sum(share + 1),
      calls: this.#sum(share + 2),
      releasedOlder: this.#sum(share + 3),
    }
  }

  /** Bytes that it made came or went. */
  addLive(bytes: number): void {
    this.#kernel.doubles[this.#place() + LIVE]! += bytes
  }

  /** Bytes that it made accessible. */
  opened(bytes: number): void {
    this.#kernel.doubles[this.#place() + MPROTECT]! += bytes
  }

  /** Takes back growth of the heap that was another's. */
  disown(mechanism: MechanismCode, bytes: number): void {
    this.#kernel.calls.disownOf(this.#space, this.index, mechanism, bytes)
  }

  /** One acquisition was of another mechanism than was thought. */
  move(from: MechanismCode, to: MechanismCode, bytes: number): void {
    this.#kernel.calls.moveOf(this.#space, this.index, from, to, bytes)
  }

  #sum(double: number): number {
    const place = this.#place()
    return this.#kernel.doubles[place + double]!
  }

  #place(): number {
    return this.#kernel.calls.makerOf(this.#space, this.index) >>> 3
  }
}
