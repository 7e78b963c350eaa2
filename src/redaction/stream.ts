import type { EvidenceFormat } from '../model/evidence.ts'
import type { Redactor } from './redactor.ts'

/** A line longer than this is no line of any known format: it is replaced piece by piece, to bound memory. */
const LONGEST_LINE = 4 * 1024 * 1024

/**
 * The bytes of one file of evidence, redacted line by line. Bytes that no rule touches stay as they are: encoding,
 * line ends and a missing last newline included.
 */
export async function* redactStream(
  chunks: AsyncIterable<Uint8Array>,
  format: EvidenceFormat,
  redactor: Redactor,
): AsyncGenerator<Uint8Array> {
  if (redactor.policy === 'none') {
    yield* chunks
    return
  }
  let rest = ''
  for await (const chunk of chunks) {
    const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
    const end = text.lastIndexOf('\n') + 1
    if (end > 0) yield Buffer.from(redactLines(text.slice(0, end), format, redactor), 'latin1')
    rest = text.slice(end)
    if (rest.length > LONGEST_LINE) {
      yield Buffer.from(redactLines(rest, format, redactor), 'latin1')
      rest = ''
    }
  }
  if (rest !== '') yield Buffer.from(redactLines(rest, format, redactor), 'latin1')
}

function redactLines(text: string, format: EvidenceFormat, redactor: Redactor): string {
  let out = ''
  let kept = 0
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const next = newline < 0 ? text.length : newline + 1
    let end = newline < 0 ? text.length : newline
    if (end > at && text.charCodeAt(end - 1) === 13) end -= 1
    const line = text.slice(at, end)
    const changed = redactor.rawLine(line, format)
    if (changed !== line) {
      out += text.slice(kept, at) + changed
      kept = end
    }
    at = next
  }
  return kept === 0 ? text : out + text.slice(kept)
}
