import type { Inputs } from '../bundle/evidence-ledger.ts'
import { describeRule } from '../findings/describe-rule.ts'
import type { RULES } from '../findings/rules/index.ts'
import type { judge } from '../findings/verdict.ts'
import { DIAGNOSTIC_CATALOGUE, type DiagnosticCode } from '../model/diagnostic-catalogue.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { Capture } from '../model/evidence.ts'
import type { Facts } from '../model/facts.ts'
import type { RuleResult } from '../model/finding.ts'
import { storedPath } from '../redaction/names.ts'
import type { Redactor } from '../redaction/redactor.ts'
import type { ReportInput, ReportRedaction } from '../report/input.ts'
import { VERSION } from '../version.ts'
import type { RunOptions } from './run-options.ts'

interface Known {
  readonly facts: Facts
  readonly results: readonly RuleResult[]
  readonly verdicts: ReturnType<typeof judge>
  readonly capture: Capture
  readonly inputs: Inputs
  readonly redactor: Redactor
  readonly options: RunOptions
  readonly diagnostics: Diagnostics
  readonly rules: typeof RULES
}

/** What the report is built from, out of what the run knows. */
export function reportInputOf(known: Known): ReportInput {
  const { facts, results, verdicts, capture, inputs, redactor, options, diagnostics, rules } = known
  return {
    version: VERSION,
    language: options.language,
    captureName: capture.name,
    facts,
    results,
    rules: rules.map(describeRule),
    verdicts,
    diagnostics: diagnostics
      .list((code, detail) => shownDetail(code, detail, redactor))
      .map((entry) => ({ ...entry, file: storedPath(entry.file, redactor) })),
    remedy: (code) => DIAGNOSTIC_CATALOGUE[code].remedy,
    files: capture.files,
    inputs: async () =>
      (await inputs()).map(({ path, format, original }) => ({ path, kind: format, ...original })),
    skipped: capture.skipped,
    gates: [],
    baseline: null,
    redaction: reportRedaction(redactor, capture),
  }
}

/** Diagnostics whose detail is the path of another file. */
const NAMES_A_FILE: readonly DiagnosticCode[] = ['evidence-duplicate', 'strace-copy', 'strace-overlap']

/**
 * A path is shown as the stored one, a word of a call as the stored line has it. Of strace's messages those that a rule changes are not shown:
 * what is read of one is cut, and the cut of a changed message is not the changed cut.
 */
function shownDetail(code: DiagnosticCode, detail: string, redactor: Redactor): string | null {
  if (NAMES_A_FILE.includes(code)) return storedPath(detail, redactor)
  if (code === 'strace-unknown-flag') return redactor.flag(detail)
  if (code !== 'strace-message' || redactor.policy === 'none') return detail
  return redactor.line(detail, 'strace-log') === detail && !redactor.holdsToken(detail) ? detail : null
}

/** The report's view of the policy. Names and paths were redacted when they were read; what quotes them must agree. */
function reportRedaction(redactor: Redactor, capture: Capture): ReportRedaction {
  const shown = new Set([
    capture.name,
    ...capture.files.map((file) => file.path),
    ...capture.skipped.map((file) => file.path),
  ])
  return {
    policy: redactor.policy,
    get rules() {
      return redactor.counts()
    },
    text: redactor.text,
    name: redactor.text,
    path: (path) => (shown.has(path) ? path : redactor.text(path)),
    line: redactor.line,
  }
}
