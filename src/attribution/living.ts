import { MECHANISMS } from '../model/attribution.ts'
import type { ActivityRecord } from './activity-table.ts'
import type { MechanismCode } from './mechanism.ts'
import type { ProcessReplay } from './process-replay.ts'

/** An allocation made inside the trace and still mapped at its end. */
export interface Living {
  readonly record: number
  readonly event: number
  readonly tid: number
  readonly bytes: number
  readonly calls: number
  /** Host's clock. */
  readonly at: number
  readonly age: number
  readonly activity: ActivityRecord
  /** Older than every one of its activity that was released: not just one that its thread has not come to yet. */
  readonly overdue: boolean
}

/** Fewer releases than this say nothing about how long an activity usually keeps what it takes. */
const RELEASES_THAT_TELL = 3

/** Everything alive at the end of the trace, by mechanism. */
export function livingByMechanism(replay: ProcessReplay, end: number): Living[][] {
  const { records, activities } = replay.ledger
  const living: Living[][] = MECHANISMS.map(() => [])
  for (let record = 0; record < records.length; record += 1) {
    const event = records.event(record)
    const bytes = records.live(record)
    if (event < 0 || bytes <= 0) continue
    const group: Living[] | undefined = living[records.mechanism(record) as MechanismCode]
    if (group === undefined || records.activity(record) < 0) continue
    const activity = activities.record(records.activity(record))
    const age = end - records.time(record)
    group.push({
      record,
      event,
      tid: replay.ledger.tidOf(record),
      bytes,
      calls: records.calls(record),
      at: records.time(record),
      age,
      activity,
      overdue: activity.released < RELEASES_THAT_TELL || age > (activity.longestLife ?? 0),
    })
  }
  return living
}

/** Sum of bytes by thread, biggest first. */
export function bytesByThread(living: readonly Living[]): [tid: number, bytes: number][] {
  const sums = new Map<number, number>()
  for (const one of living) sums.set(one.tid, (sums.get(one.tid) ?? 0) + one.bytes)
  return [...sums].sort(([tidA, a], [tidB, b]) => b - a || tidA - tidB)
}
