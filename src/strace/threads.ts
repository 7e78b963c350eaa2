import { ByteInterner } from '../base/byte-interner.ts'
import { StringTable } from '../base/string-table.ts'
import { type Tid, tid as toTid } from '../base/units.ts'
import type { TraceThread } from '../model/trace.ts'
import { RecentCalls } from './contexts.ts'
import { unescaped } from './values.ts'

/** Enough to see which threads share a process. */
export const FUTEXES_KEPT = 64

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

/** One thread while its lines are read. */
export class ThreadState {
  /** Position in the trace; what columns hold until the tid is sure. */
  readonly index: number
  tid: number
  name: string | null = null
  firstTime = Number.NaN
  lastTime = Number.NaN
  lines = 0
  calls = 0
  end: string | null = null
  /** Has printed with its pid, and not ended since. */
  alive = false
  readonly recent = new RecentCalls()
  readonly files: number[] = []
  readonly futexes = new Set<number>()
  suspended: SuspendedCall | null = null
  /** Thread whose execve took this one's place, while its first half has not been read. */
  supersededBy: number | null = null
  /** First call in the log. */
  firstCall = ''
  #lastFutex = Number.NaN

  constructor(index: number, tid: number) {
    this.index = index
    this.tid = tid
  }

  seen(time: number, file: number): void {
    this.lines++
    if (this.files[this.files.length - 1] !== file && !this.files.includes(file)) this.files.push(file)
    if (Number.isNaN(time)) return
    if (!(this.firstTime <= time)) this.firstTime = time
    if (!(this.lastTime >= time)) this.lastTime = time
  }

  /** As `seen`, for a line of a file that has been seen. */
  took(time: number, file: number): void {
    if (this.files[this.files.length - 1] !== file) {
      this.seen(time, file)
      return
    }
    this.lines++
    if (time > this.lastTime) this.lastTime = time
    else if (!(this.firstTime <= time) && !Number.isNaN(time)) this.firstTime = time
  }

  addFutex(address: number): void {
    if (address === this.#lastFutex || this.futexes.size >= FUTEXES_KEPT || Number.isNaN(address)) return
    this.#lastFutex = address
    this.futexes.add(address)
  }

  finish(): TraceThread {
    return {
      tid: toTid(this.tid) as Tid,
      name: this.name,
      firstTime: this.firstTime,
      lastTime: this.lastTime,
      lines: this.lines,
      calls: this.calls,
      end: this.end,
      files: this.files,
      futexes: [...this.futexes].sort((a, b) => a - b),
    }
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
