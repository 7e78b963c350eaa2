/** Evidence behind a statement: file, lines, and the lines themselves. */
import type { ReportEvidence } from '../document.ts'
import type { ViewContext } from './context.ts'

export interface EvidenceView {
  readonly place: string
  readonly lines: readonly { readonly number: string; readonly text: string }[]
  readonly note: string | null
}

export const placeOf = (evidence: ReportEvidence, context: ViewContext): string =>
  context.fill(
    evidence.firstLine === evidence.lastLine ? context.words.page.line : context.words.page.lines,
    {
      file: evidence.file,
      first: evidence.firstLine,
      last: evidence.lastLine,
    },
  )

export function evidenceView(evidence: ReportEvidence, context: ViewContext): EvidenceView {
  const { page } = context.words
  const lines = evidence.lines ?? []
  const more = evidence.lastLine - evidence.firstLine + 1 - lines.length
  return {
    place: placeOf(evidence, context),
    lines: lines.map((text, index) => ({ number: String(evidence.firstLine + index), text })),
    note:
      evidence.lines === null
        ? page.linesMissing
        : more > 0
          ? context.fill(page.linesCut, { n: more })
          : null,
  }
}
