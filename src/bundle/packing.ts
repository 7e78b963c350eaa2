import { threadProgram } from '../base/thread-program.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { Redactor } from '../redaction/redactor.ts'
import type { Packing, PackingPlan } from './packing-model.ts'

/** Below this a thread costs more than it saves: it starts cold. */
const WORTH_A_THREAD = 16 * 1024 * 1024

/**
 * Begins a bundle. A large one is made by a thread of its own beside the analysis; the result is the same. `redactor`
 * is used where there is no thread.
 */
export async function startPacking(
  files: readonly EvidenceFile[],
  plan: PackingPlan,
  redactor: Redactor,
  diagnostics: Diagnostics,
  advance: (bytes: number) => void,
  mayUseThread: boolean,
): Promise<Packing> {
  const plain = files.every((file) => file.diskPath !== null)
  const program = mayUseThread && plain && plan.bytes >= WORTH_A_THREAD ? threadProgram('pack-worker') : null
  if (program !== null) {
    const { PackingThread } = await import('./packing-thread.ts')
    return new PackingThread(program, files, plan, diagnostics, advance)
  }
  const { BundleWriter } = await import('./bundle-writer.ts')
  const writer = new BundleWriter(plan.path, plan.newest, plan.bytes)
  return {
    isBeside: false,
    inputs: writer.addEvidence(files, redactor, advance),
    finish: (documents, shown, info) => writer.finish(documents, { policy: plan.policy, shown }, info),
    abort: () => writer.abort(),
  }
}
