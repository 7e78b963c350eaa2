/** report.json as bytes: sorted keys, one space of indentation, a newline at the end. */
import { configure } from 'safe-stable-stringify'
import type { ReportDocument } from './document.ts'

// No limit on depth or breadth, and a circle would be a fault of ours: better loud than `[Circular]` in a file.
const stringify = configure({ circularValue: Error, bigint: false })

/** The text of report.json. Equal documents give equal text, whatever the order in which they were built. */
export const serialiseReport = (document: ReportDocument): string => `${stringify(document, null, 1)}\n`
