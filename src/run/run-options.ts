import type { GateOptions } from '../gates/gate-options.ts'
import type { Language } from '../model/sentence.ts'
import type { RedactionPolicy } from '../redaction/policy.ts'

export const OUTPUT_FORMATS = ['html', 'json', 'md', 'junit', 'sarif', 'zip'] as const
export type OutputFormat = (typeof OUTPUT_FORMATS)[number]

/** Formats that report.json alone is enough for. */
export const RENDERED = ['html', 'md', 'junit', 'sarif'] as const satisfies readonly OutputFormat[]

/** Everything one run depends on beside the evidence, already checked. `null` where nothing was asked for. */
export interface RunOptions {
  readonly evidence: readonly string[]
  /** Folder of the outputs; `null`: `out/<name of the evidence>`. */
  readonly out: string | null
  /** Only these processes; empty = all. */
  readonly pids: readonly number[]
  readonly limitBytes: number | null
  readonly straceDate: string | null
  readonly timeZone: string | null
  readonly redact: RedactionPolicy
  /** Key of the tokens; `null`: derived from the evidence. */
  readonly redactionKey: Uint8Array | null
  /** File for the key map, mode 0600; never part of the bundle. */
  readonly redactionMap: string | null
  readonly formats: readonly OutputFormat[]
  readonly language: Language
  /** Workers; `null`: as many as there are processors. */
  readonly jobs: number | null
  readonly gates: GateOptions
  /** SOURCE_DATE_EPOCH in seconds; `null`: the newest stamp of the evidence. */
  readonly sourceDateEpoch: number | null
}
