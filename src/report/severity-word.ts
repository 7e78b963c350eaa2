import type { Words } from '../language/words.ts'
import type { Finding } from '../model/finding.ts'

const SEVERITY_WORDS = {
  problem: 'severityProblem',
  warning: 'severityWarning',
  info: 'severityInfo',
} as const satisfies Record<Finding['severity'], keyof Words['table']>

export const severityWord = (severity: Finding['severity'], { table }: Words): string =>
  table[SEVERITY_WORDS[severity]]
