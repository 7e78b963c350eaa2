import { ARCHIVE_REASONS } from '../../model/archive-reasons.ts'
import { EvidenceError } from '../evidence-error.ts'

/*
 * The library's errors: code 8 is XZ_BUF_ERROR of xz-embedded (no progress), a TypeError is what an empty input gives.
 */

/**
 * The .xz format (tukaani.org/xz/xz-file-format.txt), several streams in a row included, decoded by xz-embedded in
 * WebAssembly. What came out before damage is handed on, then an EvidenceError is thrown.
 *
 * The library keeps one global lock while a stream is open: read to the end, one at a time (`codecs.ts` sees to that).
 */
export async function* unxz(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { XzReadableStream } = await loadLibrary()
  const input = packed[Symbol.asyncIterator]()
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await input.next()
        // Asked again after the end of a cut file, the decoder makes no progress and fails.
        if (done) controller.close()
        else controller.enqueue(value)
      },
    },
    { highWaterMark: 0 },
  )
  const reader = new XzReadableStream(stream).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      if (value.length > 0) yield value
    }
  } catch (error) {
    const isCut = error instanceof TypeError || /code 8$/.test(String(error))
    throw new EvidenceError('archive-damaged', ARCHIVE_REASONS[isCut ? 'xzCut' : 'xz'].en)
  }
}

/** The package is CommonJS: its `default` is what it exports, in Node and in the bundle alike; names of their own are not. */
async function loadLibrary(): Promise<typeof import('xz-decompress')> {
  const loaded = (await import('xz-decompress')) as unknown as { default: typeof import('xz-decompress') }
  return loaded.default
}
