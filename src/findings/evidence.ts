/** What a finding points at: header lines of its regions in the snapshots, and the calls it cites. */
import type { EvidenceReference } from '../model/evidence.ts'
import type { Finding } from '../model/finding.ts'
import { endsOf } from '../model/lineage-ends.ts'
import type { Lineage, ProcessTimeline, Segment } from '../model/timeline.ts'
import { fileReference } from '../timeline/events.ts'
import type { Growth } from './growth.ts'

/** A reader opens a handful of places, not a hundred. */
const REGIONS_KEPT = 16
const LINES_KEPT = 4

/** Where the lineages lie at the last snapshot, biggest growth first. */
export const regionsOf = (lineages: readonly Lineage[]): Pick<Finding, 'regions' | 'regionsOmitted'> =>
  firstRegions(
    lineages.slice(0, REGIONS_KEPT).flatMap((lineage) => {
      const { last } = endsOf(lineage)
      return last ? [{ start: last.start, end: last.end, kind: lineage.kind, name: lineage.name }] : []
    }),
    lineages.length,
  )

/** As many as a reader opens, with the number of the others. */
export const firstRegions = (
  regions: Finding['regions'],
  all: number,
): Pick<Finding, 'regions' | 'regionsOmitted'> => ({
  regions: regions.slice(0, REGIONS_KEPT),
  regionsOmitted: Math.max(0, all - REGIONS_KEPT),
})

/**
 * Header lines of the biggest growers where they last changed, or where they were last seen when none of their changes
 * is kept; the first and last snapshot as a whole for what is about no mapping.
 */
export function snapshotEvidence(
  growth: Pick<Growth, 'process' | 'segment' | 'lineages'>,
): EvidenceReference[] {
  const lines = growth.lineages.slice(0, LINES_KEPT).flatMap((lineage) => {
    const place = lastPlace(growth.process, growth.segment, lineage.id) ?? lastSight(growth.process, lineage)
    return place ? [place] : []
  })
  return lines.length > 0 ? lines : boundaryEvidence(growth.process, growth.segment)
}

/** The mapping's own line in the snapshot that shows it last. */
function lastSight(process: ProcessTimeline, lineage: Lineage): EvidenceReference | null {
  const { last } = endsOf(lineage)
  const file = last && process.snapshots[last.snapshot]?.file
  if (!file || lineage.line === null) return null
  return { file, firstLine: lineage.line, lastLine: lineage.line }
}

/** First and last snapshot of a segment, each as a whole. */
export function boundaryEvidence(process: ProcessTimeline, segment: Segment): EvidenceReference[] {
  const files = [process.snapshots[segment.first]?.file, process.snapshots[segment.last]?.file]
  return [...new Set(files)].flatMap((file) => (file ? fileReference(file) : []))
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
