import type { Diagnostics } from '../model/diagnostics.ts'
import { EvidenceError } from './evidence-error.ts'
import { reasonOf, type Source } from './source.ts'

/**
 * Readings of a source as it was found: a log that strace still writes ends at the size it had at discovery, so that
 * every reading gives the same bytes. One that became shorter, or cannot be read any more, is reported once and ends
 * early; a reading never throws.
 */
export function unchanged(
  source: Source,
  bytes: number,
  diagnostics: Diagnostics,
): (into?: Uint8Array) => AsyncGenerator<Uint8Array> {
  let reported = false
  const report = (code: Parameters<Diagnostics['report']>[0], detail: string): void => {
    if (!reported) diagnostics.report(code, source.path, null, detail)
    reported = true
  }
  return async function* read(into) {
    let got = 0
    try {
      for await (const chunk of source.read(into)) {
        const room = bytes - got
        got += chunk.length
        if (chunk.length > room) {
          report('evidence-changed', 'it grew')
          if (room > 0) yield chunk.subarray(0, room)
          return
        }
        yield chunk
      }
      if (got < bytes && source.diskPath !== null) report('evidence-changed', 'it became shorter')
    } catch (error) {
      const kind = error instanceof EvidenceError ? error.kind : 'unreadable'
      report(`evidence-${kind}`, reasonOf(error))
    }
  }
}
