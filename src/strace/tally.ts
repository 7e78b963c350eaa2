import type { DiagnosticCode } from '../model/diagnostic-catalogue.ts'
import type { Diagnostics } from '../model/diagnostics.ts'

/** Places worth naming; the rest is counted only. */
const PLACES = 5

/** What was odd in one way: how often, and where first. */
export interface TallyEntry {
  readonly code: DiagnosticCode
  readonly count: number
  readonly places: readonly { readonly line: number; readonly detail: string | null }[]
}

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

  /** What there is so far. */
  entries(): TallyEntry[] {
    return [...this.#counts].map(([code, { count, places }]) => ({ code, count, places: [...places] }))
  }

  report(diagnostics: Diagnostics): void {
    reportTally(this.#path, this.entries(), diagnostics)
  }
}

/** Reports what was odd in a file. */
export function reportTally(path: string, entries: readonly TallyEntry[], diagnostics: Diagnostics): void {
  for (const { code, count, places } of entries) {
    places.forEach(({ line, detail }, index) => {
      const rest = index === places.length - 1 ? count - places.length + 1 : 1
      diagnostics.report(code, path, line > 0 ? line : null, detail, rest)
    })
  }
}

/** The entries with one more way of being odd, found on these lines before all others of its kind. */
export function withLinesBefore(
  entries: readonly TallyEntry[],
  code: DiagnosticCode,
  lines: readonly number[],
): TallyEntry[] {
  const known = entries.find((entry) => entry.code === code)
  const places = [...lines.map((line) => ({ line, detail: null })), ...(known?.places ?? [])]
  const entry = { code, count: lines.length + (known?.count ?? 0), places: places.slice(0, PLACES) }
  return [...entries.filter((other) => other !== known), entry]
}
