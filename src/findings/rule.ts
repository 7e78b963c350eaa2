/**
 * What a rule is: words beside logic, thresholds with the reason for the number, and the facts it may read.
 * A rule answers `clear`, `found` or `not-applicable`; only the runner writes `failed`.
 */
import { formatCount } from '../base/format.ts'
import type { Mechanism } from '../model/attribution.ts'
import type { Facts } from '../model/facts.ts'
import type { Finding } from '../model/finding.ts'
import type { Sentence } from '../model/sentence.ts'
import { fingerprintOf } from './fingerprint.ts'
import { paragraph, plural, say } from './words/say.ts'

export type FactName = keyof Facts

/** Units a threshold can have; they decide how its value is printed. */
type ThresholdUnit = 'bytes' | 'count' | 'share' | 'micros' | 'per-second' | 'bytes-per-hour'

export interface Threshold {
  readonly value: number
  readonly unit: ThresholdUnit
  /** Why this number and no other: a fact of the kernel, of glibc, or of statistics. */
  readonly because: Sentence
}

export type Thresholds = Readonly<Record<string, Threshold>>
type ThresholdValues<T extends Thresholds> = { readonly [K in keyof T]: number }

/** Evidence without which the rule cannot say anything. */
export type Requirement = 'snapshots' | 'trace' | 'either'

interface RuleWords {
  /** What was found, as a heading. */
  readonly title: Sentence
  /** What it means: the mechanism, and how it is told from its look-alikes. */
  readonly why: Sentence
  /** A real remedy: the call, the tunable, its price. */
  readonly action: Sentence
  /** Which capture settles what stays open; `null` when nothing does. */
  readonly capture: Sentence | null
}

/** A finding without the words and the fingerprint that its rule gives it. */
export type FindingDraft = Omit<Finding, 'ruleId' | 'fingerprint' | 'title' | 'why' | 'action'> & {
  /** What of the process it is about (kinds, object names with their digits taken out). */
  readonly subject: string
  /** Said in place of the rule's own remedy when the evidence allows a sharper one. */
  readonly sharperAction: Sentence | null
  /** Said in place of the rule's own words where they would not be true of this case. */
  readonly instead?: Pick<RuleWords, 'title' | 'why' | 'action'>
}

export type RuleOutcome =
  | { readonly outcome: 'clear'; readonly reason: Sentence }
  | { readonly outcome: 'not-applicable'; readonly reason: Sentence }
  | { readonly outcome: 'found'; readonly reason: Sentence; readonly findings: readonly FindingDraft[] }

export interface RuleDefinition<N extends FactName, T extends Thresholds> {
  /** File name = id = test name = heading in docs/rules.md. A noun. */
  readonly id: string
  readonly words: RuleWords
  /** Loudest severity the rule can give; an `info` rule explains, it never accuses. */
  readonly loudest: 'problem' | 'warning' | 'info'
  readonly mechanisms: readonly Mechanism[]
  readonly thresholds: T
  readonly requires: Requirement
  readonly needs: readonly N[]
  evaluate(facts: Pick<Facts, N>, thresholds: ThresholdValues<T>): RuleOutcome
}

/** A rule as the runner sees it: the narrowed facts and the types of the thresholds are its own affair. */
export interface Rule {
  readonly id: string
  readonly words: RuleWords
  readonly loudest: 'problem' | 'warning' | 'info'
  readonly mechanisms: readonly Mechanism[]
  readonly thresholds: Thresholds
  readonly requires: Requirement
  readonly needs: readonly FactName[]
  evaluate(facts: Facts): RuleEvaluation
}

type RuleEvaluation =
  | { readonly outcome: 'clear' | 'not-applicable'; readonly reason: Sentence }
  | { readonly outcome: 'found'; readonly reason: Sentence; readonly findings: readonly Finding[] }

/** Closes a definition: checks nothing at run time, narrows `evaluate` to `needs` at compile time. */
export function defineRule<const N extends FactName, const T extends Thresholds>(
  definition: RuleDefinition<N, T>,
): Rule {
  const values = Object.fromEntries(
    Object.entries(definition.thresholds).map(([name, threshold]) => [name, threshold.value]),
  ) as ThresholdValues<T>
  return {
    ...definition,
    evaluate(facts) {
      const result = definition.evaluate(facts, values)
      if (result.outcome !== 'found') return result
      return {
        outcome: 'found',
        reason: result.reason,
        findings: result.findings.map((draft) => complete(definition.id, definition.words, draft)),
      }
    },
  }
}

function complete(ruleId: string, words: RuleWords, draft: FindingDraft): Finding {
  const { subject, sharperAction, instead, ...rest } = draft
  const said = instead ?? words
  return {
    ...rest,
    ruleId,
    fingerprint: fingerprintOf({ ruleId, program: draft.program, mechanism: draft.mechanism, subject }),
    title: said.title,
    why: said.why,
    action: sharperAction ?? said.action,
  }
}

/** Findings whose summaries the rule's own result repeats. */
const SUMMARIES = 40

/** Of very many findings the result repeats the first, and says how many more there are. */
export function found(findings: readonly FindingDraft[]): RuleOutcome {
  const more = findings.length - SUMMARIES
  const reason = paragraph(
    ...findings.slice(0, SUMMARIES).map(({ summary }) => summary),
    more > 0
      ? say(
          `Also found ${formatCount(more)} more ${plural(more, 'time')}.`,
          `另外还发现 ${formatCount(more)} 处。`,
        )
      : null,
  )
  return { outcome: 'found', reason, findings }
}

export const clear = (reason: Sentence): RuleOutcome => ({ outcome: 'clear', reason })
export const notApplicable = (reason: Sentence): RuleOutcome => ({ outcome: 'not-applicable', reason })
