import type { DiagnosticCode } from '../model/diagnostic-catalogue.ts'
import { EvidenceError } from './evidence-error.ts'
import { reasonOf, type Source } from './source.ts'

/**
 * A source that ends where damage begins: what was read before it is evidence still. `report` hears of it once, however
 * often the file is read. What is refused (a bomb), or fails before the first byte, is thrown as before.
 */
export function tolerant(source: Source, report: (code: DiagnosticCode, reason: string) => void): Source {
  let reported = false
  async function* until(stream: () => AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let got = 0
    try {
      for await (const chunk of stream()) {
        got += chunk.length
        yield chunk
      }
    } catch (error) {
      const isRefused = error instanceof EvidenceError && error.kind === 'archive-refused'
      if (got === 0 || isRefused) throw error
      if (!reported)
        report(
          error instanceof EvidenceError ? 'evidence-archive-damaged' : 'evidence-unreadable',
          reasonOf(error),
        )
      reported = true
    }
  }
  const { range } = source
  return {
    ...source,
    read: (into) => until(() => source.read(into)),
    range: range ? (start, end) => until(() => range(start, end)) : null,
  }
}
