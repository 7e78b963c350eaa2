import { DIAGNOSTIC_CATALOGUE, type DiagnosticCode } from './diagnostic-catalogue.ts'
import type { DiagnosticKind, DiagnosticSeverity } from './diagnostic-kind.ts'
import type { EvidenceReference } from './evidence.ts'
import type { Language, Sentence } from './sentence.ts'
import { reasonSentence } from './skip-reasons.ts'

export type { DiagnosticKind, DiagnosticSeverity } from './diagnostic-kind.ts'

/** One code, counted, with its first places. */
export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: DiagnosticSeverity
  readonly file: string
  readonly line: number | null
  readonly message: Sentence
  readonly count: number
}

/** First places, and different details, that are kept of one code and file. */
export const PLACES_KEPT = 5

/** Collects diagnostics: every occurrence is counted by code and file, the first places are kept. */
export class Diagnostics {
  readonly #byKey = new Map<
    string,
    { code: DiagnosticCode; file: string; count: number; lines: (number | null)[]; details: string[] }
  >()

  /** Records one occurrence. `detail` is shown as is (a field name, a call name), never a whole line of evidence. */
  report(
    code: DiagnosticCode,
    file: string,
    line: number | null = null,
    detail: string | null = null,
    count = 1,
  ): void {
    const key = `${code}\u0000${file}`
    let entry = this.#byKey.get(key)
    if (!entry) {
      entry = { code, file, count: 0, lines: [], details: [] }
      this.#byKey.set(key, entry)
    }
    entry.count += count
    if (entry.lines.length < PLACES_KEPT) entry.lines.push(line)
    if (detail !== null && entry.details.length < PLACES_KEPT && !entry.details.includes(detail))
      entry.details.push(detail)
  }

  /** Takes over what was reported to another collector, as if it had been reported here after all that was. */
  absorb(other: Diagnostics): void {
    for (const [key, theirs] of other.#byKey) {
      const ours = this.#byKey.get(key)
      if (!ours) {
        this.#byKey.set(key, theirs)
        continue
      }
      ours.count += theirs.count
      ours.lines = [...ours.lines, ...theirs.lines].slice(0, PLACES_KEPT)
      ours.details = [...new Set([...ours.details, ...theirs.details])].slice(0, PLACES_KEPT)
    }
  }

  /** All, by severity (error first), then code, file; details as `show` shows them, `null` for not at all. */
  list(show: (code: DiagnosticCode, detail: string) => string | null = (_, detail) => detail): Diagnostic[] {
    const order: Record<DiagnosticSeverity, number> = { error: 0, 'data-loss': 1, info: 2 }
    return [...this.#byKey.values()]
      .map((entry) => {
        const kind: DiagnosticKind = DIAGNOSTIC_CATALOGUE[entry.code]
        const lines = entry.lines.filter((line) => line !== null)
        const details = new Set(entry.details.map((detail) => show(entry.code, detail)))
        details.delete(null)
        const said = [...details].filter((detail) => detail !== null).map(reasonSentence)
        const tail = (language: Language) =>
          (said.length > 0 ? `: ${said.map((detail) => detail[language]).join(', ')}` : '') +
          (lines.length > 1 ? ` (${lines.join(', ')})` : '')
        return {
          code: entry.code,
          severity: kind.severity,
          file: entry.file,
          line: entry.lines[0] ?? null,
          message: { en: kind.message.en + tail('en'), zh: kind.message.zh + tail('zh') },
          count: entry.count,
        }
      })
      .sort(
        (a, b) => order[a.severity] - order[b.severity] || compare(a.code, b.code) || compare(a.file, b.file),
      )
  }

  /** Whether anything of `severity` or worse was recorded. */
  has(severity: DiagnosticSeverity): boolean {
    return this.list().some((entry) =>
      severity === 'data-loss' ? entry.severity !== 'info' : entry.severity === severity,
    )
  }

  /** First places of one code, for evidence references. */
  places(code: DiagnosticCode): EvidenceReference[] {
    return [...this.#byKey.values()]
      .filter((entry) => entry.code === code)
      .flatMap((entry) =>
        entry.lines.map((line) => ({ file: entry.file, firstLine: line ?? 1, lastLine: line ?? 1 })),
      )
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
