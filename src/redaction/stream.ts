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
    const newline = chunk.lastIndexOf(NEWLINE) + 1
    const end = newline === 0 && rest.length + chunk.length > LONGEST_LINE ? chunk.length : newline
    if (end > 0) yield* lines.redact(join(rest, chunk.subarray(0, end)))
    rest = end > 0 ? chunk.slice(end) : join(rest, chunk)
  }
  if (rest.length > 0) yield* lines.redact(rest)
}

const join = (first: Uint8Array, second: Uint8Array): Uint8Array =>
  first.length === 0 ? second : Buffer.concat([first, second])
