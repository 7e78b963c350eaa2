/**
 * Lines that something broke in two: a message of strace itself in the middle of a call (stderr), output of the
 * program, a mailer's wrapping, a shell's backslash.
 *   [pid 11935] mmap(NULL, 8192, …, -1, 0strace: Process 11936 attached
 *   ) = 0x7fe8a85ba000
 */

/** Messages that stand at the end of the first half; the next line goes on without a break. */
const MESSAGES: readonly RegExp[] = [
  /(?:strace: )?Process (\d+) (attached|suspended|resumed|detached)(?: (?:with \d+ threads?|\(.*\)|- interrupt to quit))?$/,
  / \[wait\(0x[0-9a-f]+\) = \d+\] \S+$/,
]
const TAIL = 160
/** More pieces than any wrapped line has. */
const MOST_PIECES = 12
/** Bytes of a joined line. */
const LONGEST = 1 << 20

const BACKSLASH = 92
const BLANK = 32

/** The first half of a broken line, until a further one completes it. */
export class BrokenLine {
  #bytes = new Uint8Array(1024)
  #length = 0
  #pieces = 0
  /** A message ended the last piece: nothing stands between the halves. */
  #seamless = false
  /** tid that an attach message at the end named, -1 without. */
  attached = -1

  get active(): boolean {
    return this.#pieces > 0
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  get length(): number {
    return this.#length
  }

  /** Whether another piece may be added. */
  get full(): boolean {
    return this.#pieces >= MOST_PIECES || this.#length >= LONGEST
  }

  /** Whether a message ended the last piece, so that further messages may follow before the rest. */
  get interrupted(): boolean {
    return this.#seamless
  }

  clear(): void {
    this.#length = 0
    this.#pieces = 0
    this.#seamless = false
  }

  /** Adds `buffer[start, end)`; a message or a backslash at its end is taken off. */
  add(buffer: Uint8Array, start: number, end: number): void {
    this.attached = -1
    if (this.#pieces > 0 && !this.#seamless && this.#bytes[this.#length - 1] !== BLANK)
      this.#append(BLANK_BYTES, 0, 1)
    const kept = this.#withoutMessage(buffer, start, end)
    this.#seamless = kept < end
    const folded = kept === end && buffer[end - 1] === BACKSLASH
    this.#append(buffer, start, folded ? end - 1 : kept)
    this.#pieces++
  }

  #withoutMessage(buffer: Uint8Array, start: number, end: number): number {
    const from = Math.max(start, end - TAIL)
    const tail = Buffer.from(buffer.subarray(from, end)).toString('latin1')
    for (const pattern of MESSAGES) {
      const found = pattern.exec(tail)
      if (!found) continue
      if (found[2] === 'attached') this.attached = Number(found[1])
      return from + found.index
    }
    return end
  }

  #append(buffer: Uint8Array, start: number, end: number): void {
    const length = Math.max(0, Math.min(end - start, LONGEST - this.#length))
    if (this.#length + length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + length))
      larger.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = larger
    }
    this.#bytes.set(buffer.subarray(start, start + length), this.#length)
    this.#length += length
  }
}

const BLANK_BYTES = Uint8Array.of(BLANK)
