import { fill } from '../language/fill.ts'
import { type Words, wordsIn } from '../language/words.ts'
import type { FurtherFinding, ReportDocument } from '../report/document.ts'
import { findingName } from '../report/finding-name.ts'
import { allFindings, claimedIn, compareWithBaseline, growthGates } from './baseline.ts'
import { budgetGates } from './budgets.ts'
import type { ExpectedFinding, Gate, GateOptions } from './gate-options.ts'

/** The document with its gates judged. A pure function: the same report and options give the same gates. */
export function applyGates(document: ReportDocument, options: GateOptions): ReportDocument {
  const { baseline, expected } = options
  const accepted = acceptedFindings(document, expected)
  return {
    ...document,
    baseline: baseline ? compareWithBaseline(document, baseline.document, baseline.file) : null,
    ...(expected.length > 0 ? { accepted } : {}),
    gates: [
      ...findingGate(document, options, accepted),
      ...expiryGates(document, expected),
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

const wordsOf = (document: ReportDocument): Words => wordsIn(document.language)

type Accepted = NonNullable<ReportDocument['accepted']>

/** The expected findings that are there and whose day is not over. */
function acceptedFindings(document: ReportDocument, expected: readonly ExpectedFinding[]): Accepted {
  const found = new Set(allFindings(document).map(({ fingerprint }) => fingerprint))
  return expected
    .filter((entry) => found.has(entry.fingerprint) && !isExpired(entry, document))
    .map(({ fingerprint, until, reason }) => ({ fingerprint, until, reason }))
}

function findingGate(document: ReportDocument, options: GateOptions, accepted: Accepted): Gate[] {
  if (options.failOn === 'never') return []
  const { gate: words } = wordsOf(document)
  const least = RANK[options.failOn]
  const acceptedOnes = new Set(accepted.map(({ fingerprint }) => fingerprint))
  const known = options.baseline ? claimedIn(options.baseline.document) : new Set<string>()
  const loud = allFindings(document).filter((finding) => RANK[finding.severity] >= least)
  const counted = loud.filter((finding) => !acceptedOnes.has(finding.fingerprint))
  const fresh = options.baseline ? counted.filter((finding) => !known.has(finding.fingerprint)) : counted
  return [
    {
      name: `fail-on=${options.failOn}`,
      expected: words[EXPECTED[options.failOn][options.baseline ? 'fresh' : 'any']],
      found:
        fresh.length > 0
          ? listed(fresh, document)
          : options.baseline && counted.length > 0
            ? fill(words.noneNew, { n: counted.length })
            : loud.length > 0
              ? fill(words.noneUnexpected, { findings: listed(loud, document) })
              : words.none,
      passed: fresh.length === 0,
    },
  ]
}

const EXPECTED = {
  problem: { any: 'noProblem', fresh: 'noNewProblem' },
  warning: { any: 'noWarning', fresh: 'noNewWarning' },
} as const

const listed = (findings: readonly FurtherFinding[], document: ReportDocument): string =>
  findings.map((finding) => findingName(finding, document)).join(wordsOf(document).page.separator)

/** An accepted finding whose day is over fails by name, so that nobody forgets it. */
function expiryGates(document: ReportDocument, expected: readonly ExpectedFinding[]): Gate[] {
  const { gate: words } = wordsOf(document)
  return expected
    .filter((entry) => isExpired(entry, document))
    .map(({ fingerprint, until, reason }) => {
      const still = allFindings(document).some((finding) => finding.fingerprint === fingerprint)
      return {
        name: `expected ${fingerprint}`,
        expected: fill(words.acceptedUntil, { until: until!, reason }),
        found: still ? words.stillFound : words.noLongerFound,
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
      expected: wordsOf(document).gate.aVerdict,
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
function lostWords(
  lost: ReportDocument['skipped'],
  damaged: ReportDocument['diagnostics'],
  words: Words['gate'],
): string {
  const counts = fill(words.lost, { skipped: lost.length, n: damaged.length })
  const first = damaged[0] ?? lost[0]
  if (!first) return counts
  const [file, reason] = 'path' in first ? [first.path, first.reason] : [first.file, first.message]
  return fill(words.lostFirst, { lost: counts, file, reason })
}

function evidenceGate(document: ReportDocument, options: GateOptions): Gate[] {
  if (!options.strict) return []
  const { gate: words } = wordsOf(document)
  const lost = lostFiles(document)
  const damaged = document.diagnostics.filter((entry) => entry.severity !== 'info')
  return [
    {
      name: EVIDENCE_GATE,
      expected: words.allRead,
      found: lostWords(lost, damaged, words),
      passed: lost.length === 0 && damaged.length === 0,
    },
  ]
}
