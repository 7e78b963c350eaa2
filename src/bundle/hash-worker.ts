/** The program of the hashing thread: hashes plain files while the main thread analyses them. */
import { parentPort } from 'node:worker_threads'
import { hashPlain, type InputHash } from './evidence-ledger.ts'
import { type HashOrder, takeNext } from './hash-order.ts'

/** From the thread, for each order; a file that is not as it was found, or that another took, has no hash. */
export type HashReport = readonly InputHash[]

const port = parentPort!

port.on('message', (order: HashOrder) => {
  const report: InputHash[] = []
  for (
    let file = takeNext(order, Number.POSITIVE_INFINITY);
    file !== null;
    file = takeNext(order, Number.POSITIVE_INFINITY)
  ) {
    const { path, bytes, format, diskPath } = file
    const original = hashPlain(diskPath, bytes, () => {})
    if (original !== null) report.push({ path, format, original })
  }
  port.postMessage(report satisfies HashReport)
})
