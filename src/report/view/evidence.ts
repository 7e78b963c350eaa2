/** Evidence behind a statement: file, lines, and the lines themselves. */
import type { ReportEvidence } from '../document.ts'
import type { ViewContext } from './context.ts'

export interface EvidenceView {
  readonly place: string
  readonly lines: readonly { readonly number: string; readonly text: string }[]
  readonly note: string | null
}

/** A file that is cited as a whole has no lines to quote. */
const isWhole = ({ lines }: ReportEvidence): boolean => lines?.length === 0

export const placeOf = (evidence: ReportEvidence, context: ViewContext): string =>
  isWhole(evidence)
    ? evidence.file
    : context.fill(
        evidence.firstLine === evidence.lastLine ? context.words.page.line : context.words.page.lines,
        {
          file: evidence.file,
          first: evidence.firstLine,
          last: evidence.lastLine,
        },
      )

/** References in their order; neighbours in the same file share one block. */
export function evidenceViews(references: readonly ReportEvidence[], context: ViewContext): EvidenceView[] {
  const blocks: ReportEvidence[][] = []
  for (const reference of references) {
    const block = blocks.at(-1)
    if (
      block &&
      block[0]!.file === reference.file &&
      isWhole(block[0]!) === isWhole(reference) &&
      (block[0]!.lines === null) === (reference.lines === null)
    )
      block.push(reference)
    else blocks.push([reference])
  }
  return blocks.map((block) => blockView(block, context))
}

function blockView(block: readonly ReportEvidence[], context: ViewContext): EvidenceView {
  const { page } = context.words
  const [only] = block
  if (isWhole(only!)) return { place: only!.file, lines: [], note: null }
  const sorted = [...block].sort((a, b) => a.firstLine - b.firstLine)
  const quoted = only!.lines !== null
  const more = block.reduce(
    (sum, { firstLine, lastLine, lines }) => sum + lastLine - firstLine + 1 - (lines?.length ?? 0),
    0,
  )
  return {
    place:
      block.length === 1
        ? placeOf(only!, context)
        : context.fill(page.severalLines, { file: only!.file, lines: sorted.map(lineSpan).join(', ') }),
    lines: sorted.flatMap(({ firstLine, lines }) =>
      (lines ?? []).map((text, index) => ({ number: String(firstLine + index), text })),
    ),
    note: !quoted ? page.linesMissing : more > 0 ? context.fill(page.linesCut, { n: more }) : null,
  }
}

const lineSpan = ({ firstLine, lastLine }: ReportEvidence): string =>
  firstLine === lastLine ? String(firstLine) : `${firstLine}–${lastLine}`
