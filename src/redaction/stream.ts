import type { EvidenceFormat } from '../model/evidence.ts'
import type { Redactor } from './redactor.ts'

/** A line longer than this is no line of any known format: it is replaced piece by piece, to bound memory. */
const LONGEST_LINE = 4 * 1024 * 1024
const NEWLINE = 0x0a

/**
 * The bytes of one file of evidence, redacted line by line. Bytes that no rule touches stay as they are: encoding,
 * line ends and a missing last newline included.
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
    const first = chunk.indexOf(NEWLINE) + 1
    let from = 0
    if (rest.length > 0) {
      from = first === 0 ? chunk.length : first
      rest = Buffer.concat([rest, chunk.subarray(0, from)])
      if (first === 0 && rest.length <= LONGEST_LINE) continue
      yield* lines.redact(rest)
      rest = new Uint8Array(0)
    }
    const end = chunk.lastIndexOf(NEWLINE) + 1
    if (end > from) yield* lines.redact(chunk.subarray(from, end))
    if (Math.max(end, from) < chunk.length) rest = chunk.slice(Math.max(end, from))
  }
  if (rest.length > 0) yield* lines.redact(rest)
}
