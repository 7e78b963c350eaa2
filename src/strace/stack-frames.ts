import type { TraceBuilder } from './trace-builder.ts'

/** Bytes of frames kept for one call; deeper ones are recursion. */
const LONGEST = 1 << 14
const NEWLINE = 10

/**
 * Collects the frames that -k prints under a call: ` > /usr/lib/libc.so.6(mmap64+0x43) [0x11ba13]`, innermost first.
 * They carry no pid: they belong to the call that was completed last.
 */
export class StackFrames {
  readonly #builder: TraceBuilder
  #row = -1
  /** Made with the first frame: few logs have any. */
  #bytes = new Uint8Array(0)
  #length = 0

  constructor(builder: TraceBuilder) {
    this.#builder = builder
  }

  /** One frame `buffer[start, end)` of the memory call in this row; -1 for a call whose frames nobody needs. */
  add(row: number, buffer: Uint8Array, start: number, end: number): void {
    this.#builder.hasStacks = true
    if (row < 0) return
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(LONGEST)
    if (this.#row >= 0 && this.#length < LONGEST) this.#bytes[this.#length++] = NEWLINE
    this.#row = row
    const length = Math.min(end - start, LONGEST - this.#length)
    this.#bytes.set(buffer.subarray(start, start + length), this.#length)
    this.#length += length
  }

  /** Another line than a frame follows. */
  end(): void {
    if (this.#row < 0) return
    const { events, interner } = this.#builder
    events.setStack(this.#row, interner.intern(this.#bytes, 0, this.#length))
    this.#row = -1
    this.#length = 0
  }
}
