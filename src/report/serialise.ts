/** report.json as bytes: sorted keys, one space of indentation, a newline at the end. */
import type { ReportDocument } from './document.ts'

/** The text of report.json. Equal documents give equal text, whatever the order in which they were built. */
export const serialiseReport = (document: ReportDocument): string =>
  `${JSON.stringify(sorted(document), null, 1)}\n`

/** A copy whose keys are in code-unit order, all the way down. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value).sort()) copy[key] = sorted(value[key as keyof typeof value])
  return copy
}
