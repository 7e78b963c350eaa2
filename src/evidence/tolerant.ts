import type { Damage } from './damage.ts'
import { EvidenceError } from './evidence-error.ts'
import type { Source } from './source.ts'

/**
 * A source that ends where damage begins: what was read before it is evidence still. What is refused (a bomb), or fails
 * before the first byte, is thrown as before.
 */
export function tolerant(source: Source, damage: Damage): Source {
  async function* until(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let got = 0
    try {
      for await (const chunk of chunks) {
        got += chunk.length
        yield chunk
      }
    } catch (error) {
      const isRefused = error instanceof EvidenceError && error.kind === 'archive-refused'
      if (got === 0 || isRefused) throw error
      damage.tellError(error)
    }
  }
  const { range } = source
  return {
    ...source,
    read: (into) => until(source.read(into)),
    range: range ? (start, end) => until(range(start, end)) : null,
  }
}
