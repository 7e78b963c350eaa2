import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import { MEMORY_CALLS, type SummaryTable, type Trace } from '../../src/model/trace.ts'
import { finishTrace } from '../../src/strace/finish-trace.ts'
import { LogParser } from '../../src/strace/log-parser.ts'
import { outcomeOf } from '../../src/strace/read-share.ts'
import { Tally } from '../../src/strace/tally.ts'
import { TraceBuilder } from '../../src/strace/trace-builder.ts'
import { readTraces } from '../support/read-traces.ts'

/** Reference captures beside the checkout; tests that need them are skipped where they are absent. */
export const SHARED = fileURLToPath(new URL('../../../shared/', import.meta.url))
export const hasShared = existsSync(SHARED)

const NAME = /^(.*)\.(\d+)$/

/** Evidence out of text, read in chunks of `chunk` bytes. */
export function textFile(name: string, text: string | Uint8Array, chunk = 65536): EvidenceFile {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
  const found = NAME.exec(name)
  return {
    path: name,
    bytes: bytes.length,
    format: 'strace-log',
    side: null,
    why: 'test',
    hints: {
      pid: null,
      tid: found ? Number(found[2]) : null,
      group: found ? found[1]! : null,
      stamp: null,
      stampWidth: null,
    },
    diskPath: null,
    async *read() {
      for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
    },
  }
}

/** Evidence out of a file on disk. */
export function diskFile(name: string, diskPath: string): EvidenceFile {
  const summary = name.includes('summary')
  return {
    ...textFile(name, ''),
    bytes: statSync(diskPath).size,
    format: summary ? 'strace-summary' : 'strace-log',
    diskPath,
    read: () => createReadStream(diskPath),
  }
}

/** All files of a folder as evidence, in order. */
export const folderFiles = (folder: string): EvidenceFile[] =>
  readdirSync(folder)
    .sort()
    .map((name) => diskFile(name, path.join(folder, name)))

export interface ReadTraces {
  readonly traces: Trace[]
  readonly summaries: SummaryTable[]
  readonly diagnostics: Diagnostics
}

export async function read(...files: EvidenceFile[]): Promise<ReadTraces> {
  const diagnostics = new Diagnostics()
  return { ...(await readTraces(files, diagnostics)), diagnostics }
}

/** The one trace of a log given as text. */
export async function readText(text: string, name = 'log'): Promise<Trace> {
  const { traces } = await read(textFile(name, text))
  return traces[0]!
}

/** Codes of all diagnostics with their counts. */
export const codes = (diagnostics: Diagnostics): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { code, count } of diagnostics.list()) counts[code] = (counts[code] ?? 0) + count
  return counts
}

interface ParseOptions {
  readonly thorough?: boolean
  readonly chunk?: number
  /** Of a run with a file a thread: what -r prints says nothing. */
  readonly oneOfMany?: boolean
}

/** Parses one log without making a trace of it, for what is counted by line. */
export function parseLog(bytes: Uint8Array, options: ParseOptions = {}) {
  const { thorough = false, chunk = 65536, oneOfMany = false } = options
  const builder = new TraceBuilder(bytes.length)
  const tally = new Tally('log')
  const parser = new LogParser(builder, 0, 'log', { tid: null, hint: null, thorough }, tally)
  parser.stamps.relativeUnusable = oneOfMany
  for (let at = 0; at < bytes.length; at += chunk) parser.push(bytes.subarray(at, at + chunk))
  parser.finish()
  parser.finishRun()
  return { builder, parser, tally }
}

/** One memory event as an object without what it does not know. */
function eventAt(trace: Trace, row: number) {
  const { events, strings } = trace
  return {
    tid: events.tid(row),
    call: MEMORY_CALLS[events.call(row)]!,
    time: events.time(row),
    duration: events.duration(row),
    address: events.address(row),
    length1: events.length1(row),
    length2: events.length2(row),
    extra: events.extra(row),
    result: events.result(row),
    protection: events.protection(row),
    flags: events.flags(row),
    fd: events.fd(row),
    offset: events.offset(row),
    state: events.state(row),
    error: strings.get(events.error(row)),
    name: strings.get(events.name(row)),
    line: events.line(row),
    context: trace.contexts[events.context(row)]!.calls.map(({ name, fd }) => `${name}(${fd})`).join(' '),
    stack: strings.get(events.stack(row)),
  }
}

export const allEvents = (trace: Trace) =>
  Array.from({ length: trace.events.length }, (_, row) => eventAt(trace, row))

/** Calls by thread, name and descriptor, as `tid name fd` → figures; seconds to the nanosecond. */
export function statisticsOf({ statistics, strings }: Trace): Record<string, readonly number[]> {
  const rows: [string, readonly number[]][] = []
  for (let row = 0; row < statistics.length; row++) {
    const seconds = Math.round(statistics.seconds[row]! * 1e9)
    rows.push([
      `${statistics.tid[row]} ${strings.get(statistics.name[row]!)} ${statistics.fd[row]}`,
      [statistics.calls[row]!, statistics.errors[row]!, seconds, statistics.resultSum[row]!],
    ])
  }
  return Object.fromEntries(rows.sort((a, b) => (a[0] < b[0] ? -1 : 1)))
}

const descriptorsOf = ({ descriptors, strings }: Trace) =>
  Array.from({ length: descriptors.length }, (_, row) => ({
    tid: descriptors.tid[row]!,
    time: descriptors.time[row]!,
    op: descriptors.op[row]!,
    fd: descriptors.fd[row]!,
    fd2: descriptors.fd2[row]!,
    text: strings.get(descriptors.text[row]!),
  }))

/** Everything a trace says, without ids. */
export const dump = (trace: Trace) => ({
  ...trace,
  strings: null,
  contexts: null,
  threads: [...trace.threads.values()],
  events: allEvents(trace),
  statistics: statisticsOf(trace),
  descriptors: descriptorsOf(trace),
})

/** Dump, counts and diagnostics of one log, read in one way or the other. */
export function dumpLog(bytes: Uint8Array, options: ParseOptions = {}) {
  const { builder, parser, tally } = parseLog(bytes, options)
  const diagnostics = new Diagnostics()
  tally.report(diagnostics)
  const read = {
    file: { path: 'log', bytes: parser.bytes, lines: parser.lines, tid: null },
    oddities: tally.entries(),
    ...outcomeOf(parser),
    events: 0,
    eventsEnd: builder.events.length,
    descriptors: 0,
    descriptorsEnd: builder.descriptors.length,
  }
  const trace = finishTrace('log', false, builder, [read], diagnostics)
  return {
    counts: parser.counts,
    lines: parser.lines,
    bytes: parser.bytes,
    summaries: parser.summary.tables,
    diagnostics: diagnostics.list(),
    trace: trace && dump(trace),
  }
}
