/** The program of the hashing thread: hashes plain files while the main thread analyses them. */
import { parentPort } from 'node:worker_threads'
import { hashPlain, type InputHash } from './evidence-ledger.ts'
import type { PackedFile } from './packing-model.ts'

/** To the thread. */
export type HashOrder = readonly PackedFile[]
/** From the thread; a file that is not as it was found has no hash. */
export type HashReport = { readonly advance: number } | { readonly hashes: readonly InputHash[] }

const TELL_EVERY = 8 * 1024 * 1024
const port = parentPort!
const tell = (report: HashReport): void => port.postMessage(report)

port.on('message', (files: HashOrder) => {
  let untold = 0
  const hashes = files.flatMap(({ path, bytes, format, diskPath }) => {
    const original = hashPlain(diskPath, bytes, (read) => {
      untold += read
      if (untold < TELL_EVERY) return
      tell({ advance: untold })
      untold = 0
    })
    return original === null ? [] : [{ path, format, original }]
  })
  tell({ advance: untold })
  tell({ hashes })
})
