import { Worker } from 'node:worker_threads'
import { THREAD_ROOM } from '../base/thread-program.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { HandedTrace } from './handed-trace.ts'
import type { RunKind } from './read-share.ts'
import type { ReadReport, ShareOrder } from './trace-worker.ts'

/** A thread that reads some files of a run beside the main one. */
export class ReadingThread {
  readonly files: readonly EvidenceFile[]
  /** What it hands over; `null` when it cannot, for whatever reason: then whoever reads its files finds the reason. */
  readonly handed: Promise<HandedTrace | null>
  readonly #worker: Worker
  readonly #bytesRead = new BigInt64Array(new SharedArrayBuffer(8))
  #told = 0

  constructor(
    program: URL,
    kind: RunKind,
    first: number,
    files: readonly EvidenceFile[],
    blocksHeld: number,
  ) {
    this.files = files
    const order: ShareOrder = {
      kind,
      first,
      files: files.map(({ read: _, watch: __, passed: ___, ...plain }) => plain),
      blocksHeld,
      bytesRead: this.#bytesRead,
    }
    // The file of its rows stays open when it ends.
    this.#worker = new Worker(program, {
      workerData: order,
      trackUnmanagedFds: false,
      resourceLimits: THREAD_ROOM,
    })
    this.handed = new Promise((resolve) => {
      this.#worker.on('message', (report: ReadReport) => resolve(report))
      this.#worker.on('error', () => resolve(null))
      this.#worker.on('exit', () => resolve(null))
    })
  }

  /** Tells its files how far they are read. */
  tell(): void {
    const bytes = Number(Atomics.load(this.#bytesRead, 0))
    if (bytes > this.#told) this.files[0]?.passed?.(bytes - this.#told)
    this.#told = bytes
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }
}
