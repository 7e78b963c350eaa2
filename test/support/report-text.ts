import type { ReportDocument } from '../../src/report/document.ts'
import { serialiseReport } from '../../src/report/serialise.ts'

/** report.json as one text. */
export const reportText = (document: ReportDocument): string => [...serialiseReport(document)].join('')
