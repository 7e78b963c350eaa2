import { EvidenceError } from '../evidence-error.ts'

const SLICE = 16 * 1024
/** Footer magic of one stream right before the header magic of the next. */
const NEXT_STREAM = Buffer.from([0x59, 0x5a, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])

/**
 * The .xz format (tukaani.org/xz/xz-file-format.txt), decoded by xz-embedded in WebAssembly. The library knows one
 * stream and stops after it; files made by `cat a.xz b.xz` hold several, so the next is looked for in what is left.
 *
 * It also keeps one global lock while a stream is open: read to the end, one at a time (`codecs.ts` sees to that).
 */
export async function* unxz(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { XzReadableStream } = await import('xz-decompress')
  const input = new Slices(packed)
  try {
    do {
      const reader = new XzReadableStream(input.stream()).getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        if (value.length > 0) yield value
      }
    } while (await input.rewindToNextStream())
  } catch (error) {
    throw new EvidenceError('archive-damaged', `the xz data is damaged or cut (${(error as Error).message})`)
  }
}

/** The input in slices; remembers the last ones, because the library does not say how far it read. */
class Slices {
  readonly #iterator: AsyncIterator<Uint8Array>
  #pending: Uint8Array = new Uint8Array(0)
  #given: Uint8Array = new Uint8Array(0)

  constructor(packed: AsyncIterable<Uint8Array>) {
    this.#iterator = packed[Symbol.asyncIterator]()
  }

  /** An input for one decoder. */
  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const slice = await this.#next()
          // Asked again after this, the decoder finds that it makes no progress, and fails.
          if (!slice) return controller.close()
          // The end of the slice before stays in sight: a footer may straddle two.
          this.#given = Buffer.concat([this.#given.subarray(-NEXT_STREAM.length), slice])
          controller.enqueue(slice)
        },
      },
      { highWaterMark: 0 },
    )
  }

  /** After a stream ended: puts back what belongs to the next one. False when there is none. */
  async rewindToNextStream(): Promise<boolean> {
    const next = await this.#next()
    const seen = Buffer.concat([this.#given, next ?? new Uint8Array(0)])
    const at = seen.indexOf(NEXT_STREAM)
    if (at < 0) return false
    this.#pending = Buffer.concat([seen.subarray(at + 2), this.#pending])
    this.#given = new Uint8Array(0)
    return true
  }

  async #next(): Promise<Uint8Array | null> {
    while (this.#pending.length === 0) {
      const { done, value } = await this.#iterator.next()
      if (done) return null
      this.#pending = value
    }
    const slice = Uint8Array.from(this.#pending.subarray(0, SLICE))
    this.#pending = this.#pending.subarray(SLICE)
    return slice
  }
}
