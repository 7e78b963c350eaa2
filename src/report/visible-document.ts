/**
 * The document as a reader may see it: every string with its control and bidirectional characters spelled out. Parts
 * that have none are not copied: a document can be of tens of megabytes, and hardly any has one.
 */
import { isVisible, visibleText } from '../base/visible-text.ts'
import type { ReportDocument } from './document.ts'

export const visibleDocument = (document: ReportDocument): ReportDocument =>
  visible(document) as ReportDocument

function visible(value: unknown): unknown {
  if (typeof value === 'string') return visibleText(value)
  if (isAllVisible(value)) return value
  if (Array.isArray(value)) return value.map(visible)
  return Object.fromEntries(
    Object.entries(value as object).map(([key, entry]) => [
      visibleText(key),
      // Frames of a stack are one a line: their line ends are ours, not the evidence's.
      key === 'stack' && typeof entry === 'string'
        ? entry.split('\n').map(visibleText).join('\n')
        : visible(entry),
    ]),
  )
}

/** Whether nothing below `value` has to be spelled out. Makes nothing on the way. */
function isAllVisible(value: unknown): boolean {
  if (typeof value === 'string') return isVisible(value)
  if (Array.isArray(value)) return value.every(isAllVisible)
  if (value === null || typeof value !== 'object') return true
  for (const key in value)
    if (!isVisible(key) || !isAllVisible(value[key as keyof typeof value])) return false
  return true
}
