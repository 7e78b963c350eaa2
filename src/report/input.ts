/** What the report is built from: the facts, what the rules said about them, and where they came from. */
import type { Pid } from '../base/units.ts'
import type { Diagnostic } from '../model/diagnostics.ts'
import type { EvidenceFile, EvidenceFormat, SkippedFile } from '../model/evidence.ts'
import type { Facts } from '../model/facts.ts'
import type { RuleResult, Verdict } from '../model/finding.ts'
import type { Language, Sentence } from '../model/sentence.ts'

/** The words of a rule that the report prints beside its outcome. */
interface RuleDescription {
  readonly id: string
  readonly title: Sentence
  readonly thresholds: readonly {
    readonly name: string
    readonly value: string
    readonly because: Sentence
  }[]
}

/** One policy for everything that is shown. Every function gives text of the same meaning with the secrets taken out. */
export interface ReportRedaction {
  readonly policy: 'standard' | 'strict' | 'none'
  readonly rules: readonly { readonly rule: string; readonly count: number }[]
  /** A sentence that may quote evidence. */
  text(text: string): string
  /** A thread's or program's name. */
  name(name: string): string
  /** A path: of a mapping, or of a file of the evidence. */
  path(path: string): string
  /** One line of a file of the evidence. */
  line(line: string, format: EvidenceFormat): string
}

export interface ReportInput {
  readonly version: string
  readonly language: Language
  readonly captureName: string
  readonly facts: Facts
  readonly results: readonly RuleResult[]
  readonly rules: readonly RuleDescription[]
  readonly verdicts: { readonly whole: Verdict; readonly byPid: ReadonlyMap<Pid, Verdict> }
  readonly diagnostics: readonly Diagnostic[]
  /** Code of a diagnostic to what a reader can do about it. */
  readonly remedy: (code: Diagnostic['code']) => Sentence
  /** Files read, for the excerpts of cited lines. */
  readonly files: readonly EvidenceFile[]
  /** Asked for last: they may still be hashed while the rest is built. */
  inputs(): Promise<
    readonly {
      readonly path: string
      readonly kind: string
      readonly bytes: number
      readonly sha256: string
    }[]
  >
  readonly skipped: readonly SkippedFile[]
  readonly gates: readonly {
    readonly name: string
    readonly expected: string
    readonly found: string
    readonly passed: boolean
  }[]
  readonly baseline: {
    readonly file: string
    readonly added: readonly string[]
    readonly fixed: readonly string[]
    readonly persisting: readonly string[]
  } | null
  readonly redaction: ReportRedaction
}
