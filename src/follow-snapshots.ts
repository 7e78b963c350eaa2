/** From the files of snapshots to the time line: each is read, shown, followed and let go. */
import { KeptSnapshots } from './attribution/kept-snapshots.ts'
import { StringTable } from './base/string-table.ts'
import { Diagnostics, HeldDiagnostics } from './model/diagnostics.ts'
import { type Capture, type EvidenceFile, SNAPSHOT_FORMATS, TRACE_FORMATS } from './model/evidence.ts'
import type { SideEvidence } from './model/side-evidence.ts'
import type { ReadSnapshot, Snapshot } from './model/snapshot.ts'
import type { Timeline } from './model/timeline.ts'
import { SnapshotNames } from './redaction/names.ts'
import type { Redactor } from './redaction/redactor.ts'
import type { ColumnPool } from './smaps/column-pool.ts'
import { afterAll, inTimeOrder } from './smaps/in-time-order.ts'
import { readSnapshots } from './smaps/read-snapshots.ts'
import { TimelineBuilder } from './timeline/timeline-builder.ts'

/** What became of the snapshots, and what clocks and attribution need of them. */
export interface Followed {
  readonly timeline: Timeline
  readonly snapshots: readonly Snapshot[]
}

/** Reads the snapshots of a capture and follows those of `pids` (all when there is none) in time order. */
export async function followSnapshots(
  capture: Capture,
  redactor: Redactor,
  pids: readonly number[],
  side: SideEvidence,
  diagnostics: Diagnostics,
): Promise<Followed> {
  const files = capture.files.filter(({ format }) => SNAPSHOT_FORMATS.includes(format))
  const hasTraces = capture.files.some(({ format }) => TRACE_FORMATS.includes(format))
  const strings = new StringTable()
  const names = new SnapshotNames(strings, redactor)

  const reader = (told: Diagnostics) => async (file: EvidenceFile, pool: ColumnPool | null) =>
    (await readSnapshots(file, strings, told, pool)).filter((snapshot) => isAskedFor(snapshot, pids))
  const follower = (told: Diagnostics) => {
    const builder = new TimelineBuilder(told)
    const kept = new KeptSnapshots(hasTraces)
    const take = (read: ReadSnapshot): void => {
      const snapshot = names.show(read)
      builder.add(snapshot)
      kept.add(snapshot)
    }
    return { take, result: () => ({ timeline: builder.finish(side), snapshots: kept.list() }) }
  }

  const held = new HeldDiagnostics()
  const follow = follower(held)
  if (await inTimeOrder(files, reader(diagnostics), follow.take)) {
    const result = follow.result()
    held.tell(diagnostics)
    return result
  }
  // What reading them has to report was reported the first time.
  const again = follower(diagnostics)
  await afterAll(files, reader(new Diagnostics()), again.take)
  return again.result()
}

const isAskedFor = (snapshot: Snapshot, pids: readonly number[]): boolean =>
  pids.length === 0 || (snapshot.pid !== null && pids.includes(snapshot.pid))
