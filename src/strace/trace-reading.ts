import { LineScanner } from '../base/line-scanner.ts'
import { folderOf } from '../base/path-parts.ts'
import { readDisk } from '../base/read-disk.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { SummaryTable, Trace } from '../model/trace.ts'
import { finishTrace } from './finish-trace.ts'
import { LinePrefix } from './line-prefix.ts'
import { type BegunRun, beginRun, finishRun, type Run, sharesOf, stopRun } from './read-run.ts'
import { readSummary } from './read-summary.ts'
import { ALONE, type Reading } from './reading.ts'
import { blocksHeld } from './row-blocks.ts'
import { reportTally } from './tally.ts'

/** The strace logs and `-c` tables of a capture while they are read; files of one `-ff` run become one trace. */
export class TraceReading {
  readonly #files: readonly EvidenceFile[]
  readonly #runs: readonly Run[]
  readonly #reading: Reading
  /** Of each run. */
  readonly #blocksHeld: number
  /** The run that threads are reading. */
  #begun: BegunRun | null = null

  private constructor(files: readonly EvidenceFile[], runs: readonly Run[], reading: Reading, held: number) {
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
    return { traces, summaries }
  }

  /** Lets no thread go on. */
  async stop(): Promise<void> {
    const begun = this.#begun
    this.#begun = null
    if (begun !== null) await stopRun(begun)
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

async function groupRuns(logs: readonly EvidenceFile[]): Promise<Run[]> {
  const runs = new Map<string, Run & { readonly files: EvidenceFile[] }>()
  for (const file of logs) {
    const { group, tid } = file.hints
    const folder = folderOf(file.path)
    const grouped = group !== null && tid !== null && !(await beginsWithPid(file))
    const name = grouped ? folder + group : file.path
    const key = `${grouped ? 1 : 0}${name}`
    const run = runs.get(key)
    if (run) run.files.push(file)
    else runs.set(key, { name, files: [file], perThread: grouped })
  }
  for (const run of runs.values())
    run.files.sort((a, b) => a.hints.tid! - b.hints.tid! || compare(a.path, b.path))
  return [...runs.values()].sort(
    (a, b) => compare(a.name, b.name) || Number(a.perThread) - Number(b.perThread),
  )
}

/** Lines looked at to see whether a `NAME.<number>` file is an interleaved log after all. */
const HEAD_BYTES = 4096

/** Whether the log's first lines carry another pid than the file's name: then one file holds all threads. */
async function beginsWithPid(file: EvidenceFile): Promise<boolean> {
  const prefix = new LinePrefix()
  let found = false
  const scanner = new LineScanner((buffer, start, end) => {
    prefix.read(buffer, start, end)
    if (prefix.tid >= 0 && prefix.tid !== file.hints.tid) found = true
  })
  let left = HEAD_BYTES
  const take = (chunk: Uint8Array): void => {
    scanner.push(chunk.subarray(0, left))
    left -= chunk.length
  }
  if (file.diskPath !== null) readDisk(file.diskPath, Math.min(file.bytes, HEAD_BYTES), take, HEAD_BYTES)
  // What is compressed comes in pieces of any size, and must tell the same as it does plain.
  else
    for await (const chunk of file.read()) {
      take(chunk)
      if (left <= 0) break
    }
  return found
}
