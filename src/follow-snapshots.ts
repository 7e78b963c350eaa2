/** From the files of snapshots to the time line: each is read, shown, followed and let go. */
import { KeptSnapshots } from './attribution/kept-snapshots.ts'
import { StringTable } from './base/string-table.ts'
import { Diagnostics } from './model/diagnostics.ts'
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

/**
 * Reads the snapshots of a capture and follows those of `pids` (all when there is none) in time order. Those of other
 * processes are kept for the attribution, which tells by them whose a traced thread is.
 */
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

  const following = (told: Diagnostics) => {
    const builder = new TimelineBuilder(told)
    const kept = new KeptSnapshots(hasTraces)
    const read = (file: EvidenceFile, pool: ColumnPool | null) => readSnapshots(file, strings, told, pool)
    const take = (one: ReadSnapshot): void => {
      const snapshot = names.show(one)
      if (isAskedFor(snapshot, pids)) builder.add(snapshot)
      kept.add(snapshot)
    }
    return { read, take, result: () => ({ timeline: builder.finish(side), snapshots: kept.list() }) }
  }

  // What is reported holds only if the order does.
  const told = new Diagnostics()
  const first = following(told)
  if (await inTimeOrder(files, first.read, first.take)) {
    const result = first.result()
    diagnostics.absorb(told)
    return result
  }
  const again = following(diagnostics)
  await afterAll(files, again.read, again.take)
  return again.result()
}

const isAskedFor = (snapshot: Snapshot, pids: readonly number[]): boolean =>
  pids.length === 0 || (snapshot.pid !== null && pids.includes(snapshot.pid))
