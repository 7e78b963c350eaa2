import { ByteInterner } from '../base/byte-interner.ts'
import { StringTable } from '../base/string-table.ts'
import type { EvidenceReference } from '../model/evidence.ts'
import { CallNames } from './call-names.ts'
import { ContextTable } from './contexts.ts'
import { DescriptorColumns } from './descriptor-columns.ts'
import { threadColumns } from './kernel-columns.ts'
import { LineKernel } from './line-kernel.ts'
import { MemoryTable } from './memory-table.ts'
import { CallCounts } from './statistics.ts'
import { ThreadState } from './threads.ts'

/** Signals kept with their text; timers send millions. */
const SIGNALS_KEPT = 10_000

/** What the files of one run of strace add up to while they are read. */
export class TraceBuilder {
  readonly strings = new StringTable()
  readonly interner = new ByteInterner(this.strings)
  readonly kernel: LineKernel
  readonly names: CallNames
  readonly statistics: CallCounts
  readonly contexts: ContextTable
  readonly events: MemoryTable
  readonly descriptors = new DescriptorColumns()
  readonly threads: ThreadState[] = []
  readonly signals: { thread: number; time: number; text: string; reference: EvidenceReference }[] = []
  readonly #byTid = new Map<number, ThreadState>()
  /** Rows of mmap2, whose offsets old strace printed in pages; and whether one of them can only be pages. */
  readonly pageOffsetRows: number[] = []
  pageOffsets = false
  /** Rows of calls that make threads or processes. */
  readonly makerRows: number[] = []
  /** Rows of execves of which only the second half was read, by the thread in whose file the first one stands. */
  readonly resumedExecves = new Map<number, number>()
  hasDurations = false
  hasStacks = false
  hasDescriptorNames = false
  wordBits: 32 | 64 = 64
  /** A line told of something that lines of other files depend on: the run's files must be read in one thread. */
  crossesFiles = false
  /** Lines that carried a pid in front. */
  prefixed = 0

  /** For logs of so many bytes together; holds so many blocks of memory calls. */
  constructor(logBytes: number, blocksHeld?: number) {
    this.events = new MemoryTable(blocksHeld)
    this.kernel = new LineKernel(logBytes)
    this.names = new CallNames(this.kernel)
    this.statistics = new CallCounts(this.kernel)
    this.contexts = new ContextTable(this.kernel)
  }

  /** The thread with this number, new at its first line. */
  thread(tid: number): ThreadState {
    let state = this.#byTid.get(tid)
    if (!state) {
      const index = this.threads.length
      const inKernel = index < this.kernel.mostThreads
      state = new ThreadState(
        index,
        tid,
        inKernel ? this.kernel.threads : threadColumns(1),
        inKernel ? index : 0,
      )
      this.threads.push(state)
      this.#byTid.set(tid, state)
      if (inKernel) this.kernel.call.addTid(tid, index)
    }
    return state
  }

  knows(tid: number): boolean {
    return this.#byTid.has(tid)
  }

  /** Gives a thread its number when the log tells it late; returns false when the number is taken. */
  rename(state: ThreadState, tid: number): boolean {
    this.crossesFiles = true
    if (this.#byTid.has(tid)) return false
    this.#byTid.delete(state.tid)
    state.tid = tid
    this.#byTid.set(tid, state)
    if (state.index < this.kernel.mostThreads) this.kernel.call.addTid(tid, state.index)
    return true
  }

  /** Keeps a signal; false when there are too many. */
  signal(thread: number, time: number, text: string, reference: EvidenceReference): boolean {
    if (this.signals.length >= SIGNALS_KEPT) return false
    this.signals.push({ thread, time, text, reference })
    return true
  }
}
