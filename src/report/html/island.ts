/** The one JSON island of the page: the figures for the live charts, and report.json itself. */
import type { Figure } from '../charts/figure.ts'
import type { ReportDocument } from '../document.ts'
import { serialiseReport } from '../serialise.ts'
import { escapeJson } from './escape-json.ts'

/**
 * `{"figures":[…],"report":{…}}`. The report is not redone by the page: what it offers for download is this text,
 * parsed and written again with the same indentation.
 */
export const islandOf = (document: ReportDocument, figures: readonly Figure[]): string =>
  escapeJson(
    `{"figures":${JSON.stringify(figures)},"report":${JSON.stringify(JSON.parse(serialiseReport(document)))}}`,
  )
