/** What happens to the evidence beside the analysis: it is hashed, and packed where a bundle is asked for. */
import { availableParallelism } from 'node:os'
import type { BundleDocuments } from '../bundle/bundle-writer.ts'
import type { Inputs } from '../bundle/evidence-ledger.ts'
import { startHashing } from '../bundle/hashing.ts'
import { type HashingAhead, hashingAhead } from '../bundle/hashing-ahead.ts'
import { startPacking } from '../bundle/packing.ts'
import type { PackingInfo } from '../bundle/packing-model.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import { bytesOf, type Capture, type EvidenceFile } from '../model/evidence.ts'
import type { RedactionKey } from '../redaction/key.ts'
import type { Redactor } from '../redaction/redactor.ts'
import { draftBeside } from './draft.ts'
import type { ProgressPorts } from './ports.ts'
import type { RunOptions } from './run-options.ts'

export interface Custody {
  /** The files by which the evidence is to be read. */
  readonly files: readonly EvidenceFile[]
  /** How many threads may read it. */
  readonly threads: number
  /** It tells its own progress until the bundle is complete: nothing else is to be told meanwhile. */
  readonly tellsToTheEnd: boolean
  /** The analysis leaves a processor free from now on. */
  leaveProcessor(): void
  /** Drafts the outputs with the hashes of the evidence, which are waited for when they are asked for. */
  draft<Draft>(make: (inputs: Inputs) => Promise<Draft>): Promise<Draft>
  /** Completes the bundle. */
  finish(documents: BundleDocuments, info: PackingInfo): Promise<void>
  /** Gives up an unfinished bundle. */
  abort(): Promise<void>
}

/** What custody needs to know of the run. */
export interface CustodyOrder {
  readonly capture: Capture
  readonly options: RunOptions
  readonly key: RedactionKey
  /** Redacts what is shown, and what is stored. */
  readonly shown: Redactor
  readonly stored: Redactor
  readonly diagnostics: Diagnostics
  readonly hashing: HashingAhead | null
  /** Where the bundle is written, and the time its entries carry. */
  readonly path: () => string
  readonly newest: number
  readonly progress: ProgressPorts
}

const jobsOf = ({ jobs }: RunOptions): number => jobs ?? availableParallelism()
const isPacked = ({ formats }: RunOptions): boolean => formats.includes('zip')
/** The key map wants what the main thread's own redactor replaced. */
const mayPackBeside = (options: RunOptions): boolean => options.redactionMap === null && jobsOf(options) > 1

/** What hashes in a thread of its own; `null` where none is left for it. */
export function hashingAheadOf(options: RunOptions): HashingAhead | null {
  const jobs = jobsOf(options)
  const isLeft = isPacked(options)
    ? mayPackBeside(options) && jobs > 2
    : Math.max(jobs, availableParallelism()) > 1
  return isLeft ? hashingAhead() : null
}

export async function takeCustody(order: CustodyOrder): Promise<Custody> {
  const jobs = jobsOf(order.options)
  return isPacked(order.options) ? pack(order, jobs) : hash(order, jobs)
}

function hash({ capture, hashing: ahead, progress }: CustodyOrder, jobs: number): Custody {
  progress.stage('reading', bytesOf(capture.files))
  const hashing = startHashing(capture.files, (bytes) => progress.advance(bytes), ahead)
  // The analysis leaves a processor free from the start.
  if (jobs < availableParallelism()) hashing.hashLogs()
  return {
    files: hashing.files,
    threads: jobs,
    tellsToTheEnd: false,
    leaveProcessor: () => hashing.hashLogs(),
    draft: (make) => make(() => hashing.inputs()),
    finish: async () => {},
    abort: async () => {},
  }
}

async function pack(order: CustodyOrder, jobs: number): Promise<Custody> {
  const { capture, options, key, shown, stored, diagnostics, newest, progress } = order
  const bytes = bytesOf(capture.files)
  const advance = (packed: number) => progress.advance(packed)
  progress.stage('packing', bytes)
  const plan = { path: order.path(), newest, bytes, policy: options.redact, key: key() }
  const bundle = await startPacking(capture.files, plan, stored, diagnostics, advance, mayPackBeside(options))
  // A thread that packs tells what it packed in the end only: it is hashed once more, so that the drafts need not wait.
  const hashing = bundle.isBeside ? startHashing(capture.files, () => {}, order.hashing) : null
  const abort = () => bundle.abort()
  if (!hashing)
    await bundle.inputs.catch(async (error) => {
      await abort()
      throw error
    })
  if (!bundle.isBeside) progress.stage('reading', bytes)
  return {
    files: hashing?.files ?? capture.files.map((file) => ({ ...file, passed: advance })),
    threads: bundle.isBeside ? jobs - 1 : jobs,
    tellsToTheEnd: bundle.isBeside,
    leaveProcessor: () => hashing?.hashLogs(),
    draft: (make) =>
      draftBeside(() => hashing?.inputs() ?? bundle.inputs, bundle.inputs, make, shown, diagnostics),
    finish: (documents, info) => bundle.finish(documents, shown.counts(), info),
    abort,
  }
}
