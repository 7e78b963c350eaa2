import { roomForRanges } from '../../base/range-map.ts'
import { FAILED, type MemoryEvents, type Trace, UNFINISHED } from '../../model/trace.ts'
import { type Birth, birthOf, isMaker } from '../../strace/effects/births.ts'
import { EffectMerge } from '../../strace/effects/effect-merge.ts'
import { CALL, EXIT, type Phase } from '../../strace/effects/phases.ts'
import { ClaimBook, type Claims } from './claim-book.ts'

const PAGE = 4096
const PROT_WRITE = 2
const MAP_FIXED = 0x10

const pageUp = (value: number): number => Math.ceil(value / PAGE) * PAGE

/** The claims that snapshots of a process are held against. */
export type ClaimsOf = (pid: number | null) => Claims

/** In place of a pid: all that was there before the log. */
const OLDER = 0

/**
 * Reads the claims of a trace in the order of its calls, as far as they are wanted. A process that is born in the log has
 * an address space of its own; which of several older ones a call belongs to is not known yet.
 */
export class ClaimReader {
  readonly #trace: Trace
  readonly #merge: EffectMerge
  readonly #room = roomForRanges()
  /** Processes of which there are snapshots. */
  readonly #wanted: ReadonlySet<number | null>
  readonly #books = new Map<number, ClaimBook>()
  /** Process by thread, for those that were born in the log. */
  readonly #processOf = new Map<number, number>()
  /** Effects of calls that were read. */
  #effects = 0
  /** Nothing is left to be read. */
  whole: boolean

  constructor(trace: Trace, wanted: ReadonlySet<number | null>) {
    this.#trace = trace
    this.#wanted = wanted
    this.#books.set(OLDER, new ClaimBook(trace.firstTime, this.#room))
    this.#merge = new EffectMerge(trace)
    this.whole = !this.#merge.next()
  }

  /** Reads on until an instant of the log's clock; never more effects in all than `most`. */
  read(until: number, most: number): void {
    const merge = this.#merge
    for (; !this.whole && this.#effects < most && merge.time <= until; this.whole = !merge.next()) {
      this.#effects += 1
      // Calls without a stamp at a thread's beginning take effect at no instant.
      this.#take(merge.event, merge.phase, Math.max(merge.time, this.#trace.firstTime))
    }
  }

  /** What was said so far; good until more is read. */
  claims(): ClaimsOf {
    const { firstTime, lastTime } = this.#trace
    const now = this.whole ? lastTime : Math.max(this.#merge.time, firstTime)
    const claims = new Map<number, Claims>()
    return (pid) => {
      const process = pid !== null && this.#books.has(pid) ? pid : OLDER
      const known = claims.get(process) ?? this.#books.get(process)!.until(now)
      claims.set(process, known)
      return known
    }
  }

  #take(event: number, phase: Phase, time: number): void {
    const { events } = this.#trace
    const { tid, call } = events.at(event)
    const book = this.#books.get(this.#process(tid))
    if (book) take(book, events, event, phase, time)
    if (!isMaker(call)) return
    const birth = birthOf(events, event)
    if (birth) this.#born(birth, time)
  }

  #process(tid: number): number {
    return this.#processOf.size === 0 ? OLDER : (this.#processOf.get(tid) ?? OLDER)
  }

  #born({ kind, parent, child }: Birth, time: number): void {
    const process = kind === 'thread' ? this.#process(parent) : child
    this.#processOf.set(child, process)
    if (kind !== 'thread' && this.#wanted.has(child)) this.#books.set(child, new ClaimBook(time, this.#room))
  }
}

function take(book: ClaimBook, events: MemoryEvents, event: number, phase: Phase, time: number): void {
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
