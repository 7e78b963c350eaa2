import { LineScanner } from '../base/line-scanner.ts'
import { readDisk } from '../base/read-disk.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { SummaryTable, Trace } from '../model/trace.ts'
import { finishTrace } from './finish-trace.ts'
import { LinePrefix } from './line-prefix.ts'
import { type Run, readRun, sharesOf } from './read-run.ts'
import { readSummary } from './read-summary.ts'
import { ALONE } from './reading.ts'
import { blocksHeld } from './row-blocks.ts'
import { reportTally } from './tally.ts'

/**
 * Reads all strace logs and `-c` tables of a capture; files of one `-ff` run become one trace. Of the memory calls of
 * all traces so many blocks are held in memory at once. Threads change nothing but the time it takes.
 */
export async function readTraces(
  files: readonly EvidenceFile[],
  diagnostics: Diagnostics,
  reading = ALONE,
  held = blocksHeld(files.length),
): Promise<{ traces: Trace[]; summaries: SummaryTable[] }> {
  const traces: Trace[] = []
  const summaries: SummaryTable[] = []
  const runs = await groupRuns(files.filter((file) => file.format === 'strace-log'))
  const isShared = (run: Run): boolean => sharesOf(run, reading).length > 1
  const lastShared = runs.findLastIndex(isShared)
  if (lastShared < 0) reading.aloneFromNow()
  for (const [index, run] of runs.entries()) {
    const { builder, read } = await readRun(run, Math.floor(held / runs.length), reading)
    if (index === lastShared) reading.aloneFromNow()
    for (const { file, oddities } of read) reportTally(file.path, oddities, diagnostics)
    const trace = finishTrace(run.name, run.perThread, builder, read, diagnostics)
    if (trace) traces.push(trace)
    summaries.push(...read.flatMap((file) => file.summaries))
  }
  for (const file of files)
    if (file.format === 'strace-summary') summaries.push(...(await readSummary(file, diagnostics)))
  return { traces, summaries }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

async function groupRuns(logs: readonly EvidenceFile[]): Promise<Run[]> {
  const runs = new Map<string, Run & { readonly files: EvidenceFile[] }>()
  for (const file of logs) {
    const { group, tid } = file.hints
    const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1)
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
  const take = (chunk: Uint8Array): void => scanner.push(chunk.subarray(0, HEAD_BYTES))
  if (file.diskPath !== null) readDisk(file.diskPath, Math.min(file.bytes, HEAD_BYTES), take, HEAD_BYTES)
  else
    for await (const chunk of file.read()) {
      take(chunk)
      break
    }
  return found
}
