import type { Pid, Tid } from '../base/units.ts'
import type { Culprit, Mechanism } from './attribution.ts'
import type { EvidenceReference } from './evidence.ts'
import type { MappingKind } from './mapping-kind.ts'
import type { Sentence } from './sentence.ts'

export const SEVERITIES = ['problem', 'warning', 'info'] as const
/** `problem` and `warning` claim that memory grows without bound or is held for no use. */
export type Severity = (typeof SEVERITIES)[number]

/** Numbers of a finding; every key names its unit. Unknown is `null`, never 0. */
export interface Measures {
  readonly quantity: 'resident' | 'address-space'
  readonly grownBytes: number | null
  readonly bytesPerHour: number | null
  readonly bytesPerHourLow: number | null
  readonly bytesPerHourHigh: number | null
  /** Microseconds of the host's wall clock. */
  readonly onset: number | null
  readonly from: number | null
  readonly to: number | null
  readonly limitBytes: number | null
  readonly limitAt: number | null
  readonly limitAtLow: number | null
  readonly limitAtHigh: number | null
  /** Anything a rule wants to add; keys end in their unit (`Bytes`, `Count`, `Seconds`, `PerSecond`, `Share`). */
  readonly more: Readonly<Record<string, number | null>>
}

/** The thread that a finding accuses. */
export interface Accused extends Culprit {
  readonly name: string | null
  /** Its calls in the traced time, by the mechanisms of the finding, whose memory was still there at the end. */
  readonly kept: number
}

/** A statement about the evidence, with its words, its numbers and its lines. No HTML. */
export interface Finding {
  readonly ruleId: string
  /** Stable across pids, addresses, hosts and runs. */
  readonly fingerprint: string
  readonly severity: Severity
  /** 0..100. */
  readonly confidence: number
  /** What caps the confidence; `null` when nothing does. */
  readonly cap: Sentence | null
  readonly pid: Pid
  /** The program that ran under the pid then; `null` where the evidence does not tell. Never a pid or a path. */
  readonly program: string | null
  readonly mechanism: Mechanism
  readonly title: Sentence
  readonly summary: Sentence
  readonly why: Sentence
  readonly action: Sentence
  /** Which capture would settle what is open: the command, and what it settles. */
  readonly capture: { readonly command: string; readonly settles: Sentence } | null
  readonly measures: Measures
  readonly threads: readonly {
    readonly tid: Tid
    readonly name: string | null
    readonly bytes: number
    readonly share: number
  }[]
  readonly culprit: Accused | null
  readonly culpritReason: Sentence
  readonly regions: readonly {
    readonly start: number
    readonly end: number
    readonly kind: MappingKind
    readonly name: string
  }[]
  /** How many more it speaks of than `regions` lists. */
  readonly regionsOmitted: number
  /** Lineages whose bytes this finding speaks about: no two findings above info own the same. */
  readonly lineages: readonly string[]
  readonly evidence: readonly EvidenceReference[]
}

export type VerdictStatus = 'leak' | 'growth' | 'healthy' | 'inconclusive'

export interface Verdict {
  readonly status: VerdictStatus
  readonly confidence: number
  /** One sentence a manager can read. */
  readonly summary: Sentence
  readonly reason: Sentence
  /** At most three: label and value, ready to print. */
  readonly numbers: readonly { readonly value: Sentence; readonly label: Sentence }[]
  readonly next: { readonly command: string | null; readonly text: Sentence } | null
}

export type RuleResult =
  | {
      readonly id: string
      readonly outcome: 'found'
      readonly reason: Sentence
      readonly findings: readonly Finding[]
    }
  | {
      readonly id: string
      readonly outcome: 'clear' | 'not-applicable' | 'failed'
      readonly reason: Sentence
    }
