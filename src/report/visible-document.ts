/**
 * The document as a reader may see it: every string with its control and bidirectional characters spelled out. What has
 * none is not copied: a document can be of tens of megabytes, and hardly any has one.
 */
import { visibleText } from '../base/visible-text.ts'
import type { ReportDocument } from './document.ts'

function visible(value: unknown): unknown {
  if (typeof value === 'string') return visibleText(value)
  if (Array.isArray(value)) return visibleList(value)
  return value !== null && typeof value === 'object' ? visibleObject(value) : value
}

function visibleList(list: readonly unknown[]): readonly unknown[] {
  const shown = list.map(visible)
  return shown.every((entry, index) => entry === list[index]) ? list : shown
}

function visibleObject(value: object): object {
  let changed = false
  const entries = Object.entries(value).map(([key, entry]) => {
    const shown: [string, unknown] = [
      visibleText(key),
      key === 'stack' ? visibleStack(entry) : visible(entry),
    ]
    changed ||= shown[0] !== key || shown[1] !== entry
    return shown
  })
  return changed ? Object.fromEntries(entries) : value
}

/** Frames of a stack are one a line: their line ends are ours, not the evidence's. */
const visibleStack = (stack: unknown): unknown =>
  typeof stack === 'string' ? stack.split('\n').map(visibleText).join('\n') : visible(stack)

export const visibleDocument = (document: ReportDocument): ReportDocument =>
  visible(document) as ReportDocument
