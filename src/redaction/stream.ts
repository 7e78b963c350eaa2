import type { EvidenceFormat } from '../model/evidence.ts'
import type { LineRedactor } from './line-redactor.ts'
import type { Redactor } from './redactor.ts'

/** A line longer than this is no line of any known format: it is replaced piece by piece, to bound memory. */
const LONGEST_LINE = 4 * 1024 * 1024
const NEWLINE = 0x0a
const RETURN = 0x0d

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
      yield redactLines(rest, rest.length, lines)
      rest = new Uint8Array(0)
    }
    const end = chunk.lastIndexOf(NEWLINE) + 1
    if (end > from) yield redactLines(chunk.subarray(from, end), end - from, lines)
    if (Math.max(end, from) < chunk.length) rest = chunk.slice(Math.max(end, from))
  }
  if (rest.length > 0) yield redactLines(rest, rest.length, lines)
}

function redactLines(bytes: Uint8Array, length: number, lines: LineRedactor): Uint8Array {
  lines.begin(bytes)
  for (let at = 0; at < length; ) {
    const newline = bytes.indexOf(NEWLINE, at)
    const next = newline < 0 ? length : newline + 1
    let end = newline < 0 ? length : newline
    if (end > at && bytes[end - 1] === RETURN) end--
    lines.line(at, end)
    at = next
  }
  return lines.finish(length)
}
