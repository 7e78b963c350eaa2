/** How far the evidence reaches: which processes can be judged, and for how long they were watched. */
import type { Pid } from '../base/units.ts'
import type { ProcessTimeline, Segment, Timeline } from '../model/timeline.ts'

/** Segments whose totals have a shape: enough usable snapshots to tell one. */
export const judgedSegments = (process: ProcessTimeline): Segment[] =>
  process.segments.filter((segment) => segment.totals.some((trend) => trend.shape !== 'too-short'))

/** Whether any trend of this process can be judged. */
export const hasJudgedTrend = (timeline: Timeline, pid: Pid): boolean =>
  timeline.processes.some((process) => process.pid === pid && judgedSegments(process).length > 0)

/** Usable snapshots of a segment. */
export const usableSamples = (process: ProcessTimeline, segment: Segment): number =>
  process.snapshots.slice(segment.first, segment.last + 1).filter((snapshot) => snapshot.usable).length
