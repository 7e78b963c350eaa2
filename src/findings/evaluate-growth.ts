/** The common course of a growth rule: take what the rule claims, keep what grows enough, one finding a process. */
import { formatBytes, formatDuration } from '../base/format.ts'
import type { Sentence } from '../model/sentence.ts'
import { claimed, type GrowthRule } from './claims.ts'
import type { Growth } from './growth.ts'
import type { GrowthFacts } from './growth-finding.ts'
import { clear, type FindingDraft, found, notApplicable, type RuleOutcome } from './rule.ts'
import { say } from './words/say.ts'

export interface GrowthEvaluation {
  readonly rule: GrowthRule
  /** What a process must have for the rule to apply. */
  readonly absent: Sentence
  /** Whether a growing body grows enough for this rule. */
  qualifies(growth: Growth): boolean
  build(growth: Growth): FindingDraft
  /** Findings from calls where no trend could be judged. */
  readonly callsOnly?: readonly FindingDraft[]
}

export function evaluateGrowth(facts: GrowthFacts, evaluation: GrowthEvaluation): RuleOutcome {
  const all = claimed(facts, evaluation.rule)
  const grown = onePerProcess(all.filter((growth) => growth.growing && evaluation.qualifies(growth)))
  const drafts = [...grown.map(evaluation.build), ...(evaluation.callsOnly ?? [])]
  if (drafts.length > 0) return found(drafts)
  if (all.length === 0) return notApplicable(evaluation.absent)
  return clear(quiet(all))
}

/** Restarts with the same pid give several segments: of each body the latest growing one speaks. */
function onePerProcess(growths: readonly Growth[]): Growth[] {
  const latest = new Map<string, Growth>()
  for (const growth of growths) {
    const key = `${growth.process.pid} ${growth.body}`
    const known = latest.get(key)
    if (!known || growth.to > known.to) latest.set(key, growth)
  }
  return [...latest.values()]
}

/** What was looked at, and from which growth on it would have been seen. */
function quiet(all: readonly Growth[]): Sentence {
  const judged = all.filter((growth) => !growth.shapes.every((shape) => shape === 'too-short'))
  if (judged.length === 0) return say('Too few snapshots to judge a trend.', '快照太少，无法判断趋势。')
  const biggest = judged.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a))
  const span = formatDuration(biggest.to - biggest.from)
  return say(
    `No lasting growth in ${span.en}; growth from ${formatBytes(biggest.detectionLimit)} on would have been seen.`,
    `${span.zh}内没有持续增长；超过 ${formatBytes(biggest.detectionLimit)} 的增长会被发现。`,
  )
}
