import { CALL } from './effects.ts'

/** Bytes one thread moved, by call. */
export class ThreadTotals {
  mmap = 0
  munmap = 0
  brkUp = 0
  brkDown = 0
  mprotect = 0
  mremap = 0
  /** Made by this thread and still there, reservations without access not counted. */
  live = 0

  acquired(call: number, bytes: number): void {
    if (call === CALL.brk) this.brkUp += bytes
    else if (call === CALL.mremap) this.mremap += bytes
    else if (call === CALL.mmap || call === CALL.shmat) this.mmap += bytes
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
