import type { RangeMap } from '../base/range-map.ts'
import type { MemoryEvents } from '../model/trace.ts'
import type { Ledger } from './ledger.ts'
import { STACK } from './mechanism.ts'

/** A thread on a stack. `low` is the lowest address of the stack. */
export interface StackRun {
  readonly low: number
  readonly bytes: number
  readonly tid: number
  readonly creator: number
  readonly startedAt: number
  readonly event: number
  /** `null` while the thread lives, as far as the log tells. */
  endedAt: number | null
  /** Record of the range and its generation when the thread was started. */
  readonly owner: number
  readonly generation: number
}

/** The C library keeps the thread's own data above its stack: its descriptor and static TLS. */
const MOST_ABOVE = 1024 * 1024

/** Which thread was started on which stack, by the stack address given to clone. Only the last run of each stack is kept. */
export class StackRuns {
  readonly byStack = new Map<number, StackRun>()
  readonly #byThread = new Map<number, StackRun>()

  /** clone(2) gives the top of the stack, clone3(2) its base and size. */
  started(event: number, events: MemoryEvents, map: RangeMap, ledger: Ledger, at: number): void {
    const address = events.address(event)
    const child = events.result(event)
    if (!(address > 0) || !(child > 0)) return
    const size = events.length1(event)
    const inside = size > 0 ? address : address - 1
    const piece = map.at(inside)
    if (piece === null) return
    const low = size > 0 ? address : piece.start
    const bytes = size > 0 ? size : piece.end - piece.start
    // A range much larger than the stack, or one that goes on far above it, is something else that the stack lies in.
    const fits = size > 0 ? piece.end - piece.start <= 2 * bytes : piece.end - address <= MOST_ABOVE
    if (fits) ledger.turnIntoStack(piece.owner)
    const run: StackRun = {
      low,
      bytes: ledger.records.mechanism(piece.owner) === STACK ? ledger.records.live(piece.owner) : bytes,
      tid: child,
      creator: events.tid(event),
      startedAt: at,
      event,
      endedAt: null,
      owner: piece.owner,
      generation: ledger.records.generation(piece.owner),
    }
    this.byStack.set(low, run)
    this.#byThread.set(child, run)
  }

  ended(tid: number, at: number): void {
    const run = this.#byThread.get(tid)
    if (run !== undefined && run.endedAt === null) run.endedAt = at
    this.#byThread.delete(tid)
  }

  /** Runs whose stack is still the same mapping. */
  standing(map: RangeMap, ledger: Ledger): StackRun[] {
    const standing: StackRun[] = []
    for (const run of this.byStack.values()) {
      const piece = map.at(run.low + run.bytes / 2)
      if (
        piece !== null &&
        piece.owner === run.owner &&
        ledger.records.generation(run.owner) === run.generation
      )
        standing.push(run)
    }
    return standing.sort((a, b) => a.low - b.low)
  }
}
