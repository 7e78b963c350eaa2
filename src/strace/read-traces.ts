import { LineScanner } from '../base/line-scanner.ts'
import { readDisk } from '../base/read-disk.ts'
import { tid as toTid } from '../base/units.ts'
import { readWhole } from '../evidence/read-whole.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { SummaryTable, Trace } from '../model/trace.ts'
import { finishTrace, type ParsedFile } from './finish-trace.ts'
import { LinePrefix } from './line-prefix.ts'
import { LogParser } from './log-parser.ts'
import { readSummary } from './read-summary.ts'
import { blocksHeld } from './row-blocks.ts'
import { Tally } from './tally.ts'
import { TraceBuilder } from './trace-builder.ts'

/** Page-aligned reads of 256 KiB were the fastest for logs. */
const CHUNK = 1 << 18

/** Files of one run: a single log, or all `NAME.<tid>` of `strace -ff -o NAME`. */
interface Run {
  readonly name: string
  readonly files: EvidenceFile[]
  readonly perThread: boolean
}

/**
 * Reads all strace logs and `-c` tables of a capture; files of one `-ff` run become one trace. Of the memory calls of
 * all traces so many blocks are held in memory at once.
 */
export async function readTraces(
  files: readonly EvidenceFile[],
  diagnostics: Diagnostics,
  held = blocksHeld(files.length),
): Promise<{ traces: Trace[]; summaries: SummaryTable[] }> {
  const traces: Trace[] = []
  const summaries: SummaryTable[] = []
  const runs = await groupRuns(files.filter((file) => file.format === 'strace-log'))
  for (const run of runs) {
    const read = await readRun(run, Math.floor(held / runs.length), diagnostics)
    if (read.trace) traces.push(read.trace)
    summaries.push(...read.summaries)
  }
  for (const file of files)
    if (file.format === 'strace-summary') summaries.push(...(await readSummary(file, diagnostics)))
  return { traces, summaries }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

async function groupRuns(logs: readonly EvidenceFile[]): Promise<Run[]> {
  const runs = new Map<string, Run>()
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
  if (file.diskPath !== null) readDisk(file.diskPath, Math.min(file.bytes, HEAD_BYTES), take, CHUNK)
  else
    for await (const chunk of file.read()) {
      take(chunk)
      break
    }
  return found
}

async function readRun(
  run: Run,
  held: number,
  diagnostics: Diagnostics,
): Promise<{ trace: Trace | null; summaries: SummaryTable[] }> {
  const builder = new TraceBuilder(
    run.files.reduce((sum, file) => sum + file.bytes, 0),
    held,
  )
  const parsed: ParsedFile[] = []
  for (const file of run.files) parsed.push(await readLog(run, file, builder, diagnostics))
  for (const { parser } of parsed) parser.finishRun()
  const summaries = parsed.flatMap(({ parser }) => parser.summary.tables)
  return { trace: finishTrace(run.name, run.perThread, builder, parsed, diagnostics), summaries }
}

async function readLog(
  run: Run,
  file: EvidenceFile,
  builder: TraceBuilder,
  diagnostics: Diagnostics,
): Promise<ParsedFile> {
  const tally = new Tally(file.path)
  const index = builder.files.length
  const tid = run.perThread ? file.hints.tid : null
  const parser = new LogParser(builder, index, file.path, { tid, hint: file.hints.pid }, tally)
  if (run.perThread && run.files.length > 1) parser.stamps.relativeUnusable = true
  const events = builder.events.length
  const descriptors = builder.descriptors.length
  await readWhole(file, (chunk) => parser.push(chunk), builder.kernel.input.subarray(0, CHUNK))
  parser.finish()
  builder.files.push({
    path: file.path,
    bytes: parser.bytes,
    lines: parser.lines,
    tid: tid === null ? null : toTid(tid),
    marks: parser.marks,
  })
  tally.report(diagnostics)
  return {
    parser,
    events,
    eventsEnd: builder.events.length,
    descriptors,
    descriptorsEnd: builder.descriptors.length,
  }
}
