/** Words kept at most: evidence with more different words than that is no evidence. */
const MOST_WORDS = 8192
const LONGEST_WORD = 64

/** A judgement about words of latin1 bytes, made once a word and then found without making a string. */
export class WordVerdicts {
  readonly #judge: (word: string) => number
  readonly #slots = new Int32Array(MOST_WORDS * 4).fill(-1)
  readonly #starts: number[] = []
  readonly #lengths: number[] = []
  readonly #verdicts: number[] = []
  readonly #pool = new Uint8Array(MOST_WORDS * LONGEST_WORD)
  #used = 0

  constructor(judge: (word: string) => number) {
    this.#judge = judge
  }

  of(buffer: Uint8Array, start: number, end: number): number {
    const length = end - start
    let hash = length
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + buffer[at]!) | 0
    const mask = this.#slots.length - 1
    let slot = (hash ^ (hash >>> 15)) & mask
    for (let entry = this.#slots[slot]!; entry >= 0; entry = this.#slots[slot]!) {
      if (this.#lengths[entry] === length && this.#equals(this.#starts[entry]!, buffer, start, length))
        return this.#verdicts[entry]!
      slot = (slot + 1) & mask
    }
    const verdict = this.#judge(
      Buffer.from(buffer.buffer, buffer.byteOffset + start, length).toString('latin1'),
    )
    if (length <= LONGEST_WORD && this.#starts.length < MOST_WORDS) {
      this.#slots[slot] = this.#starts.length
      this.#starts.push(this.#used)
      this.#lengths.push(length)
      this.#verdicts.push(verdict)
      this.#pool.set(buffer.subarray(start, end), this.#used)
      this.#used += length
    }
    return verdict
  }

  #equals(from: number, buffer: Uint8Array, start: number, length: number): boolean {
    const pool = this.#pool
    for (let at = 0; at < length; at++) if (pool[from + at] !== buffer[start + at]) return false
    return true
  }
}
