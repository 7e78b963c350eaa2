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

/**
 * Takes files and hashes them, up to the first that is larger than `largest`. What is not as it was found is taken and has
 * no hash.
 */
export function* hashNext(order: HashOrder, largest: number): Generator<InputHash> {
  for (let file = takeNext(order, largest); file !== null; file = takeNext(order, largest)) {
    const { path, bytes, format, diskPath } = file
    const original = hashPlain(diskPath, bytes, () => {})
    if (original !== null) yield { path, format, original }
  }
}

/** Takes the next file unless it is larger than `largest`; `null` when there is none to take. */
function takeNext({ files, taken }: HashOrder, largest: number): PackedFile | null {
  const count = new Int32Array(taken)
  for (;;) {
    const at = Atomics.load(count, 0)
    const next = files[at]
    if (next === undefined || next.bytes > largest) return null
    if (Atomics.compareExchange(count, 0, at, at + 1) === at) return next
  }
}
