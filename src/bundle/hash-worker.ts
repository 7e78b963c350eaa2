/** The program of the hashing thread: hashes plain files while the main thread analyses them. */
import { parentPort } from 'node:worker_threads'
import { hashPlain, type InputHash } from './evidence-ledger.ts'
import type { PackedFile } from './packing-model.ts'

/** To the thread. */
export type HashOrder = readonly PackedFile[]
/** From the thread, for each order; a file that is not as it was found has no hash. */
export type HashReport = readonly InputHash[]

const port = parentPort!

port.on('message', (files: HashOrder) => {
  const report: HashReport = files.flatMap(({ path, bytes, format, diskPath }) => {
    const original = hashPlain(diskPath, bytes, () => {})
    return original === null ? [] : [{ path, format, original }]
  })
  port.postMessage(report)
})
