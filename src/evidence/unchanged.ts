import type { Diagnostics } from '../model/diagnostics.ts'
import type { Source } from './source.ts'

/**
 * Reads a source as it was found: a log that strace still writes ends at the size it had at discovery, so that two
 * readings give the same bytes; one that became shorter is reported.
 */
export async function* unchanged(
  source: Source,
  bytes: number,
  diagnostics: Diagnostics,
): AsyncGenerator<Uint8Array> {
  let got = 0
  for await (const chunk of source.read()) {
    const room = bytes - got
    got += chunk.length
    if (chunk.length > room) {
      diagnostics.report('evidence-changed', source.path, null, 'it grew')
      if (room > 0) yield chunk.subarray(0, room)
      return
    }
    yield chunk
  }
  if (got < bytes) diagnostics.report('evidence-changed', source.path, null, 'it became shorter')
}
