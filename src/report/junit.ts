/** JUnit XML: a case for every rule and every gate, so that a CI server shows them as tests. */
import junit, { type Builder } from 'junit-report-builder'
import { visibleText } from '../base/visible-text.ts'
import { fill } from '../language/fill.ts'
import { wordsIn } from '../language/words.ts'
import type { FurtherFinding, ReportDocument, ReportFinding } from './document.ts'
import { findingName } from './finding-name.ts'
import { severityWord } from './severity-word.ts'

/** Its types describe an ES module; what Node loads is CommonJS, whose one export is the builder. */
const library = junit as unknown as Builder
type TestCase = ReturnType<Builder['testCase']>
type XMLElement = ReturnType<TestCase['build']>

/**
 * The text of junit.xml. A rule fails when it claims growth, against a baseline only growth that is new, as the gates
 * do; one that could not run on this evidence is skipped, and so is one that found only what is expected.
 */
export function renderJunit(document: ReportDocument): string {
  const builder = library.newBuilder()
  const known = new Set(document.baseline?.persisting ?? [])
  const accepted = acceptanceOf(document)
  const {
    gate: words,
    page: { separator },
  } = wordsIn(document.language)
  const rules = builder.testSuite().name('memdossier rules')

  for (const rule of document.rules) {
    const test = rules.testCase().className(`memdossier.rules.${rule.id}`).name(plain(rule.title))
    const loud = document.findings.filter(
      (finding) => finding.ruleId === rule.id && finding.severity !== 'info',
    )
    const further = (document.furtherFindings ?? []).filter((finding) => finding.ruleId === rule.id)
    if (rule.outcome === 'failed') test.error(plain(rule.reason))
    else if (rule.outcome === 'not-applicable') skip(test, rule.reason)
    else if (loud.length + further.length > 0) {
      const all = [...loud, ...further]
      const unexpected = all.filter((finding) => !accepted.has(finding.fingerprint))
      const fresh = unexpected.filter((finding) => !known.has(finding.fingerprint))
      if (fresh.length > 0)
        test.failure(
          plain(fresh.map((finding) => summaryOf(finding, document)).join(' ')),
          fresh[0]!.severity,
        )
      else if (unexpected.length === 0)
        skip(
          test,
          [...new Set(all.flatMap(({ fingerprint }) => accepted.get(fingerprint) ?? []))].join(separator),
        )
      test.standardOutput(
        loud
          .flatMap((finding) => [...(accepted.get(finding.fingerprint) ?? []), describe(finding, document)])
          .join('\n'),
      )
    }
  }
  if (document.capture.to !== null) rules.timestamp(document.capture.to)
  const gates = builder.testSuite().name('memdossier gates')

  if (document.capture.to !== null) gates.timestamp(document.capture.to)
  for (const gate of document.gates) {
    const test = gates.testCase().className('memdossier.gates').name(plain(gate.name))
    if (!gate.passed)
      test.failure(plain(fill(words.foundExpected, { found: gate.found, expected: gate.expected })), 'gate')
  }
  return builder.build()
}

/** Skipped with its reason, for which the library has no word. */
function skip(test: TestCase, reason: string): void {
  const build = test.build.bind(test)
  test.skipped().build = (parent) => {
    const element = build(parent)
    for (const child of element.children)
      if ('name' in child && child.name === 'skipped') (child as XMLElement).att('message', plain(reason))
    return element
  }
}

/** By fingerprint, the words in which an expected finding is accepted. */
function acceptanceOf({ accepted, language }: ReportDocument): ReadonlyMap<string, readonly string[]> {
  const { gate: words } = wordsIn(language)
  return new Map(
    accepted?.map(({ fingerprint, until, reason }) => [
      fingerprint,
      [plain(fill(until === null ? words.accepted : words.acceptedUntil, { until: until ?? '', reason }))],
    ]),
  )
}

/** Of one that the report has no room to tell, which it is. */
const summaryOf = (finding: ReportFinding | FurtherFinding, document: ReportDocument): string =>
  'summary' in finding ? finding.summary : findingName(finding, document)

const describe = (finding: ReportFinding, { language }: ReportDocument): string =>
  [
    fill(wordsIn(language).gate.findingHead, {
      severity: severityWord(finding.severity, wordsIn(language)),
      confidence: finding.confidence,
      pid: finding.pid,
    }),
    plain(finding.why),
    plain(finding.action),
    ...(finding.captureHint === null ? [] : [plain(finding.captureHint)]),
    ...finding.evidence.map(({ file, firstLine, lastLine }) => plain(`${file}:${firstLine}-${lastLine}`)),
  ].join('\n')

/** One line without characters that XML cannot carry; the library escapes only the first end of a CDATA section. */
const plain = (text: string): string => visibleText(text).replaceAll(']]>', ']] >')
