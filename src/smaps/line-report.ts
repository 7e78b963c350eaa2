import type { DiagnosticCode } from '../model/diagnostic-catalogue.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { ReadCounts } from './read-counts.ts'

/** Reports diagnostics at the line that is being read. */
export class LineReport {
  readonly counts: ReadCounts
  readonly #file: string
  readonly #diagnostics: Diagnostics

  constructor(file: string, diagnostics: Diagnostics, counts: ReadCounts) {
    this.#file = file
    this.#diagnostics = diagnostics
    this.counts = counts
  }

  /** At the current line. `detail` is a field name or a path, never a line of evidence. */
  here(code: DiagnosticCode, detail: string | null = null): void {
    this.#diagnostics.report(code, this.#file, this.counts.lines, detail)
  }

  at(line: number, code: DiagnosticCode): void {
    this.#diagnostics.report(code, this.#file, line)
  }
}
