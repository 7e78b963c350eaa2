/** A rule in words: for `memdossier rules`, for the report, and for docs/rules.md. */
import { formatBytes, formatCount, formatDuration, formatNumber, formatShare } from '../base/format.ts'
import type { Language, Sentence } from '../model/sentence.ts'
import type { Requirement, Rule, Threshold } from './rule.ts'
import { RULES } from './rules/index.ts'
import { say } from './words/say.ts'

export interface RuleDescription {
  readonly id: string
  readonly title: Sentence
  readonly thresholds: readonly {
    readonly name: string
    /** Number and unit; the same in every language. */
    readonly value: string
    readonly because: Sentence
  }[]
}

/** What the report prints beside a rule's outcome. */
export const describeRule = (rule: Rule): RuleDescription => ({
  id: rule.id,
  title: rule.words.title,
  thresholds: Object.entries(rule.thresholds).map(([name, threshold]) => ({
    name,
    value: thresholdValue(threshold),
    because: threshold.because,
  })),
})

const VALUES: Readonly<Record<Threshold['unit'], (value: number) => string>> = {
  bytes: formatBytes,
  count: formatCount,
  share: formatShare,
  micros: (value) => formatDuration(value).en,
  'per-second': (value) => `${formatNumber(value)}/s`,
  'bytes-per-hour': (value) => `${formatBytes(value)}/h`,
}

/** `1 MiB`, `5`, `10 %`, `500/s`. */
const thresholdValue = (threshold: Threshold): string => VALUES[threshold.unit](threshold.value)

const REQUIREMENTS: Readonly<Record<Requirement, Sentence>> = {
  snapshots: say('snapshots of memory', '内存快照'),
  trace: say('a trace of system calls', '系统调用跟踪'),
  either: say('snapshots of memory or a trace of system calls', '内存快照或系统调用跟踪'),
}

const LOUDEST: Readonly<Record<Rule['loudest'], Sentence>> = {
  problem: say('up to problem', '最高为 problem'),
  warning: say('up to warning', '最高为 warning'),
  info: say('info only: it explains and never accuses', '仅 info：只作解释，不作指认'),
}

const LABELS = {
  why: say('What it means', '含义'),
  action: say('What to do', '处理办法'),
  capture: say('What another capture settles', '进一步采集可以回答'),
  needs: say('Needs', '需要'),
  severity: say('Severity', '级别'),
  thresholds: say('Thresholds', '阈值'),
} as const

/** All rules, one line each: id and title. */
export function listRules(language: Language): string {
  const width = Math.max(...RULES.map((rule) => rule.id.length))
  return `${RULES.map((rule) => `${rule.id.padEnd(width)}  ${rule.words.title[language]}`).join('\n')}\n`
}

/** One rule in full, plain text; `null` for an id that no rule has. */
export function explainRule(id: string, language: Language): string | null {
  const rule = RULES.find((entry) => entry.id === id)
  if (!rule) return null
  const { words } = rule
  const paragraphs = [
    `${rule.id}: ${words.title[language]}`,
    `${LABELS.severity[language]}: ${LOUDEST[rule.loudest][language]}. ${LABELS.needs[language]}: ${REQUIREMENTS[rule.requires][language]}.`,
    `${LABELS.why[language]}: ${words.why[language]}`,
    `${LABELS.action[language]}: ${words.action[language]}`,
    ...(words.capture ? [`${LABELS.capture[language]}: ${words.capture[language]}`] : []),
    [
      `${LABELS.thresholds[language]}:`,
      ...describeRule(rule).thresholds.map(
        ({ name, value, because }) => `  ${name} = ${value}. ${because[language]}`,
      ),
    ].join('\n'),
  ]
  return `${paragraphs.join('\n\n')}\n`
}

const INTRODUCTION = `# Rules

What memdossier looks for, what each finding means and what to do about it. This page is written from the rule files
(\`src/findings/rules/\`) by \`npm run docs\`; a test fails when it is out of date.

A finding is a **problem** or a **warning** only where memory grows without bound or is held for no use; everything
else is **info** and explains why something is not a leak. No two findings above info report the same bytes: the more
specific rule, further up on this page, has them. A rule whose evidence is missing says *not applicable*, and a rule
that fails is shown as *failed*: neither counts as *clear*.

How much must grow, by how many snapshots and against which noise is decided before any rule, by the trend of each
kind of mapping: a robust slope with a 95 % interval, judged against the scatter of the series itself (see
[method](method.md)). The thresholds below come on top.

A thread is named only where the calls carry it. \`certain\` means that the replay of the calls proves it for the traced
time and that the rest grew alike, \`likely\` that it is inferred; otherwise the finding says why nobody is named and
which capture would settle it. Of mappings the calls tell who maps them, not who should have given them back.
`

/** docs/rules.md, whole. */
export function rulesPage(): string {
  const contents = RULES.map((rule) => `- [${rule.id}](#${rule.id}): ${rule.words.title.en}`).join('\n')
  return `${[INTRODUCTION, contents, ...RULES.map(ruleSection)].join('\n')}`
}

function ruleSection(rule: Rule): string {
  const { words } = rule
  const rows = describeRule(rule).thresholds.map(
    ({ name, value, because }) => `| \`${name}\` | ${value} | ${because.en} |`,
  )
  return [
    '',
    `## ${rule.id}`,
    '',
    `**${words.title.en}** (${words.title.zh})`,
    '',
    `Severity: ${LOUDEST[rule.loudest].en}. Needs ${REQUIREMENTS[rule.requires].en}.`,
    '',
    `${LABELS.why.en}. ${words.why.en}`,
    '',
    `${LABELS.action.en}. ${words.action.en}`,
    '',
    ...(words.capture ? [`${LABELS.capture.en}. ${words.capture.en}`, ''] : []),
    '| threshold | value | because |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
