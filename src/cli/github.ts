import { appendFileSync, statSync } from 'node:fs'
import type { ReportDocument } from '../report/document.ts'
import { shown, type Terminal } from './terminal.ts'

/** GitHub refuses a step summary above this, all of it. */
const MOST_SUMMARY = 1024 * 1024
/** Annotations of one level that GitHub shows for a step. */
const MOST_ANNOTATIONS = 10

/** In a job of GitHub Actions: the report in the summary of the step, findings and failed gates as annotations. */
export async function tellGitHub(
  document: ReportDocument,
  environment: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<void> {
  if (environment.GITHUB_ACTIONS !== 'true') return
  for (const line of annotations(document)) terminal.note(line)
  const path = environment.GITHUB_STEP_SUMMARY
  if (!path) return
  const { renderMarkdown } = await import('../report/markdown.ts')
  const text = renderMarkdown(document)
  const written = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (written + Buffer.byteLength(text) > MOST_SUMMARY) {
    terminal.note('memdossier: the summary of this step is full; the report is not in it')
    return
  }
  try {
    appendFileSync(path, text)
  } catch (error) {
    terminal.note(`memdossier: cannot write the step summary: ${(error as NodeJS.ErrnoException).code}`)
  }
}

function annotations(document: ReportDocument): string[] {
  const gates = document.gates
    .filter((gate) => !gate.passed)
    .map((gate) => command('error', `memdossier: ${gate.name}`, `${gate.found} (expected: ${gate.expected})`))
  // What the gates let pass: expected, or known from the baseline.
  const known = new Set(document.baseline?.persisting)
  for (const { fingerprint } of document.accepted ?? []) known.add(fingerprint)
  const of = (severity: string, level: 'error' | 'warning') =>
    document.findings
      .filter((finding) => finding.severity === severity && !known.has(finding.fingerprint))
      .map((finding) => command(level, `memdossier: ${finding.title}`, finding.summary))
  return [
    ...[...gates, ...of('problem', 'error')].slice(0, MOST_ANNOTATIONS),
    ...of('warning', 'warning').slice(0, MOST_ANNOTATIONS),
  ]
}

/** A workflow command; its own signs are escaped, so that no name of the evidence can become one. */
function command(level: 'error' | 'warning', title: string, message: string): string {
  const data = (text: string) => shown(text).replaceAll('%', '%25')
  const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
  return `::${level} title=${property(title)}::${data(message)}`
}
