/**
 * Cuts a stream of bytes into lines without making strings. Lines end in `\n` or `\r\n`; the last may end in neither.
 * A `\r` that is not followed by `\n` belongs to the line, and so do NUL bytes.
 */

/**
 * Receives one line as `buffer[start, end)`, without its line end. Lines count from 1. The bytes are only valid
 * during the call. `cut` is true when the line was longer than the scanner keeps: these are its first bytes.
 */
export type LineSink = (
  buffer: Uint8Array,
  start: number,
  end: number,
  lineNumber: number,
  cut: boolean,
) => void

/** Longest line that is handed on whole. The longest real ones (`strace -s 65536 -v`) stay far below. */
export const LONGEST_LINE = 1 << 20

const NOTHING = new Uint8Array(0)
const NEWLINE = 10
const RETURN = 13

/** Push chunks of any size in order, then `finish()`. Memory stays bounded: a line of 100 MB costs `longest` bytes. */
export class LineScanner {
  readonly #sink: LineSink
  readonly #longest: number
  #carry = NOTHING
  #carried = 0
  #overflow = false
  #lastCarried = 0
  #lines = 0
  #bytes = 0
  #openEnd = false

  constructor(sink: LineSink, longest = LONGEST_LINE) {
    this.#sink = sink
    this.#longest = longest
  }

  /** Lines with lower numbers are counted and not handed on. */
  from = 0

  /** Lines seen so far. */
  get lines(): number {
    return this.#lines
  }

  /** Bytes pushed so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** After `finish()`: whether the last line had no line end. */
  get openEnd(): boolean {
    return this.#openEnd
  }

  /** Hands on every line that ends inside `chunk`. The chunk may be reused afterwards. */
  push(chunk: Uint8Array): void {
    const length = chunk.length
    this.#bytes += length
    let start = 0
    if (this.#carried > 0 || this.#overflow) {
      const end = chunk.indexOf(NEWLINE)
      this.#keep(chunk, 0, end < 0 ? length : end)
      if (end < 0) return
      this.#handCarried()
      start = end + 1
    }
    const sink = this.#sink
    const longest = this.#longest
    // A Buffer searches with memchr: over lines of usual length several times faster than looking at every byte here.
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, length)
    for (let at = bytes.indexOf(NEWLINE, start); at >= 0; at = bytes.indexOf(NEWLINE, start)) {
      this.#lines += 1
      if (this.#lines >= this.from) {
        const end = at > start && chunk[at - 1] === RETURN ? at - 1 : at
        const cut = end - start > longest
        sink(chunk, start, cut ? start + longest : end, this.#lines, cut)
      }
      start = at + 1
    }
    if (start < length) this.#keep(chunk, start, length)
  }

  /** Hands on the last line when it has no line end. */
  finish(): void {
    this.#openEnd = this.#carried > 0 || this.#overflow
    if (this.#openEnd) this.#handCarried()
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    if (end === start) return
    this.#lastCarried = chunk[end - 1]!
    // One byte more than the longest line, so that a `\r` just past it is still seen as part of the line end.
    const room = this.#longest + 1 - this.#carried
    const taken = Math.min(end - start, room)
    if (taken < end - start) this.#overflow = true
    const needed = this.#carried + taken
    if (needed > this.#carry.length) {
      const grown = new Uint8Array(
        Math.min(this.#longest + 1, Math.max(needed, this.#carry.length * 2, 4096)),
      )
      grown.set(this.#carry.subarray(0, this.#carried))
      this.#carry = grown
    }
    this.#carry.set(chunk.subarray(start, start + taken), this.#carried)
    this.#carried = needed
  }

  #handCarried(): void {
    const whole = !this.#overflow
    const end = whole && this.#lastCarried === RETURN ? this.#carried - 1 : this.#carried
    const cut = this.#overflow || end > this.#longest
    const carried = this.#carry
    this.#carried = 0
    this.#overflow = false
    this.#lines += 1
    if (this.#lines >= this.from) this.#sink(carried, 0, cut ? this.#longest : end, this.#lines, cut)
  }
}
