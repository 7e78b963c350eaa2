import type { Sentence } from './sentence.ts'

export type DiagnosticSeverity = 'info' | 'data-loss' | 'error'

/** A row of the catalogue: what can be wrong with evidence, what it costs, what to do. */
export interface DiagnosticKind {
  readonly severity: DiagnosticSeverity
  readonly message: Sentence
  readonly remedy: Sentence
}
