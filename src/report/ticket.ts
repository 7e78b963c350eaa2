/** A short text for a ticket: the verdict, the facts, what next, and words to find it by. Markdown, no HTML. */
import type { ReportDocument } from './document.ts'
import { leadFinding } from './lead.ts'
import { markdownText } from './markdown/text.ts'
import { createContext } from './view/context.ts'
import { findingFacts } from './view/finding-facts.ts'
import { firstScreen, statusWord } from './view/first-screen.ts'

/** `document` must already be visible. */
export const ticketText = (document: ReportDocument): string =>
  `${ticketLines(document, (title) => `**${title}**`).join('\n')}\n`

/** The same as lines; `heading` marks the first. */
export function ticketLines(document: ReportDocument, heading: (title: string) => string): string[] {
  const context = createContext(document)
  const { page } = context.words
  const screen = firstScreen(context)
  const top = leadFinding(document)
  return [
    heading(markdownText(screen.heading)),
    '',
    `${statusWord(document.verdict.status, context)}, ${screen.confidence}${page.stop}`,
    '',
    markdownText(screen.reason),
    '',
    ...(top ? findingFacts(top, context) : screen.facts).map(
      ({ label, value }) => `- ${label}${page.colon}${markdownText(value)}`,
    ),
    ...screen.failedGates.map((gate) => `- ${page.factGate}${page.colon}${markdownText(gate)}`),
    `- ${page.factData}${page.colon}${screen.data.map((entry) => markdownText(entry.text)).join(page.separator)}`,
    ...(screen.next?.command
      ? [
          '',
          `${page.factNext}${page.colon}${markdownText(screen.next.text)}`,
          '',
          `    ${screen.next.command}`,
        ]
      : []),
    '',
    `${page.search}${page.colon}${searchWords(document).map(markdownText).join(', ')}`,
    '',
    markdownText(screen.capture),
  ]
}

/** What someone with the same trouble would type: program, mechanism, rule, the calls. */
function searchWords(document: ReportDocument): string[] {
  const loud = document.findings.filter((finding) => finding.severity !== 'info')
  const words = [
    ...document.processes.map((process) => process.program ?? ''),
    ...loud.flatMap((finding) => [
      finding.program ?? '',
      finding.ruleId,
      finding.mechanism,
      ...finding.regions.slice(0, 2).map(({ name }) => name),
    ]),
    document.verdict.status,
    'memory',
    'smaps',
    'strace',
  ]
  return [...new Set(words.filter((word) => word !== ''))].slice(0, 16)
}
