/** JUnit XML: a case for every rule and every gate, so that a CI server shows them as tests. */
import junit, { type Builder } from 'junit-report-builder'
import { visibleText } from '../base/visible-text.ts'
import type { ReportDocument, ReportFinding } from './document.ts'

/** Its types describe an ES module; what Node loads is CommonJS, whose one export is the builder. */
const library = junit as unknown as Builder

/**
 * The text of junit.xml. A rule fails when it claims growth, against a baseline only growth that is new, as the gates
 * do; one that could not run on this evidence is skipped.
 */
export function renderJunit(document: ReportDocument): string {
  const builder = library.newBuilder()
  const known = new Set(document.baseline?.persisting ?? [])
  const rules = builder.testSuite().name('memdossier rules')

  for (const rule of document.rules) {
    const test = rules.testCase().className(`memdossier.rules.${rule.id}`).name(plain(rule.title))
    const loud = document.findings.filter(
      (finding) => finding.ruleId === rule.id && finding.severity !== 'info',
    )
    if (rule.outcome === 'failed') test.error(plain(rule.reason))
    else if (rule.outcome === 'not-applicable') test.skipped()
    else if (loud.length > 0) {
      const fresh = loud.filter((finding) => !known.has(finding.fingerprint))
      if (fresh.length > 0)
        test.failure(plain(fresh.map((finding) => finding.summary).join(' ')), fresh[0]!.severity)
      test.standardOutput(loud.map(describe).join('\n'))
    }
  }
  if (document.capture.to !== null) rules.timestamp(document.capture.to)
  const gates = builder.testSuite().name('memdossier gates')

  if (document.capture.to !== null) gates.timestamp(document.capture.to)
  for (const gate of document.gates) {
    const test = gates.testCase().className('memdossier.gates').name(plain(gate.name))
    if (!gate.passed) test.failure(plain(`found ${gate.found}, expected ${gate.expected}`), 'gate')
  }
  return builder.build()
}

const describe = (finding: ReportFinding): string =>
  [
    `${finding.severity}, confidence ${finding.confidence} of 100, pid ${finding.pid}`,
    plain(finding.why),
    plain(finding.action),
    ...finding.evidence.map(({ file, firstLine, lastLine }) => plain(`${file}:${firstLine}-${lastLine}`)),
  ].join('\n')

/** One line without characters that XML cannot carry; the library escapes only the first end of a CDATA section. */
const plain = (text: string): string => visibleText(text).replaceAll(']]>', ']] >')
