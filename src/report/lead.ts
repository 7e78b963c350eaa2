/** Of which process and which finding the verdict of the whole speaks. */
import type { ReportDocument, ReportFinding } from './document.ts'

type Process = ReportDocument['processes'][number]

const SERIOUSNESS = { leak: 0, growth: 1, inconclusive: 2, healthy: 3 } as const

interface Judged {
  readonly pid: number
  readonly samples: number
  readonly verdict: {
    readonly status: keyof typeof SERIOUSNESS
    readonly confidence: number
    readonly summary: unknown
  }
}

/** Processes as a reader should meet them. */
export const byImportance = (document: ReportDocument): Process[] =>
  inOrderOfImportance(document.processes, document.verdict)

/** First the one the verdict of the whole speaks of, then by how much their own verdict matters. */
export function inOrderOfImportance<P extends Judged>(
  processes: readonly P[],
  whole: { readonly summary: unknown },
): P[] {
  const speaks = (process: P) => Number(process.verdict.summary === whole.summary)
  return [...processes].sort(
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
