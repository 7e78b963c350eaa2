/** Of which process and which finding the verdict of the whole speaks. */
import type { ReportDocument, ReportFinding } from './document.ts'

type Process = ReportDocument['processes'][number]

const SERIOUSNESS = { leak: 0, growth: 1, inconclusive: 2, healthy: 3 } as const

/** Processes as a reader should meet them: the one the verdict speaks of, then by how much their own verdict matters. */
export function byImportance(document: ReportDocument): Process[] {
  const speaks = (process: Process) => Number(process.verdict.summary === document.verdict.summary)
  return [...document.processes].sort(
    (a, b) =>
      speaks(b) - speaks(a) ||
      SERIOUSNESS[a.verdict.status] - SERIOUSNESS[b.verdict.status] ||
      b.verdict.confidence - a.verdict.confidence ||
      b.samples - a.samples ||
      a.pid - b.pid,
  )
}

/** The finding whose words the verdict repeats, else the worst one of its process; `null` when nothing is accused. */
export function leadFinding(document: ReportDocument): ReportFinding | null {
  const loud = document.findings.filter((finding) => finding.severity !== 'info')
  const pid = byImportance(document)[0]?.pid
  return (
    loud.find((finding) => finding.pid === pid && document.verdict.reason.startsWith(finding.summary)) ??
    loud.find((finding) => finding.pid === pid) ??
    loud[0] ??
    null
  )
}
