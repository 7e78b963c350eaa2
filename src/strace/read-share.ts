import { tid as toTid } from '../base/units.ts'
import { readWhole } from '../evidence/read-whole.ts'
import { reasonOf } from '../evidence/source.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { SummaryTable, TraceFile } from '../model/trace.ts'
import type { StampReader } from './line-prefix.ts'
import { LogParser } from './log-parser.ts'
import { Tally, type TallyEntry } from './tally.ts'
import type { TraceBuilder } from './trace-builder.ts'

/** What the stamps of a file were. */
type FileStamps = Readonly<Pick<StampReader, 'kind' | 'digits' | 'relativeUnusable' | 'first' | 'last'>>

/** One file of a run after reading, and the rows it added: plain data, whichever thread has read it. */
export interface ReadFile {
  readonly file: TraceFile
  readonly stamps: FileStamps
  /** Lines with a pid in front. */
  readonly prefixed: number
  readonly summaries: readonly SummaryTable[]
  readonly oddities: readonly TallyEntry[]
  readonly events: number
  readonly eventsEnd: number
  readonly descriptors: number
  readonly descriptorsEnd: number
}

/** What a run is, for whoever reads some of its files. */
export interface RunKind {
  /** Files of `strace -ff`, one a thread. */
  readonly perThread: boolean
  /** How many files there are. */
  readonly files: number
}

/** Reads files of one run, in their order, into one builder. */
export class ShareReader {
  readonly read: ReadFile[] = []
  readonly #kind: RunKind
  readonly #builder: TraceBuilder
  /** Those whose calls may go on in files that come later: of thousands of files, few. */
  readonly #waiting: LogParser[] = []
  #next: number

  /** `first` is the number of the first file to be read in the run. */
  constructor(kind: RunKind, builder: TraceBuilder, first = 0) {
    this.#kind = kind
    this.#builder = builder
    this.#next = first
  }

  /** Reads the next file. */
  async add(file: EvidenceFile): Promise<void> {
    const builder = this.#builder
    const tally = new Tally(file.path)
    const tid = this.#kind.perThread ? file.hints.tid : null
    const parser = new LogParser(builder, this.#next++, file.path, { tid, hint: file.hints.pid }, tally)
    if (this.#kind.perThread && this.#kind.files > 1) parser.stamps.relativeUnusable = true
    const events = builder.events.length
    const descriptors = builder.descriptors.length
    await readTold(file, parser, builder.kernel.input, tally)
    parser.finish()
    if (parser.waits) this.#waiting.push(parser)
    const { bytes, lines, marks } = parser
    this.read.push({
      file: { path: file.path, bytes, lines, tid: tid === null ? null : toTid(tid), marks },
      oddities: tally.entries(),
      ...outcomeOf(parser),
      events,
      eventsEnd: builder.events.length,
      descriptors,
      descriptorsEnd: builder.descriptors.length,
    })
  }

  /** Others have read the next files. */
  took(files: readonly ReadFile[]): void {
    this.#next += files.length
    for (const file of files) this.read.push(file)
  }

  /** After the last file of the run. */
  finish(): void {
    for (const parser of this.#waiting) parser.finishRun()
  }
}

/** A file that cannot be read any more, or ends early, is told of: what came before it is evidence still. */
async function readTold(
  file: EvidenceFile,
  parser: LogParser,
  into: Uint8Array,
  tally: Tally,
): Promise<void> {
  try {
    const change = await readWhole(file, (chunk) => parser.push(chunk), into)
    if (change !== null) tally.add('evidence-changed', 0, change)
  } catch (error) {
    tally.add('evidence-unreadable', 0, reasonOf(error))
  }
}

/** What a parser says about its file, as plain data. */
export function outcomeOf({
  stamps,
  chooser,
  summary,
}: LogParser): Pick<ReadFile, 'stamps' | 'prefixed' | 'summaries'> {
  const { kind, digits, relativeUnusable, first, last } = stamps
  return {
    stamps: { kind, digits, relativeUnusable, first, last },
    prefixed: chooser.prefixed,
    summaries: summary.tables,
  }
}
