/** The program of the hashing thread: hashes plain files while the main thread analyses them. */
import { parentPort } from 'node:worker_threads'
import type { InputHash } from './evidence-ledger.ts'
import { type HashOrder, hashNext } from './hash-order.ts'

/** From the thread, for each order; a file that is not as it was found, or that another took, has no hash. */
export type HashReport = readonly InputHash[]

const port = parentPort!

port.on('message', async (order: HashOrder) => {
  const hashes: InputHash[] = []
  for await (const hash of hashNext(order)) hashes.push(hash)
  port.postMessage(hashes satisfies HashReport)
})
