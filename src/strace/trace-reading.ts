import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { SummaryTable, Trace } from '../model/trace.ts'
import { withoutCopies } from './copied-traces.ts'
import { finishTrace } from './finish-trace.ts'
import { type GroupedRun, groupRuns } from './group-runs.ts'
import { type BegunRun, beginRun, finishRun, sharesOf, stopRun } from './read-run.ts'
import { readSummary } from './read-summary.ts'
import { ALONE, type Reading } from './reading.ts'
import { blocksHeld } from './row-blocks.ts'
import { reportTally } from './tally.ts'

/** The strace logs and `-c` tables of a capture while they are read; files of one `-ff` run become one trace. */
export class TraceReading {
  readonly #files: readonly EvidenceFile[]
  readonly #runs: readonly GroupedRun[]
  readonly #reading: Reading
  /** Of each run. */
  readonly #blocksHeld: number
  /** The run that threads are reading. */
  #begun: BegunRun | null = null

  private constructor(
    files: readonly EvidenceFile[],
    runs: readonly GroupedRun[],
    reading: Reading,
    held: number,
  ) {
    this.#files = files
    this.#runs = runs
    this.#reading = reading
    this.#blocksHeld = Math.floor(held / runs.length)
    const [first] = runs
    if (first !== undefined) this.#begun = beginRun(first, this.#blocksHeld, reading)
  }

  /**
   * Lets threads begin to read, where they are worth it. Of the memory calls of all traces so many blocks are held in
   * memory at once. Threads change nothing but the time it takes.
   */
  static async begin(
    files: readonly EvidenceFile[],
    reading = ALONE,
    held = blocksHeld(files.length),
  ): Promise<TraceReading> {
    const logs = files.filter((file) => file.format === 'strace-log')
    return new TraceReading(files, await groupRuns(logs), reading, held)
  }

  /** Reads everything to its end. */
  async finish(diagnostics: Diagnostics): Promise<{ traces: Trace[]; summaries: SummaryTable[] }> {
    const traces: Trace[] = []
    const summaries: SummaryTable[] = []
    // The other evidence was read while the first run was.
    const later = { ...this.#reading, readBefore: 0 }
    const lastShared = this.#runs.findLastIndex(
      (run, index) => sharesOf(run, index === 0 ? this.#reading : later).length > 1,
    )
    const leaveProcessor = (): void => this.#reading.leaveProcessor()
    if (lastShared < 0) leaveProcessor()
    for (const [index, run] of this.#runs.entries()) {
      for (const path of run.rotated) diagnostics.report('strace-rotated', path)
      this.#begun ??= beginRun(run, this.#blocksHeld, later)
      const { builder, read } = await finishRun(
        this.#begun,
        this.#blocksHeld,
        index === lastShared ? leaveProcessor : () => {},
      )
      await this.stop()
      for (const { file, oddities } of read) reportTally(file.path, oddities, diagnostics)
      const trace = finishTrace(run.name, run.perThread, builder, read, diagnostics)
      if (trace) traces.push(trace)
      for (const { summaries: tables } of read) for (const table of tables) summaries.push(table)
    }
    for (const file of this.#files)
      if (file.format === 'strace-summary') summaries.push(...(await readSummary(file, diagnostics)))
    return { traces: await withoutCopies(traces, diagnostics), summaries }
  }

  /** Lets no thread go on. */
  async stop(): Promise<void> {
    const begun = this.#begun
    this.#begun = null
    if (begun !== null) await stopRun(begun)
  }
}
