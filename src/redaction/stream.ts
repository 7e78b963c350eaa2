import type { EvidenceFormat } from '../model/evidence.ts'
import type { Redactor } from './redactor.ts'

/** A line longer than this is no line of any known format: it is replaced piece by piece, to bound memory. */
const LONGEST_LINE = 4 * 1024 * 1024
const NEWLINE = 0x0a

/**
 * The bytes of one file of evidence, redacted line by line. Bytes that no rule touches stay as they are: encoding,
 * line ends and a missing last newline included. Chunks may be lent: none is kept; what it yields is lent likewise.
 */
export async function* redactStream(
  chunks: AsyncIterable<Uint8Array>,
  format: EvidenceFormat,
  redactor: Redactor,
): AsyncGenerator<Uint8Array> {
  const lines = redactor.lines(format)
  if (lines === null) {
    yield* chunks
    return
  }
  let rest: Uint8Array = new Uint8Array(0)
  for await (const chunk of chunks) {
    const newline = chunk.lastIndexOf(NEWLINE) + 1
    const end = newline === 0 && rest.length + chunk.length > LONGEST_LINE ? chunk.length : newline
    if (end === 0) {
      rest = Buffer.concat([rest, chunk])
      continue
    }
    // The line that began in the chunk before goes alone: a short copy instead of a long one.
    const first = rest.length === 0 ? 0 : newline === 0 ? end : chunk.indexOf(NEWLINE) + 1
    if (first > 0) yield* lines.redact(Buffer.concat([rest, chunk.subarray(0, first)]))
    if (end > first) yield* lines.redact(chunk.subarray(first, end))
    rest = new Uint8Array(chunk.subarray(end))
  }
  if (rest.length > 0) yield* lines.redact(rest)
}
