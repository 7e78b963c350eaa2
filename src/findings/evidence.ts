/** What a finding points at: header lines of its regions in the snapshots, and the calls it cites. */
import type { EvidenceReference } from '../model/evidence.ts'
import type { Finding } from '../model/finding.ts'
import { endsOf } from '../model/lineage-ends.ts'
import type { Lineage, ProcessTimeline, Segment } from '../model/timeline.ts'
import type { Growth } from './growth.ts'

/** A reader opens a handful of places, not a hundred. */
const REGIONS_KEPT = 16
const LINES_KEPT = 4

/** Where the lineages lie at the last snapshot, biggest growth first. */
export function regionsOf(lineages: readonly Lineage[]): Finding['regions'] {
  return lineages.slice(0, REGIONS_KEPT).flatMap((lineage) => {
    const { last } = endsOf(lineage)
    return last ? [{ start: last.start, end: last.end, kind: lineage.kind, name: lineage.name }] : []
  })
}

/** Header lines of the biggest growers where they last changed, then the whole first and last snapshot. */
export function snapshotEvidence(
  growth: Pick<Growth, 'process' | 'segment' | 'lineages'>,
): EvidenceReference[] {
  const lines = growth.lineages.slice(0, LINES_KEPT).flatMap((lineage) => {
    const place = lastPlace(growth.process, growth.segment, lineage.id)
    return place ? [place] : []
  })
  return lines.length > 0 ? lines : boundaryEvidence(growth.process, growth.segment)
}

/** First and last snapshot of a segment, by their first line. */
export function boundaryEvidence(process: ProcessTimeline, segment: Segment): EvidenceReference[] {
  const files = [process.snapshots[segment.first]?.file, process.snapshots[segment.last]?.file]
  return [...new Set(files)].flatMap((file) => (file ? [{ file, firstLine: 1, lastLine: 1 }] : []))
}

/** The latest pair of the segment in which the lineage changed. */
function lastPlace(process: ProcessTimeline, segment: Segment, lineage: string): EvidenceReference | null {
  for (let index = process.pairs.length - 1; index >= 0; index--) {
    const pair = process.pairs[index]!
    if (pair.to > segment.to || pair.from < segment.from) continue
    const change = pair.changes.find((entry) => entry.lineage === lineage)
    if (!change) continue
    const file = change.kind === 'unmapped' ? pair.fromFile : pair.toFile
    return { file, firstLine: change.line, lastLine: change.line }
  }
  return null
}
