const TOKEN_ROOM = 64
const HEX = Buffer.from('0123456789abcdef')

/**
 * Output of a pass that leaves most bytes as they are: spans of the source are copied when something between them is
 * replaced. A line can be taken back while it is being written.
 */
export class Rewrite {
  #source: Uint8Array = new Uint8Array(0)
  #out = Buffer.allocUnsafe(1 << 16)
  #length = 0
  /** Source bytes before this are in the output. */
  #done = 0
  #markLength = 0
  #markDone = 0

  begin(source: Uint8Array): void {
    this.#source = source
    this.#length = 0
    this.#done = 0
  }

  mark(): void {
    this.#markLength = this.#length
    this.#markDone = this.#done
  }

  /** Forgets what was written since `mark`. */
  takeBack(): void {
    this.#length = this.#markLength
    this.#done = this.#markDone
  }

  /** Puts `[length:digits]` in place of source bytes `[start, end)`; `low` and `high` as SipHash gives them. */
  payload(start: number, end: number, length: number, low: number, high: number): void {
    this.#copy(start)
    const out = this.#out
    let at = this.#length
    out[at++] = 0x5b
    at += out.write(String(length), at, 'latin1')
    out[at++] = 0x3a
    for (let shift = 12; shift >= 0; shift -= 4) out[at++] = HEX[(high >>> shift) & 15]!
    for (let shift = 28; shift >= 0; shift -= 4) out[at++] = HEX[(low >>> shift) & 15]!
    out[at++] = 0x5d
    this.#length = at
    this.#done = end
  }

  /** Puts latin1 text in place of source bytes `[start, end)`. */
  text(start: number, end: number, text: string): void {
    this.#copy(start, text.length)
    this.#length += this.#out.write(text, this.#length, 'latin1')
    this.#done = end
  }

  /** The bytes of the whole pass up to `end` of the source; the source itself when nothing changed. */
  finish(end: number): Uint8Array {
    if (this.#length === 0 && this.#done === 0) return this.#source.subarray(0, end)
    this.#copy(end)
    return Uint8Array.prototype.slice.call(this.#out, 0, this.#length)
  }

  #copy(end: number, more = 0): void {
    const span = end - this.#done
    if (this.#length + span + more + TOKEN_ROOM > this.#out.length) {
      const grown = Buffer.allocUnsafe((this.#length + span + more + TOKEN_ROOM) * 2)
      this.#out.copy(grown, 0, 0, this.#length)
      this.#out = grown
    }
    this.#out.set(this.#source.subarray(this.#done, end), this.#length)
    this.#length += span
    this.#done = end
  }
}
