import { FAILED, type MemoryEvents, type Trace, UNFINISHED } from '../../model/trace.ts'
import { type Birth, birthOf, isMaker } from '../../strace/effects/births.ts'
import { EFFECT, EffectLanes, EMPTY, OVER } from '../../strace/effects/effect-lanes.ts'
import { CALL, EXIT, type Phase } from '../../strace/effects/phases.ts'
import { ClaimBook, type Claims } from './claim-book.ts'
import { describeClaims, isChosen } from './claim-forms.ts'
import { startClaims } from './claim-kernel.ts'

const PAGE = 4096
const PROT_WRITE = 2

const pageUp = (value: number): number => Math.ceil(value / PAGE) * PAGE

/** The claims that snapshots of a process are held against. */
export type ClaimsOf = (pid: number | null) => Claims

/** In place of a pid: all that was there before the log. */
const OLDER = 0

/** In place of a book for threads of which nothing is written down. */
const NO_BOOK = 1

/**
 * Reads the claims of a trace in the order of its calls, as far as they are wanted. A process that is born in the log has
 * an address space of its own; which of several older ones a call belongs to is not known yet. The kernel takes what mmap
 * and munmap say, all other calls are taken here.
 */
export class ClaimReader {
  readonly #trace: Trace
  readonly #kernel = startClaims()
  readonly #lanes: EffectLanes
  /** Processes of which there are snapshots. */
  readonly #wanted: ReadonlySet<number | null>
  readonly #books = new Map<number, ClaimBook>()
  /** Process by thread, for those that were born in the log. */
  readonly #processOf = new Map<number, number>()
  /** Nothing is left to be read. */
  whole = false

  constructor(trace: Trace, wanted: ReadonlySet<number | null>) {
    this.#trace = trace
    this.#wanted = wanted
    this.#books.set(OLDER, new ClaimBook(trace.firstTime, this.#kernel))
    this.#lanes = new EffectLanes(this.#kernel, trace)
    this.#kernel.calls.prepareClaims(this.#lanes.threads)
    describeClaims(this.#kernel, trace.events.forms)
    // Comes to the first effect.
    this.read(Number.NEGATIVE_INFINITY, 0)
  }

  /** Reads on until an instant of the log's clock; never more effects in all than `most`. */
  read(until: number, most: number): void {
    const { calls } = this.#kernel
    for (;;) {
      const came = calls.readClaims(until, most, this.#trace.firstTime)
      if (came === EMPTY) this.#lanes.fill(calls.threadNow())
      else if (came === EFFECT) this.#take(calls.threadNow(), calls.callNow(), calls.phaseNow() as Phase)
      else {
        this.whole = came === OVER
        return
      }
    }
  }

  /** What was said so far; good until more is read. */
  claims(): ClaimsOf {
    const { firstTime, lastTime } = this.#trace
    const now = this.whole ? lastTime : Math.max(this.#kernel.calls.timeNow(), firstTime)
    const claims = new Map<number, Claims>()
    return (pid) => {
      const process = pid !== null && this.#books.has(pid) ? pid : OLDER
      const known = claims.get(process) ?? this.#books.get(process)!.until(now)
      claims.set(process, known)
      return known
    }
  }

  /** Takes an effect that is not the kernel's. */
  #take(thread: number, event: number, phase: Phase): void {
    const { calls } = this.#kernel
    const { events, firstTime } = this.#trace
    const { tid, call } = events.at(event)
    // Calls without a stamp at a thread's beginning take effect at no instant.
    const time = Math.max(calls.timeNow(), firstTime)
    const book = this.#bookOf(tid)
    if (book) take(book, events, event, phase, time)
    const birth = isMaker(call) ? birthOf(events, event) : null
    if (birth) this.#born(birth, time)
    calls.seatAt(thread, this.#bookOf(tid)?.place ?? NO_BOOK)
  }

  #bookOf(tid: number): ClaimBook | undefined {
    return this.#books.get(this.#process(tid))
  }

  #process(tid: number): number {
    return this.#processOf.size === 0 ? OLDER : (this.#processOf.get(tid) ?? OLDER)
  }

  #born({ kind, parent, child }: Birth, time: number): void {
    const process = kind === 'thread' ? this.#process(parent) : child
    this.#processOf.set(child, process)
    this.#kernel.calls.leaveBooks()
    if (kind !== 'thread' && this.#wanted.has(child))
      this.#books.set(child, new ClaimBook(time, this.#kernel))
  }
}

function take(book: ClaimBook, events: MemoryEvents, event: number, phase: Phase, time: number): void {
  const { call, address, length1, result, flags, protection, state } = events.at(event)
  if ((state & (FAILED | UNFINISHED)) !== 0) return
  const end = address + pageUp(length1)
  switch (call) {
    case CALL.mmap:
      book.map(result, result + pageUp(length1), time, isChosen(flags))
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
