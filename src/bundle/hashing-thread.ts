import { Worker } from 'node:worker_threads'
import { THREAD_ROOM } from '../base/thread-program.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { InputHash } from './evidence-ledger.ts'
import { type HashOrder, hashNext, orderOf } from './hash-order.ts'
import type { HashReport } from './hash-worker.ts'
import type { PackedFile } from './packing-model.ts'

/** A thread that hashes what it is ordered to. It keeps no process alive before. */
export class HashingThread {
  /** What it has hashed, by path. */
  readonly known = new Map<string, InputHash>()
  readonly #worker: Worker
  readonly #all: HashOrder[] = []
  /** Rejects when the thread fails. */
  readonly #failure: Promise<never>
  #orders = 0
  #idle: Promise<void> = Promise.resolve()
  #resolve: () => void = () => {}

  constructor(program: URL) {
    this.#worker = new Worker(program, { resourceLimits: THREAD_ROOM })
    this.#worker.unref()
    this.#worker.on('message', (report: HashReport) => {
      for (const hash of report) this.known.set(hash.path, hash)
      if (--this.#orders === 0) this.#resolve()
    })
    this.#failure = new Promise((_, reject) => {
      this.#worker.on('error', reject)
    })
    // Whoever waits hears of a failure; before that it must not end the process.
    this.#failure.catch(() => undefined)
  }

  order(files: readonly EvidenceFile[]): void {
    if (this.#orders++ === 0)
      this.#idle = new Promise((resolve) => {
        this.#resolve = resolve
      })
    const order = orderOf(plainOf(files))
    this.#all.push(order)
    this.#worker.ref()
    this.#worker.postMessage(order)
  }

  /** Hashes beside it what it has not begun yet. */
  async help(): Promise<void> {
    for (const order of this.#all) for await (const hash of hashNext(order)) this.known.set(hash.path, hash)
  }

  /** Everything ordered is hashed; throws where that failed. */
  done(): Promise<void> {
    return Promise.race([this.#idle, this.#failure])
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }
}

const plainOf = (files: readonly EvidenceFile[]): PackedFile[] =>
  files.flatMap(({ path, bytes, format, diskPath }) =>
    diskPath === null ? [] : [{ path, bytes, format, diskPath }],
  )
