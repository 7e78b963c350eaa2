/** The document as a reader may see it: every string with its control and bidirectional characters spelled out. */
import { visibleText } from '../base/visible-text.ts'
import type { ReportDocument } from './document.ts'

function visible(value: unknown): unknown {
  if (typeof value === 'string') return visibleText(value)
  if (Array.isArray(value)) return value.map(visible)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [
        visibleText(key),
        // Frames of a stack are one a line: their line ends are ours, not the evidence's.
        key === 'stack' && typeof entry === 'string'
          ? entry.split('\n').map(visibleText).join('\n')
          : visible(entry),
      ]),
    )
  return value
}

export const visibleDocument = (document: ReportDocument): ReportDocument =>
  visible(document) as ReportDocument
