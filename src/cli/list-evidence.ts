import { formatBytes } from '../base/format.ts'
import { bytesOf, type Capture } from '../model/evidence.ts'
import { shown } from './terminal.ts'

/** What `--dry-run` prints: every file, what it was taken for and why; then what would be skipped. */
export function listEvidence(capture: Capture): string[] {
  const lines = capture.files.map(
    (file) => `read  ${shown(file.path)}  ${file.format}  ${formatBytes(file.bytes)}  ${shown(file.why)}`,
  )
  for (const file of capture.skipped)
    lines.push(`skip  ${shown(file.path)}  ${formatBytes(file.bytes)}  ${shown(file.reason)}`)
  const bytes = bytesOf(capture.files)
  lines.push(
    `${capture.files.length} files to read, ${formatBytes(bytes)}; ${capture.skipped.length} to skip`,
  )
  return lines
}
