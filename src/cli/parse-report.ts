import { type ReportDocument, reportDocument } from '../report/document.ts'
import { UsageError } from './exit-status.ts'

/** A report.json of this tool. Throws UsageError. */
export function parseReport(text: string, name: string): ReportDocument {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UsageError(`${name} is not JSON`)
  }
  const result = reportDocument.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw new UsageError(`${name} is no report.json of this tool: ${issue.path.join('.')}: ${issue.message}`)
}
