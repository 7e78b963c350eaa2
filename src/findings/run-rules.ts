/** Runs every rule over the facts. A rule that throws is `failed` in the report, and the run goes on. */
import type { Facts } from '../model/facts.ts'
import type { Finding, RuleResult } from '../model/finding.ts'
import type { Sentence } from '../model/sentence.ts'
import type { Requirement, Rule } from './rule.ts'
import { RULES } from './rules/index.ts'
import { say } from './words/say.ts'

/** One result a rule, in the order of the rules; no two findings above info speak about the same bytes. */
export function runRules(facts: Facts, rules: readonly Rule[] = RULES): RuleResult[] {
  return exclusive(rules.map((rule) => runRule(rule, facts)))
}

function runRule(rule: Rule, facts: Facts): RuleResult {
  const missing = missingFor(rule.requires, facts)
  if (missing) return { id: rule.id, outcome: 'not-applicable', reason: missing }
  try {
    const result = rule.evaluate(facts)
    return result.outcome === 'found'
      ? { id: rule.id, outcome: 'found', reason: result.reason, findings: [...result.findings].sort(byPid) }
      : { id: rule.id, outcome: result.outcome, reason: result.reason }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return {
      id: rule.id,
      outcome: 'failed',
      reason: say(
        `The rule failed and said nothing about this capture: ${message}`,
        `该规则运行失败，对本次采集没有结论：${message}`,
      ),
    }
  }
}

const byPid = (a: Finding, b: Finding): number => a.pid - b.pid

function missingFor(requires: Requirement, facts: Facts): Sentence | null {
  const snapshots = facts.timeline.processes.some((process) => process.snapshots.length > 0)
  const traced = facts.attribution.windows.length > 0
  if (requires === 'snapshots' && !snapshots)
    return say(
      'No snapshot of memory in this capture has a time stamp.',
      '本次采集中没有带时间戳的内存快照。',
    )
  if (requires === 'trace' && !traced)
    return say('No system calls were traced in this capture.', '本次采集没有跟踪系统调用。')
  if (requires === 'either' && !snapshots && !traced)
    return say(
      'There are neither snapshots with a time stamp nor traced calls.',
      '既没有带时间戳的快照，也没有跟踪到的系统调用。',
    )
  return null
}

/** Takes bytes that an earlier, more specific rule has reported away from the later ones. */
function exclusive(results: readonly RuleResult[]): RuleResult[] {
  const owner = new Map<string, string>()
  return results.map((result) => {
    if (result.outcome !== 'found') return result
    const kept = result.findings.filter((finding) => {
      // Findings without an amount of growth speak about something else: a number of arenas, a limit, a range of levels.
      if (finding.measures.grownBytes === null) return true
      const keys = finding.lineages.map((lineage) => `${finding.pid} ${lineage}`)
      if (keys.some((key) => owner.has(key))) return false
      for (const key of keys) owner.set(key, result.id)
      return true
    })
    if (kept.length > 0) return { ...result, findings: kept }
    return {
      id: result.id,
      outcome: 'clear',
      reason: say('A more specific rule reports these bytes.', '这些内存已由更具体的规则报告。'),
    }
  })
}
