import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { RedactionCount, RedactionPolicy } from '../redaction/policy.ts'
import type { Redactor } from '../redaction/redactor.ts'
import type { BagInfo } from './bag.ts'
import { type BundleDocuments, BundleWriter } from './bundle-writer.ts'
import type { InputHash } from './evidence-ledger.ts'
import { isThreadThere, PackingThread } from './packing-thread.ts'

/** What has to be known before the first byte of a bundle is written. */
export interface PackingPlan {
  /** Where the zip goes. */
  readonly path: string
  /** Newest stamp of the evidence, microseconds: the time of every entry. */
  readonly newest: number
  readonly bytes: number
  readonly policy: RedactionPolicy
  readonly key: Uint8Array
}

/** A bundle that is being made. */
export interface Packing {
  /** Whether it goes on while this thread works. */
  readonly isBeside: boolean
  /** Hashes of the evidence, when all of it is in. */
  readonly inputs: Promise<readonly InputHash[]>
  finish(documents: BundleDocuments, shown: readonly RedactionCount[], info: PackingInfo): Promise<void>
  abort(): Promise<void>
}
export type PackingInfo = Omit<BagInfo, 'payloadBytes' | 'payloadFiles' | 'date'>

/** Below this a thread costs more than it saves: it starts cold. */
const WORTH_A_THREAD = 16 * 1024 * 1024

/**
 * Begins a bundle. A large one is made by a thread of its own beside the analysis; the result is the same. `redactor`
 * is used where there is no thread.
 */
export function startPacking(
  files: readonly EvidenceFile[],
  plan: PackingPlan,
  redactor: Redactor,
  diagnostics: Diagnostics,
  advance: (bytes: number) => void,
  mayUseThread: boolean,
): Packing {
  const plain = files.every((file) => file.diskPath !== null)
  if (mayUseThread && plain && plan.bytes >= WORTH_A_THREAD && isThreadThere())
    return new PackingThread(files, plan, diagnostics, advance)
  const writer = new BundleWriter(plan.path, plan.newest, plan.bytes)
  return {
    isBeside: false,
    inputs: writer.addEvidence(files, redactor, advance),
    finish: (documents, shown, info) => writer.finish(documents, { policy: plan.policy, shown }, info),
    abort: () => writer.abort(),
  }
}
