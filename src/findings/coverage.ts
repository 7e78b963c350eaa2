/** How far the evidence reaches: which processes can be judged, and for how long they were watched. */
import type { Pid } from '../base/units.ts'
import type { ProcessTimeline, Segment, SnapshotSummary, Timeline } from '../model/timeline.ts'

/** Segments whose totals have a shape: enough usable snapshots to tell one. */
export const judgedSegments = (process: ProcessTimeline): Segment[] =>
  process.segments.filter((segment) => segment.totals.some((trend) => trend.shape !== 'too-short'))

/** Whether any trend of this process can be judged. */
export const hasJudgedTrend = (timeline: Timeline, pid: Pid): boolean =>
  timeline.processes.some((process) => process.pid === pid && judgedSegments(process).length > 0)

/** The snapshots of a segment by which it can be judged. */
export const usableIn = (process: ProcessTimeline, segment: Segment): SnapshotSummary[] =>
  process.snapshots.slice(segment.first, segment.last + 1).filter(({ usable }) => usable)

export const usableSamples = (process: ProcessTimeline, segment: Segment): number =>
  usableIn(process, segment).length

/** smaps_rollup carries sums alone: no kinds of mapping, and not how many there are. */
export const carriesSums = ({ byKind }: SnapshotSummary): boolean => byKind.has('rollup')
