import type { ReportDocument, ReportFinding } from '../report/document.ts'
import { compareWithBaseline, growthGates } from './baseline.ts'
import { budgetGates } from './budgets.ts'
import type { ExpectedFinding, Gate, GateOptions } from './gate-options.ts'

/** The document with its gates judged. A pure function: the same report and options give the same gates. */
export function applyGates(document: ReportDocument, options: GateOptions): ReportDocument {
  const baseline = options.baseline
  return {
    ...document,
    baseline: baseline ? compareWithBaseline(document, baseline.document, baseline.file) : null,
    gates: [
      ...findingGate(document, options),
      ...expiryGates(document, options.expected),
      ...budgetGates(document, options.budgets),
      ...(baseline && options.failOn !== 'never' ? growthGates(document, baseline.document) : []),
      ...verdictGate(document, options),
      ...evidenceGate(document, options),
    ],
  }
}

/** Names of gates that decide on another exit status than 3. */
export const VERDICT_GATE = 'require-verdict'
export const EVIDENCE_GATE = 'strict'

const RANK = { info: 0, warning: 1, problem: 2 } as const

function findingGate(document: ReportDocument, options: GateOptions): Gate[] {
  if (options.failOn === 'never') return []
  const least = RANK[options.failOn]
  const accepted = new Set(
    options.expected.filter((entry) => !isExpired(entry, document)).map((entry) => entry.fingerprint),
  )
  const known = new Set(options.baseline?.document.findings.map((finding) => finding.fingerprint) ?? [])
  const counted = document.findings.filter(
    (finding) => RANK[finding.severity] >= least && !accepted.has(finding.fingerprint),
  )
  const fresh = options.baseline ? counted.filter((finding) => !known.has(finding.fingerprint)) : counted
  return [
    {
      name: `fail-on=${options.failOn}`,
      expected: `no ${options.baseline ? 'new ' : ''}finding of severity ${options.failOn}${options.failOn === 'warning' ? ' or problem' : ''}`,
      found: fresh.length === 0 ? noneFound(counted, options) : fresh.map(nameFinding).join('; '),
      passed: fresh.length === 0,
    },
  ]
}

const nameFinding = (finding: ReportFinding): string =>
  `${finding.ruleId} (${finding.severity}, ${finding.program ?? 'pid'} ${finding.pid})`

const noneFound = (counted: readonly ReportFinding[], options: GateOptions): string =>
  options.baseline && counted.length > 0 ? `none new, ${counted.length} known from the baseline` : 'none'

/** An accepted finding whose day is over fails by name, so that nobody forgets it. */
function expiryGates(document: ReportDocument, expected: readonly ExpectedFinding[]): Gate[] {
  return expected
    .filter((entry) => isExpired(entry, document))
    .map((entry) => {
      const still = document.findings.some((finding) => finding.fingerprint === entry.fingerprint)
      return {
        name: `expected ${entry.fingerprint}`,
        expected: `accepted until ${entry.until} (${entry.reason})`,
        found: still ? 'still found after that day' : 'no longer found: remove it from the configuration',
        passed: !still,
      }
    })
}

/** Judged by the last day of the evidence, not by today's: the same evidence gives the same gates for ever. */
function isExpired(entry: ExpectedFinding, document: ReportDocument): boolean {
  if (entry.until === null) return false
  return document.capture.to === null || document.capture.to.slice(0, 10) > entry.until
}

function verdictGate(document: ReportDocument, options: GateOptions): Gate[] {
  if (!options.requireVerdict) return []
  return [
    {
      name: VERDICT_GATE,
      expected: 'a verdict other than inconclusive',
      found: document.verdict.status,
      passed: document.verdict.status !== 'inconclusive',
    },
  ]
}

/** Files that are not read and with which nothing is lost. */
const NOTHING_LOST: readonly string[] = ['evidence-duplicate', 'evidence-link-inside', 'evidence-leftover']

function lostFiles({ skipped, diagnostics }: ReportDocument): ReportDocument['skipped'] {
  const harmless = new Set(
    diagnostics.filter(({ code }) => NOTHING_LOST.includes(code)).map(({ file }) => file),
  )
  return skipped.filter(({ path }) => !harmless.has(path))
}

/** Where to look first: a file that was left out on purpose is told from one that is damaged. */
function firstOf(lost: ReportDocument['skipped'], damaged: ReportDocument['diagnostics']): string {
  const first = damaged[0] ?? lost[0]
  if (!first) return ''
  return `; first ${'path' in first ? `${first.path}: ${first.reason}` : `${first.file}: ${first.message}`}`
}

function evidenceGate(document: ReportDocument, options: GateOptions): Gate[] {
  if (!options.strict) return []
  const lost = lostFiles(document)
  const damaged = document.diagnostics.filter((entry) => entry.severity !== 'info')
  return [
    {
      name: EVIDENCE_GATE,
      expected: 'all evidence read, nothing skipped or damaged',
      found: `${lost.length} skipped, ${damaged.length} ${damaged.length === 1 ? 'sign' : 'signs'} of damage${firstOf(lost, damaged)}`,
      passed: lost.length === 0 && damaged.length === 0,
    },
  ]
}
