import type { Diagnostics } from '../model/diagnostics.ts'
import { EvidenceError } from './evidence-error.ts'
import { reasonOf, type Source } from './source.ts'

/** What was found damaged in a file: told once, however often the file is read. */
export class Damage {
  readonly #path: string
  readonly #diagnostics: Diagnostics
  /** In words; `null` while all is well. */
  reason: string | null = null

  constructor(path: string, diagnostics: Diagnostics) {
    this.#path = path
    this.#diagnostics = diagnostics
  }

  tell(code: Parameters<Diagnostics['report']>[0], reason: string): void {
    if (this.reason === null) this.#diagnostics.report(code, this.#path, null, reason)
    this.reason ??= reason
  }

  /** What reading threw. */
  tellError(error: unknown): void {
    this.tell(`evidence-${error instanceof EvidenceError ? error.kind : 'unreadable'}`, reasonOf(error))
  }
}

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
