import { CALL } from './effects.ts'
import { type MechanismCode, RESERVE } from './mechanism.ts'

/** What one thread did by one mechanism. */
export class Share {
  acquired = 0
  released = 0
  calls = 0
  /** Released bytes that nobody acquired inside the trace. */
  releasedOlder = 0
}

/** Bytes one thread moved, by call and by mechanism. */
export class ThreadLedger {
  readonly tid: number
  /** Number in the ledger. */
  readonly index: number
  mmap = 0
  munmap = 0
  brkUp = 0
  brkDown = 0
  mprotect = 0
  mremap = 0
  /** Made by this thread and still there, reservations without access not counted. */
  live = 0
  readonly #shares: (Share | undefined)[] = new Array(RESERVE + 1).fill(undefined)

  constructor(tid: number, index: number) {
    this.tid = tid
    this.index = index
  }

  /** Its share in one mechanism; `null` when it has none. */
  shareIn(mechanism: MechanismCode): Share | null {
    return this.#shares[mechanism] ?? null
  }

  share(mechanism: MechanismCode): Share {
    let share = this.#shares[mechanism]
    if (share === undefined) {
      share = new Share()
      this.#shares[mechanism] = share
    }
    return share
  }

  acquired(call: number, bytes: number): void {
    if (call === CALL.mmap || call === CALL.shmat) this.mmap += bytes
    else if (call === CALL.brk) this.brkUp += bytes
    else if (call === CALL.mremap) this.mremap += bytes
  }

  released(call: number, bytes: number): void {
    if (call === CALL.brk) this.brkDown += bytes
    else if (call === CALL.mremap) this.mremap -= bytes
    else if (call !== CALL.mprotect) this.munmap += bytes
  }

  /** Net change of the address space by this thread. */
  get net(): number {
    return this.mmap - this.munmap + this.brkUp - this.brkDown + this.mremap
  }
}
