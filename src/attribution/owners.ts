import type { Micros, Tid } from '../base/units.ts'
import { type Attribution, MECHANISMS, type Mechanism, MOST_OWNERS } from '../model/attribution.ts'
import { referenceOf } from './activity-words.ts'
import type { ProcessReplay } from './process-replay.ts'
import type { TraceReplay } from './trace-replay.ts'

/** Who made what is mapped at the end of the replay, biggest first. */
export function ownersOf(replay: ProcessReplay, traced: TraceReplay): Attribution['owners'][number][] {
  const { trace, placed } = traced
  const { records } = replay.ledger
  const found: { start: number; end: number; owner: number }[] = []
  replay.space.map.forEach((start, end, owner) => {
    if (records.event(owner) < 0 || MECHANISMS[records.mechanism(owner)] === undefined) return
    const last = found.at(-1)
    if (last !== undefined && last.owner === owner && last.end === start) last.end = end
    else found.push({ start, end, owner })
  })
  return found
    .sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start)
    .slice(0, MOST_OWNERS)
    .map(({ start, end, owner }) => {
      const event = records.event(owner)
      const stack = trace.strings.get(trace.events.stack(event))
      return {
        pid: replay.pid,
        start,
        end,
        tid: replay.ledger.tidOf(owner) as Tid,
        mechanism: MECHANISMS[records.mechanism(owner)]! as Mechanism,
        at: placed ? (Math.round(records.time(owner)) as Micros) : null,
        reference: referenceOf(event, trace),
        stack: stack === '' ? null : stack,
      }
    })
}
