/** A stream of bytes that is asked for so many at a time. */
export class ByteQueue {
  readonly #iterator: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)
  #offset = 0

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#iterator = stream[Symbol.asyncIterator]()
  }

  /** Bytes taken so far. */
  get offset(): number {
    return this.#offset
  }

  /** The next bytes, at least one and at most `most`; `null` at the end. Valid until the next call. */
  async next(most: number): Promise<Uint8Array | null> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#iterator.next()
      if (done) return null
      this.#rest = value
    }
    const part = this.#rest.subarray(0, most)
    this.#rest = this.#rest.subarray(part.length)
    this.#offset += part.length
    return part
  }

  /** Exactly `length` bytes, or fewer at the end. A copy. */
  async take(length: number): Promise<Uint8Array> {
    const whole = new Uint8Array(length)
    let got = 0
    for await (const part of this.part(length)) {
      whole.set(part, got)
      got += part.length
    }
    return whole.subarray(0, got)
  }

  /** The next `length` bytes as a stream, or fewer at the end. */
  async *part(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      const part = await this.next(left)
      if (!part) return
      left -= part.length
      yield part
    }
  }

  /** Gives the stream up. */
  async close(): Promise<void> {
    await this.#iterator.return?.()
  }
}
