import type { DiagnosticCode } from '../model/diagnostic-catalogue.ts'
import type { Diagnostics } from '../model/diagnostics.ts'

/** Places worth naming; the rest is counted only. */
const PLACES = 5

/** Counts what is odd in one file without a string an occurrence, and reports it once at the end. */
export class Tally {
  readonly #path: string
  readonly #counts = new Map<
    DiagnosticCode,
    { count: number; places: { line: number; detail: string | null }[] }
  >()

  constructor(path: string) {
    this.#path = path
  }

  add(code: DiagnosticCode, line: number, detail: string | null = null, count = 1): void {
    let entry = this.#counts.get(code)
    if (!entry) {
      entry = { count: 0, places: [] }
      this.#counts.set(code, entry)
    }
    entry.count += count
    if (entry.places.length < PLACES) entry.places.push({ line, detail })
  }

  count(code: DiagnosticCode): number {
    return this.#counts.get(code)?.count ?? 0
  }

  report(diagnostics: Diagnostics): void {
    for (const [code, { count, places }] of this.#counts) {
      places.forEach(({ line, detail }, index) => {
        const rest = index === places.length - 1 ? count - places.length + 1 : 1
        diagnostics.report(code, this.#path, line > 0 ? line : null, detail, rest)
      })
    }
  }
}
