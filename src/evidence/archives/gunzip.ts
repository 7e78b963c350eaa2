import { createGunzip } from 'node:zlib'
import { EvidenceError } from '../evidence-error.ts'

/** 16 KiB of input make at most 16 MiB of output (deflate gives 1,032 to 1 at best): that much waits in memory. */
const SLICE = 16 * 1024

/**
 * RFC 1952, several members in a row included. What came out before damage is handed on, then an EvidenceError is
 * thrown; a `for await` over the zlib stream itself would lose the last pieces.
 */
export async function* gunzip(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: 256 * 1024 })
  let ready: Uint8Array[] = []
  let failure: Error | null = null
  stream.on('data', (chunk: Uint8Array) => ready.push(chunk))
  stream.on('error', (error) => {
    failure = error
  })
  const take = (): Uint8Array[] => {
    const taken = ready
    ready = []
    return taken
  }
  try {
    for await (const chunk of packed)
      for (let at = 0; at < chunk.length; at += SLICE) {
        const slice = chunk.subarray(at, at + SLICE)
        await new Promise<void>((resolve) => stream.write(slice, () => resolve()))
        yield* take()
        if (failure) throw damaged(failure)
      }
    await new Promise<void>((resolve) => {
      stream.once('end', resolve).once('error', () => resolve())
      if (failure) resolve()
      stream.end()
    })
    yield* take()
    if (failure) throw damaged(failure)
  } finally {
    stream.destroy()
  }
}

const damaged = (error: Error): EvidenceError =>
  new EvidenceError('archive-damaged', `the gzip data is damaged (${error.message})`)
