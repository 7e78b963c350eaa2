import { Worker } from 'node:worker_threads'
import { THREAD_ROOM } from '../base/thread-program.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { RedactionCount } from '../redaction/policy.ts'
import type { BundleDocuments } from './bundle-writer.ts'
import type { InputHash, LedgerEntry } from './evidence-ledger.ts'
import type { Order, PackedFile, Packing, PackingInfo, PackingPlan, Report } from './packing-model.ts'

/** Packs plain files in a thread. What fails there fails here, with the same code. */
export class PackingThread implements Packing {
  readonly isBeside = true
  readonly inputs: Promise<readonly InputHash[]>
  readonly #worker: Worker
  readonly #diagnostics: Diagnostics
  #settle: { resolve(entries: readonly LedgerEntry[]): void; reject(error: Error): void } | null = null
  #finished: { resolve(): void; reject(error: Error): void } | null = null

  constructor(
    program: URL,
    files: readonly EvidenceFile[],
    plan: PackingPlan,
    diagnostics: Diagnostics,
    advance: (bytes: number) => void,
  ) {
    this.#diagnostics = diagnostics
    const packed = files.map(
      ({ path, bytes, format, diskPath }): PackedFile => ({ path, bytes, format, diskPath: diskPath! }),
    )
    this.#worker = new Worker(program, { resourceLimits: THREAD_ROOM })
    this.inputs = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // Whoever waits for it hears of a failure; before that it must not end the process.
    this.inputs.catch(() => undefined)
    this.#worker.on('message', (report: Report) => this.#hear(report, advance))
    this.#worker.on('error', (error) => this.#fail(error as Error))
    this.#send({ pack: { ...plan, files: packed } })
  }

  finish(documents: BundleDocuments, shown: readonly RedactionCount[], info: PackingInfo): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      this.#finished = { resolve, reject }
      const lent = Object.values(documents).flatMap((pieces) =>
        pieces.map(({ buffer }) => buffer as ArrayBuffer),
      )
      this.#send({ finish: { documents, shown, info } }, lent)
    }).finally(() => this.#worker.terminate())
  }

  async abort(): Promise<void> {
    await this.#worker.terminate()
  }

  /** Memory that is lent goes over to the thread and is gone here. */
  #send(order: Order, lent: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(order, lent)
  }

  #hear(report: Report, advance: (bytes: number) => void): void {
    if ('advance' in report) advance(report.advance)
    if ('entries' in report) {
      for (const { code, file, detail } of report.diagnostics)
        if (!this.#diagnostics.places(code).some((place) => place.file === file))
          this.#diagnostics.report(code, file, null, detail)
      this.#settle?.resolve(report.entries)
    }
    if ('done' in report) this.#finished?.resolve()
    if ('failure' in report) this.#fail(Object.assign(new Error(report.failure), { code: report.code }))
  }

  #fail(error: Error): void {
    this.#settle?.reject(error)
    this.#finished?.reject(error)
  }
}
