import { hashPlain, type InputHash } from './evidence-ledger.ts'
import type { PackedFile } from './packing-model.ts'

/** Files to be hashed, shared between threads: each takes the next file that nobody has taken. */
export interface HashOrder {
  readonly files: readonly PackedFile[]
  /** How many are taken, in one number. */
  readonly taken: SharedArrayBuffer
}

export const orderOf = (files: readonly PackedFile[]): HashOrder => ({
  files,
  taken: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
})

/** Takes files and hashes them until none is left. What is not as it was found is taken and has no hash. */
export async function* hashNext(order: HashOrder): AsyncGenerator<InputHash> {
  for (let file = takeNext(order); file !== null; file = takeNext(order)) {
    const { path, bytes, format, diskPath } = file
    const original = await hashPlain(diskPath, bytes, () => {})
    if (original !== null) yield { path, format, original }
  }
}

/** Takes the next file; `null` when there is none to take. */
const takeNext = ({ files, taken }: HashOrder): PackedFile | null =>
  files[Atomics.add(new Int32Array(taken), 0, 1)] ?? null
