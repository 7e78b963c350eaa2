import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { MIB } from '../../base/units.ts'
import { EvidenceError } from '../evidence-error.ts'
import type { UnpackBudget } from './limits.ts'

const BLOCK = MIB

/** Bytes kept in memory in blocks of 1 MiB, deflated where that helps, readable from any offset. */
export interface Stored {
  readonly bytes: number
  range(start: number, end: number): AsyncIterable<Uint8Array>
  /** Why it ends early: damage in the stream it came from. */
  readonly failure: Error | null
}

/**
 * Keeps a member of an archive that can only be read from front to back. Snapshots deflate 19–30 to 1, so a gigabyte
 * of them costs about 50 MB. What came before damage is kept. Throws EvidenceError when it is refused.
 */
export async function store(stream: AsyncIterable<Uint8Array>, budget: UnpackBudget): Promise<Stored> {
  const blocks: Uint8Array[] = []
  let open: Uint8Array[] = []
  let filled = 0
  let bytes = 0
  const close = (): void => {
    const block = deflateRawSync(Buffer.concat(open), { level: 1 })
    budget.hold(block.length)
    blocks.push(block)
    open = []
    filled = 0
  }
  let failure: Error | null = null
  const iterator = survivable(stream, (error) => {
    failure = error
  })
  for await (const chunk of iterator) {
    bytes += chunk.length
    budget.addBytes(chunk.length)
    let rest = chunk
    while (filled + rest.length >= BLOCK) {
      open.push(rest.subarray(0, BLOCK - filled))
      rest = rest.subarray(BLOCK - filled)
      close()
    }
    // A copy: the stream may hand out parts of a large buffer that would otherwise stay alive.
    if (rest.length > 0) open.push(Uint8Array.from(rest))
    filled += rest.length
  }
  if (filled > 0) close()
  return { bytes, failure, range: (start, end) => readBlocks(blocks, start, Math.min(end, bytes)) }
}

/** The stream up to its damage, which `fail` is told; a refusal is thrown on. */
async function* survivable(
  stream: AsyncIterable<Uint8Array>,
  fail: (error: Error) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk
  } catch (error) {
    if (error instanceof EvidenceError && error.kind === 'archive-refused') throw error
    fail(error as Error)
  }
}

async function* readBlocks(
  blocks: readonly Uint8Array[],
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; ) {
    const index = Math.floor(at / BLOCK)
    const block = inflateRawSync(blocks[index]!)
    const from = at - index * BLOCK
    const part = block.subarray(from, Math.min(block.length, from + end - at))
    yield part
    at += part.length
  }
}
