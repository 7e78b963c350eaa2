import type { ThreadState } from './threads.ts'
import type { TraceBuilder } from './trace-builder.ts'

/**
 * Whose line it is when no pid stands in front. strace prints `[pid N]` on stderr only while more than one process is
 * traced: the first and the last lines have none, and belong to the only one left, which is not always the main one.
 */
export class ThreadChooser {
  readonly #builder: TraceBuilder
  /** Thread of the whole file (`NAME.<tid>`), else `null`. */
  readonly #fixed: ThreadState | null
  /** Number of the thread that prints without one, 0 while unknown. */
  #hint: number
  readonly #alive = new Set<ThreadState>()
  readonly #children = new Set<number>()
  #main: ThreadState | null = null
  /** Lines without a pid while several threads were traced. */
  ambiguous = 0
  /** Lines with a pid. */
  prefixed = 0

  constructor(builder: TraceBuilder, fileTid: number | null, hint: number | null) {
    this.#builder = builder
    this.#fixed = fileTid === null ? null : builder.thread(fileTid)
    this.#hint = hint ?? 0
  }

  /** Thread of a line with a pid. */
  named(tid: number): ThreadState {
    this.prefixed++
    const main = this.#main
    // The first pid that no clone returned and no message announced is the one that printed without a pid so far.
    if (main?.tid === 0 && !this.#children.has(tid) && !this.#builder.knows(tid))
      this.#builder.rename(main, tid)
    const thread = this.#builder.thread(tid)
    if (!thread.alive) {
      thread.alive = true
      this.#alive.add(thread)
    }
    return thread
  }

  /** Thread of a line without a pid; `resumes` is the number of the call it resumes, -1 for none. */
  bare(resumes: number): ThreadState {
    if (this.#fixed) return this.#fixed
    const alive = this.#alive
    if (alive.size === 1) for (const only of alive) return only
    if (alive.size > 1) {
      this.ambiguous++
      if (resumes >= 0) for (const thread of alive) if (thread.suspended?.name === resumes) return thread
      if (this.#main && alive.has(this.#main)) return this.#main
      for (const thread of alive) return thread
    }
    if (!this.#main) this.#main = this.#builder.thread(this.#hint)
    return this.#main
  }

  /** Thread of a line without a pid, when there is no question whose it is; else `null`. */
  sole(): ThreadState | null {
    return this.#fixed ?? (this.#alive.size === 0 ? this.#main : null)
  }

  /** `strace: Process N attached`: as the first line, N is whose bare lines follow; later it is a child. */
  attached(tid: number, isFirst: boolean): void {
    if (isFirst && !this.#main) this.#hint = tid
    else this.#children.add(tid)
  }

  /** A clone returned this number. */
  child(tid: number): void {
    this.#children.add(tid)
  }

  /** `[ Process PID=N runs in 32 bit mode. ]`. */
  identified(tid: number): void {
    if (this.#fixed) return
    const thread = this.bare(-1)
    if (thread.tid === 0) this.#builder.rename(thread, tid)
  }

  /** The thread has ended. */
  ended(thread: ThreadState): void {
    thread.alive = false
    this.#alive.delete(thread)
  }
}
