/** The program of the packing thread: makes the bundle of plain files while the main thread analyses them. */
import { parentPort } from 'node:worker_threads'
import { Damage } from '../evidence/damage.ts'
import { diskSource } from '../evidence/disk.ts'
import { unchanged } from '../evidence/unchanged.ts'
import type { DiagnosticCode } from '../model/diagnostic-catalogue.ts'
import { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile, NameHints } from '../model/evidence.ts'
import { createRedactor } from '../redaction/redactor.ts'
import { BundleWriter } from './bundle-writer.ts'
import type { Order, PackedFile, PackingPlan, Report } from './packing-model.ts'

const TELL_EVERY = 8 * 1024 * 1024
const port = parentPort!
let plan: PackingPlan | null = null
let writer: BundleWriter | null = null

const tell = (report: Report): void => port.postMessage(report)

port.on('message', (order: Order) => {
  const work = 'pack' in order ? pack(order.pack) : finish(order.finish)
  work.catch((error: NodeJS.ErrnoException) => tell({ failure: error.message, code: error.code }))
})

async function pack(order: Extract<Order, { pack: unknown }>['pack']): Promise<void> {
  plan = order
  writer = new BundleWriter(order.path, order.newest, order.bytes)
  const changes: { code: DiagnosticCode; file: string; detail: string }[] = []
  const diagnostics = new (class extends Diagnostics {
    override report(...[code, file, , detail]: Parameters<Diagnostics['report']>): void {
      changes.push({ code, file, detail: detail ?? '' })
    }
  })()
  let untold = 0
  const entries = await writer.addEvidence(
    evidenceOf(order.files, diagnostics),
    createRedactor(order.policy, () => order.key),
    (bytes) => {
      untold += bytes
      if (untold < TELL_EVERY) return
      tell({ advance: untold })
      untold = 0
    },
  )
  tell({ advance: untold })
  tell({ entries, diagnostics: changes })
}

async function finish({
  documents,
  shown,
  info,
}: Extract<Order, { finish: unknown }>['finish']): Promise<void> {
  await writer!.finish(documents, { policy: plan!.policy, shown }, info)
  tell({ done: true })
}

const NO_HINTS: NameHints = { pid: null, tid: null, group: null, stamp: null, stampWidth: null }

/** One by one: of tens of thousands none is held. */
function* evidenceOf(files: readonly PackedFile[], diagnostics: Diagnostics): Generator<EvidenceFile> {
  for (const { path, bytes, format, diskPath } of files) {
    const source = diskSource(path, diskPath, bytes)
    yield {
      path,
      bytes,
      format,
      side: null,
      why: '',
      hints: NO_HINTS,
      diskPath,
      read: unchanged(source, bytes, new Damage(path, diagnostics)),
    }
  }
}
