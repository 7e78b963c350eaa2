import { ByteInterner } from '../base/byte-interner.ts'
import { StringTable } from '../base/string-table.ts'
import { type Tid, tid as toTid } from '../base/units.ts'
import type { TraceThread } from '../model/trace.ts'
import type { ThreadColumns } from './kernel-columns.ts'
import { ALIVE, BUSY, FUTEXES_KNOWN } from './line-kernel.ts'
import { unescaped } from './values.ts'

/** Enough to see which threads share a process. */
const FUTEXES_KEPT = 64

/** A call that `<unfinished ...>` cut in two, until its `<... resumed>` comes. */
export interface SuspendedCall {
  readonly name: number
  readonly time: number
  readonly line: number
  /** First argument's descriptor, -1 without. */
  readonly fd: number
  /** Brackets open where it was cut. */
  readonly depth: number
  /** Text of the arguments so far; `null` for calls that are only counted. */
  readonly text: Uint8Array | null
  /** Row already added for it, -1 without. */
  readonly row: number
  /** An execve that another thread began: it succeeded, whatever its result says. */
  readonly superseded: boolean
  /** `<pid changed to N ...>`: its other half stands under N, maybe in another file. */
  readonly movedTo: number | null
}

/** What another thread of this process has read of a traced one. */
export interface HandedThread {
  readonly tid: number
  readonly name: string | null
  readonly end: string | null
  readonly files: readonly number[]
  readonly futexes: readonly number[]
  readonly firstCall: string
  readonly firstTime: number
  readonly lastTime: number
  readonly lines: number
  readonly calls: number
}

/** One thread while its lines are read. What the kernel needs of it lies in columns that both see. */
export class ThreadState {
  /** Position in the trace; what columns hold until the tid is sure. */
  readonly index: number
  tid: number
  name: string | null = null
  end: string | null = null
  readonly files: number[] = []
  readonly futexes = new Set<number>()
  /** Thread whose execve took this one's place, while its first half has not been read. */
  supersededBy: number | null = null
  /** First call in the log. */
  firstCall = ''
  readonly #columns: ThreadColumns
  /** Its row in the columns. */
  readonly #at: number
  #suspended: SuspendedCall | null = null
  #lastFutex = Number.NaN

  constructor(index: number, tid: number, columns: ThreadColumns, at: number) {
    this.index = index
    this.tid = tid
    this.#columns = columns
    this.#at = at
    columns.firstTime[at] = Number.NaN
    columns.lastTime[at] = Number.NaN
    columns.seenIn[at] = -1
    columns.recent.fill(-1, at * 3, at * 3 + 3)
    this.#setBusy()
  }

  get firstTime(): number {
    return this.#columns.firstTime[this.#at]!
  }

  set firstTime(time: number) {
    this.#columns.firstTime[this.#at] = time
  }

  get lastTime(): number {
    return this.#columns.lastTime[this.#at]!
  }

  set lastTime(time: number) {
    this.#columns.lastTime[this.#at] = time
  }

  /** How many contexts it has given rise to. */
  get contexts(): number {
    return this.#columns.contexts[this.#at]!
  }

  set contexts(contexts: number) {
    this.#columns.contexts[this.#at] = contexts
  }

  get calls(): number {
    return this.#columns.calls[this.#at]!
  }

  set calls(calls: number) {
    this.#columns.calls[this.#at] = calls
    this.#setBusy()
  }

  /** Has printed with its pid, and not ended since. */
  get alive(): boolean {
    return (this.#columns.state[this.#at]! & ALIVE) !== 0
  }

  set alive(alive: boolean) {
    this.#set(ALIVE, alive)
  }

  /** The call under way, as far as the log shows it. */
  get suspended(): SuspendedCall | null {
    const { halfName, halfDescriptor, halfLine, halfTime } = this.#columns
    const at = this.#at
    if (halfName[at] === 0) return this.#suspended
    return {
      name: halfName[at]!,
      time: halfTime[at]!,
      line: halfLine[at]!,
      fd: halfDescriptor[at]!,
      depth: 1,
      text: null,
      row: -1,
      superseded: false,
      movedTo: null,
    }
  }

  set suspended(call: SuspendedCall | null) {
    const at = this.#at
    const columns = this.#columns
    // What is only counted, and was cut between two arguments, the kernel can complete.
    const simple =
      call !== null && call.text === null && call.depth === 1 && call.row < 0 && call.movedTo === null
    columns.halfName[at] = simple ? call.name : 0
    if (simple) {
      columns.halfDescriptor[at] = call.fd
      columns.halfLine[at] = call.line
      columns.halfTime[at] = call.time
    }
    this.#suspended = simple ? null : call
    this.#setBusy()
  }

  /** Its first call, too, is the parser's: that keeps its name. */
  #setBusy(): void {
    this.#set(BUSY, this.#suspended !== null || this.calls === 0)
  }

  /** The last calls that were no memory calls, newest first: rows of the statistics; -1 without. */
  recent(index: 0 | 1 | 2): number {
    return this.#columns.recent[this.#at * 3 + index]!
  }

  /** The call that this row of the statistics counts is the last one. */
  remember(row: number): void {
    const { recent } = this.#columns
    const at = this.#at * 3
    recent[at + 2] = recent[at + 1]!
    recent[at + 1] = recent[at]!
    recent[at] = row
  }

  /** A line of the thread, in this file, at this time (NaN without); true when it is its first there. */
  seen(time: number, file: number): boolean {
    const columns = this.#columns
    const isFirst = columns.seenIn[this.#at] !== file
    columns.lines[this.#at]!++
    columns.seenIn[this.#at] = file
    if (isFirst && !this.files.includes(file)) this.files.push(file)
    if (!Number.isNaN(time)) {
      if (!(this.firstTime <= time)) this.firstTime = time
      if (!(this.lastTime >= time)) this.lastTime = time
    }
    return isFirst
  }

  addFutex(address: number): void {
    if (address === this.#lastFutex || this.futexes.size >= FUTEXES_KEPT || Number.isNaN(address)) return
    this.#lastFutex = address
    this.futexes.add(address)
    if (this.futexes.size === FUTEXES_KEPT) this.#set(FUTEXES_KNOWN, true)
  }

  get lines(): number {
    return this.#columns.lines[this.#at]!
  }

  /** What is known of it, to be sent to another thread. */
  handOver(): HandedThread {
    const { tid, name, end, files, firstCall, firstTime, lastTime, lines, calls } = this
    return {
      ...{ tid, name, end, files, firstCall, firstTime, lastTime, lines, calls },
      futexes: [...this.futexes],
    }
  }

  /** Adds what stands in later files. At most one side has lines of the thread. */
  absorb(handed: HandedThread): void {
    this.name = handed.name ?? this.name
    this.end = handed.end ?? this.end
    if (handed.lines === 0) return
    this.firstCall = handed.firstCall
    this.firstTime = handed.firstTime
    this.lastTime = handed.lastTime
    this.calls = handed.calls
    this.#columns.lines[this.#at] = handed.lines
    for (const file of handed.files) this.files.push(file)
    for (const futex of handed.futexes) this.futexes.add(futex)
  }

  finish(): TraceThread {
    return {
      tid: toTid(this.tid) as Tid,
      name: this.name,
      firstTime: this.firstTime,
      lastTime: this.lastTime,
      lines: this.#columns.lines[this.#at]!,
      calls: this.calls,
      end: this.end,
      files: this.files,
      futexes: [...this.futexes].sort((a, b) => a - b),
    }
  }

  #set(bit: number, on: boolean): void {
    const { state } = this.#columns
    state[this.#at] = on ? state[this.#at]! | bit : state[this.#at]! & ~bit
  }
}

/** Names that -Y prints behind the pid on every line, each undone once. */
export class ThreadNames {
  readonly #texts = new StringTable()
  readonly #interner = new ByteInterner(this.#texts)
  readonly #names: string[] = ['']

  get(buffer: Uint8Array, start: number, end: number): string {
    const id = this.#interner.intern(buffer, start, end)
    if (id === this.#names.length) this.#names.push(unescaped(buffer, start, end))
    return this.#names[id] ?? ''
  }
}
