import { LONGEST_LINE } from '../base/line-scanner.ts'
import type { EvidenceFormat } from '../model/evidence.ts'
import type { LineRedactor } from './line-redactor.ts'
import type { Redactor } from './redactor.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d
const NOTHING: readonly Uint8Array[] = []

/**
 * The bytes of the file of evidence at `path`, redacted line by line. Bytes that no rule touches stay as they are: encoding,
 * line ends and a missing last newline included. Chunks may be lent: none is kept; what it yields is lent likewise.
 */
export async function* redactStream(
  chunks: AsyncIterable<Uint8Array>,
  format: EvidenceFormat,
  redactor: Redactor,
  path: string,
): AsyncGenerator<Uint8Array> {
  const lines = redactor.lines(format, path)
  if (lines === null) {
    yield* chunks
    return
  }
  const open = new OpenLine(lines)
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += LONGEST_LINE) {
      const part = chunk.subarray(at, at + LONGEST_LINE)
      // The line that began in the part before goes alone: a short copy instead of a long one.
      const newline = open.isEmpty ? 0 : part.indexOf(NEWLINE) + 1
      const first = open.isEmpty || newline > 0 ? newline : part.length
      if (first > 0) open.add(part.subarray(0, first))
      if (newline > 0) yield* open.end()
      const last = Math.max(first, part.lastIndexOf(NEWLINE) + 1)
      if (last > first) yield* lines.redact(part.subarray(first, last))
      if (last < part.length) open.add(part.subarray(last))
    }
  yield* open.end()
}

/** The same for a whole file of no more bytes than a line may have. Its parts are lent until the next is asked for. */
export function redactWhole(
  bytes: Uint8Array,
  format: EvidenceFormat,
  redactor: Redactor,
  path: string,
): Iterable<Uint8Array> {
  return redactor.lines(format, path)?.redact(bytes) ?? [bytes]
}

/** A line of which more is to come. Of one that is longer than any reader takes, the beginning is kept. */
class OpenLine {
  readonly #lines: LineRedactor
  #parts: Buffer[] = []
  #length = 0
  #last = 0

  constructor(lines: LineRedactor) {
    this.#lines = lines
  }

  get isEmpty(): boolean {
    return this.#length === 0
  }

  add(bytes: Uint8Array): void {
    // `\r\n` behind the longest line is its end.
    const room = LONGEST_LINE + 2 - this.#length
    if (room > 0) this.#parts.push(Buffer.from(bytes.subarray(0, room)))
    this.#length += bytes.length
    this.#last = bytes[bytes.length - 1]!
  }

  /** The line redacted, its end included. */
  end(): Iterable<Uint8Array> {
    if (this.#length === 0) return NOTHING
    const [head, length, ends] = [Buffer.concat(this.#parts), this.#length, this.#last === NEWLINE]
    this.#parts = []
    this.#length = 0
    const own = length - (ends ? 1 : 0)
    const returned = own <= head.length && head[own - 1] === RETURN ? 1 : 0
    if (own - returned <= LONGEST_LINE) return this.#lines.redact(head)
    const long = this.#lines.long(head.subarray(0, LONGEST_LINE), own)
    return ends ? [long, Buffer.of(NEWLINE)] : [long]
  }
}
