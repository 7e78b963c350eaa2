import { decodeText } from '../base/bytes-text.ts'
import { LineScanner } from '../base/line-scanner.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { SummaryTable } from '../model/trace.ts'
import { SummaryReader } from './summary-table.ts'
import { Tally } from './tally.ts'

/** Longest line of a table that is looked at. */
const LONGEST = 4096

/** Reads a file that holds nothing but `-c` tables. */
export async function readSummary(file: EvidenceFile, diagnostics: Diagnostics): Promise<SummaryTable[]> {
  const tally = new Tally(file.path)
  const reader = new SummaryReader(file.path)
  const scanner = new LineScanner((buffer, start, end, line) => {
    const text = decodeText(buffer, start, Math.min(end, start + LONGEST)).trimEnd()
    if (text !== '' && !reader.take(text, line)) tally.add('strace-foreign-line', line)
  })
  for await (const chunk of file.read()) scanner.push(chunk)
  scanner.finish()
  if (reader.open) {
    tally.add('strace-summary-cut', scanner.lines)
    reader.finish()
  }
  tally.report(diagnostics)
  return reader.tables
}
