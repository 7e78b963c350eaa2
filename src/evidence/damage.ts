import type { Diagnostics } from '../model/diagnostics.ts'
import { EvidenceError } from './evidence-error.ts'
import { reasonOf } from './source.ts'

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
