import { FAILED, type Trace, UNFINISHED } from '../../model/trace.ts'
import { EffectMerge } from '../../strace/effects/effect-merge.ts'
import { CALL, EXIT, type Phase } from '../../strace/effects/phases.ts'
import { ClaimBook, type Claims } from './claim-book.ts'

const PAGE = 4096
const PROT_WRITE = 2
const MAP_FIXED = 0x10

const pageUp = (value: number): number => Math.ceil(value / PAGE) * PAGE

/** Reads the claims of a trace in the order of its calls, as far as they are wanted. */
export class ClaimReader {
  readonly #trace: Trace
  readonly #merge: EffectMerge
  readonly #book: ClaimBook
  /** Effects of calls that were read. */
  #effects = 0
  /** Nothing is left to be read. */
  whole: boolean

  constructor(trace: Trace) {
    this.#trace = trace
    this.#merge = new EffectMerge(trace)
    this.#book = new ClaimBook(trace.firstTime)
    this.whole = !this.#merge.next()
  }

  /** Reads on until an instant of the log's clock; never more effects in all than `most`. */
  read(until: number, most: number): void {
    const merge = this.#merge
    for (; !this.whole && this.#effects < most && merge.time <= until; this.whole = !merge.next()) {
      this.#effects += 1
      take(this.#book, this.#trace, merge.event, merge.phase, merge.time)
    }
  }

  /** What was said so far. */
  claims(): Claims {
    return this.#book.until(this.whole ? this.#trace.lastTime : this.#merge.time)
  }
}

function take(book: ClaimBook, { events }: Trace, event: number, phase: Phase, time: number): void {
  const { call, address, length1, result, flags, protection, state } = events.at(event)
  if ((state & (FAILED | UNFINISHED)) !== 0) return
  const end = address + pageUp(length1)
  switch (call) {
    case CALL.mmap:
      book.map(result, result + pageUp(length1), time, (flags & MAP_FIXED) === 0)
      break
    case CALL.munmap:
      book.unmap(address, end, time)
      break
    case CALL.mremap:
      if (phase !== EXIT) break
      book.unmap(address, end, time)
      book.map(result, result + pageUp(events.length2(event)), time, false)
      break
    case CALL.mprotect:
      if (phase === EXIT && (protection & PROT_WRITE) !== 0) book.makeWritable(address, end, time)
      break
    case CALL.brk:
      if (phase === EXIT) book.moveBreak(result, time)
      break
    case CALL.execve:
      book.forget(time)
  }
}
